"""Taking an application over: checked, sealed, on the disk, and a receipt that proves itself.

Rules. The order is fixed: check answers and files; seal the files to the disk; then, under the store's write lock, take
the running number, seal to the backend's key and sign with the device key, make the receipt, write the envelope as a
file, commit the row; only then the receipt is given. What fails before the commit leaves nothing behind and the answers
stay with the visitor; nothing can fail after it. Sealing happens in the process that has the answers; nothing readable
is stored. May be called from any thread: each has a connection of its own.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from kiosk import words
from kiosk.desk import attachments
from kiosk.desk.attachments import FileOffered
from kiosk.desk.forms import form_of
from kiosk.errors import AnswersRefused, ConfigurationError, ContentMissing, EnvironmentFault, NotReady
from kiosk.model.attachment import Attachment
from kiosk.model.content import BackendKeys, Centre, RecipientKey
from kiosk.model.device import DeviceIdentity
from kiosk.model.form import AnswerError, Answers
from kiosk.model.receipt import Receipt, ReceiptClaims, Step
from kiosk.model.service import Service
from kiosk.model.submission import Submission
from kiosk.model.text import Text
from kiosk.protocol.receipt_number import receipt_number
from kiosk.store import clock, documents, outbox, uploads
from kiosk.store import device as device_store
from kiosk.store.database import Store, open_store
from kiosk.store.keys import StoreKey

if TYPE_CHECKING:
    from kiosk.forms.definition import Form
    from kiosk.forms.seen import Seen

NOWHERE = Text("", "")


class Application(Struct, frozen=True):
    """What a visitor asks to send. `answers` as the form holds them; hidden ones are dropped here."""

    service: str
    answers: Answers
    language: str
    consent: bool
    large_print: bool = False
    attachments: tuple[FileOffered, ...] = ()


class Counter:
    """Takes applications for one profile."""

    def __init__(self, profile: Path, key: StoreKey, now: Callable[[], float] = time.time) -> None:
        self._profile = profile
        self._key = key
        self._now = now
        self._own = threading.local()

    def submit(self, application: Application) -> Receipt:
        """Keep an application for good and return its receipt.

        Raises AnswersRefused (nothing kept), ContentMissing, ConfigurationError (not enrolled), StorageFull.
        """
        store: Store | None = getattr(self._own, "store", None)
        if store is not None and store.replaced():
            store.close()
            store = None
        if store is None:
            store = self._own.store = open_store(self._profile, self._key)
        try:
            return self._submit(store, application)
        except ContentMissing as error:
            if documents.content_state(store).version == 0:
                raise NotReady("no content has come yet; run 'kiosk sync' or wait for it") from error
            raise
        except EnvironmentFault:
            # A connection that has seen the disk fail is not used again.
            self._own.store = None
            store.close()
            raise

    def _submit(self, store: Store, application: Application) -> Receipt:
        from uuid_utils import uuid7

        from kiosk.protocol import envelope

        service = documents.get(store, f"service/{application.service}", Service)
        form = form_of(store, service)
        believed = clock.believed_by(store, self._now)
        moment = datetime.fromtimestamp(believed.at, UTC)
        seen = form.look(application.answers)
        refuse(form, application, moment, seen)
        identity = device_store.identity(store)
        if identity is None:
            raise ConfigurationError("this device is not enrolled; run 'kiosk enrol CODE'")
        recipient = recipient_of(documents.get(store, "keys/backend", BackendKeys), moment)
        version = documents.content_state(store).version
        boot = device_store.boot(store)
        centre = centre_of(store, identity)
        submission_id = str(uuid7())
        created = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
        receipts: list[Receipt] = []

        def make(sequence: int) -> outbox.NewSubmission:
            number = receipt_number(identity.number, sequence)
            submission = Submission(
                id=submission_id,
                receipt_number=number,
                service=service.id,
                form=form.definition.id,
                form_version=form.definition.version,
                language=application.language,
                answers=form.outgoing(application.answers, seen),
                created_at=created,
                consent=application.consent,
                attachments=sealed_files,
            )
            sealed = envelope.seal(
                submission,
                recipient=recipient,
                device=identity,
                sequence=sequence,
                boot=boot,
                content_version=version,
            )
            receipts[:] = [_receipt(submission, service, centre, application, identity, believed)]
            return outbox.NewSubmission(submission_id, number, created, sealed, kept)

        try:
            sealed_files, kept = attachments.keep(
                self._profile, submission_id, application.attachments, application.language
            )
            refuse_other_files(form, application, sealed_files)
            outbox.submit(store, self._profile, make)
        except BaseException:
            # Unless the row was committed after all; what a failing store cannot tell stays, and goes as a leftover.
            with suppress(EnvironmentFault):
                if application.attachments and outbox.row(store, submission_id) is None:
                    uploads.discard(self._profile, submission_id)
            raise
        return receipts[0]


def _receipt(
    submission: Submission,
    service: Service,
    centre: Centre | None,
    application: Application,
    identity: DeviceIdentity,
    accepted: clock.Believed,
) -> Receipt:
    from kiosk.passes import receipt_code

    moment = datetime.fromtimestamp(accepted.at, UTC)
    claims = ReceiptClaims(submission.receipt_number, submission.id, service.id, int(accepted.at), identity.kiosk)
    name, address = (centre.name, centre.address) if centre else (NOWHERE, NOWHERE)
    return Receipt(
        number=submission.receipt_number,
        submission=submission.id,
        created_at=moment.astimezone().isoformat(timespec="seconds"),
        language=application.language,
        service=service.title,
        centre=name,
        address=address,
        next_steps=next_steps(service, application.language, name, address),
        code=receipt_code.make(claims, identity),
        large_print=application.large_print,
        time_doubtful=accepted.doubtful,
    )


def centre_of(store: Store, identity: DeviceIdentity) -> Centre | None:
    """The centre this device stands in; None where editors do not know it."""
    try:
        return documents.get(store, f"centre/{identity.centre}", Centre)
    except ContentMissing:
        return None


def refuse(form: Form, application: Application, moment: datetime, seen: Seen) -> None:
    """Raises AnswersRefused with every error when the answers, or the consent, are not what the form asks for."""
    answers, language = application.answers, application.language
    errors = form.check(answers, language, moment.astimezone().date(), seen)
    errors += form.check_files(answers, (one.id for one in application.attachments), language, seen)
    errors = (*errors, *attachments.problems(application.attachments, application.language))
    if not application.consent:
        message = words.t(application.language, "check.consent_missing")
        errors = (*errors, AnswerError("", "consent", message))
    if errors:
        raise AnswersRefused(f"{len(errors)} answers are refused; the first: {errors[0].message}", errors)


def refuse_other_files(form: Form, application: Application, files: tuple[Attachment, ...]) -> None:
    """Raises AnswersRefused when an answer names a file that, once read, has another kind or size."""
    if form.files_differ(application.answers, files):
        errors = form.check_files(application.answers, (), application.language)
        raise AnswersRefused("the answers name other files than those that were added", errors)


def recipient_of(keys: BackendKeys, moment: datetime) -> RecipientKey:
    """The first published key that has not run out; the best suite comes first. Raises ContentMissing."""
    now = moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    for key in keys.recipients:
        # A day alone counts to its end.
        if key.not_after >= now[: len(key.not_after)]:
            return key
    raise ContentMissing("every published key of the backend has run out; sync published content")


def within(name: str) -> str:
    """A name as it stands within a sentence: "Photo" -> "photo", an abbreviation as it is."""
    return name[:1].lower() + name[1:] if name[1:2].islower() or name[1:2] == " " else name


def next_steps(service: Service, language: str, centre: Text, address: Text) -> tuple[Step, ...]:
    """What happens after an application for this service, as far as the content knows it."""

    def t(key: str, **arguments: object) -> str:
        return words.t(language, f"desk.{key}", **arguments)

    steps = [Step(t("step_sent"), t("step_sent_note"), sending=True)]
    if service.documents:
        names = [document.name.of(language) for document in service.documents[:3]]
        steps.append(Step(t("step_documents"), ", ".join([names[0], *map(within, names[1:])])))
    if service.term_days:
        where = ", ".join(part for part in (centre.of(language), address.of(language)) if part)
        steps.append(Step(t("step_result_days", count=service.term_days), where))
    else:
        steps.append(Step(t("step_result"), t("step_result_note")))
    return tuple(steps)
