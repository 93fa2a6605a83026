"""Guides: what the card of a service answers beyond its facts, and the bodies that are responsible."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from kiosk.model.service import RequiredDocument
from kiosk.model.text import Text

Way = Literal["online", "centre", "office", "phone"]


class Guide(Struct, frozen=True):
    """The guide of a service. Document id `guide/<id>`, the service's id.

    `cost` and `term` are rules in words, beside the figures of the service. `ways` is where it can be done, best
    first; `place` says which centre or office where not every one will do. `body` is the id of a Body. `provenance`
    is `source` where an editor took the words from a page of the city, `editorial` for words of this project that
    nobody has confirmed.
    """

    id: str
    result: Text
    who: tuple[Text, ...]
    ways: tuple[Way, ...]
    steps: tuple[Text, ...]
    after: Text
    refusals: tuple[Text, ...]
    body: str
    documents: tuple[RequiredDocument, ...] = ()
    related: tuple[str, ...] = ()
    cost: Text | None = None
    term: Text | None = None
    place: Text | None = None
    provenance: Literal["source", "editorial"] = "editorial"


class Body(Struct, frozen=True):
    """Who answers for a service. Document id `body/<id>`."""

    id: str
    name: Text
