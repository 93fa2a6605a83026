"""Life events: all of them by category, one category, and one event step by step."""

from __future__ import annotations

from kiosk.errors import ContentMissing
from kiosk.ui.articles import Article, Block, section, service_row
from kiosk.ui.visit import Visit


def events(visit: Visit, category_id: str = "") -> Article:
    """Every event under its category, or those of one category. Raises ContentMissing."""
    catalogue = visit.house.catalogue
    categories = [one for one in catalogue.event_categories() if category_id in ("", one.id)]
    if not categories:
        raise ContentMissing(f"there is no category of events {category_id}")
    blocks: list[Block] = []
    for category in categories:
        rows = [
            Block("row", visit.of(event.title), visit.of(event.summary), event.icon, target=f"event:{event.id}")
            for event in catalogue.events()
            if event.category == category.id
        ]
        blocks += section(visit.of(category.title), rows) if not category_id else rows
    title = visit.of(categories[0].title) if category_id else visit.t("home.events_title")
    return Article(title, visit.t("guide.events_lead"), tuple(blocks))


def categories(visit: Visit) -> Article:
    """The categories, each with how many events it has. Raises ContentMissing."""
    catalogue = visit.house.catalogue
    found = catalogue.events()
    rows = []
    for category in catalogue.event_categories():
        inside = [event for event in found if event.category == category.id]
        names = ", ".join(visit.of(event.title) for event in inside[:3])
        rows.append(Block("row", visit.of(category.title), names, category.icon, target=f"events:{category.id}"))
    return Article(visit.t("home.events_title"), visit.t("guide.events_lead"), tuple(rows))


def event(visit: Visit, event_id: str) -> Article:
    """One event as a guided list: each step with its services. Raises ContentMissing."""
    catalogue = visit.house.catalogue
    found = next((one for one in catalogue.events() if one.id == event_id), None)
    if found is None:
        raise ContentMissing(f"there is no life event {event_id}")
    rows = {row.id: row for row in catalogue.of_event(event_id)}
    blocks: list[Block] = []
    for number, step in enumerate(found.steps, 1):
        blocks.append(Block("step", visit.of(step.title), visit.of(step.text), number=number))
        blocks += [service_row(visit, rows[id_]) for id_ in step.services if id_ in rows]
    return Article(visit.of(found.title), visit.of(found.summary), tuple(blocks))
