"""Slow work away from the window's thread, its outcome back on it.

Rules. One worker thread, one errand after the other. The call must not touch a QObject; its result or error comes
back through a signal of a main-thread QObject, so `done` runs on the main thread. A bug in an errand is logged with
its traceback and handed to `done` as well, so that nothing stays "busy" for ever. `stop` waits for what has begun:
an application being committed is never abandoned.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from queue import SimpleQueue
from threading import Thread
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from kiosk.errors import KioskError

log = logging.getLogger(__name__)

Done = Callable[[Any, BaseException | None], None]


class Errands(QObject):
    """Runs calls in a worker thread that starts with the first of them."""

    _finished = Signal(object)

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self._queue: SimpleQueue[tuple[Callable[[], Any], Done] | None] = SimpleQueue()
        self._thread: Thread | None = None
        self._finished.connect(self._deliver)

    def run(self, call: Callable[[], Any], done: Done) -> None:
        """Run `call` in the worker, then `done(result, None)` or `done(None, error)` on the main thread."""
        if self._thread is None:
            self._thread = Thread(target=self._work, name="errands", daemon=True)
            self._thread.start()
        self._queue.put((call, done))

    def stop(self) -> None:
        """Finish what was begun and end the thread."""
        if self._thread is not None:
            self._queue.put(None)
            self._thread.join()
            self._thread = None

    def _work(self) -> None:
        while (errand := self._queue.get()) is not None:
            call, done = errand
            result, error = None, None
            try:
                result = call()
            except KioskError as failure:
                log.warning("%s", failure.engineer)
                error = failure
            except Exception as failure:
                log.exception("an errand failed")
                error = failure
            self._finished.emit((done, result, error))
            del errand, call, done, result, error

    @Slot(object)
    def _deliver(self, outcome: tuple[Done, Any, BaseException | None]) -> None:
        done, result, error = outcome
        done(result, error)
