"""What the account knows is not asked again: the right person's data, only what the form takes, once."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from kiosk import resources
from kiosk.forms.answers import get, put
from kiosk.forms.definition import Form, compile_form
from kiosk.forms.prefill import prefilled
from kiosk.forms.source import load
from kiosk.model.profile import Profile, ProfileDocument, ProfileOrganisation, ProfileVehicle

TODAY = date(2026, 11, 30)
SOURCES = load(resources.root() / "forms")
FORMS = {one.id: one for one in SOURCES.forms}
PROFILE = Profile(
    last="Соколова",
    first="Анна",
    middle="Петровна",
    birth="1951-03-04",
    snils="11223344595",
    phone="+79160001234",
    email="anna@example.ru",
    document=ProfileDocument("passport-rf", "4509123456", "2005-06-07", division="770-045"),
    organisation=ProfileOrganisation("ООО «Ромашка»", "company", "7707083893", "1027700132195", "770701001"),
    vehicle=ProfileVehicle("А123ВС777", "Лада Веста", "7701123456"),
)
OTHERS = ("child", "subject", "matter", "papers", "address", "stay", "bank", "loss", "old_name")


def form(name: str) -> Form:
    return compile_form(FORMS[name], SOURCES.lookups)


def walked(one: Form, answers: dict[str, Any], profile: Profile = PROFILE) -> dict[str, Any]:
    """All pages in order, each filled in when it is reached."""
    seen: set[str] = set()
    while True:
        page = next((page for page in one.pages(answers, "ru") if page.id not in seen), None)
        if page is None:
            return answers
        seen.add(page.id)
        answers = prefilled(one, page.id, answers, profile, TODAY)


def test_a_citizen_who_applies_for_himself_is_asked_for_nothing_of_this() -> None:
    found = walked(form("general-citizen"), put({}, "/applying/who", "self"))
    assert found["applicant"]["last"] == "Соколова" and found["applicant"]["birth"] == "1951-03-04"
    assert found["document"] == {
        "kind": "passport-rf",
        "passport": {"number": "4509123456", "issued": "2005-06-07", "division": "770-045"},
    }
    assert found["contact"]["phone"] == "+79160001234"
    assert "last" not in found["applying"]


def test_who_represents_another_person_is_the_representative() -> None:
    found = walked(form("general-citizen"), put({}, "/applying/who", "representative"))
    assert found["applying"] == {"who": "representative", "last": "Соколова", "first": "Анна", "middle": "Петровна"}
    assert "applicant" not in found and "document" not in found
    assert found["contact"]["phone"] == "+79160001234", "the answer comes to the representative"


def test_an_organisation_and_who_signs_for_it() -> None:
    found = walked(form("general-organisation"), {})
    assert found["organisation"]["inn"] == "7707083893" and found["organisation"]["kpp"] == "770701001"
    assert found["official"]["last"] == "Соколова" and "document" not in found


def test_what_was_answered_is_never_changed() -> None:
    answers = put(put({}, "/applying/who", "self"), "/applicant/last", "Орлова")
    assert walked(form("general-citizen"), answers)["applicant"]["last"] == "Орлова"


def test_what_the_form_does_not_take_is_left_to_the_visitor() -> None:
    young = replace(PROFILE, birth="1851-01-01", phone="12", document=ProfileDocument("foreign-card", "?"))
    found = walked(form("general-citizen"), put({}, "/applying/who", "self"), young)
    assert "birth" not in found["applicant"] and found["applicant"]["first"] == "Анна"
    assert "phone" not in found.get("contact", {}) and "document" not in found


def test_an_account_that_knows_nothing_fills_in_nothing() -> None:
    one, answers = form("general-citizen"), put({}, "/applying/who", "self")
    for page in one.pages(answers, "ru"):
        assert prefilled(one, page.id, answers, Profile(), TODAY) is answers


def test_a_page_that_the_form_does_not_have() -> None:
    one = form("general-citizen")
    assert prefilled(one, "no such page", {}, PROFILE, TODAY) == {}


@pytest.mark.parametrize("name", sorted(FORMS))
def test_every_form_takes_what_is_filled_in_and_nothing_is_said_of_others(name: str) -> None:
    one = form(name)
    example = FORMS[name].examples[0]
    asked = {part: value for part, value in example.items() if part in OTHERS or part == "from"}
    found = walked(one, put(dict(asked), "/applying/who", "self") if "applying" in example else dict(asked))
    for part in OTHERS:
        assert found.get(part) == asked.get(part), part
    wrong = {error.pointer for error in one.check(found, "ru", TODAY) if error.code != "required"}
    filled = {pointer for pointer in wrong if pointer.split("/")[1] not in OTHERS and get(found, pointer) is not None}
    assert filled == set()
