"""Whether the network is there and how old the content is, in words. Read-only; fed by the bridge.

Rules. Being offline is normal: the words say what works and what will be sent later. Content that
was not verified for long is said with its day, never as a number of days: the clock may be what is wrong. It never
probes anything.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Property, QObject, Signal
from PySide6.QtQml import QmlElement, QmlUncreatable

from kiosk.paper.dates import long_date
from kiosk.ui.sources import ContentAge
from kiosk.ui.visit import Visit

QML_IMPORT_NAME = "Kiosk.ViewModels"
QML_IMPORT_MAJOR_VERSION = 1


@QmlElement
@QmlUncreatable("belongs to the session")
class LinkModel(QObject):
    """The link and what waits for it."""

    changed = Signal()

    def __init__(self, visit: Visit, parent: Any = None) -> None:
        super().__init__(parent)
        self._visit = visit
        self._online = False
        self._waiting = 0
        self._age = ContentAge()

    @Property(bool, notify=changed)
    def online(self) -> bool:
        return self._online

    @Property(int, notify=changed)
    def waiting(self) -> int:
        """Applications that have not been sent yet."""
        return self._waiting

    @Property(str, notify=changed)
    def statusText(self) -> str:
        """One quiet line; "" while online with nothing waiting."""
        visit = self._visit
        if self._online:
            return visit.t("common.link_sending", count=self._waiting) if self._waiting else ""
        if self._waiting:
            return visit.t("common.link_offline_waiting", count=self._waiting)
        return visit.t("common.link_offline")

    @Property(str, notify=changed)
    def contentText(self) -> str:
        """One line when the content is old, or this device's clock is wrong; "" otherwise."""
        visit, age = self._visit, self._age
        if age.clock_wrong:
            return visit.t("common.clock_wrong")
        if age.level not in ("old", "stale") or age.verified_on is None:
            return ""
        key = "common.content_stale" if age.level == "stale" else "common.content_old"
        return visit.t(key, date=long_date(visit.language, age.verified_on))

    @Property(bool, notify=changed)
    def contentAlarm(self) -> bool:
        """Whether that line is a red one."""
        return self._age.level == "stale" and not self._age.clock_wrong

    def set_online(self, online: bool) -> None:
        if online != self._online:
            self._online = online
            self.changed.emit()

    def refresh(self) -> None:
        """Count again what waits, and look how old the content is."""
        self._waiting = self._visit.house.desk.waiting()
        self._age = self._visit.house.content_age(self._visit.settings.content_warning_days)
        self.changed.emit()
