"""Attachments over HTTP by tus 1.0.0: what the routes below /uploads read and answer.

    OPTIONS /v1/kiosks/{kiosk}/uploads              what is spoken here
    POST    /v1/kiosks/{kiosk}/uploads              create, or find again -> Location
    HEAD    /v1/kiosks/{kiosk}/uploads/{upload}     how far it is
    PATCH   /v1/kiosks/{kiosk}/uploads/{upload}     one part more
    DELETE  /v1/kiosks/{kiosk}/uploads/{upload}     the end of it

Rules. Every request is signed by the kiosk of its path; nothing is looked up, and nothing of a body kept, before the
signature was checked. Every answer below /uploads says Tus-Resumable. X-HTTP-Method-Override means nothing here.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kiosk.backend import http, tus, uploads
from kiosk.backend.database import Database
from kiosk.backend.devices import Device
from kiosk.backend.http import Problematic
from kiosk.backend.settings import BackendSettings
from kiosk.backend.upload_place import UploadPlace
from kiosk.backend.uploads import Progress
from kiosk.protocol.envelope import UUID7

MANY = "/v1/kiosks/{kiosk}/uploads"
ONE = "/v1/kiosks/{kiosk}/uploads/{upload}"
Caller = Callable[[Request, str, bytes], Awaitable[Device]]
"""Gives the enrolled device that signed a request; raises Problematic."""
Body = Callable[[Request, int, str], Awaitable[bytes]]
"""Gives a whole body, bounded in length and time, of one type; raises Problematic."""


class Tus:
    """ASGI middleware: answers below /uploads say which protocol this is."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].split("/")[4:5] != ["uploads"]:
            await self._app(scope, receive, send)
            return

        async def say(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["Tus-Resumable"] = tus.VERSION
            await send(message)

        await self._app(scope, receive, say)


class UploadRoutes:
    """The handlers, over one database and one place."""

    def __init__(
        self,
        database: Database,
        place: UploadPlace,
        settings: BackendSettings,
        now: Callable[[], float],
        caller: Caller,
        body: Body,
        arrived: Callable[[], None],
    ) -> None:
        """`arrived` is called when a file may have become whole."""
        self._database = database
        self._place = place
        self._settings = settings
        self._now = now
        self._caller = caller
        self._body = body
        self._arrived = arrived

    def routes(self) -> list[Route]:
        return [
            Route(MANY, self._many, methods=["OPTIONS", "POST"]),
            Route(ONE, self._one, methods=["HEAD", "PATCH", "DELETE"]),
        ]

    async def _many(self, request: Request) -> Response:
        if request.method == "OPTIONS":
            await self._signed(request, _nothing(request))
            return Response(status_code=204, headers=tus.about())
        tus.check_version(request.headers)
        kiosk = await self._signed(request, _nothing(request))
        asked = tus.creation(request.headers)
        made = await run_in_threadpool(
            uploads.create, self._database, self._place, self._settings, kiosk, asked, int(self._now())
        )
        where = MANY.format(kiosk=kiosk) + "/" + asked.attachment
        return Response(status_code=201, headers={"Location": where, **tus.expires(made.expires)})

    async def _one(self, request: Request) -> Response:
        tus.check_version(request.headers)
        if request.method == "PATCH":
            return await self._append(request)
        kiosk = await self._signed(request, _nothing(request))
        id_, now = _id(request), int(self._now())
        if request.method == "DELETE":
            await run_in_threadpool(uploads.end, self._database, self._place, self._settings, kiosk, id_, now)
            return Response(status_code=204)
        found = await run_in_threadpool(uploads.look, self._database, self._settings, kiosk, id_, now)
        return Response(headers={**_state(found), "Upload-Length": str(found.length), "Cache-Control": "no-store"})

    async def _append(self, request: Request) -> Response:
        body = await self._body(request, self._settings.most_part_bytes, tus.BODY)
        tus.check_body(request.headers, body)
        kiosk = await self._signed(request, body)
        offset = tus.offset(request.headers)
        done = await run_in_threadpool(
            uploads.append,
            self._database,
            self._place,
            self._settings,
            kiosk,
            _id(request),
            offset,
            body,
            int(self._now()),
        )
        if done.received == done.length:
            self._arrived()
        return Response(status_code=204, headers=_state(done))

    async def _signed(self, request: Request, body: bytes) -> str:
        kiosk = http.kiosk_of(request)
        await self._caller(request, kiosk, body)
        return kiosk


def _id(request: Request) -> str:
    id_ = str(request.path_params["upload"])
    if not UUID7.fullmatch(id_):
        raise Problematic("not-found", "there is no such upload")
    return id_


def _state(progress: Progress) -> dict[str, str]:
    return {"Upload-Offset": str(progress.received), **tus.expires(progress.expires)}


def _nothing(request: Request) -> bytes:
    """The body of a request that has none. Raises Problematic for one that announces one."""
    if request.headers.get("content-length", "0") != "0" or "transfer-encoding" in request.headers:
        raise Problematic("malformed", "no body is taken here")
    return b""
