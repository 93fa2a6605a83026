"""Places in order from where the kiosk stands: its district, its okrug, the okrugs beside it, then the rest.

Rules. Pure. There are no coordinates in the sources, so nearness is that of okrugs and districts, never a distance.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol, TypeVar

from kiosk.model.city import Okrug


class Placed(Protocol):
    """Whatever stands in an okrug and a district, both "" where that is not known."""

    @property
    def id(self) -> str: ...
    @property
    def okrug(self) -> str: ...
    @property
    def district(self) -> str: ...


P = TypeVar("P", bound=Placed)


def okrugs_from(okrug: str, okrugs: Mapping[str, Okrug]) -> list[str]:
    """Ids of okrugs, from `okrug` on; the editors' order where `okrug` is not known."""
    ordered = sorted(okrugs.values(), key=lambda one: (one.order, one.id))
    own = okrugs.get(okrug)
    first = [okrug, *own.near] if own else []
    return [*first, *(one.id for one in ordered if one.id not in first)]


def nearest_first(places: Iterable[P], okrugs: Mapping[str, Okrug], okrug: str = "", district: str = "") -> list[P]:
    """The places as a visitor at this okrug and district meets them; those of unknown okrug last."""
    ranks = {id_: rank for rank, id_ in enumerate(okrugs_from(okrug, okrugs))}
    last = len(ranks)
    return sorted(
        places,
        key=lambda one: (
            not (district and one.district == district and one.okrug == okrug),
            ranks.get(one.okrug, last),
            one.district,
            one.id,
        ),
    )
