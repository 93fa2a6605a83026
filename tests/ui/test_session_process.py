"""A real session process: warm out of sight, shown on command, ended by the visitor or with its engine."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kiosk.protocol import wire
from kiosk.ui.driver import Driver
from tests.helpers.patience import PATIENCE_S

ROOT = Path(__file__).parents[2]


class Process:
    """A session process and this side of its pipe and driver."""

    def __init__(self, *arguments: str) -> None:
        self.pipe, pipe = socket.socketpair()
        driving, driven = socket.socketpair()
        self.pipe.settimeout(PATIENCE_S)
        self.driver = Driver(driving, PATIENCE_S)
        self._lines: wire.Lines[wire.Report] = wire.Lines(wire.Report)
        self._reports: list[wire.Report] = []
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.ui.session_main", str(pipe.fileno()), str(driven.fileno()), *arguments],
            cwd=ROOT,
            pass_fds=(pipe.fileno(), driven.fileno()),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        pipe.close()
        driven.close()

    def tell(self, message: wire.Command) -> None:
        self.pipe.sendall(wire.encode(message))

    def hear(self, report: type) -> None:
        while not any(isinstance(one, report) for one in self._reports):
            data = self.pipe.recv(4096)
            assert data, f"the session ended before {report.__name__}: {self.process.communicate(timeout=PATIENCE_S)}"
            self._reports += self._lines.feed(data)

    def finish(self) -> dict:
        """Wait for the end; what the session found loaded at its first frame."""
        out, err = self.process.communicate(timeout=PATIENCE_S)
        assert self.process.returncode == 0, err.decode()
        assert "Traceback" not in err.decode(), err.decode()
        return json.loads(out.splitlines()[-1])

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.communicate(timeout=PATIENCE_S)
        self.pipe.close()
        self.driver.close()


@pytest.fixture
def start() -> Iterator[Callable[..., Process]]:
    made: list[Process] = []

    def begin(*arguments: str) -> Process:
        made.append(Process(*arguments))
        return made[-1]

    yield begin
    for process in made:
        process.close()


def test_a_visit_from_warm_to_exit(start: Callable[..., Process]) -> None:
    session = start()
    session.hear(wire.Ready)
    session.tell(wire.Show())
    session.hear(wire.Shown)
    session.tell(wire.Link(True))
    session.driver.tap("Коснитесь, чтобы начать")
    session.hear(wire.Started)
    session.driver.wait_page("Home")
    session.driver.tap("Выход")
    session.hear(wire.Ended)
    session.driver.wait("Страница Welcome")
    session.tell(wire.Quit())
    found = session.finish()
    assert found["loaded"] == [], "heavy modules must not be loaded before the first frame"
    assert found["clipboard"] == "", "the next visitor must not paste what this one copied"


def test_a_session_ends_by_itself_when_nobody_says_quit(start: Callable[..., Process]) -> None:
    session = start()
    session.hear(wire.Ready)
    session.tell(wire.Show())
    session.hear(wire.Shown)
    session.driver.tap("Коснитесь, чтобы начать")
    session.driver.tap("Выход")
    session.hear(wire.Ended)
    session.finish()


def test_a_desktop_begins_on_home_and_leaves_the_clipboard_to_its_person(start: Callable[..., Process]) -> None:
    session = start("desktop")
    session.hear(wire.Ready)
    session.tell(wire.Show())
    session.hear(wire.Shown)
    session.driver.wait_page("Home")
    session.driver.tap("Выход")
    session.hear(wire.Ended)
    assert session.finish()["clipboard"]


def test_a_session_does_not_outlive_its_engine(start: Callable[..., Process]) -> None:
    session = start()
    session.hear(wire.Ready)
    session.pipe.shutdown(socket.SHUT_RDWR)
    session.finish()


def test_a_store_that_does_not_open_is_shown_not_a_crash(start: Callable[..., Process]) -> None:
    session = start("closed")
    session.hear(wire.Ready)
    session.tell(wire.Show())
    session.hear(wire.Shown)
    session.driver.wait("Страница OutOfService")
    session.tell(wire.Quit())
    session.finish()
