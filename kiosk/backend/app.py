"""The backend as an ASGI application: routes, and what is opened and closed with them.

Start order: keys, database, content, registrar, keeper. Stop order: keeper, registrar, database. Requests do their work
with the database and the keys on threads of the pool; the event loop only moves bytes.

    POST /v1/enrolments                       a code and a proven key -> the device's certificate
    POST /v1/kiosks/{kiosk}/certificate       the device's certificate, renewed where that is due
    POST /v1/kiosks/{kiosk}/submissions       a signed batch of envelopes -> one result each
    GET  /v1/kiosks/{kiosk}/confirmations     what became of them, after an opaque cursor
    ...  /v1/kiosks/{kiosk}/uploads...        attachments by tus 1.0 (upload_routes.py)
    ...  /v1/drafts/{draft}                   drafts that visitors save (draft_routes.py)
    GET  /v1/health, /v1/ready                the process lives; it can do its work
    GET  /content/...                         published content

Rules. Requests of a kiosk are signed (protocol/http_signature.py). Of a kiosk that is not enrolled nothing can be
checked: its envelopes are answered one by one like any others, refused. Nothing of a body is ever logged.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import msgspec
from anyio.to_thread import current_default_thread_limiter
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route

from kiosk.backend import boots, certificates, devices, enrolment, feed, http, keys, limits, submissions
from kiosk.backend.answering import Answering
from kiosk.backend.checking import Checker
from kiosk.backend.content import PublishedContent
from kiosk.backend.database import Database
from kiosk.backend.devices import Device
from kiosk.backend.draft_routes import DraftRoutes
from kiosk.backend.http import Problematic
from kiosk.backend.keeper import Keeper
from kiosk.backend.limits import Guard, Limiter, Rate, TooMany
from kiosk.backend.metrics import Metrics, metrics
from kiosk.backend.registrar import Registrar
from kiosk.backend.settings import BackendSettings
from kiosk.backend.static import PublishedFiles
from kiosk.backend.upload_place import Folder, UploadPlace
from kiosk.backend.upload_routes import Tus, UploadRoutes
from kiosk.errors import EnrolmentRefused, Refusal
from kiosk.protocol import batch
from kiosk.protocol import enrolment as asking

_JSON = "application/json"
_MOST_ENROLMENT_BYTES = 4096
_DEFAULT_PAGE = 100


def create_app(
    settings: BackendSettings,
    *,
    now: Callable[[], float] = time.time,
    registrar: bool = True,
    before_answer: Callable[[str, str, int], None] | None = None,
    metrics: Callable[[Database], Metrics] = metrics,
) -> Starlette:
    """The application. Raises ConfigurationError when keys or database cannot be opened.

    `registrar=False` leaves registering and forgetting to the caller (`register_pending`, `forget`).
    `before_answer(method, path, status)` is called after the work of a request is committed and before the first byte
    of its answer leaves. `metrics` makes what is told of what happens.
    """
    backend = Backend(settings, now, registrar, metrics)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        current_default_thread_limiter().total_tokens = settings.threads
        backend.start()
        try:
            yield
        finally:
            await run_in_threadpool(backend.stop)

    routes: list[Route | Mount] = [
        Route("/v1/health", backend.health),
        Route("/v1/ready", backend.ready),
        Route("/v1/enrolments", backend.enrol, methods=["POST"]),
        Route("/v1/kiosks/{kiosk}/certificate", backend.certify, methods=["POST"]),
        Route("/v1/kiosks/{kiosk}/submissions", backend.take, methods=["POST"]),
        Route("/v1/kiosks/{kiosk}/confirmations", backend.confirmations),
        *backend.uploads.routes(),
        *backend.drafts.routes(),
    ]
    if settings.content is not None:
        routes.append(Mount("/content", PublishedFiles(settings.content)))
    app = Starlette(
        routes=routes,
        lifespan=lifespan,
        exception_handlers={
            Problematic: http.on_problematic,
            HTTPException: http.on_http_exception,
            TooMany: limits.on_too_many,
        },
    )
    app.state.backend = backend
    by_address = Limiter(Rate(settings.address_burst, settings.address_per_s), time.monotonic)
    app.add_middleware(Guard, limiter=by_address)
    app.add_middleware(
        Answering, before_answer=before_answer, log_requests=settings.log_requests, measured=backend.metrics.request
    )
    app.add_middleware(Tus)
    app.router.redirect_slashes = False
    return app


class Backend:
    """What the routes share. `database`, `keys` and `checker` are open from the start to `stop`."""

    def __init__(
        self,
        settings: BackendSettings,
        now: Callable[[], float],
        registrar: bool,
        metrics: Callable[[Database], Metrics] = metrics,
    ) -> None:
        self.settings = settings
        self.keys = keys.load(settings)
        self.database = Database(settings)
        self.metrics = metrics(self.database)
        content = None if settings.content is None else PublishedContent(settings.content)
        self.checker = Checker(self.database, content)
        self.place: UploadPlace = Folder(settings.upload_folder())
        self._now = now
        self._by_device = Limiter(Rate(settings.device_burst, settings.device_per_s), time.monotonic)
        self._registrar: Registrar | None = None
        self._keeper: Keeper | None = None
        self._taking = 0
        if registrar:
            told, busy = self.metrics.registered, self._crowded
            self._registrar = Registrar(self.database, self.keys, settings, self.checker, self.place, now, told, busy)
            self._keeper = Keeper(self.database, self.place, settings, now)
        self.uploads = UploadRoutes(
            self.database, self.place, settings, now, self._caller, self._body, self._something_came
        )
        self.drafts = DraftRoutes(self.database, settings, now, self._caller, self._body)

    def start(self) -> None:
        for worker in (self._registrar, self._keeper):
            if worker is not None:
                worker.start()

    def stop(self) -> None:
        for worker in (self._keeper, self._registrar):
            if worker is not None:
                worker.stop()
        self.metrics.close()
        self.database.close()

    async def health(self, _request: Request) -> Response:
        return Response(b'{"status":"live"}', media_type=_JSON)

    async def ready(self, _request: Request) -> Response:
        try:
            await run_in_threadpool(self._look)
        except SQLAlchemyError as error:
            raise Problematic("not-ready", "the database is away") from error
        return Response(b'{"status":"ready"}', media_type=_JSON)

    async def enrol(self, request: Request) -> Response:
        body = await self._body(request, _MOST_ENROLMENT_BYTES, _JSON)
        try:
            asked = asking.decode_request(body)
        except EnrolmentRefused as error:
            raise Problematic("malformed", error.engineer) from error
        try:
            answer = await run_in_threadpool(
                enrolment.enrol, self.database, self.keys, self.settings, asked, self._now()
            )
        except EnrolmentRefused as error:
            raise Problematic("enrolment-refused", error.engineer) from error
        return Response(msgspec.json.encode(answer), media_type=_JSON)

    async def certify(self, request: Request) -> Response:
        kiosk = http.kiosk_of(request)
        body = await self._body(request, _MOST_ENROLMENT_BYTES, _JSON)
        device = await self._caller(request, kiosk, body)
        answer = await run_in_threadpool(
            certificates.renew, self.database, self.keys, self.settings, kiosk, device.public_key, self._now()
        )
        if answer is None:  # revoked or enrolled anew since the request was checked
            raise Problematic("revoked-device", "the kiosk is revoked")
        return Response(msgspec.json.encode(answer), media_type=_JSON, headers={"Cache-Control": "no-store"})

    async def take(self, request: Request) -> Response:
        kiosk = http.kiosk_of(request)
        body = await self._body(request, self.settings.most_body_bytes, batch.CONTENT_TYPE)
        self._taking += 1
        try:
            answer = await run_in_threadpool(self._take, request, kiosk, body)
        finally:
            self._taking -= 1
        self._something_came()
        return Response(answer, media_type=_JSON)

    async def confirmations(self, request: Request) -> Response:
        kiosk = http.kiosk_of(request)
        await self._caller(request, kiosk, b"")
        limit = _number(request, "limit", _DEFAULT_PAGE, digits=4)
        after = request.query_params.get("after", "")
        page = await run_in_threadpool(self._page, kiosk, after, limit)
        self.metrics.confirmations(len(page.entries))
        return Response(batch.encode_feed(page), media_type=_JSON, headers={"Cache-Control": "no-store"})

    async def _body(self, request: Request, most_bytes: int, content_type: str) -> bytes:
        try:
            async with asyncio.timeout(self.settings.most_body_s):
                return await http.body_of(request, most_bytes, content_type)
        except TimeoutError as error:
            raise Problematic("too-slow", f"a body may take {self.settings.most_body_s:g} s") from error

    async def _caller(self, request: Request, kiosk: str, body: bytes) -> Device:
        """The enrolled device that signed the request. Raises Problematic for anybody else, TooMany."""
        device = await run_in_threadpool(self._signed_by, request, kiosk, body)
        if device is None:
            raise Problematic("unknown-device", "the kiosk is not enrolled here")
        if device.refusal is not None:
            raise Problematic(*device.refusal)
        return device

    def _signed_by(self, request: Request, kiosk: str, body: bytes) -> Device | None:
        """The device as it stands once its request was verified, its boot noted and itself counted.

        None for a kiosk that is not enrolled. Raises Problematic for a wrong signature, TooMany.
        """
        device = self.database.read_together(devices.find_all, kiosk)
        if device is None:
            return None
        caller = http.caller_of(request, body, _key_of(device), self._now())
        if boots.judge(device, caller) != "known":
            device = boots.note(self.database, device, caller, self._now())
        self._by_device.count(kiosk)
        return device

    def _take(self, request: Request, kiosk: str, body: bytes) -> bytes:
        """The whole of a batch on one thread: a hop between threads costs as much as a signature."""
        device = self._signed_by(request, kiosk, body)
        settled = _number(request, "settled", 0, digits=16)
        try:
            envelopes = batch.unpack(body, batch.Limits(bytes=self.settings.most_body_bytes))
        except Refusal as error:
            raise Problematic("malformed", error.engineer) from error
        answer = submissions.take(
            self.database, self.keys, self.settings, kiosk, envelopes, self._now(), settled, device
        )
        self.metrics.envelopes((one.status, one.problem.name if one.problem else "") for one in answer.results)
        return batch.encode_answer(answer)

    def _crowded(self) -> bool:
        """Whether several batches are being taken: kiosks come back after an outage."""
        return self._taking > 1

    def _something_came(self) -> None:
        if self._registrar is not None:
            self._registrar.wake()

    def _look(self) -> None:
        with self.database.read() as connection:
            connection.execute(text("SELECT 1"))

    def _page(self, kiosk: str, after: str, limit: int) -> batch.Feed:
        with self.database.read() as connection:
            return feed.page(connection, kiosk, after, limit, int(self._now()))


def _number(request: Request, name: str, default: int, *, digits: int) -> int:
    text = request.query_params.get(name, str(default))
    if not (text.isascii() and text.isdecimal() and 1 <= len(text) <= digits):
        raise Problematic("malformed", f"{name} is a number")
    return int(text)


def _key_of(device: Device) -> Callable[[str], bytes | None]:
    return lambda kiosk: device.public_key if kiosk == device.kiosk else None
