"""Drafts over HTTP.

    PUT    /v1/drafts/{draft}    keep sealed bytes -> until when
    GET    /v1/drafts/{draft}    the bytes
    DELETE /v1/drafts/{draft}    the end of it

Rules. Any enrolled kiosk may ask: a visitor continues at another one. The path names no kiosk, the signature does. The
id is 128 random bits in hex, which only the visitor's code tells. Nothing is looked up before the signature was
checked.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import msgspec
from msgspec import Struct
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kiosk.backend import drafts
from kiosk.backend.database import Database
from kiosk.backend.devices import Device
from kiosk.backend.http import Problematic
from kiosk.backend.settings import BackendSettings
from kiosk.protocol import draft, http_signature
from kiosk.protocol.envelope import KIOSK_ID

ONE = "/v1/drafts/{draft}"
BODY = "application/octet-stream"
Caller = Callable[[Request, str, bytes], Awaitable[Device]]
"""Gives the enrolled device that signed a request; raises Problematic."""
Body = Callable[[Request, int, str], Awaitable[bytes]]
"""Gives a whole body, bounded in length and time, of one type; raises Problematic."""


class DraftKept(Struct, frozen=True, omit_defaults=True):
    """The answer to a draft that was put. `expires_at` is UTC, ISO 8601 with Z; "" for never."""

    expires_at: str = ""


class DraftRoutes:
    """The handlers, over one database."""

    def __init__(
        self, database: Database, settings: BackendSettings, now: Callable[[], float], caller: Caller, body: Body
    ) -> None:
        self._database = database
        self._settings = settings
        self._now = now
        self._caller = caller
        self._body = body

    def routes(self) -> list[Route]:
        return [Route(ONE, self._one, methods=["GET", "PUT", "DELETE"])]

    async def _one(self, request: Request) -> Response:
        body = await self._body(request, draft.MOST_BYTES, BODY) if request.method == "PUT" else b""
        kiosk = await self._signer(request, body)
        name = str(request.path_params["draft"])
        if not draft.ID.fullmatch(name):
            raise Problematic("not-found")
        now = int(self._now())
        if request.method == "PUT":
            return await self._put(kiosk, name, body, now)
        if request.method == "DELETE":
            await run_in_threadpool(drafts.remove, self._database, name)
            return Response(status_code=204)
        found = await run_in_threadpool(drafts.get, self._database, self._settings, name, now)
        return Response(found, media_type=BODY, headers={"Cache-Control": "no-store"})

    async def _put(self, kiosk: str, name: str, body: bytes, now: int) -> Response:
        if not body.startswith(draft.MAGIC):
            raise Problematic("malformed", "these bytes are not a draft")
        until = await run_in_threadpool(drafts.put, self._database, self._settings, kiosk, name, body, now)
        told = datetime.fromtimestamp(until, UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if until else ""
        return Response(msgspec.json.encode(DraftKept(told)), media_type="application/json")

    async def _signer(self, request: Request, body: bytes) -> str:
        kiosk = http_signature.claimed(request.headers.get("signature-input", ""))
        if not KIOSK_ID.fullmatch(kiosk):
            raise Problematic("not-signed", "the request is not signed")
        await self._caller(request, kiosk, body)
        return kiosk
