"""How this visitor wants to see, reach and hear: the one source that Theme.qml binds to.

Rules. Text sizes are 1, 1.5 and 2 (accessibility.md, 1). Any of the modes makes the session "accessible": longer
idle times, no motion. Nothing is remembered after the session. It does not draw and does not speak.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement, QmlUncreatable

from kiosk.ui.visit import Visit

QML_IMPORT_NAME = "Kiosk.ViewModels"
QML_IMPORT_MAJOR_VERSION = 1

SCALES = (1.0, 1.5, 2.0)
REACH_MM = 1100.0
"""The highest point a seated visitor reaches (accessibility.md, 12)."""


@QmlElement
@QmlUncreatable("belongs to the session")
class AccessibilityModel(QObject):
    """The visitor's choices; every property is read-only and changed by a slot."""

    changed = Signal()

    def __init__(self, visit: Visit, parent: Any = None) -> None:
        super().__init__(parent)
        self._visit = visit
        self._scale = 1.0
        self._contrast = False
        self._low_reach = False
        self._speech = False
        self._still = False
        self._speech_available = False

    @Property(float, notify=changed)
    def textScale(self) -> float:
        """1, 1.5 or 2."""
        return self._scale

    @Property(bool, notify=changed)
    def contrast(self) -> bool:
        return self._contrast

    @Property(bool, notify=changed)
    def lowReach(self) -> bool:
        """Every control within reach of a seated person."""
        return self._low_reach

    @Property(float, notify=changed)
    def lowReachTop(self) -> float:
        """Where the reachable band begins, as a share of the window's height from its top (0.37 at 21.5 inch)."""
        settings = self._visit.settings
        above = settings.panel_foot_mm + settings.panel_height_mm - REACH_MM
        return min(0.6, max(0.0, above / settings.panel_height_mm))

    @Property(bool, notify=changed)
    def speech(self) -> bool:
        return self._speech

    @Property(bool, notify=changed)
    def speechAvailable(self) -> bool:
        """Whether this machine has a voice; without one the switch is shown as not available."""
        return self._speech_available

    @Property(bool, notify=changed)
    def reducedMotion(self) -> bool:
        """True in every accessible mode, and where pictures are taken."""
        return self._still or self.accessible

    @Property(bool, notify=changed)
    def accessible(self) -> bool:
        """Any mode is on."""
        return self._scale > 1 or self._contrast or self._low_reach or self._speech

    @Slot()
    def larger(self) -> None:
        """The next text size; after the largest comes the normal one."""
        self.setTextScale(SCALES[(SCALES.index(self._scale) + 1) % len(SCALES)])

    @Slot(float)
    def setTextScale(self, scale: float) -> None:
        """The nearest of the three sizes."""
        nearest = min(SCALES, key=lambda size: abs(size - scale))
        if nearest != self._scale:
            self._scale = nearest
            self.changed.emit()

    @Slot()
    def toggleContrast(self) -> None:
        self._contrast = not self._contrast
        self.changed.emit()

    @Slot()
    def toggleLowReach(self) -> None:
        self._low_reach = not self._low_reach
        self.changed.emit()

    @Slot()
    def toggleSpeech(self) -> None:
        """Does nothing on a machine without a voice."""
        if self._speech_available:
            self._speech = not self._speech
            self.changed.emit()

    def restore(self) -> None:
        """As it was at the start: nobody is here who chose anything."""
        self._scale, self._contrast, self._low_reach, self._speech = 1.0, False, False, False
        self.changed.emit()

    def keep_still(self) -> None:
        """Move nothing from now on."""
        self._still = True
        self.changed.emit()

    def set_speech_available(self, available: bool) -> None:
        self._speech_available = available
        self._speech = self._speech and available
        self.changed.emit()
