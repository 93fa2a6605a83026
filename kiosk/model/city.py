"""What the city offers besides services: its sites and programmes, places, news."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from kiosk.model.text import Text

PlaceKind = Literal[
    "registry-office",
    "clinic",
    "children-clinic",
    "library",
    "social-protection",
    "social-centre",
    "milk-kitchen",
]


class CityResource(Struct, frozen=True):
    """A site or programme of the city, opened on the visitor's phone or in the browser. Document id `resource/<id>`.

    `url` is https; `services` are those of ours that go on there.
    """

    id: str
    icon: str
    order: int
    url: str
    title: Text
    summary: Text
    text: Text
    services: tuple[str, ...] = ()


class Okrug(Struct, frozen=True):
    """An administrative okrug with its districts, id -> name. Document id `okrug/<id>`.

    `near` are the okrugs beside it, nearest first, as far as a map shows it.
    """

    id: str
    name: Text
    short: Text
    order: int
    districts: dict[str, Text]
    near: tuple[str, ...] = ()


class Place(Struct, frozen=True):
    """A place of the city that is no My Documents centre.

    `okrug` and `district` are ids, "" where the source does not say them. `hours` and `phone` are None or "" where the
    source has none.
    """

    id: str
    name: Text
    address: Text
    okrug: str = ""
    district: str = ""
    phone: str = ""
    hours: Text | None = None


class PlaceList(Struct, frozen=True):
    """All places of one kind. Document id `places/<kind>`. `year` is that of the source, shown with the addresses."""

    kind: PlaceKind
    year: int
    source: str
    places: tuple[Place, ...]


class News(Struct, frozen=True):
    """A piece of news, or an alert that stands above everything while it counts. Document id `news/<id>`.

    `since` and `until` are ISO dates, both included; `until` None: no end. `okrug` "" is for the whole city.
    """

    id: str
    kind: Literal["news", "alert"]
    since: str
    title: Text
    text: Text
    until: str | None = None
    url: str = ""
    okrug: str = ""
