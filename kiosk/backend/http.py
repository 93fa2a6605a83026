"""What every route shares: bounded bodies, signed callers, problems as answers.

Rules. A body is counted while it is read and refused at its limit, whatever its Content-Length says. Every refusal is
problem+json (RFC 9457) and holds nothing of the request. A failure of ours is logged by its type only.
"""

from __future__ import annotations

from collections.abc import Callable

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from kiosk.errors import Refusal
from kiosk.log import logger
from kiosk.protocol import http_signature, problem
from kiosk.protocol.envelope import KIOSK_ID
from kiosk.protocol.http_signature import Caller, WrongClock

_log = logger("backend")
_SIGNED = frozenset({"content-digest", "signature-input", "signature", http_signature.BOOT_HEADER})
_BY_STATUS = {404: "not-found", 405: "method-not-allowed", 413: "too-large", 400: "malformed"}


class Problematic(Exception):
    """An answer that is a problem: one of our problem types, a sentence, and headers that go with it."""

    def __init__(self, name: str, detail: str = "", headers: dict[str, str] | None = None) -> None:
        super().__init__(name)
        self.name = name
        self.detail = detail
        self.headers = headers


def kiosk_of(request: Request) -> str:
    """The kiosk that the path names. Raises Problematic for what can be none."""
    kiosk = str(request.path_params["kiosk"])
    if not KIOSK_ID.fullmatch(kiosk):
        raise Problematic("not-found")
    return kiosk


def answer_problem(name: str, detail: str = "", headers: dict[str, str] | None = None) -> Response:
    made = problem.make(name, detail)
    return Response(problem.encode(made), made.status, headers, problem.CONTENT_TYPE)


async def on_problematic(_request: Request, error: Exception) -> Response:
    assert isinstance(error, Problematic)
    return answer_problem(error.name, error.detail, error.headers)


async def on_http_exception(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    headers = dict(error.headers) if error.headers else None
    name = _BY_STATUS.get(error.status_code, "malformed")
    return answer_problem(name, headers=headers)


def failed(error: Exception) -> Response:
    """The answer to a failure of ours."""
    _log.error("a request failed", error=type(error).__name__)
    return answer_problem("internal")


async def body_of(request: Request, most_bytes: int, content_type: str) -> bytes:
    """The whole body, at most so many bytes and of this type. Raises Problematic."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != content_type:
        raise Problematic("unsupported-media-type", f"the body must be {content_type}")
    parts: list[bytes] = []
    length = 0
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and len(announced) < 20 and int(announced) > most_bytes:
        raise Problematic("too-large", f"at most {most_bytes} bytes are taken here")
    try:
        async for part in request.stream():
            length += len(part)
            if length > most_bytes:
                raise Problematic("too-large", f"at most {most_bytes} bytes are taken here")
            parts.append(part)
    except ClientDisconnect as error:
        raise Problematic("malformed", "the body was cut") from error
    return b"".join(parts)


def target_of(request: Request) -> str:
    """The path with its query as it was sent."""
    path: bytes = request.scope.get("raw_path") or request.scope["path"].encode()
    query: bytes = request.scope.get("query_string", b"")
    return (path.partition(b"?")[0] + (b"?" + query if query else b"")).decode("latin-1")


def caller_of(request: Request, body: bytes, public_key: Callable[[str], bytes | None], now: float) -> Caller:
    """Who signed the request. Raises Problematic."""
    headers = {name: value for name, value in request.headers.items() if name in _SIGNED}
    try:
        return http_signature.verify_request(
            request.method, target_of(request), headers, body, public_key=public_key, now=now
        )
    except WrongClock as error:
        raise Problematic("wrong-clock", error.engineer) from error
    except Refusal as error:
        raise Problematic("not-signed", error.engineer) from error
