"""The supervisor with real processes (stand-ins without Qt): front and spare, ends and crashes, hangs and storms."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kiosk.config import Settings
from kiosk.engine.process import SessionProcess
from kiosk.engine.supervisor import GONE_S, LONGEST_PAUSE_S, READY_S, Supervisor
from kiosk.protocol import wire
from tests.helpers.patience import PATIENCE_S

ROOT = Path(__file__).parents[2]
GOOD = ("ready", "show", "shown", "quit")
KEY = bytes(range(32))
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="pipes and signals of POSIX")


class Stage:
    """A supervisor whose sessions follow scripts: the nth session the nth script, then the last one again."""

    def __init__(self, profile: Path) -> None:
        self.profile = profile
        self.scripts: list[tuple[str, ...]] = [GOOD]
        self.started: list[SessionProcess] = []
        self.now = 1000.0
        self.wakes = 0
        self.crashes = 0
        self.supervisor: Supervisor

    def open(self, *scripts: tuple[str, ...], spare: bool = True, once: bool = False) -> Supervisor:
        self.scripts = list(scripts)
        self.supervisor = Supervisor(
            self._start,
            spare=spare,
            on_wake=self._woken,
            on_crash=self._crashed,
            once=once,
            monotonic=lambda: self.now,
        )
        return self.supervisor

    def until(self, true: Callable[[], bool], what: str = "") -> None:
        """Let things happen until something is so."""
        end = time.monotonic() + PATIENCE_S
        while not true():
            assert time.monotonic() < end, f"it never became true: {what}"
            self.supervisor.turn(0.05)

    def settled(self) -> bool:
        """One in front on the screen, one warm behind."""
        found = self.supervisor
        return found.front is not None and found.front.pid in found.shown and len(found.ready) == 2

    def _start(self) -> SessionProcess:
        script = self.scripts[min(len(self.started), len(self.scripts) - 1)]
        command = (sys.executable, "-m", "tests.engine.stand_in", *script)
        self.started.append(SessionProcess(self.profile, KEY, Settings(), command=command))
        return self.started[-1]

    def _woken(self) -> None:
        self.wakes += 1

    def _crashed(self) -> None:
        self.crashes += 1


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    monkeypatch.chdir(ROOT)
    made = Stage(tmp_path)
    yield made
    for session in made.started:
        session.kill()
    made.supervisor.stop()
    for session in made.started:
        session.reap()


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_one_in_front_then_one_spare(stage: Stage) -> None:
    found = stage.open(GOOD)
    stage.until(lambda: bool(found.ready))
    assert len(stage.started) == 1, "the spare waits until the front has drawn itself"
    stage.until(stage.settled)
    assert len(stage.started) == 2 and found.front is stage.started[0]
    assert found.shown == {stage.started[0].pid}
    for _ in range(5):
        found.turn(0.01)
    assert len(stage.started) == 2


def test_no_spare_where_none_is_wanted(stage: Stage) -> None:
    found = stage.open(GOOD, spare=False)
    stage.until(lambda: bool(found.shown))
    for _ in range(5):
        found.turn(0.01)
    assert len(stage.started) == 1


def test_the_end_shows_the_spare_before_the_old_one_goes(stage: Stage) -> None:
    found = stage.open(("ready", "show", "shown", "wake", "ended", "quit"), GOOD)
    stage.until(stage.settled)
    first, second = stage.started
    found.tell(wire.Wake())
    stage.until(lambda: found.front is second)
    assert found.sessions_ended == 1
    stage.until(lambda: second.pid in found.shown)
    stage.until(stage.settled)
    stage.until(lambda: gone(first.pid), "the old one goes once the new one is on the screen")
    assert len(stage.started) == 3 and stage.crashes == 0


def test_a_crash_is_replaced_and_told(stage: Stage) -> None:
    found = stage.open(("ready", "show", "shown", "wake", "crash"), GOOD)
    stage.until(stage.settled)
    first, second = stage.started
    found.tell(wire.Wake())
    stage.until(lambda: found.front is second and stage.settled())
    assert stage.crashes == 1 and found.sessions_ended == 1 and gone(first.pid)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV, signal.SIGTERM])
def test_a_signal_is_a_crash(stage: Stage, number: signal.Signals) -> None:
    found = stage.open(GOOD)
    stage.until(stage.settled)
    first, second = stage.started
    os.kill(first.pid, number)
    stage.until(lambda: found.front is second and stage.settled())
    assert stage.crashes == 1


def test_a_spare_that_dies_is_replaced_unseen(stage: Stage) -> None:
    found = stage.open(GOOD)
    stage.until(stage.settled)
    first, second = stage.started
    os.kill(second.pid, signal.SIGKILL)
    stage.until(lambda: gone(second.pid) and stage.settled())
    assert found.front is first and found.sessions_ended == 0 and stage.crashes == 1


@pytest.mark.parametrize("word", ["crash", "abort", "exit"])
def test_dying_before_it_is_ready_makes_a_growing_pause(stage: Stage, word: str) -> None:
    found = stage.open((word,))
    pauses = []
    for count in range(1, 9):
        stage.until(lambda count=count: len(stage.started) == count)
        pid = stage.started[-1].pid
        stage.until(lambda pid=pid: gone(pid))
        before = stage.now
        for _ in range(3):
            found.turn(0.0)
        assert len(stage.started) == count, "no storm"
        while len(stage.started) == count:
            stage.now += 0.5
            found.turn(0.0)
        pauses.append(stage.now - before)
    assert pauses == sorted(pauses) and pauses[0] <= 2.0 and pauses[-1] == LONGEST_PAUSE_S
    stage.scripts = [GOOD]


def test_the_pause_is_forgotten_once_a_session_is_ready(stage: Stage) -> None:
    found = stage.open(("crash",), ("crash",), GOOD)
    for count in (1, 2):
        stage.until(lambda count=count: len(stage.started) == count and gone(stage.started[-1].pid))
        stage.now += 60
    stage.until(stage.settled)
    os.kill(stage.started[2].pid, signal.SIGKILL)
    stage.until(lambda: found.front is stage.started[3] and stage.settled())


@pytest.mark.parametrize("word", ["garbage", "binary", "endless"])
def test_what_is_no_message_ends_that_session_only(stage: Stage, word: str) -> None:
    found = stage.open(("ready", "show", "shown", "wake", word, "hang"), GOOD)
    stage.until(stage.settled)
    found.tell(wire.Wake())
    stage.until(lambda: found.front is stage.started[1] and stage.settled())
    assert gone(stage.started[0].pid) and stage.crashes == 1


def test_a_session_that_never_comes_up_is_killed(stage: Stage) -> None:
    found = stage.open(("hang",), GOOD)
    stage.until(lambda: len(stage.started) == 1)
    stage.now += READY_S - 1
    found.turn(0.01)
    assert not gone(stage.started[0].pid)
    stage.now += 2
    stage.until(lambda: stage.crashes == 1)
    stage.now += LONGEST_PAUSE_S
    stage.until(stage.settled)


def test_a_session_that_does_not_go_is_killed(stage: Stage) -> None:
    found = stage.open(("ready", "show", "shown", "wake", "ended", "hang"), GOOD)
    stage.until(stage.settled)
    found.tell(wire.Wake())
    stage.until(lambda: found.front is stage.started[1] and stage.settled())
    assert not gone(stage.started[0].pid)
    stage.now += GONE_S + 1
    stage.until(lambda: gone(stage.started[0].pid))
    assert found.front is stage.started[1]


def test_a_session_that_does_not_read_never_stops_the_engine(stage: Stage) -> None:
    found = stage.open(("ready", "show", "shown", "hang"), GOOD, spare=False)
    stage.until(lambda: bool(found.shown))
    for _ in range(20_000):
        found.tell(wire.Wake())
    assert not gone(stage.started[0].pid), "it hangs still, its pipe is full, and we are here"


def test_the_desktop_ends_with_its_session(stage: Stage) -> None:
    found = stage.open(("ready", "show", "shown", "wake", "ended", "exit"), GOOD, spare=False, once=True)
    stage.until(lambda: bool(found.shown))
    assert not found.finished
    found.tell(wire.Wake())
    stage.until(lambda: found.finished)
    assert len(stage.started) == 1, "no second window comes up for a moment"


def test_the_desktop_comes_back_after_a_crash(stage: Stage) -> None:
    found = stage.open(("ready", "show", "shown", "wake", "crash"), GOOD, spare=False, once=True)
    stage.until(lambda: bool(found.shown))
    found.tell(wire.Wake())
    stage.until(lambda: len(stage.started) == 2 and stage.started[1].pid in found.shown)
    assert not found.finished and stage.crashes == 1


def test_submitted_wakes_the_sync(stage: Stage) -> None:
    stage.open(("ready", "show", "shown", "started", "submitted", "submitted", "quit"))
    stage.until(lambda: stage.wakes == 2)


def test_later_sessions_are_told_of_the_link(stage: Stage) -> None:
    found = stage.open(GOOD)
    stage.until(lambda: bool(found.shown))
    found.tell(wire.Link(True))
    stage.scripts = [("link-up", "ready", "show", "shown", "quit")]
    os.kill(stage.started[0].pid, signal.SIGKILL)
    stage.until(lambda: len(found.ready) == 2, "both were told")


def test_the_key_goes_through_the_pipe_and_nowhere_else(stage: Stage) -> None:
    stage.open(("key", "ready", "show", "shown", "quit"), spare=False)
    stage.until(lambda: bool(stage.supervisor.shown))
    pid = stage.started[0].pid
    assert (stage.profile / f"opened-{pid}").read_text(encoding="ascii") == KEY.hex()
    if sys.platform == "linux":
        seen = Path(f"/proc/{pid}/cmdline").read_bytes() + Path(f"/proc/{pid}/environ").read_bytes()
        assert KEY.hex().encode() not in seen and KEY not in seen


def test_stop_ends_every_session(stage: Stage) -> None:
    found = stage.open(GOOD)
    stage.until(stage.settled)
    found.stop()
    assert all(gone(session.pid) for session in stage.started)
    stage.open(GOOD, spare=False)


def test_another_descriptor_is_listened_to(stage: Stage) -> None:
    found = stage.open(GOOD, spare=False)
    reading, writing = os.pipe()
    heard: list[bytes] = []
    found.listen(reading, lambda: heard.append(os.read(reading, 10)))
    os.write(writing, b"C")
    stage.until(lambda: heard == [b"C"])
    os.close(writing)
    found.stop()
    os.close(reading)
    stage.open(GOOD, spare=False)
