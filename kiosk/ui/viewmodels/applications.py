"""Applications sent from here: numbers and states, never answers.

Rules. A kiosk shows only those of this visit (the next visitor must not see a stranger's number); a desktop, which
belongs to one person, shows all.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from PySide6.QtCore import Property, QObject, Signal
from PySide6.QtQml import QmlElement, QmlUncreatable

from kiosk.model.submission import SubmissionState
from kiosk.paper import dates
from kiosk.ui.models.applications_list import ApplicationsList
from kiosk.ui.visit import Visit

QML_IMPORT_NAME = "Kiosk.ViewModels"
QML_IMPORT_MAJOR_VERSION = 1


@QmlElement
@QmlUncreatable("belongs to the session")
class ApplicationsModel(QObject):
    """What was sent, newest first."""

    changed = Signal()

    def __init__(self, visit: Visit, parent: Any = None) -> None:
        super().__init__(parent)
        self._visit = visit
        self._rows = ApplicationsList(self)
        self._mine: set[str] = set()

    @Property(ApplicationsList, constant=True)
    def rows(self) -> ApplicationsList:
        return self._rows

    @Property(str, notify=changed)
    def title(self) -> str:
        return self._visit.t("receipt.applications_title")

    @Property(str, notify=changed)
    def emptyText(self) -> str:
        """What to say when nothing was sent; "" otherwise."""
        return "" if self._rows.count else self._visit.t("receipt.applications_empty")

    def remember(self, number: str) -> None:
        """A receipt number that belongs to this visit."""
        self._mine.add(number)
        self.refresh()

    def refresh(self) -> None:
        """Read the states again."""
        visit = self._visit
        every = visit.settings.mode == "desktop"
        self._rows.set_rows(
            [
                {
                    "number": row.number,
                    "serviceTitle": visit.of(row.service),
                    "timeText": dates.date_time(visit.language, datetime.fromisoformat(row.created_at).astimezone()),
                    "state": row.state.value,
                    "stateText": visit.t(f"receipt.state_{row.state.value}"),
                    "attention": row.state is SubmissionState.NEEDS_ATTENTION,
                }
                for row in visit.house.desk.sent()
                if every or row.number in self._mine
            ]
        )
        self.changed.emit()

    def wipe(self) -> None:
        self._mine.clear()
        self._rows.set_rows([])
        self.changed.emit()
