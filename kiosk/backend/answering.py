"""The outermost layer of the application: failures become problems, requests are logged without anything personal.

Rules. Whatever escapes a route is answered as a problem and logged by its type only (its words may hold data): a
database that is away with status 503 and Retry-After, a failure of ours with 500. With `log_requests` each request of
/v1/ is one line: method, route (never the path, which names the kiosk), status, milliseconds; no address, no query, no
body. `before_answer` is called once for each answer, after the work was committed and before the first byte leaves.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable

from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kiosk.backend import http
from kiosk.log import logger

RETRY_AFTER_S = 2
_PROBES = ("/v1/health", "/v1/ready")
_log = logger("backend")


class Answering:
    """ASGI middleware."""

    def __init__(
        self,
        app: ASGIApp,
        before_answer: Callable[[str, str, int], None] | None = None,
        log_requests: bool = False,
        measured: Callable[[str, str, int, float], None] | None = None,
    ) -> None:
        """`measured` hears method, route, status and seconds of every request, once it is over."""
        self._measured = measured
        self._app = app
        self._before_answer = before_answer
        self._log_requests = log_requests

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 0
        began = time.monotonic()

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start" and not status:
                status = message["status"]
                if self._before_answer is not None:
                    self._before_answer(scope["method"], scope["path"], status)
            await send(message)

        try:
            await self._app(scope, receive, answer)
        except Exception as error:
            if status:
                raise
            if is_away(error):
                _log.error("the database is away", error=type(error).__name__)
                away = http.answer_problem("not-ready", headers={"Retry-After": str(RETRY_AFTER_S)})
                await away(scope, receive, answer)
            else:
                await http.failed(error)(scope, receive, answer)
        finally:
            if self._measured is not None:
                self._measured(scope["method"], _route(scope["path"]), status, time.monotonic() - began)
            if self._log_requests and scope["path"].startswith("/v1/") and scope["path"] not in _PROBES:
                took = round((time.monotonic() - began) * 1000, 1)
                _log.info("request", method=scope["method"][:16], route=_route(scope["path"]), status=status, ms=took)


def is_away(error: Exception) -> bool:
    """Whether the database cannot be asked now. SQLite calls a mistake in a statement operational too: that is ours."""
    if not isinstance(error, OperationalError | InterfaceError | PoolTimeout):
        return False
    return getattr(getattr(error, "orig", None), "sqlite_errorcode", None) != sqlite3.SQLITE_ERROR


def _route(path: str) -> str:
    """The path without what names somebody."""
    parts = path.split("/")
    if len(parts) in (5, 6) and parts[2] == "kiosks":
        parts[3] = "{kiosk}"
        if len(parts) == 6:
            parts[5] = "{upload}"
        known = ("submissions", "confirmations", "certificate", "uploads") if len(parts) == 5 else ("uploads",)
        return "/".join(parts) if parts[4] in known else "other"
    if path.startswith("/content/"):
        return "/content/"
    return path if path in ("/v1/enrolments", *_PROBES) else "other"
