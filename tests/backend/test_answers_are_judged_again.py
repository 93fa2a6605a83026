"""What only the backend can be sure of: calculated answers, files, and which form belongs to a service."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from kiosk.backend.checking import Checker
from kiosk.backend.content import PublishedContent
from kiosk.backend.database import Database
from kiosk.backend.settings import BackendSettings
from kiosk.forms.attachments import schema_of
from kiosk.model.attachment import Attachment
from kiosk.model.form import FormDefinition
from kiosk.model.lookup import Lookup, LookupEntry
from kiosk.model.text import Text
from tests.backend.site import submission
from tests.forms.small import control, definition, page

NUMBER = {"type": "integer"}
PROPERTIES = {
    "cost": NUMBER,
    "half": {"type": "integer", "x-calculated": "cost / 2"},
    "land": {"type": "string", "x-lookup": "countries"},
    "paper": schema_of(("scan",), 1),
}
FILE = {"id": "019a0000-0000-7000-8000-000000000001", "name": "a.pdf", "media_type": "application/pdf", "size": 9}


class Published(PublishedContent):
    """Content that is there without a folder."""

    def __init__(self, *forms: FormDefinition) -> None:
        self.forms = {form.id: form for form in forms}
        self.services = {"S0001": "own"}
        self.lookups = {"countries": Lookup("countries", "x", (LookupEntry("UZ", Text("У", "U")),))}
        self._fresh = True

    def refresh(self) -> bool:
        fresh, self._fresh = self._fresh, False
        return fresh


@pytest.fixture
def checker(used: BackendSettings) -> Any:
    made = definition(PROPERTIES, [page("p", *map(control, PROPERTIES))])
    own = msgspec.structs.replace(made, id="own")
    general = msgspec.structs.replace(made, id="general", own=False)
    other = msgspec.structs.replace(made, id="other")
    from kiosk.backend.migrate import migrate

    migrate(used)
    database = Database(used)
    checker = Checker(database, Published(own, general, other))
    checker.refresh(1.0)
    yield checker
    database.close()


def reason(checker: Checker, answers: dict[str, Any], form: str = "own", files: tuple[Attachment, ...] = ()) -> str:
    return checker.reason(submission(form=form, answers=answers, attachments=files))


def test_calculated_answers_are_worked_out_again(checker: Checker) -> None:
    assert reason(checker, {"cost": 10, "half": 5}) == ""
    for wrong in ({"cost": 10, "half": 6}, {"cost": 10}, {"half": 5}):
        assert reason(checker, wrong) == "calculated answers are not what they come to: /half"


def test_lookups_are_those_of_the_content(checker: Checker) -> None:
    assert reason(checker, {"land": "UZ"}) == ""
    assert reason(checker, {"land": "XX"}) == "the form does not accept 1 of the answers: /land (choice)"


def test_files_that_are_named_are_there(checker: Checker) -> None:
    there = Attachment(FILE["id"], "b.pdf", "application/pdf", 9, 100, "00", b"")  # type: ignore[arg-type]
    assert reason(checker, {"paper": [FILE]}, files=(there,)) == ""
    assert reason(checker, {"paper": "bring"}) == ""
    assert reason(checker, {"paper": "bring"}, files=(there,)) == ""
    named = "the answers name other files than the application has"
    assert reason(checker, {"paper": [FILE]}) == named
    assert reason(checker, {"paper": [FILE | {"size": 8}]}, files=(there,)) == named


def test_a_general_form_may_have_been_the_service_s_when_it_was_filled(checker: Checker) -> None:
    assert reason(checker, {"land": "UZ"}, form="general") == ""
    assert reason(checker, {"land": "UZ"}, form="other") == "the form does not belong to the service"
