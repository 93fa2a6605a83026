"""The guide of a service: who may, how, what then, when not, who answers for it, and what belongs to it."""

from __future__ import annotations

from collections.abc import Sequence

from kiosk.errors import ContentMissing
from kiosk.model.guide import Guide
from kiosk.model.service import Service
from kiosk.ui.articles import Article, Block, items, section, service_row, steps
from kiosk.ui.service_words import AUDIENCE_ICONS
from kiosk.ui.visit import Visit

_WAY_ICONS = {"online": "device-mobile", "centre": "building", "office": "building", "phone": "phone"}


def guide(visit: Visit, service_id: str) -> Article:
    """Raises ContentMissing for a service without a guide."""
    catalogue = visit.house.catalogue
    service, found = catalogue.service(service_id), catalogue.guide(service_id)
    if found is None:
        raise ContentMissing(f"there is no guide of {service_id}")
    said, t = visit.of, visit.t
    blocks = [
        *section(t("guide.result"), [Block("prose", said(found.result))]),
        *section(t("guide.who"), items(map(said, found.who), "user")),
        *section(t("guide.documents"), _documents(visit, service)),
        *section(t("guide.steps"), steps(map(said, found.steps))),
        *section(t("guide.cost"), [Block("prose", said(one)) for one in (found.cost, found.term) if one]),
        *section(t("guide.where"), _where(visit, found)),
        *section(t("guide.after"), [Block("prose", said(found.after))]),
        *section(t("guide.refusals"), items(map(said, found.refusals), "alert-circle")),
        *section(t("guide.body"), _body(visit, found)),
        *section(t("guide.events"), _events(visit, service_id)),
        *section(t("guide.related"), _related(visit, found.related)),
    ]
    if found.provenance == "editorial":
        blocks.append(Block("quiet", t("guide.unverified")))
    return Article(
        said(service.title),
        said(service.summary),
        tuple(blocks),
        t(f"results.audience_{service.audience}"),
        AUDIENCE_ICONS[service.audience],
    )


def _documents(visit: Visit, service: Service) -> list[Block]:
    bring = [one for one in service.documents if not one.held]
    held = [one for one in service.documents if one.held]
    rows = [Block("item", visit.of(one.name), visit.of(one.note), "file-text") for one in bring]
    if held:
        rows.append(Block("quiet", visit.t("guide.held")))
        rows += [Block("item", visit.of(one.name), visit.of(one.note), "check") for one in held]
    return rows


def _where(visit: Visit, found: Guide) -> list[Block]:
    rows = [Block("item", visit.t(f"guide.way_{way}"), icon=_WAY_ICONS[way]) for way in found.ways]
    if found.place is not None:
        rows.append(Block("prose", visit.of(found.place)))
    if "centre" in found.ways:
        rows.append(Block("row", visit.t("guide.centres"), target="centres:"))
    return rows


def _body(visit: Visit, found: Guide) -> list[Block]:
    body = visit.house.catalogue.body(found.body)
    return [Block("prose", visit.of(body.name))] if body else []


def _events(visit: Visit, service_id: str) -> list[Block]:
    return [
        Block("row", visit.of(event.title), visit.of(event.summary), event.icon, target=f"event:{event.id}")
        for event in visit.house.catalogue.events()
        if service_id in event.services
    ]


def _related(visit: Visit, ids: Sequence[str]) -> list[Block]:
    rows = []
    for id_ in ids:
        try:
            rows.append(service_row(visit, visit.house.catalogue.service(id_)))
        except ContentMissing:
            continue
    return rows
