"""Fills a page in with what a person's account says, so that nothing known is asked again.

Rules. Parts of a form that bear these names are about whoever fills it in: `applicant`, `document`, `snils`, `contact`,
`delivery`, `organisation`, `official`, `vehicle`, `applying` (docs/forms.md). Somebody who represents another person
(`applying.who`) is the representative: then applicant, document and number are the other person's and stay empty. Only
visible questions without an answer are filled, only with values that the form accepts, one page at a time, in the order
of the form: what a page asks may depend on the one before. Addresses are never filled in: which one a form is about is
the form's own question. What was filled in is an answer like any other, to be seen and changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from kiosk.forms.answers import get, put
from kiosk.model.form import Answers
from kiosk.model.profile import Profile, ProfileDocument, ProfileOrganisation

if TYPE_CHECKING:
    from kiosk.forms.definition import Form

_OF_THE_PERSON = ("/applicant", "/document", "/snils")
_REPRESENTED = "representative"


def prefilled(form: Form, page_id: str, answers: Answers, profile: Profile, today: date) -> Answers:
    """The answers with what the profile knows of one page's questions; the same object where that is nothing.

    A filled answer may bring more questions to the page: they are filled too. A page that is hidden stays empty.
    """
    known = dict(_known(profile, get(answers, "/applying/who") == _REPRESENTED))
    while True:
        more = _once(form, page_id, answers, known, today)
        if more is answers:
            return answers
        answers = more


def _once(form: Form, page_id: str, answers: Answers, known: dict[str, Any], today: date) -> Answers:
    asked = next((page.fields for page in form.pages(answers, "ru") if page.id == page_id), ())
    empty = [one.pointer for one in asked if one.enabled and get(answers, one.pointer) is None]
    wanted = [pointer for pointer in empty if pointer in known]
    filled = answers
    for pointer in wanted:
        filled = put(filled, pointer, known[pointer])
    for error in form.check_page(page_id, filled, "ru", today) if wanted else ():
        if error.pointer in wanted:
            filled = put(filled, error.pointer, None)
            known.pop(error.pointer)
    return filled if any(get(filled, pointer) is not None for pointer in wanted) else answers


def _known(profile: Profile, represents: bool) -> Iterator[tuple[str, Any]]:
    """Pointer and value of everything that is known, for a form of any kind."""
    for pointer, value in _everything(profile):
        other = pointer.startswith(_OF_THE_PERSON)
        mine = pointer.startswith("/applying/")
        if value and (not other or not represents) and (not mine or represents):
            yield pointer, value


def _everything(profile: Profile) -> Iterator[tuple[str, Any]]:
    for part in ("applicant", "applying", "official"):
        yield f"/{part}/last", profile.last
        yield f"/{part}/first", profile.first
        yield f"/{part}/middle", profile.middle
    yield "/applicant/birth", profile.birth
    if profile.snils:
        yield "/snils/has", "yes"
        yield "/snils/number", profile.snils
    yield "/contact/phone", profile.phone
    yield "/contact/email", profile.email
    yield "/delivery/email", profile.email
    if profile.document:
        yield from _document(profile.document)
    if profile.organisation:
        yield from _organisation(profile.organisation)
    if profile.vehicle:
        yield "/vehicle/plate", profile.vehicle.plate
        yield "/vehicle/model", profile.vehicle.model
        yield "/vehicle/sts", profile.vehicle.sts


def _document(one: ProfileDocument) -> Iterator[tuple[str, Any]]:
    yield "/document/kind", one.kind
    for part in ("/passport", "/other", ""):  # a form for foreigners has them at the document itself
        yield f"/document{part}/number", one.number
        yield f"/document{part}/issued", one.issued
        yield f"/document{part}/division", one.division
        yield f"/document{part}/country", one.country
        yield f"/document{part}/expires", one.expires


def _organisation(one: ProfileOrganisation) -> Iterator[tuple[str, Any]]:
    yield "/organisation/name", one.name
    yield "/organisation/form", one.form
    yield "/organisation/inn", one.inn
    yield "/organisation/ogrn", one.ogrn
    yield "/organisation/kpp", one.kpp
    yield "/organisation/inn_person", one.inn
    yield "/organisation/ogrnip", one.ogrn
