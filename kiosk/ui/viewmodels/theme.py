"""The services of one theme or one life event, for the pages Theme and Event.

Rules. Lists are handed to QML in portions of 30 that grow by `more()`; the order is the catalogue's. An audience
chosen narrows the list and is forgotten when another theme is opened.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement, QmlUncreatable

from kiosk.errors import ContentMissing
from kiosk.ui.models.services_list import ServicesList
from kiosk.ui.service_words import service_row
from kiosk.ui.visit import Visit

QML_IMPORT_NAME = "Kiosk.ViewModels"
QML_IMPORT_MAJOR_VERSION = 1

PORTION = 30


@QmlElement
@QmlUncreatable("belongs to the session")
class ThemeModel(QObject):
    """One theme, or one life event."""

    changed = Signal()

    def __init__(self, visit: Visit, parent: Any = None) -> None:
        super().__init__(parent)
        self._visit = visit
        self._services = ServicesList(self)
        self._kind, self._id = "", ""
        self._title, self._drawing = "", ""
        self._all: list[Any] = []
        self._shown = PORTION
        self._audience = ""

    @Property(ServicesList, constant=True)
    def services(self) -> ServicesList:
        return self._services

    @Property(str, notify=changed)
    def title(self) -> str:
        return self._title

    @Property(str, notify=changed)
    def drawing(self) -> str:
        """Name of the ThemeDrawing, or of the icon of a life event."""
        return self._drawing

    @Property(str, notify=changed)
    def countText(self) -> str:
        """«63 услуги»."""
        return self._visit.t("home.services", count=len(self._narrowed()))

    @Property(int, notify=changed)
    def total(self) -> int:
        """How many services there are, shown or not."""
        return len(self._narrowed())

    @Property(str, notify=changed)
    def moreText(self) -> str:
        """«Ещё 12 услуг»; "" when everything is shown."""
        left = len(self._narrowed()) - self._services.count
        return self._visit.t("results.more", count=left) if left > 0 else ""

    @Property(str, notify=changed)
    def emptyText(self) -> str:
        """What to say when there is nothing; "" otherwise."""
        return "" if self._services.count else self._visit.t("results.theme_empty")

    @Property("QStringList", notify=changed)
    def audiences(self) -> list[str]:
        """The audiences that occur here: citizen, organisation, foreigner. One only: no choice is offered."""
        return sorted({service.audience for service in self._all})

    @Property(str, notify=changed)
    def audience(self) -> str:
        """The audience chosen, "" for everybody."""
        return self._audience

    @Slot(str, result=str)
    def audienceText(self, audience: str) -> str:
        """«Для граждан»; «Для всех» for ""."""
        return self._visit.t(f"results.audience_{audience or 'all'}")

    @Slot(str)
    def setAudience(self, audience: str) -> None:
        """Narrow the list; "" shows all."""
        self._audience = audience if audience in self.audiences else ""
        self._shown = PORTION
        self._fill()

    @Slot()
    def more(self) -> None:
        """Show the next portion."""
        self._shown += PORTION
        self._fill()

    def open_theme(self, theme_id: str) -> None:
        """Show a theme. Raises ContentMissing."""
        self._open("theme", theme_id)

    def open_event(self, event_id: str) -> None:
        """Show a life event. Raises ContentMissing."""
        self._open("event", event_id)

    def refresh(self) -> None:
        """Read again what is open."""
        if not self._kind:
            return
        catalogue = self._visit.house.catalogue
        if self._kind == "theme":
            theme = next((entry.theme for entry in catalogue.themes() if entry.theme.id == self._id), None)
            if theme is None:
                raise ContentMissing(f"there is no theme {self._id}")
            self._title, self._drawing = self._visit.of(theme.title), theme.drawing
            self._all = list(catalogue.of_theme(self._id, self._visit.language))
        else:
            event = next((event for event in catalogue.events() if event.id == self._id), None)
            if event is None:
                raise ContentMissing(f"there is no life event {self._id}")
            self._title, self._drawing = self._visit.of(event.title), event.icon
            self._all = list(catalogue.of_event(self._id))
        self._fill()

    def _open(self, kind: str, id: str) -> None:
        if (kind, id) != (self._kind, self._id):
            self._kind, self._id, self._shown, self._audience = kind, id, PORTION, ""
        self.refresh()

    def _narrowed(self) -> list[Any]:
        return [service for service in self._all if self._audience in ("", service.audience)]

    def _fill(self) -> None:
        self._services.set_rows([service_row(self._visit, service) for service in self._narrowed()[: self._shown]])
        self.changed.emit()
