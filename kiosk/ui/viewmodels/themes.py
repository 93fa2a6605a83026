"""Every theme and every life event, for the pages Themes and Events."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Property, QObject, Signal
from PySide6.QtQml import QmlElement, QmlUncreatable

from kiosk.errors import KioskError
from kiosk.ui.models.events_list import EventsList
from kiosk.ui.models.themes_list import ThemesList
from kiosk.ui.viewmodels.home import event_row, theme_row
from kiosk.ui.visit import Visit

QML_IMPORT_NAME = "Kiosk.ViewModels"
QML_IMPORT_MAJOR_VERSION = 1


@QmlElement
@QmlUncreatable("belongs to the session")
class ThemesModel(QObject):
    """All themes and all life events."""

    changed = Signal()

    def __init__(self, visit: Visit, parent: Any = None) -> None:
        super().__init__(parent)
        self._visit = visit
        self._themes = ThemesList(self)
        self._events = EventsList(self)

    @Property(ThemesList, constant=True)
    def themes(self) -> ThemesList:
        return self._themes

    @Property(EventsList, constant=True)
    def events(self) -> EventsList:
        return self._events

    @Property(str, notify=changed)
    def title(self) -> str:
        """The heading of the page Themes."""
        return self._visit.t("home.themes_title")

    @Property(str, notify=changed)
    def eventsTitle(self) -> str:
        """The heading of the page Events."""
        return self._visit.t("home.events_title")

    def refresh(self) -> None:
        """Read the catalogue again (new content, new language)."""
        catalogue = self._visit.house.catalogue
        try:
            entries, events = catalogue.themes(), catalogue.events()
        except KioskError:
            entries, events = (), ()
        self._themes.set_rows([theme_row(self._visit, entry) for entry in entries])
        self._events.set_rows([event_row(self._visit, event) for event in events])
        self.changed.emit()
