"""The catalogue: services, themes, life events, as published documents hold them."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from kiosk.model.text import Text

Audience = Literal["citizen", "organisation", "foreigner"]
Kind = Literal["apply", "view", "book", "info", "pay", "video", "topup", "vote", "pass"]
Provenance = Literal["source", "knowledge", "editorial"]


class Fee(Struct, frozen=True):
    """What a service costs from a day on. `kopecks` 0 means free; `valid_from` is an ISO date."""

    kopecks: int
    valid_from: str


class RequiredDocument(Struct, frozen=True):
    """One document; `note` says for whom or where it is made, where that is known. `held`: the city has it, and nobody
    need bring it.
    """

    name: Text
    note: Text | None = None
    held: bool = False


class Keywords(Struct, frozen=True):
    """Words people use for a service, beyond its title."""

    ru: tuple[str, ...] = ()
    en: tuple[str, ...] = ()


class Service(Struct, frozen=True):
    """One public service. Document id `service/<id>`.

    `fees` is ordered by `valid_from`; empty means the fee is not known. `term_days` are working days,
    None means not known. `form` is the id of its form (kind "apply" only). `summary` is one sentence of
    result in plain words. `label` tells it from a service of the same title ("for organisations").
    """

    id: str
    theme: str
    audience: Audience
    title: Text
    kind: Kind
    provenance: Provenance
    fees: tuple[Fee, ...] = ()
    term_days: int | None = None
    summary: Text | None = None
    documents: tuple[RequiredDocument, ...] = ()
    keywords: Keywords = Keywords()
    form: str | None = None
    short_title: Text | None = None
    label: Text | None = None
    phone_link: str | None = None
    historical: bool = False


class Theme(Struct, frozen=True):
    """A theme of the catalogue. Document id `theme/<id>`; `drawing` names its ThemeDrawing."""

    id: str
    title: Text
    drawing: str
    order: int
    audience: Audience = "citizen"


class EventCategory(Struct, frozen=True):
    """A kind of life events. Document id `event-category/<id>`."""

    id: str
    title: Text
    icon: str
    order: int


class EventStep(Struct, frozen=True):
    """One step of a life event: what to do, a word about it, and the services that do it, in order."""

    title: Text
    services: tuple[str, ...]
    text: Text | None = None


class LifeEvent(Struct, frozen=True):
    """Something that happens in a life, as a guided list of steps. Document id `event/<id>`.

    `order` is that of Home, over all categories.
    """

    id: str
    title: Text
    icon: str
    order: int
    category: str
    steps: tuple[EventStep, ...]
    summary: Text | None = None

    @property
    def services(self) -> tuple[str, ...]:
        """The services of all steps, in order."""
        return tuple(service for step in self.steps for service in step.services)


class Synonyms(Struct, frozen=True):
    """Groups of words that mean the same to a visitor. Document id `synonyms/<language>`."""

    language: str
    groups: tuple[tuple[str, ...], ...]


class Popular(Struct, frozen=True):
    """What visitors look for most: chips on Home. Document id `popular/home`."""

    queries: tuple[Text, ...]
