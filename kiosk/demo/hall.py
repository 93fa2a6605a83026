"""The hall: the engine with its sessions, and a driver for each, for the self-test, shots and end-to-end tests.

Rules. The engine runs on a thread of this process, its sessions are real processes. Each session gets a socket
of its own at its start; `front` is the driver of the session that is on the screen now. Nothing here runs in service.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kiosk import app
from kiosk.config import Settings
from kiosk.errors import EnvironmentFault
from kiosk.ui.driver import Driver

POLL_S = 0.02


class Hall:
    """One engine under test. Use `open_hall`."""

    def __init__(self, profile: Path, settings: Settings) -> None:
        self._sockets: list[tuple[socket.socket, socket.socket]] = []
        self._drivers: dict[int, Driver] = {}
        self.engine = app.Engine(profile, settings, offscreen=True, driving=self._socket)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work, name="engine", daemon=True)
        self._failure: BaseException | None = None

    def begin(self) -> None:
        self.engine.begin()
        self._thread.start()

    def end(self) -> None:
        self._stop.set()
        self._thread.join(120)
        self.engine.close()
        for ours, theirs in self._sockets:
            ours.close()
            theirs.close()

    def front(self, timeout_s: float = 120.0, other_than: int = -1) -> tuple[int, Driver]:
        """Process id and driver of the session in front, once there is one. Raises EnvironmentFault."""
        until = time.monotonic() + timeout_s
        while time.monotonic() < until:
            if self._failure is not None:
                raise EnvironmentFault(f"the engine failed: {self._failure}") from self._failure
            front = self.engine.supervisor.front
            if front is not None and front.pid != other_than and front.pid in self.engine.supervisor.shown:
                return front.pid, self._driver(front.driving)
            time.sleep(POLL_S)
        raise EnvironmentFault(f"no session came to the front within {timeout_s:.0f} s")

    def _driver(self, descriptor: int) -> Driver:
        if descriptor not in self._drivers:
            ours = next(ours for ours, theirs in self._sockets if theirs.fileno() == descriptor)
            self._drivers[descriptor] = Driver(ours)
        return self._drivers[descriptor]

    def _socket(self) -> int:
        pair = socket.socketpair()
        self._sockets.append(pair)
        return pair[1].fileno()

    def _work(self) -> None:
        try:
            while not self._stop.is_set():
                self.engine.turn(0.05)
        except BaseException as failure:
            self._failure = failure


@contextmanager
def open_hall(profile: Path, settings: Settings) -> Iterator[Hall]:
    """A running hall; everything it started is ended at the end."""
    hall = Hall(profile, settings)
    hall.begin()
    try:
        yield hall
    finally:
        hall.end()
