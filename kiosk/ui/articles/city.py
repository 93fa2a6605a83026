"""The city besides its services: sites and programmes, news, My Documents centres, other places."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any, get_args

from kiosk.errors import ContentMissing
from kiosk.model.city import Okrug, PlaceKind
from kiosk.paper.dates import long_date
from kiosk.ui.articles import Article, Block, section, service_row
from kiosk.ui.visit import Visit

UNKNOWN = "none"
"""The okrug of places whose okrug the source does not say."""
KINDS: tuple[PlaceKind, ...] = get_args(PlaceKind)
_ICONS = {
    "registry-office": "heart",
    "clinic": "folder-heart",
    "children-clinic": "baby-carriage",
    "library": "book",
    "social-protection": "users-group",
    "social-centre": "armchair",
    "milk-kitchen": "baby-carriage",
}


def resources(visit: Visit) -> Article:
    """The city's sites and programmes."""
    rows = [
        Block("row", visit.of(one.title), visit.of(one.summary), one.icon, target=f"resource:{one.id}")
        for one in visit.house.city.resources()
    ]
    return Article(visit.t("city.resources_title"), visit.t("city.resources_lead"), tuple(rows))


def resource(visit: Visit, resource_id: str) -> Article:
    """One of them: what it is for, how to open it, and what it does with our services. Raises ContentMissing."""
    found = visit.house.city.resource(resource_id)
    opening = visit.t("city.open_browser" if visit.settings.mode == "desktop" else "city.open_phone")
    blocks = [Block("prose", visit.of(found.text)), Block("row", opening, icon="qrcode", target=f"open:{found.id}")]
    services = []
    for id_ in found.services:
        try:
            services.append(service_row(visit, visit.house.catalogue.service(id_)))
        except ContentMissing:
            continue
    return Article(
        visit.of(found.title), visit.of(found.summary), (*blocks, *section(visit.t("city.services"), services))
    )


def news(visit: Visit) -> Article:
    """What counts today, alerts first."""
    blocks: list[Block] = []
    for one in visit.house.city.news(visit.today()):
        if one.kind == "alert":
            blocks.append(Block("alert", visit.of(one.title), visit.of(one.text), "alert-triangle"))
        else:
            day = long_date(visit.language, date.fromisoformat(one.since))
            blocks += [Block("heading", visit.of(one.title)), Block("prose", visit.of(one.text)), Block("quiet", day)]
    blocks.append(Block("row", visit.t("city.more_news"), icon="device-mobile", target="phone:news"))
    lead = "" if len(blocks) > 1 else visit.t("city.no_news")
    return Article(visit.t("phone.news_title"), lead, tuple(blocks))


def centres(visit: Visit) -> Article:
    """The My Documents centres and the other kinds of places, from this device's own place on."""
    city = visit.house.city
    others = [
        Block(
            "row",
            visit.t(f"city.{kind}"),
            visit.t("city.addresses", count=count),
            _ICONS[kind],
            target=f"places:{kind}",
        )
        for kind in KINDS
        if (count := city.kinds().get(kind, 0))
    ]
    found = city.centres()
    blocks = [*section(visit.t("city.other_places"), others), *_by_okrug(visit, found)]
    return Article(visit.t("phone.centres_title"), visit.t("city.year", year=2013), tuple(blocks))


def places(visit: Visit, subject: str) -> Article:
    """The places of one kind, `<kind>` or `<kind>/<okrug>`: those of one okrug, and rows to the others.

    Raises ContentMissing.
    """
    kind, _, okrug = subject.partition("/")
    found = visit.house.city.places(kind)
    counts = Counter(one.okrug for one in found.places)
    shown = okrug or next(iter(counts), "")
    okrugs = visit.house.city.okrugs()
    others = [
        Block(
            "row",
            visit.of(okrugs[other].name) if other in okrugs else visit.t("city.no_okrug"),
            visit.t("city.addresses", count=count),
            "map-pin",
            target=f"places:{kind}/{other or UNKNOWN}",
        )
        for other, count in counts.items()
        if (other or UNKNOWN) != (shown or UNKNOWN)
    ]
    here = [one for one in found.places if (one.okrug or UNKNOWN) == (shown or UNKNOWN)]
    if not here:
        raise ContentMissing(f"there are no places of the kind {kind} in {okrug}")
    blocks = [*_by_okrug(visit, here), *section(visit.t("city.other_okrugs"), others)]
    return Article(visit.t(f"city.{kind}"), visit.t("city.year", year=found.year), tuple(blocks))


def _by_okrug(visit: Visit, found: Any) -> list[Block]:
    okrugs = visit.house.city.okrugs()
    blocks: list[Block] = []
    before: str | None = None
    for one in found:
        okrug: Okrug | None = okrugs.get(one.okrug)
        heading = visit.of(okrug.name) if okrug else visit.t("city.no_okrug")
        if heading != before:
            blocks.append(Block("heading", heading))
            before = heading
        parts = [visit.of(one.address), visit.of(one.hours), _phone(one.phone)]
        blocks.append(Block("item", visit.of(one.name), ". ".join(part for part in parts if part), "map-pin"))
    return blocks


def _phone(number: str) -> str:
    """+74951234567 as it is written."""
    if len(number) != 12 or not number.startswith("+7"):
        return number
    return f"+7 {number[2:5]} {number[5:8]}-{number[8:10]}-{number[10:]}".replace(" ", "\u00a0")
