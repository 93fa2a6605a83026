"""Is anybody still there? Ends a session that was left alone.

Rules. 90 s without a touch (180 s in accessible modes) brings the question, 20 s (60 s) later the session ends; the
seconds are settings. A touch anywhere before the question starts the 90 s anew; under the question a key gives the
whole answer time again, and `stay` closes it. Time is read from a clock handed in, never counted in ticks, so that a
sleeping machine does not keep a session open. The time left is announced every 15 s, then each of the last 20 s
(accessibility.md, 16).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from math import ceil
from typing import Any

from PySide6.QtCore import Property, QObject, QTimer, Signal, Slot
from PySide6.QtQml import QmlElement, QmlUncreatable

from kiosk.ui.viewmodels.accessibility import AccessibilityModel
from kiosk.ui.visit import Visit

QML_IMPORT_NAME = "Kiosk.ViewModels"
QML_IMPORT_MAJOR_VERSION = 1

TICK_MS = 250


@QmlElement
@QmlUncreatable("belongs to the session")
class IdleModel(QObject):
    """The countdown. Watches only between `watch(True)` and `watch(False)`."""

    changed = Signal()
    announced = Signal(str)
    ended = Signal()

    def __init__(
        self,
        visit: Visit,
        accessibility: AccessibilityModel,
        clock: Callable[[], float] = time.monotonic,
        parent: Any = None,
    ) -> None:
        super().__init__(parent)
        self._visit = visit
        self._accessibility = accessibility
        self._clock = clock
        self._last = clock()
        self._warned_at: float | None = None
        self._left = 0
        self._watching = False
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self.tick)

    @Property(bool, notify=changed)
    def warning(self) -> bool:
        """The question is on the screen."""
        return self._warned_at is not None

    @Property(int, notify=changed)
    def secondsLeft(self) -> int:
        """Seconds until the session ends; 0 without a warning."""
        return self._left

    @Property(int, notify=changed)
    def total(self) -> int:
        """Seconds that the question stays altogether."""
        return round(self._times()[1])

    @Property(str, notify=changed)
    def title(self) -> str:
        """«Вы ещё здесь?»."""
        return self._visit.t("idle.title")

    @Property(str, notify=changed)
    def text(self) -> str:
        """What will be lost."""
        return self._visit.t("idle.text")

    @Property(str, notify=changed)
    def secondsText(self) -> str:
        """The word below the number: «секунд»."""
        return self._visit.t("idle.seconds", count=self._left)

    @Slot()
    def stay(self) -> None:
        """Yes, somebody is here."""
        self._last = self._clock()
        if self._warned_at is not None:
            self._warned_at, self._left = None, 0
            self.changed.emit()

    @Slot()
    def end(self) -> None:
        """End the session now."""
        self.watch(False)
        self.ended.emit()

    @Slot()
    def touched(self) -> None:
        """Any key, mouse or touch."""
        self._last = self._clock()
        if self._warned_at is not None:
            self._warned_at = self._last

    @Slot()
    def warn(self) -> None:
        """Ask "Are you still there?" now, as if nobody had touched anything for long enough."""
        self._last = self._clock() - self._times()[0]
        self.tick()

    @Slot()
    def tick(self) -> None:
        """Look at the clock."""
        if not self._watching:
            return
        now, (idle, answer) = self._clock(), self._times()
        if self._warned_at is None:
            if now - self._last < idle:
                return
            self._warned_at = now
            self._left = -1
        left = max(0, ceil(self._warned_at + answer - now))
        if left == 0:
            self.end()
        elif left != self._left:
            self._left = left
            self.changed.emit()
            if left <= 20 or left % 15 == 0 or left == self.total:
                self.announced.emit(self._visit.t("idle.announce", count=left))

    def watch(self, watching: bool) -> None:
        """Begin to watch (a visitor came), or stop (Welcome is shown)."""
        self._watching = watching
        self._warned_at, self._left = None, 0
        self._last = self._clock()
        if watching:
            self._timer.start()
        else:
            self._timer.stop()
        self.changed.emit()

    def refresh(self) -> None:
        """Say it again (new language)."""
        self.changed.emit()

    def _times(self) -> tuple[float, float]:
        settings = self._visit.settings
        if self._accessibility.accessible:
            return settings.idle_accessible_s, settings.idle_accessible_warning_s
        return settings.idle_s, settings.idle_warning_s
