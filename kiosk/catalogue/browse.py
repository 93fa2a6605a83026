"""Browse: themes with their counts, the services of a theme or of a life event. Pure, over light rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from msgspec import Struct

from kiosk.catalogue.ports import ServiceRow
from kiosk.model.service import LifeEvent, Theme
from kiosk.model.text import Language


class ThemeCount(Struct, frozen=True):
    theme: Theme
    services: int


def themes(known: Iterable[Theme], rows: Mapping[str, ServiceRow]) -> tuple[ThemeCount, ...]:
    """Themes that have services, in the editors' order."""
    counts = Counter(row.theme for row in rows.values())
    ordered = sorted(known, key=lambda theme: (theme.order, theme.id))
    return tuple(ThemeCount(theme, counts[theme.id]) for theme in ordered if counts[theme.id])


def of_theme(theme: str, rows: Mapping[str, ServiceRow], language: Language) -> tuple[ServiceRow, ...]:
    """The services of a theme: what can be applied for first, then by title."""
    chosen = [row for row in rows.values() if row.theme == theme]
    return tuple(sorted(chosen, key=lambda row: (row.historical, row.kind != "apply", row.title.of(language), row.id)))


def of_event(event: LifeEvent, rows: Mapping[str, ServiceRow]) -> tuple[ServiceRow, ...]:
    """The services of a life event in the order in which they are needed."""
    return tuple(rows[id_] for id_ in event.services if id_ in rows)
