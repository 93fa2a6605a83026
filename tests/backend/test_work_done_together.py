"""Requests that wait for the database at the same time share a transaction, and none suffers from another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from kiosk.backend.together import MOST_WEIGHT, Together
from tests.backend.site import Kiosk, Site
from tests.helpers.patience import PATIENCE_S

DATABASES = ("sqlite", "postgresql")


class Hall:
    """Transactions that a test holds open."""

    def __init__(self) -> None:
        self.groups: list[list[int]] = []
        self.go = Event()
        self.begun = Event()

    @contextmanager
    def begin(self) -> Iterator[Any]:
        self.begun.set()
        assert self.go.wait(PATIENCE_S)
        yield None

    def work(self, _connection: Any, items: Sequence[int]) -> list[int]:
        self.groups.append(list(items))
        if 13 in items:
            raise ValueError("thirteen")
        if 500 in items:
            raise OperationalError("", {}, Exception())
        return [item * 2 for item in items]


def _all_at_once(hall: Hall, items: Sequence[int], weight: int = 0) -> list[Any]:
    """The first item goes alone; the others wait while it is under way."""
    together: Together[int, int] = Together(hall.begin, hall.work)
    with ThreadPoolExecutor(len(items)) as pool:
        first = pool.submit(together.do, items[0])
        assert hall.begun.wait(PATIENCE_S)
        others = [pool.submit(together.do, item, weight) for item in items[1:]]
        while len(together._waiting) < len(others):  # bounded by the test's own time limit
            pass
        hall.go.set()
        return [one.exception() or one.result() for one in (first, *others)]


def test_who_waits_meanwhile_goes_together() -> None:
    hall = Hall()
    assert _all_at_once(hall, [1, 2, 3, 4]) == [2, 4, 6, 8]
    assert hall.groups[0] == [1] and sorted(hall.groups[1]) == [2, 3, 4] and len(hall.groups) == 2


def test_a_group_has_a_limit() -> None:
    hall = Hall()
    assert _all_at_once(hall, [1, 2, 3, 4], weight=MOST_WEIGHT // 2) == [2, 4, 6, 8]
    assert [len(group) for group in hall.groups] == [1, 2, 1]


def test_nobody_suffers_from_anothers_data() -> None:
    answers = _all_at_once(Hall(), [1, 2, 13, 4])
    assert [answers[place] for place in (0, 1, 3)] == [2, 4, 8]
    assert isinstance(answers[2], ValueError)


def test_a_database_that_is_away_is_told_to_all_at_once() -> None:
    hall = Hall()
    answers = _all_at_once(hall, [1, 2, 500, 4])
    assert answers[0] == 2 and all(isinstance(one, OperationalError) for one in answers[1:])
    assert len(hall.groups) == 2


@pytest.mark.parametrize("rounds", [3])
def test_batches_of_many_kiosks_at_once(site: Site, kiosk: Kiosk, rounds: int) -> None:
    kiosks = [kiosk, *(site.enrol(f"m{number}", 100 + number) for number in range(7))]
    batches = [(one, [one.seal() for _ in range(3)]) for one in kiosks for _ in range(rounds)]
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda asked: asked[0].post(*asked[1]), [*batches, *batches]))
    statuses = [result.status for answer in answers for result in answer.results]
    assert statuses.count("received") == statuses.count("already") == 8 * rounds * 3
    high = {one.device.kiosk: one.post(one.seal()).high_water for one in kiosks}
    assert set(high.values()) == {rounds * 3 + 1}
