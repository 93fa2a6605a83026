"""A session that does not answer is replaced; one that is slow, held by a disk or by a debugger is left alone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.engine import pulse
from kiosk.engine.process import SessionProcess
from kiosk.engine.supervisor import Supervisor
from tests.engine.test_supervisor import GOOD, Stage, gone

ALIVE = ("ready", "show", "shown", "answer")
DEAF = ("ready", "show", "shown", "hang")
LIMIT_S = 20.0
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="pipes and signals of POSIX")


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    monkeypatch.chdir(Path(__file__).parents[2])
    made = Stage(tmp_path)
    yield made
    for session in made.started:
        session.kill()
    made.supervisor.stop()
    for session in made.started:
        session.reap()


def shown(stage: Stage, supervisor: Supervisor) -> SessionProcess:
    stage.until(lambda: bool(supervisor.shown))
    assert supervisor.front is not None
    return supervisor.front


def seconds(stage: Stage, supervisor: Supervisor, count: int) -> None:
    """So many seconds of the engine's time, a turn each; what sessions say in between is heard."""
    for _ in range(count):
        stage.now += 1.0
        supervisor.turn(0.005)


def test_a_session_that_hangs_is_replaced_by_the_spare(stage: Stage) -> None:
    found = stage.open(DEAF, ALIVE, ALIVE, ALIVE)
    stage.until(stage.settled)
    first = stage.started[0]
    seconds(stage, found, int(LIMIT_S) - 5)
    assert found.front is first, "patience"
    while not gone(first.pid):
        seconds(stage, found, 1)
        assert stage.now < 1000.0 + 2 * LIMIT_S
    # On a slow machine the spare may not have answered in time either: another one stands in front then.
    stage.until(lambda: found.front is not None and found.front is not first)
    assert stage.crashes >= 1


def test_one_that_is_stopped_hangs(stage: Stage) -> None:
    found = stage.open(ALIVE, spare=False)
    first = shown(stage, found)
    os.kill(first.pid, signal.SIGSTOP)
    seconds(stage, found, int(2 * LIMIT_S))
    stage.until(lambda: gone(first.pid) and len(stage.started) == 2)


def test_one_that_answers_stays(stage: Stage) -> None:
    found = stage.open(ALIVE, spare=False)
    first = shown(stage, found)
    asked: list[int] = []
    real = first.hear

    def hear() -> object:
        asked.append(1)
        return real()

    first.hear = hear  # type: ignore[method-assign,assignment]
    for _ in range(6):
        # The answer is waited for, however slow this machine is: the engine's time stands still meanwhile.
        before = len(asked)
        seconds(stage, found, int(LIMIT_S / pulse._ASK_SHARE))
        stage.until(lambda before=before: len(asked) > before)
    assert found.front is first and stage.crashes == 0


def test_a_machine_that_slept_is_not_held_against_a_session(stage: Stage) -> None:
    found = stage.open(DEAF, spare=False)
    first = shown(stage, found)
    for _ in range(5):
        stage.now += 10_000.0
        found.turn(0.005)
    assert found.front is first and stage.crashes == 0


def test_one_that_waits_for_a_disk_or_a_debugger_is_left_alone(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulse, "held", lambda pid: True)
    found = stage.open(DEAF, spare=False)
    first = shown(stage, found)
    seconds(stage, found, int(5 * LIMIT_S))
    assert found.front is first and stage.crashes == 0


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is of Linux")
def test_what_the_kernel_says_of_a_process() -> None:
    assert not pulse.held(os.getpid()) and not pulse.held(2**22 + 1)
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        os.kill(child.pid, signal.SIGSTOP)
        os.waitid(os.P_PID, child.pid, os.WSTOPPED | os.WNOWAIT)
        assert not pulse.held(child.pid), "stopped for good is no waiting"
        child.kill()


def test_a_spare_that_hangs_is_replaced_unseen(stage: Stage) -> None:
    found = stage.open(ALIVE, ("ready", "hang"), GOOD)
    stage.until(stage.settled)
    first, second = stage.started
    while not gone(second.pid):
        seconds(stage, found, 1)
        stage.until(lambda: True)
        assert stage.now < 1000.0 + 4 * LIMIT_S
    assert found.front is first
