"""Home: search, themes, life events, what people look for.

Rules. How many tiles fit is the page's business (`show`); which ones and in what order is the catalogue's.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement, QmlUncreatable

from kiosk.errors import KioskError
from kiosk.ui.models.events_list import EventsList
from kiosk.ui.models.themes_list import ThemesList
from kiosk.ui.visit import Visit

QML_IMPORT_NAME = "Kiosk.ViewModels"
QML_IMPORT_MAJOR_VERSION = 1


@QmlElement
@QmlUncreatable("belongs to the session")
class HomeModel(QObject):
    """What stands on Home."""

    changed = Signal()

    def __init__(self, visit: Visit, parent: Any = None) -> None:
        super().__init__(parent)
        self._visit = visit
        self._themes = ThemesList(self)
        self._events = EventsList(self)
        self._shown = (6, 4) if visit.settings.mode == "kiosk" else (9, 6)
        self._theme_count = 0
        self._popular: list[str] = []

    @Property(ThemesList, constant=True)
    def themes(self) -> ThemesList:
        """The first themes, as many as `show` asked for (6 in the kiosk, 9 on a desktop)."""
        return self._themes

    @Property(EventsList, constant=True)
    def events(self) -> EventsList:
        """The first life events (4 in the kiosk, 6 on a desktop)."""
        return self._events

    @Property("QStringList", notify=changed)
    def popular(self) -> list[str]:
        """Queries for the chips; give one to session.openSearch."""
        return self._popular

    @Property(str, notify=changed)
    def themeCountText(self) -> str:
        """«Все 17 тем»; "" while there is no content."""
        return self._visit.t("home.all_themes", count=self._theme_count) if self._theme_count else ""

    @Property(bool, notify=changed)
    def empty(self) -> bool:
        """No content has arrived yet."""
        return self._theme_count == 0

    @Slot(int, int)
    def show(self, themes: int, events: int) -> None:
        """How many tiles fit on the page."""
        if (themes, events) != self._shown:
            self._shown = (themes, events)
            self.refresh()

    def refresh(self) -> None:
        """Read the catalogue again (new content, new language)."""
        catalogue = self._visit.house.catalogue
        try:
            entries, events, popular = catalogue.themes(), catalogue.events(), catalogue.popular()
        except KioskError:
            entries, events, popular = (), (), ()
        self._theme_count = len(entries)
        self._themes.set_rows([theme_row(self._visit, entry) for entry in entries[: self._shown[0]]])
        self._events.set_rows([event_row(self._visit, event) for event in events[: self._shown[1]]])
        self._popular = [self._visit.of(text) for text in popular]
        self.changed.emit()


def theme_row(visit: Visit, entry: Any) -> dict[str, Any]:
    """A row of ThemesList from a catalogue.browse.ThemeCount."""
    return {
        "themeId": entry.theme.id,
        "title": visit.of(entry.theme.title),
        "count": entry.services,
        "countText": visit.t("home.services", count=entry.services),
        "drawing": entry.theme.drawing,
    }


def event_row(visit: Visit, event: Any) -> dict[str, Any]:
    """A row of EventsList from a model.service.LifeEvent."""
    return {"eventId": event.id, "title": visit.of(event.title), "icon": event.icon}
