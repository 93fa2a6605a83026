"""The channel to the backend: requests that are answered with values or with a NetworkFault.

Rules. A body that is not what it should be (a captive portal's page with status 200, cut JSON, a wrong type, an endless
one, one that drips for ever) is a network fault, never an answer. Every request is signed by the device (RFC 9421).
TLS is verified; a redirect is never followed. It decides nothing and keeps nothing.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import quote

from msgspec import Struct

from kiosk.errors import NetworkFault, Refusal
from kiosk.model.device import DeviceIdentity
from kiosk.protocol import batch, enrolment, http_signature, problem
from kiosk.protocol.enrolment import EnrolmentAnswer
from kiosk.sync.client import reason

if TYPE_CHECKING:
    import httpx

MOST_BYTES = 8 * 1024 * 1024
Speaker = tuple[DeviceIdentity, str]
"""Who speaks: the device, and "<counter>.<id>" of its boot, or "" (store/device.py)."""
LONGEST_ANSWER_S = 45.0
"""Less than a lease (rules.LEASE_S): a body that drips byte by byte passes every time limit on a single read."""


class BackendFault(NetworkFault):
    """A network fault with the wait that the backend asked for, if it did."""

    def __init__(self, engineer: str, retry_after_s: float | None = None) -> None:
        super().__init__(engineer)
        self.retry_after_s = retry_after_s


class Reply(Struct, frozen=True):
    """Whatever was answered: names of headers in small letters, the body bounded."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def kind(self) -> str:
        """The media type, "" for none."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def retry_after_s(self) -> float | None:
        return _retry_after(self.headers.get("retry-after"))

    def why(self) -> str:
        """The backend's own reason, where the body is one of our problems."""
        return _reason(self.body) if self.kind == problem.CONTENT_TYPE else ""


class Channel:
    """Requests of one device to one backend. Belongs to the thread that uses it."""

    def __init__(
        self,
        client: httpx.Client,
        base_url: str,
        device: DeviceIdentity | Callable[[], Speaker],
        now: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """`device` may be asked before every request: it may be enrolled anew, and tells which boot this is."""
        self._client = client
        self._base = base_url.rstrip("/")
        self._speaker = device if callable(device) else lambda: (device, "")
        self._now = now
        self._monotonic = monotonic

    def probe(self) -> None:
        """Ask cheaply whether the backend is there. Raises BackendFault."""
        self._request("GET", "/v1/health", b"", "application/json")

    def post(self, envelopes: Sequence[bytes], settled: int = 0) -> batch.BatchAnswer:
        """Post sealed envelopes, 1 to 50. Raises BackendFault.

        `settled` is the highest running number for which the backend's word is here.
        """
        path = f"/v1/kiosks/{self._speaker()[0].kiosk}/submissions" + (f"?settled={settled}" if settled else "")
        body = self._request("POST", path, batch.pack(envelopes), "application/json", batch.CONTENT_TYPE)
        try:
            return batch.decode_answer(body)
        except Refusal as error:
            raise BackendFault(f"the backend's answer to a batch is not one: {error.engineer}") from error

    def feed(self, after: str) -> batch.Feed:
        """What became of submissions, after an opaque cursor ("" from the start). Raises BackendFault."""
        path = f"/v1/kiosks/{self._speaker()[0].kiosk}/confirmations?after={quote(after, safe='')}"
        body = self._request("GET", path, b"", "application/json")
        try:
            return batch.decode_feed(body)
        except Refusal as error:
            raise BackendFault(f"the backend's feed is not one: {error.engineer}") from error

    def certificate(self) -> EnrolmentAnswer:
        """This device's certificate, renewed where that is due. Raises BackendFault."""
        path = f"/v1/kiosks/{self._speaker()[0].kiosk}/certificate"
        body = self._request("POST", path, b"{}", "application/json", "application/json")
        try:
            return enrolment.decode_answer(body)
        except Refusal as error:
            raise BackendFault(f"the backend's certificate is not one: {error.engineer}") from error

    @property
    def base_url(self) -> str:
        return self._base

    def uploads_path(self) -> str:
        """Where this device's attachments go."""
        return f"/v1/kiosks/{self._speaker()[0].kiosk}/uploads"

    def exchange(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Reply:
        """One signed request and its answer, whatever it is. Raises BackendFault when none comes whole."""
        with self._answered(method, path, body, {"Accept": problem.CONTENT_TYPE, **headers}) as (response, until):
            told = {name.lower(): value for name, value in response.headers.items()}
            return Reply(response.status_code, told, self._bounded(response, until))

    def _request(self, method: str, path: str, body: bytes, accept: str, content_type: str = "") -> bytes:
        told = {"Accept": accept} | ({"Content-Type": content_type} if content_type else {})
        with self._answered(method, path, body, told) as (response, until):
            kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
            if response.status_code != 200:
                why = _reason(self._bounded(response, until)) if kind == problem.CONTENT_TYPE else ""
                raise BackendFault(
                    f"the backend answered {method} {path.partition('?')[0]} with status {response.status_code}{why}",
                    _retry_after(response.headers.get("Retry-After")),
                )
            if kind != accept:
                raise BackendFault(f"something between answered {path.partition('?')[0]} with {kind or 'no type'}")
            return self._bounded(response, until)

    @contextmanager
    def _answered(
        self, method: str, path: str, body: bytes, told: Mapping[str, str]
    ) -> Iterator[tuple[httpx.Response, float]]:
        """A signed request under way, and until when its answer may take. Raises BackendFault."""
        import httpx

        device, boot = self._speaker()
        signed = http_signature.sign_request(
            method, path, body, device, now=int(self._now()), nonce=secrets.token_urlsafe(18), boot=boot
        )
        until = self._monotonic() + LONGEST_ANSWER_S
        try:
            with self._client.stream(
                method, self._base + path, content=body or None, headers={**signed, **told}
            ) as response:
                yield response, until
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise BackendFault(f"the backend is out of reach: {reason(error)}") from error

    def _bounded(self, response: httpx.Response, until: float) -> bytes:
        parts: list[bytes] = []
        length = 0
        for part in response.iter_bytes():
            length += len(part)
            if length > MOST_BYTES or self._monotonic() > until:
                raise BackendFault("the backend's answer is endless")
            parts.append(part)
        return b"".join(parts)


def _reason(body: bytes) -> str:
    try:
        found = problem.decode(body)
    except Refusal:
        return ""
    return f" ({found.name}: {(found.detail or found.title)[:200]})" if found.name else ""


def _retry_after(text: str | None) -> float | None:
    return float(text) if text is not None and text.isascii() and text.isdigit() else None
