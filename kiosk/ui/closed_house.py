"""A house that cannot be used: what a session stands on when the store does not open.

Rules. Reading finds nothing, taking anything raises the error that closed it; the shell shows OutOfService.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

from kiosk.catalogue.browse import ThemeCount
from kiosk.catalogue.ports import EVERYTHING, Narrow
from kiosk.errors import ContentMissing, KioskError
from kiosk.model.city import CityResource, News, Okrug, PlaceKind, PlaceList
from kiosk.model.content import Centre
from kiosk.model.draft import DraftSlip
from kiosk.model.guide import Body, Guide
from kiosk.model.receipt import Receipt
from kiosk.model.service import EventCategory, LifeEvent, Service
from kiosk.model.text import Language, Text
from kiosk.ui.sources import ContentAge, Form, Order, Progress, SearchFound, Sent, ServiceEntry

_MISSING = "the store is closed"


class ClosedCatalogue:
    """Nothing is published here."""

    def themes(self) -> Sequence[ThemeCount]:
        raise ContentMissing(_MISSING)

    def events(self) -> Sequence[LifeEvent]:
        raise ContentMissing(_MISSING)

    def popular(self) -> Sequence[Text]:
        raise ContentMissing(_MISSING)

    def of_theme(self, theme_id: str, language: Language) -> Sequence[Service | ServiceEntry]:
        raise ContentMissing(_MISSING)

    def of_event(self, event_id: str) -> Sequence[Service | ServiceEntry]:
        raise ContentMissing(_MISSING)

    def service(self, service_id: str) -> Service:
        raise ContentMissing(_MISSING)

    def guide(self, service_id: str) -> Guide | None:
        raise ContentMissing(_MISSING)

    def body(self, body_id: str) -> Body | None:
        raise ContentMissing(_MISSING)

    def event_categories(self) -> Sequence[EventCategory]:
        raise ContentMissing(_MISSING)

    def search(self, text: str, language: Language, limit: int, narrow: Narrow = EVERYTHING) -> SearchFound:
        raise ContentMissing(_MISSING)


class ClosedCity:
    """Nothing is known of the city here."""

    def resources(self) -> Sequence[CityResource]:
        raise ContentMissing(_MISSING)

    def resource(self, resource_id: str) -> CityResource:
        raise ContentMissing(_MISSING)

    def news(self, today: date) -> Sequence[News]:
        raise ContentMissing(_MISSING)

    def okrugs(self) -> Mapping[str, Okrug]:
        raise ContentMissing(_MISSING)

    def centres(self) -> Sequence[Centre]:
        raise ContentMissing(_MISSING)

    def kinds(self) -> Mapping[PlaceKind, int]:
        raise ContentMissing(_MISSING)

    def places(self, kind: str) -> PlaceList:
        raise ContentMissing(_MISSING)


class ClosedForms:
    """No form is published here."""

    def form(self, form_id: str) -> Form:
        raise ContentMissing(_MISSING)


class ClosedDesk:
    """Takes nothing and says why."""

    def __init__(self, error: KioskError) -> None:
        self._error = error

    def save_draft(self, form: Any, service: str, answers: Any, page: str, language: str) -> NoReturn:
        raise self._error

    def resume_draft(self, code: str) -> NoReturn:
        raise self._error

    def forget_draft(self, code: str) -> NoReturn:
        raise self._error

    def take_in(self, path: Path, kinds: Sequence[str], language: str) -> NoReturn:
        raise self._error

    def submit(self, order: Order, attachments: Sequence[Any] = ()) -> Receipt:
        raise self._error

    def progress(self, submission_id: str) -> Progress:
        raise self._error

    def sent(self) -> Sequence[Sent]:
        return ()

    def waiting(self) -> int:
        return 0

    def pdf(self, receipt: Receipt) -> NoReturn:
        raise self._error

    def checklist_pdf(self, service: Service, language: str, large_print: bool) -> NoReturn:
        raise self._error

    def can_print(self) -> bool:
        return False

    def print_receipt(self, receipt: Receipt) -> None:
        raise self._error

    def print_draft(self, slip: DraftSlip) -> None:
        raise self._error

    def print_checklist(self, service: Service, language: str, large_print: bool = False) -> None:
        raise self._error


class ClosedHouse:
    """All of it closed, for one reason."""

    def __init__(self, error: KioskError) -> None:
        self.error = error
        self.catalogue = ClosedCatalogue()
        self.city = ClosedCity()
        self.forms = ClosedForms()
        self.desk = ClosedDesk(error)
        self.centre: Centre | None = None

    def now(self) -> float:
        return time.time()

    def content_age(self, warning_days: float) -> ContentAge:
        return ContentAge()

    def close(self) -> None:
        """Nothing is open."""
