"""What a list of results can be narrowed to, in a visitor's words: for whom a service is, and what is done.

Rules. Kinds that are the same to a visitor are one facet. A facet is offered where it would leave something out and
something over; one that is on is always there, or nobody could take it back. It has no number on it: what is counted
is the best sixty of all, and narrowed there may be more. No Qt.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import Any

from kiosk.catalogue.ports import Narrow
from kiosk.ui.sources import SearchFound
from kiosk.ui.visit import Visit

AUDIENCES = ("citizen", "organisation", "foreigner")
ACTS: Mapping[str, tuple[str, ...]] = {
    "apply": ("apply",),
    "book": ("book", "video"),
    "pay": ("pay", "topup"),
    "look": ("view", "info", "pass", "vote"),
}


def narrow(on: Set[str]) -> Narrow:
    """What a search is narrowed to when these facets are on."""
    audience = next((one for one in AUDIENCES if one in on), "")
    return Narrow(audience, tuple(kind for act, kinds in ACTS.items() if act in on for kind in kinds))


def toggled(on: Set[str], facet: str) -> frozenset[str]:
    """With one facet switched; of each sort one at a time."""
    sort = AUDIENCES if facet in AUDIENCES else tuple(ACTS)
    if facet not in sort:
        return frozenset(on)
    return frozenset(on - {*sort} | ({facet} if facet not in on else set()))


def rows(visit: Visit, answer: SearchFound, on: Set[str]) -> list[dict[str, Any]]:
    """Rows of FacetsList."""
    audiences, kinds = dict(answer.audiences), dict(answer.kinds)
    counts = [(name, audiences.get(name, 0)) for name in AUDIENCES]
    acts = [(name, sum(kinds.get(kind, 0) for kind in members)) for name, members in ACTS.items()]
    return [
        {
            "facet": name,
            "label": visit.t(f"results.facet_{name}"),
            "on": name in on,
        }
        for sort in (counts, acts)
        for name, count in sort
        if name in on or (count and sum(other > 0 for _, other in sort) > 1)
    ]
