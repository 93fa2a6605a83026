"""Slow work away from the window's thread."""

from __future__ import annotations

from collections.abc import Iterator
from threading import current_thread, main_thread

import pytest

from kiosk.errors import StorageFull
from kiosk.ui.errands import Errands


@pytest.fixture
def errands(qapp: object) -> Iterator[Errands]:
    errands = Errands()
    yield errands
    errands.stop()


def test_work_runs_elsewhere_and_its_outcome_here(errands: Errands, qtbot) -> None:
    seen = []
    errands.run(current_thread, lambda result, error: seen.append((result, error, current_thread())))
    qtbot.waitUntil(lambda: bool(seen))
    worker, error, delivered = seen[0]
    assert worker is not main_thread()
    assert error is None
    assert delivered is main_thread()


def test_errands_run_one_after_the_other(errands: Errands, qtbot) -> None:
    begun: list[int] = []
    done: list[int] = []
    for number in range(50):
        errands.run(lambda number=number: begun.append(number) or number, lambda result, _: done.append(result))
    qtbot.waitUntil(lambda: len(done) == 50)
    assert begun == done == list(range(50))


def test_failures_come_back(errands: Errands, qtbot) -> None:
    seen = []

    def fail() -> None:
        raise StorageFull("no room")

    errands.run(fail, lambda result, error: seen.append(error))
    qtbot.waitUntil(lambda: bool(seen))
    assert isinstance(seen[0], StorageFull)


def test_stop_finishes_what_was_begun(errands: Errands) -> None:
    finished: list[int] = []
    for number in range(5):
        errands.run(lambda number=number: finished.append(number), lambda result, error: None)
    errands.stop()
    assert finished == [0, 1, 2, 3, 4]
