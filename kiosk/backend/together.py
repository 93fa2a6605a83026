"""Work on the database that several requests wait for, done in one transaction for all of them.

Rules. Nobody waits for company: whoever comes while no transaction is under way begins one at once; those who come
meanwhile are taken together by the next. So an idle backend answers as fast as ever, and a flood of small batches costs
few round trips and few commits. What fails for several is done again for each alone, so that nobody suffers from
another's data; only a database that is away is told to all at once. Locks of rows are the work's business.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from threading import Lock
from typing import Generic, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

MOST_WEIGHT = 8 * 1024 * 1024
"""Bytes that one transaction takes of several; a single item may be heavier."""

T = TypeVar("T")
R = TypeVar("R")
Begin = Callable[[], AbstractContextManager[Connection]]
Work = Callable[[Connection, Sequence[T]], Sequence[R]]


class _Item(Generic[T, R]):
    def __init__(self, value: T, weight: int) -> None:
        self.value = value
        self.weight = weight
        self.answers: Sequence[R] = ()
        self.error: BaseException | None = None
        self.done = False


class Together(Generic[T, R]):
    """One kind of work. Safe for threads."""

    def __init__(self, begin: Begin, work: Work[T, R]) -> None:
        """`begin` opens a transaction; `work` answers for each of its items, in their order."""
        self._begin = begin
        self._work = work
        self._waiting: deque[_Item[T, R]] = deque()
        self._turn = Lock()

    def do(self, value: T, weight: int = 0) -> R:
        """The answer for one item, once its transaction is committed. Raises what `begin` and `work` raise."""
        item: _Item[T, R] = _Item(value, weight)
        self._waiting.append(item)
        with self._turn:
            while not item.done:
                self._next()
        if item.error is not None:
            raise item.error
        return item.answers[0]

    def _next(self) -> None:
        """Do what has waited longest, with as much of the rest as one transaction takes."""
        group = [self._waiting.popleft()]
        weight = group[0].weight
        while self._waiting and weight + self._waiting[0].weight <= MOST_WEIGHT:
            group.append(self._waiting.popleft())
            weight += group[-1].weight
        try:
            self._try(group)
        except (OperationalError, InterfaceError, PoolTimeout) as error:
            for item in group:
                item.error = error
        except Exception as error:
            if len(group) == 1:
                group[0].error = error
            else:
                for item in group:
                    self._alone(item)
        finally:
            for item in group:
                item.done = True

    def _alone(self, item: _Item[T, R]) -> None:
        try:
            self._try([item])
        except Exception as error:
            item.error = error

    def _try(self, group: Sequence[_Item[T, R]]) -> None:
        with self._begin() as connection:
            answers = self._work(connection, [item.value for item in group])
        for item, answer in zip(group, answers, strict=True):
            item.answers = (answer,)
