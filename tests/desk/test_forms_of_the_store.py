"""Forms with lookups and files at the desk: their lists come from the store, their files must be there."""

from __future__ import annotations

import msgspec
import pytest

from kiosk.desk.applications import Application
from kiosk.desk.attachments import FileOffered
from kiosk.desk.forms import StoreForms
from kiosk.errors import AnswersRefused, ContentMissing
from kiosk.model.content import Document
from kiosk.model.form import Answers, FormDefinition
from kiosk.model.service import Service
from kiosk.protocol.pack import canonical
from kiosk.store import documents
from tests.forms.small import control, definition, page
from tests.helpers.profiles import SERVICE, KioskProfile

PDF = b"%PDF-1.7\n%%EOF\n"
FILE = "019a0000-0000-7000-8000-000000000001"


def with_form(kiosk: KioskProfile, made: FormDefinition) -> None:
    with kiosk.store() as store:
        service = documents.get(store, f"service/{SERVICE}", Service)
    own = msgspec.structs.replace(service, form=made.id)
    kiosk.publish([Document(f"form/{made.id}", canonical(made)), Document(f"service/{SERVICE}", canonical(own))])


def lookup_form() -> FormDefinition:
    return definition({"land": {"type": "string", "x-lookup": "countries"}}, [page("p", control("land"))], ("land",))


def file_form() -> FormDefinition:
    from kiosk.forms.attachments import schema_of

    return definition({"paper": schema_of(("scan",), 2)}, [page("p", control("paper"))], ("paper",))


def test_lookups_come_from_the_store(kiosk_profile: KioskProfile) -> None:
    with_form(kiosk_profile, lookup_form())
    with kiosk_profile.store() as store:
        form = StoreForms(store).form("small")
    assert [option.value for option in form.find("/land", "Узбек", "ru")] == ["UZ"]
    kiosk_profile.submit({"land": "UZ"})
    with pytest.raises(AnswersRefused):
        kiosk_profile.submit({"land": "Узбекистан"})
    kiosk_profile.publish([], removed=("lookup/countries",))
    with kiosk_profile.store() as store, pytest.raises(ContentMissing):
        StoreForms(store).form("small")


@pytest.mark.parametrize("offered", [(), (FileOffered("a.pdf", PDF, FILE.replace("1", "2")),)])
def test_a_file_that_is_named_must_be_there(kiosk_profile: KioskProfile, offered: tuple[FileOffered, ...]) -> None:
    with_form(kiosk_profile, file_form())
    reference = {"id": FILE, "name": "a.pdf", "media_type": "application/pdf", "size": len(PDF)}
    answers: Answers = {"paper": [reference]}
    with pytest.raises(AnswersRefused) as refused:
        kiosk_profile.counter().submit(Application(SERVICE, answers, "ru", True, attachments=offered))
    (error,) = refused.value.errors
    assert (error.pointer, error.code) == ("/paper", "attachment.missing")  # type: ignore[attr-defined]
    file = FileOffered("a.pdf", PDF, FILE)
    kiosk_profile.counter().submit(Application(SERVICE, answers, "ru", True, attachments=(file,)))
    kiosk_profile.submit({"paper": "bring"})
