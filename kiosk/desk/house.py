"""The house as a session meets it: catalogue, forms, desk and centre over one open store.

Rules. Reading happens on the thread that opened the store. Handing over an application and making PDFs may happen on
another thread: they open the store for themselves. Receipts live in the session's memory only.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

from msgspec import Struct

from kiosk.desk.applications import Application, Counter, centre_of
from kiosk.desk.attachments import FileOffered, FileTaken, problems, take_in
from kiosk.desk.catalogue import StoreCatalogue
from kiosk.desk.city import StoreCity
from kiosk.desk.forms import StoreForms
from kiosk.errors import ContentMissing, DeviceFault, EnvironmentFault
from kiosk.model.content import Centre
from kiosk.model.draft import DraftSlip
from kiosk.model.form import AnswerError, Answers
from kiosk.model.receipt import Receipt
from kiosk.model.service import Service
from kiosk.model.submission import SubmissionState
from kiosk.store import clock, device, documents, outbox
from kiosk.store.database import open_store
from kiosk.store.keys import StoreKey

if TYPE_CHECKING:
    from kiosk.desk.drafts import Resumed
    from kiosk.forms.definition import Form


class Order(Protocol):
    """What the check page hands over."""

    @property
    def service(self) -> Service: ...
    @property
    def answers(self) -> Answers: ...
    @property
    def language(self) -> str: ...
    @property
    def consent(self) -> bool: ...
    @property
    def large_print(self) -> bool: ...


class Printer(Protocol):
    """Something that puts a PDF on paper; raises DeviceFault."""

    def print_pdf(self, document: bytes) -> None: ...


class Progress(Struct, frozen=True):
    """How far a submission is; `number` is the official one once it is registered."""

    state: SubmissionState
    number: str = ""


class Sent(Struct, frozen=True):
    """A submission of this device: numbers and states, never answers; the service is inside the seal."""

    number: str
    created_at: str
    state: SubmissionState
    registered_number: str = ""
    service: None = None


class ContentAge(Struct, frozen=True):
    """How old the content is, the UTC day it was last verified, whether the clock of this device is far off."""

    level: Literal["none", "fresh", "old", "stale"]
    verified_on: date | None
    clock_wrong: bool


class StoreDesk:
    """Takes applications and gives receipts."""

    def __init__(self, house: StoreHouse, counter: Counter, printer: Printer | None) -> None:
        self._house = house
        self._counter = counter
        self._printer = printer

    def submit(self, order: Order, attachments: Sequence[FileOffered] = ()) -> Receipt:
        """Seal and commit; returns once it is on the disk. Any thread."""
        return self._counter.submit(
            Application(
                order.service.id,
                order.answers,
                order.language,
                order.consent,
                order.large_print,
                tuple(attachments),
            )
        )

    def take_in(self, path: Path, kinds: Sequence[str], language: str) -> FileTaken:
        """A file that a visitor chose, and the answer that refers to it. Any thread. Raises AnswersRefused."""
        return take_in(path, kinds, language)

    def save_draft(self, form: Form, service: str, answers: Answers, page: str, language: str) -> str:
        """Keep an application for later; the visitor's code. Raises DraftRefused, StorageFull."""
        from kiosk.desk import drafts

        return drafts.save(self._house.store, form, service, answers, page, language, self._house.now())

    def resume_draft(self, code: str) -> Resumed:
        """What a code leads to. Raises DraftRefused."""
        from kiosk.desk import drafts

        return drafts.resume(self._house.store, code, self._house.now())

    def forget_draft(self, code: str) -> None:
        """End a draft everywhere. Raises DraftRefused."""
        from kiosk.desk import drafts

        drafts.forget(self._house.store, code, self._house.now())

    def file_problems(self, attachments: Sequence[FileOffered], language: str) -> Sequence[AnswerError]:
        """What is wrong with files that a visitor chose, before anything is sent; () for nothing. Any thread."""
        return problems(attachments, language)

    def progress(self, submission_id: str) -> Progress:
        """Raises ContentMissing for a submission that is not here."""
        row = outbox.row(self._house.store, submission_id)
        if row is None:
            raise ContentMissing("the outbox has no such submission")
        return Progress(row.state, row.registered_number)

    def sent(self) -> Sequence[Sent]:
        """Everything handed over at this device, newest first."""
        rows = outbox.rows(self._house.store)
        return [Sent(row.receipt_number, row.created_at, row.state, row.registered_number) for row in reversed(rows)]

    def waiting(self) -> int:
        """How many have not reached the backend yet."""
        counts = outbox.counts(self._house.store)
        return counts[SubmissionState.WAITING] + counts[SubmissionState.SENDING]

    def pdf(self, receipt: Receipt) -> bytes:
        """The receipt as PDF. Any thread; slow at first use."""
        from kiosk.paper import pdf
        from kiosk.paper.receipt import receipt_sheet
        from kiosk.passes import qr

        return pdf.pdf(receipt_sheet(receipt), qr.svg)

    def checklist_pdf(self, service: Service, language: str, large_print: bool) -> bytes:
        """What to bring for a service, as PDF. Any thread."""
        from kiosk.paper import pdf
        from kiosk.paper.receipt import checklist_sheet
        from kiosk.passes import qr

        return pdf.pdf(checklist_sheet(service, language, large_print=large_print), qr.svg)

    def can_print(self) -> bool:
        return self._printer is not None

    def print_receipt(self, receipt: Receipt) -> None:
        """Raises DeviceFault."""
        self._print(self.pdf(receipt))

    def print_draft(self, slip: DraftSlip) -> None:
        """The code of a saved application on paper. Any thread. Raises DeviceFault."""
        from kiosk.paper import pdf
        from kiosk.paper.draft import draft_sheet
        from kiosk.passes import qr

        self._print(pdf.pdf(draft_sheet(slip), qr.svg))

    def print_checklist(self, service: Service, language: str, large_print: bool = False) -> None:
        """Raises DeviceFault."""
        self._print(self.checklist_pdf(service, language, large_print))

    def _print(self, document: bytes) -> None:
        if self._printer is None:
            raise DeviceFault("no printer is set up")
        self._printer.print_pdf(document)


class StoreHouse:
    """All of it. Closes its store with `close`."""

    def __init__(
        self,
        profile: Path,
        key: StoreKey,
        printer: Printer | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.store = open_store(profile, key)
        self._now = now
        self._ahead = 0.0
        self.catalogue = StoreCatalogue(self.store)
        self.city = StoreCity(self.store, self.centre)
        self.forms = StoreForms(self.store)
        self.desk = StoreDesk(self, Counter(profile, key, now), printer)

    @property
    def centre(self) -> Centre | None:
        """The centre this device stands in; None before enrolment, and where editors do not know it."""
        identity = device.identity(self.store)
        if identity is None:
            return None
        return centre_of(self.store, identity)

    def now(self) -> float:
        """The time that this device goes by; while the store cannot be read, by what it said before."""
        wall = self._now()
        with suppress(EnvironmentFault):
            self._ahead = clock.believed_by(self.store, self._now).at - wall
        return wall + self._ahead

    def content_age(self, warning_days: float) -> ContentAge:
        """How old the content is; old after `warning_days`. The clock is far off from a day on."""
        found = clock.content_freshness(self.store, warning_days)
        verified = documents.content_state(self.store).verified_at
        day = date.fromisoformat(verified[:10]) if verified and found.level != "none" else None
        return ContentAge(found.level, day, abs(found.jump_s) > clock.DAY_S)

    def close(self) -> None:
        self.store.close()
