"""Articles: pages that are read, block after block, and lead on to others.

Rules. No Qt. An article is made anew for each language and day from what the house knows; it says only what is known. A
block leads to a target of SessionModel.follow: `service:<id>`, `event:<id>`, `events:<category>`,
`resource:<id>`, `open:<resource id>`, `centres:`, `places:<kind>`, `news:`, `resources:`; "" leads nowhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

from msgspec import Struct

from kiosk.ui.service_words import AUDIENCE_ICONS, cost_text
from kiosk.ui.visit import Visit

Kind = Literal["heading", "prose", "quiet", "item", "step", "row", "alert"]


class Block(Struct, frozen=True):
    """One block. heading, prose and quiet are words; item has an icon; step has a number; row can be followed; alert is
    a card.
    """

    kind: Kind
    text: str
    note: str = ""
    icon: str = ""
    number: int = 0
    target: str = ""
    audience: str = ""
    audience_icon: str = ""


class Article(Struct, frozen=True):
    """A title, a sentence below it, and blocks."""

    title: str
    lead: str
    blocks: tuple[Block, ...]
    label: str = ""
    label_icon: str = ""


def items(texts: Iterable[str], icon: str) -> list[Block]:
    """Words as items of one icon."""
    return [Block("item", text, icon=icon) for text in texts if text]


def steps(texts: Iterable[str]) -> list[Block]:
    """Words as numbered steps."""
    return [Block("step", text, number=number) for number, text in enumerate(texts, 1)]


def section(heading: str, blocks: Iterable[Block]) -> list[Block]:
    """Blocks under a heading; nothing where there are none."""
    inside = list(blocks)
    return [Block("heading", heading), *inside] if inside else []


def service_row(visit: Visit, service: Any) -> Block:
    """A service to follow."""
    days = getattr(service, "term_days", None)
    facts = [cost_text(visit, service.fees), visit.t("service.days", count=days) if days else ""]
    return Block(
        "row",
        visit.of(service.title),
        note=", ".join(part for part in facts if part),
        target=f"service:{service.id}",
        audience=visit.t(f"results.audience_{service.audience}"),
        audience_icon=AUDIENCE_ICONS[service.audience],
    )
