"""A driver in a thread, as another process would use it, while Qt's loop turns in the test."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread
from typing import Any

from kiosk.ui.driver import Driver, DriverError


class Walker:
    """Runs a walk in a thread of its own (as another process would) while Qt's loop turns here."""

    def __init__(self, driver: Driver, qtbot: Any) -> None:
        self._driver, self._qtbot = driver, qtbot

    def __call__(self, walk: Callable[[Driver], Any]) -> Any:
        outcome: list[Any] = []

        def run() -> None:
            try:
                outcome.append(walk(self._driver))
            except DriverError as error:
                outcome.append(error)

        thread = Thread(target=run)
        thread.start()
        self._qtbot.waitUntil(lambda: not thread.is_alive())
        if isinstance(outcome[0], DriverError):
            raise outcome[0]
        return outcome[0]
