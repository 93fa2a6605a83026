"""The backend as a process or a thread: uvicorn on one address, with the real port told once it listens.

Rules. SIGTERM and SIGINT stop it gracefully: requests in progress are answered, then registrar and database close. No
access log: paths name kiosks. It opens no second process; many processes stand behind a proxy, on PostgreSQL.
"""

from __future__ import annotations

import asyncio
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType

import uvicorn
from starlette.types import ASGIApp

from kiosk.backend.app import create_app
from kiosk.backend.settings import BackendSettings
from kiosk.errors import EnvironmentFault

_GRACE_S = 5
_BACKLOG = 256


class _Server(uvicorn.Server):
    """Tells when it listens; leaves signals to whoever runs it."""

    def __init__(self, config: uvicorn.Config, listening: Callable[[], None]) -> None:
        super().__init__(config)
        self._listening = listening
        self._loop: asyncio.AbstractEventLoop | None = None
        self._leave = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._listening()

    async def main_loop(self) -> None:
        """Until it is told to leave; uvicorn by itself would look ten times a second only."""
        self._loop = asyncio.get_running_loop()
        tasks = [asyncio.create_task(super().main_loop()), asyncio.create_task(self._leave.wait())]
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            task.cancel()

    def leave(self) -> None:
        """Stop as soon as what is begun is answered. From any thread, and from a signal's handler."""
        self.should_exit = True
        if self._loop is not None:
            with suppress(RuntimeError):  # it has ended by itself
                self._loop.call_soon_threadsafe(self._leave.set)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def serve(settings: BackendSettings, port: int | None = None, ready: Callable[[int], None] | None = None) -> None:
    """Serve until SIGTERM or SIGINT; from the main thread. `ready` gets the real port once connections are taken.

    Raises ConfigurationError, and EnvironmentFault when the address cannot be had.
    """
    app = create_app(settings)
    with _listener(settings, port) as listener:
        real = listener.getsockname()[1]
        server = _Server(_config(app, settings), lambda: ready(real) if ready else None)

        def stop(_number: int, _frame: FrameType | None) -> None:
            server.leave()

        before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            server.run([listener])
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


@contextmanager
def running(settings: BackendSettings, app: ASGIApp | None = None) -> Iterator[str]:
    """A backend on a thread of this process, for the demo and tests: gives its base URL, stops it at the end."""
    served = app or create_app(settings)
    listening = threading.Event()
    with _listener(settings, settings.port) as listener:
        server = _Server(_config(served, settings), listening.set)
        failures: list[BaseException] = []

        def work() -> None:
            try:
                server.run([listener])
            except BaseException as error:
                failures.append(error)
            finally:
                listening.set()

        thread = threading.Thread(target=work, name="backend", daemon=True)
        thread.start()
        listening.wait()
        if failures or not server.started:
            raise EnvironmentFault("the backend did not start")
        try:
            yield f"http://{settings.host}:{listener.getsockname()[1]}"
        finally:
            server.leave()
            thread.join()


def _config(app: ASGIApp, settings: BackendSettings) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        forwarded_allow_ips=settings.trusted_proxies,
        http="h11",
        ws="none",
        lifespan="on",
        access_log=False,
        log_level="warning",
        server_header=False,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=_GRACE_S,
    )


@contextmanager
def _listener(settings: BackendSettings, port: int | None) -> Iterator[socket.socket]:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    # The protocol is named because asyncio switches Nagle's delay (40 ms an answer) off only where it is.
    with socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((settings.host, settings.port if port is None else port))
            listener.listen(_BACKLOG)
        except OSError as error:
            raise EnvironmentFault(f"the backend cannot listen on {settings.host}: {error.strerror}") from error
        yield listener
