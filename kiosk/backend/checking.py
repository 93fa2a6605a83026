"""Whether a submission can be registered by itself, or a person must look at it.

Rules. What the form in its own version accepts is registered. Everything else goes to an official with the reason, in
one sentence that names places of the form and never an answer or a file. Versions of forms are kept when they are first
seen, so a form filled offline is judged by the version that was filled, months later too. A version that was published
in two forms which judge differently (publishing refuses to, another publisher may not) is an official's as well.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone

import msgspec
from sqlalchemy import select, tuple_

from kiosk import words
from kiosk.backend.attachments import AWAITED, OTHER, UNOPENED
from kiosk.backend.content import PublishedContent
from kiosk.backend.database import Database, insert_or
from kiosk.backend.tables import form_versions
from kiosk.errors import AttachmentRefused, SourceRefused
from kiosk.forms.definition import Form, compile_form
from kiosk.forms.judged import judged
from kiosk.log import logger
from kiosk.model.form import AnswerError, FormDefinition
from kiosk.model.submission import Submission
from kiosk.model.text import LANGUAGES
from kiosk.protocol import attachment

MOSCOW = timezone(timedelta(hours=3))
_SHOWN = 5
_log = logger("backend")


class Checker:
    """Judges submissions by the published content. Belongs to one thread."""

    def __init__(self, database: Database, content: PublishedContent | None) -> None:
        """Without content nothing is known about forms, and nothing is held against a submission."""
        self._database = database
        self._content = content
        self._compiled: dict[tuple[str, int], Form | None] = {}
        self._twofold: set[tuple[str, int]] = set()

    def refresh(self, now: float) -> None:
        """Take notice of newly published forms. Raises ContentMissing, ContentRefused."""
        if self._content is not None and self._content.refresh():
            self._remember(self._content.forms, int(now))
            self._compiled.clear()  # lists of lookups may have grown

    def reason(self, submission: Submission) -> str:
        """Why an official must look at it; "" when it can be registered."""
        if not submission.consent:
            return "the applicant did not consent to the processing of the data"
        if self._content is None:
            return ""
        if submission.service not in self._content.services:
            return "the service is not in the catalogue"
        form = self._form(submission.form, submission.form_version)
        if form is None:
            return f"version {submission.form_version} of the form {submission.form} is not known"
        if (submission.form, submission.form_version) in self._twofold:
            return f"version {submission.form_version} of the form {submission.form} was published in two forms"
        if submission.form != self._content.services[submission.service] and not self._another(submission.form):
            return "the form does not belong to the service"
        answers, seen = submission.answers, form.look(submission.answers)
        errors = form.check(answers, submission.language, _day(submission.created_at), seen)
        if errors:
            places = ", ".join(map(_place, errors[:_SHOWN]))
            return f"the form does not accept {len(errors)} of the answers: {places}"[:500]
        if changed := form.miscalculated(answers, seen):
            return f"calculated answers are not what they come to: {', '.join(changed[:_SHOWN])}"[:500]
        if form.files_differ(answers, submission.attachments, seen):
            return "the answers name other files than the application has"
        return ""

    def _another(self, form: str) -> bool:
        """A form that is published no more belonged to its service when it was filled; a general one may have."""
        published = self._content.forms.get(form) if self._content is not None else None
        return published is None or not published.own

    def _form(self, form: str, version: int) -> Form | None:
        key = (form, version)
        if key not in self._compiled:
            columns = form_versions.c
            with self._database.read() as connection:
                body = connection.execute(
                    select(columns.definition).where(columns.form == form, columns.version == version)
                ).scalar_one_or_none()
            if body is None:
                return None
            try:
                definition = msgspec.json.decode(body, type=FormDefinition)
                self._compiled[key] = compile_form(definition, self._content.lookups if self._content else {})
            except SourceRefused as error:
                _log.error("a published form cannot be used", form=form, version=version, error=error.engineer)
                self._compiled[key] = None
        return self._compiled[key]

    def _remember(self, forms: Mapping[str, FormDefinition], now: int) -> None:
        columns = form_versions.c
        published = [(form.id, form.version) for form in forms.values()]
        with self._database.read() as connection:
            rows = connection.execute(
                select(columns.form, columns.version, columns.definition).where(
                    tuple_(columns.form, columns.version).in_(published)
                )
            )
            known = {(row.form, row.version): bytes(row.definition) for row in rows}
        for form in forms.values():
            body = known.get((form.id, form.version))
            if body is not None and _judges_otherwise(form, body):
                self._twofold.add((form.id, form.version))
                _log.error("a form was changed under its old version", form=form.id, version=form.version)
        with self._database.write() as connection:
            fresh = [
                {
                    "form": form.id,
                    "version": form.version,
                    "definition": msgspec.json.encode(form, order="sorted"),
                    "seen_at": now,
                }
                for form in forms.values()
                if (form.id, form.version) not in known
            ]
            if fresh:
                connection.execute(insert_or(connection, form_versions).on_conflict_do_nothing(), fresh)


def attachment_reason(submission: Submission, states: Mapping[str, str]) -> str:
    """Why an official must look at the attachments, in the applicant's language; "" for nothing. States by id."""
    language = submission.language if submission.language in LANGUAGES else LANGUAGES[0]
    try:
        attachment.check(submission.attachments)
    except AttachmentRefused:
        return words.t(language, "office.attachments_wrong")
    found = Counter(states.get(one.id, AWAITED) for one in submission.attachments)
    for state, key in (
        (AWAITED, "office.attachments_missing"),
        (UNOPENED, "office.attachments_unopened"),
        (OTHER, "office.attachments_other"),
    ):
        if found[state]:
            return words.t(language, key, count=found[state])
    return ""


def _judges_otherwise(form: FormDefinition, body: bytes) -> bool:
    if msgspec.json.encode(form, order="sorted") == body:
        return False
    return judged(form) != judged(msgspec.json.decode(body, type=FormDefinition))


def _place(error: AnswerError) -> str:
    """Where an answer is wrong. A place that the form does not have is named in the sender's words: kept back."""
    return "one that is not asked for" if error.code == "unknown" else f"{error.pointer or '/'} ({error.code})"


def _day(created_at: str) -> date:
    """The day in Moscow on which a form was sent; for a time that is none, today."""
    try:
        moment = datetime.fromisoformat(created_at)
    except ValueError:
        moment = datetime.now(UTC)
    return moment.astimezone(MOSCOW).date()
