"""What the interface asks of the rest of the house: Protocols and values, no Qt, no I/O.

Rules. View-models talk to these Protocols only, so that a test hands in an in-memory house and `kiosk.app` the real
one. Everything answers at once (from memory or the local store, a few milliseconds), but submitting,
printing and making PDFs may take their time and are called from a worker thread, so they must not touch QObjects.
Failures are `kiosk.errors.KioskError`; anything else is a bug.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Literal, Protocol

from msgspec import Struct

from kiosk.catalogue.browse import ThemeCount
from kiosk.catalogue.ports import EVERYTHING, Narrow
from kiosk.model.city import CityResource, News, Okrug, PlaceKind, PlaceList
from kiosk.model.content import Centre
from kiosk.model.draft import Draft, DraftSlip
from kiosk.model.form import AnswerError, Answers, FormDefinition, ListItem, Option, Page, SummaryGroup
from kiosk.model.guide import Body, Guide
from kiosk.model.receipt import Receipt
from kiosk.model.service import Audience, EventCategory, Fee, Kind, LifeEvent, Service
from kiosk.model.submission import SubmissionState
from kiosk.model.text import Language, Text


class ServiceEntry(Protocol):
    """A service as lists show it; kiosk.catalogue.ports.ServiceRow is one."""

    @property
    def id(self) -> str: ...
    @property
    def title(self) -> Text: ...
    @property
    def audience(self) -> Audience: ...
    @property
    def fees(self) -> tuple[Fee, ...]: ...


class Found(Struct, frozen=True):
    """One search result: the service, and the (start, end) character spans of its title that matched."""

    service: Service | ServiceEntry
    marks: tuple[tuple[int, int], ...] = ()


class SearchFound(Struct, frozen=True):
    """An answer to a query. `total` counts all results, `found` holds at most `limit` of them, best first.

    `audiences` and `kinds` count what matches before it is narrowed.
    """

    found: tuple[Found, ...]
    total: int
    did_you_mean: str = ""
    also: tuple[str, ...] = ()
    audiences: tuple[tuple[Audience, int], ...] = ()
    kinds: tuple[tuple[Kind, int], ...] = ()


class Catalogue(Protocol):
    """The published services. Every method raises ContentMissing while the store holds nothing."""

    def themes(self) -> Sequence[ThemeCount]:
        """In the order they are shown."""
        ...

    def events(self) -> Sequence[LifeEvent]:
        """In the order they are shown."""
        ...

    def popular(self) -> Sequence[Text]:
        """Queries people often start with."""
        ...

    def of_theme(self, theme_id: str, language: Language) -> Sequence[Service | ServiceEntry]:
        """The services of a theme, as they are shown."""
        ...

    def of_event(self, event_id: str) -> Sequence[Service | ServiceEntry]:
        """The services of a life event, in its order."""
        ...

    def service(self, service_id: str) -> Service:
        """One service. Raises ContentMissing."""
        ...

    def guide(self, service_id: str) -> Guide | None:
        """What the card answers beyond facts; None where editors have not written it."""
        ...

    def body(self, body_id: str) -> Body | None:
        """Who is responsible."""
        ...

    def event_categories(self) -> Sequence[EventCategory]:
        """In the order they are shown."""
        ...

    def search(self, text: str, language: Language, limit: int, narrow: Narrow = EVERYTHING) -> SearchFound:
        """The best services for a query; an empty or senseless query finds nothing."""
        ...


class City(Protocol):
    """What the city offers besides services."""

    def resources(self) -> Sequence[CityResource]:
        """Sites and programmes, in the order they are shown."""
        ...

    def resource(self, resource_id: str) -> CityResource:
        """Raises ContentMissing."""
        ...

    def news(self, today: date) -> Sequence[News]:
        """What counts today, alerts first."""
        ...

    def okrugs(self) -> Mapping[str, Okrug]:
        """By id, in the order they are shown."""
        ...

    def centres(self) -> Sequence[Centre]:
        """From this device's own place on."""
        ...

    def kinds(self) -> Mapping[PlaceKind, int]:
        """How many places of each kind are known."""
        ...

    def places(self, kind: str) -> PlaceList:
        """From this device's own place on. Raises ContentMissing."""
        ...


class Form(Protocol):
    """A compiled form: kiosk.forms.definition.Form."""

    @property
    def definition(self) -> FormDefinition: ...
    def pages(self, answers: Answers, language: str) -> tuple[Page, ...]: ...
    def check_page(self, page_id: str, answers: Answers, language: str, today: date) -> tuple[AnswerError, ...]: ...
    def check(self, answers: Answers, language: str, today: date) -> tuple[AnswerError, ...]: ...
    def outgoing(self, answers: Answers) -> Answers: ...
    def summary(self, answers: Answers, language: str) -> tuple[SummaryGroup, ...]: ...
    def items(self, pointer: str, answers: Answers, language: str) -> tuple[ListItem, ...]: ...
    def item_page(self, pointer: str, answers: Answers, language: str) -> Page: ...
    def check_item(self, pointer: str, answers: Answers, language: str, today: date) -> tuple[AnswerError, ...]: ...
    def find(self, pointer: str, typed: str, language: str, limit: int) -> tuple[Option, ...]: ...
    def shown(self, pointer: str, answers: Answers, language: str) -> str: ...


class Forms(Protocol):
    """The published forms."""

    def form(self, form_id: str) -> Form:
        """One compiled form. Raises ContentMissing, SourceRefused."""
        ...


class Order(Struct, frozen=True):
    """What a visitor asks to send. `answers` are outgoing answers (hidden ones dropped, values normalised)."""

    service: Service
    form: str
    form_version: int
    answers: Answers
    language: Language
    consent: bool
    large_print: bool = False


class Progress(Struct, frozen=True):
    """How far a submission is; `number` is the official one once it is registered."""

    state: SubmissionState
    number: str = ""


class ContentAge(Struct, frozen=True):
    """How old what is published is: `level`, the UTC day it was last verified, whether this device's clock is wrong."""

    level: Literal["none", "fresh", "old", "stale"] = "none"
    verified_on: date | None = None
    clock_wrong: bool = False


class Sent(Struct, frozen=True):
    """A row of "my applications": numbers and states, never answers. `service` is None where it is not known here."""

    number: str
    created_at: str
    state: SubmissionState
    registered_number: str = ""
    service: Text | None = None


class FileTaken(Protocol):
    """`file` is what Desk.submit takes; `reference` {id, name, media_type, size} is the answer."""

    @property
    def file(self) -> Any: ...
    @property
    def reference(self) -> dict[str, Any]: ...


class FoundDraft(Protocol):
    """`state` is here, asked (it is being fetched: look again) or gone."""

    @property
    def state(self) -> Literal["here", "asked", "gone"]: ...
    @property
    def draft(self) -> Draft | None: ...


class Desk(Protocol):
    """Takes applications and gives receipts."""

    def save_draft(self, form: Any, service: str, answers: Answers, page: str, language: str) -> str:
        """Keep an application for later; the visitor's code. Raises DraftRefused, StorageFull."""
        ...

    def resume_draft(self, code: str) -> FoundDraft:
        """What a code leads to. Raises DraftRefused for what is no code."""
        ...

    def forget_draft(self, code: str) -> None:
        """End a draft everywhere. Raises DraftRefused."""
        ...

    def take_in(self, path: Path, kinds: Sequence[str], language: str) -> FileTaken:
        """A file that a visitor chose, and the answer that refers to it. Raises AnswersRefused."""
        ...

    def submit(self, order: Order, attachments: Sequence[Any] = ()) -> Receipt:
        """Seal and commit; returns once it is on the disk. Raises StorageFull, ContentMissing, AnswersRefused ..."""
        ...

    def progress(self, submission_id: str) -> Progress:
        """The state of a submission of this device."""
        ...

    def sent(self) -> Sequence[Sent]:
        """Everything sent from this device, newest first."""
        ...

    def waiting(self) -> int:
        """How many submissions have not reached the backend yet."""
        ...

    def pdf(self, receipt: Receipt) -> bytes:
        """The receipt as PDF. Slow at first use (loads the typesetter)."""
        ...

    def checklist_pdf(self, service: Service, language: str, large_print: bool) -> bytes:
        """What to bring for a service, as PDF. Slow at first use."""
        ...

    def can_print(self) -> bool:
        """Whether a printer is set up."""
        ...

    def print_receipt(self, receipt: Receipt) -> None:
        """Print a receipt. Raises DeviceFault."""
        ...

    def print_draft(self, slip: DraftSlip) -> None:
        """Print the code of a saved application. Raises DeviceFault."""
        ...

    def print_checklist(self, service: Service, language: str, large_print: bool = False) -> None:
        """Print what to bring for a service. Raises DeviceFault."""
        ...


class House(Protocol):
    """All of it, as the composition root hands it to a session."""

    @property
    def catalogue(self) -> Catalogue: ...
    @property
    def city(self) -> City: ...
    @property
    def forms(self) -> Forms: ...
    @property
    def desk(self) -> Desk: ...
    @property
    def centre(self) -> Centre | None:
        """The centre this device stands in; None before enrolment, and at home."""
        ...

    def now(self) -> float:
        """The time that this device goes by, UNIX seconds: its clock's, unless that is absurd. Raises nothing."""
        ...

    def content_age(self, warning_days: float) -> ContentAge:
        """How old the content is; old after `warning_days`."""
        ...

    def close(self) -> None:
        """Close what is open. Nothing is asked afterwards."""
        ...
