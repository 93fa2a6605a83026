"""The real forms: complete, plain, right for everybody, and safe with any answers at all."""

from __future__ import annotations

import json
import re
import time
from datetime import date, timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from bench.form import answers, change, long_form
from kiosk import resources
from kiosk.forms.answers import get, put
from kiosk.forms.checking import check_sources
from kiosk.forms.definition import Form, compile_form
from kiosk.forms.formats import FORMATS
from kiosk.forms.question import Question
from kiosk.forms.soundness import examples_day
from kiosk.forms.source import form_for_service, load
from kiosk.model.service import Service
from kiosk.model.text import Text
from tests.forms.test_identifiers import VALID

FOLDER = resources.root() / "forms"
SOURCES = load(FOLDER)
DEFINITIONS = {one.id: one for one in SOURCES.forms}
OWN = {
    "passport-replacement",
    "residence-registration",
    "kindergarten",
    "child-benefit",
    "disabled-parking",
    "housing-subsidy",
}
OWN |= {"taxi-permit", "water-meter", "yard-complaint", "library-ticket", "business-subsidy", "work-patent"}
OWN_FORM = SOURCES.index.services
NAMES = sorted(DEFINITIONS)
WRITTEN = sorted(set(DEFINITIONS) - set(SOURCES.sets))
EXAMPLES = [(name, number) for name in WRITTEN for number in range(len(DEFINITIONS[name].examples))]


@cache
def form(name: str) -> Form:
    return compile_form(DEFINITIONS[name], SOURCES.lookups)


def day(name: str) -> date:
    return examples_day(DEFINITIONS[name])


def test_everything_is_sound() -> None:
    found = check_sources(SOURCES)
    assert found["errors"] == []
    assert found["services"] == len(SOURCES.services) > 590
    assert found["with_own_form"] == 18 + len(SOURCES.sets)
    general = {SOURCES.index.general[one.audience] for name, one in SOURCES.services.items() if name not in OWN_FORM}
    assert found["question_sets"] == len(set(SOURCES.index.services.values()) | general)
    assert {name for name, one in DEFINITIONS.items() if one.own} >= OWN


@pytest.mark.parametrize(("name", "number"), EXAMPLES)
def test_example_has_five_to_twelve_short_pages(name: str, number: int) -> None:
    pages = form(name).pages(DEFINITIONS[name].examples[number], "ru")
    assert 5 <= len(pages) <= (14 if name == "child-benefit" else 11)
    assert max(len(one.fields) for one in pages) <= 6


def test_assembled_forms_are_no_longer_than_people_bear() -> None:
    for name in SOURCES.sets:
        for number, example in enumerate(DEFINITIONS[name].examples):
            pages = form(name).pages(example, "ru")
            shortest = 3 if SOURCES.sets[name].set.applicant in ("caller", "nobody") else 5
            assert shortest <= len(pages) <= 16, (name, number)
            assert max(len(one.fields) for one in pages) <= 6, (name, number)


@pytest.mark.parametrize("names", [WRITTEN, sorted(SOURCES.sets)], ids=["written", "assembled"])
def test_page_titles_are_questions_or_requests_and_groups_are_short(names: list[str]) -> None:
    for name, sheet in [(one, sheet) for one in names for sheet in form(one).sheets]:
        texts = DEFINITIONS[name].texts
        title, group = texts[f"{sheet.id}.label"], texts[f"{sheet.id}.group"]
        assert title.ru.endswith("?") == title.en.endswith("?")
        assert title.ru.endswith("?") or title.ru.startswith("Расскажите")
        assert len(group.ru) <= 28 and len(group.en) <= 28


LATIN = ("VIN", "ID", "SMS", "QR")


def test_russian_words_are_russian_and_english_words_are_english() -> None:
    for key, text in ((key, text) for name in NAMES for key, text in DEFINITIONS[name].texts.items()):
        assert re.search("[А-Яа-яЁё³]", text.ru) or not re.search("[A-Za-z]", text.ru) or text.ru in LATIN, key
        assert not re.search("[А-Яа-яЁё]{4}", text.en), key


def test_everybody_may_show_a_document_that_is_not_russian() -> None:
    for name, one in DEFINITIONS.items():
        if "document" not in one.schema["properties"]:
            continue
        kinds = {
            value for question in asked_anywhere(name) if question.i18n.endswith(".kind") for value in question.values
        }
        assert kinds & {"foreign-passport", "passport"}, name
        assert "refugee" in kinds, name


def test_no_form_insists_on_a_number_that_only_citizens_have() -> None:
    russian = {"snils", "inn-person", "passport-rf", "division-code", "oms-policy", "driving-licence"}
    for name in NAMES:
        for question in asked_anywhere(name):
            if question.format in russian and question.required:
                assert question.rules, f"{name} asks everybody for {question.pointer}"


def asked_anywhere(name: str) -> list[Question]:
    return [question for sheet in form(name).sheets for question in sheet.questions]


@pytest.mark.parametrize(("name", "number"), EXAMPLES)
def test_example_uses_made_up_phones_and_no_real_mail(name: str, number: int) -> None:
    text = json.dumps(DEFINITIONS[name].examples[number], ensure_ascii=False)
    assert all(re.fullmatch(r"\+7(000|916000)\d+", phone) for phone in re.findall(r"\+7\d{10}", text))
    assert all(re.search(r"@example\.(ru|org)$", mail) for mail in re.findall(r"[\w.]+@[\w.]+", text))


def test_lost_passport_reads_as_drawn() -> None:
    one = form("passport-replacement")
    answers = DEFINITIONS["passport-replacement"].examples[0]
    assert [row.value for group in one.summary(answers, "ru") for row in group.rows][:4] == [
        "Потерян",
        "22 ноября 2025, суббота",
        "Соколова Анна Петровна",
        "4 марта 1951 года",
    ]
    lost = one.pages(answers, "ru")[1]
    assert (lost.title, lost.group) == ("Когда пропал паспорт?", "Когда пропал")
    assert one.pages(answers, "en")[1].title == "When did your passport go missing?"
    (error,) = one.check_page(lost.id, put(answers, "/loss/date", "31.11.2026"), "ru", date(2026, 11, 23))
    assert (error.pointer, error.code, error.message) == ("/loss/date", "date.day", "В ноябре 30 дней. Проверьте число")


@pytest.mark.parametrize(
    ("pointer", "value", "at", "code", "words"),
    [
        ("/cold/reading", "100.00", "/cold/reading", "rule.less", "меньше прошлого"),
        ("/cold/reading", "500", "/cold/reading", "rule.much_more", "в несколько раз больше"),
        ("/cold/reading", "1234567", "/cold/reading", "meter-reading.length", "не больше 5 цифр"),
        ("/hot/verified", "2026-11-01", "/hot/verified", "date.future", "Срок поверки прошёл"),
        ("/days/last", "2026-07-01", "/days/last", "date.far", "больше трёх месяцев"),
        ("/days/last", "2026-11-02", "/days/read", "rule.same_month", "уже учтены"),
        ("/which", ["cold"], None, "", ""),
    ],
)
def test_water_meter_refuses_as_the_city_does(pointer: str, value: Any, at: str | None, code: str, words: str) -> None:
    answers = put(DEFINITIONS["water-meter"].examples[0], pointer, value)
    errors = form("water-meter").check(answers, "ru", day("water-meter"))
    assert [(error.pointer, error.code) for error in errors] == ([(at, code)] if at else [])
    assert all(words in error.message for error in errors)
    if at is None:
        assert "hot" not in form("water-meter").outgoing(answers)


def test_account_of_another_bank_is_noticed() -> None:
    answers = put(DEFINITIONS["child-benefit"].examples[0], "/bank/bic", "044525974")
    errors = form("child-benefit").check(answers, "ru", day("child-benefit"))
    assert [(error.pointer, error.code) for error in errors] == [("/bank/account", "account.bic")]


def service(identity: str, audience: Any, kind: Any = "apply") -> Service:
    return Service(identity, "theme", audience, Text("Услуга", "Service"), kind, "source")


def test_every_service_that_is_applied_for_has_a_form() -> None:
    index = SOURCES.index
    assert len(SOURCES.services) > 590
    assert set(index.services.values()) | set(index.general.values()) == set(DEFINITIONS)
    assert form_for_service(index, service("S0005", "citizen")) == "passport-replacement"
    assert form_for_service(index, service("S9999", "organisation")) == "general-organisation"
    assert form_for_service(index, service("S9999", "foreigner")) == "general-foreigner"
    assert form_for_service(index, service("S0011", "citizen", "view")) is None


def test_forms_that_are_written_by_hand_are_those_of_the_index() -> None:
    written = {name: form for name, form in SOURCES.index.services.items() if form not in SOURCES.sets}
    assert len(written) == 18 and set(written.values()) == OWN
    assert set(SOURCES.index.services) <= set(SOURCES.services)


def value_for(question: Question, today: date) -> st.SearchStrategy[Any]:
    if question.expression is not None:
        return st.integers() | st.text(max_size=9)  # forged: it is worked out anew
    if question.kind == "attachment":
        file = {"id": "019a0000-0000-7000-8000-000000000777", "name": "п.png", "media_type": "image/png", "size": 9}
        return st.sampled_from(["bring", [file]])
    if question.kind == "lookup":
        return st.sampled_from([entry.id for entry in SOURCES.lookups[question.lookup].entries])
    if question.kind == "list":
        item = st.fixed_dictionaries({one.path[0]: value_for(one, today) for one in question.items})
        return st.lists(item, min_size=1, max_size=3)
    if question.kind == "choice":
        return st.sampled_from(question.values)
    if question.kind == "choices":
        return st.lists(st.sampled_from(question.values), min_size=1, unique=True)
    if question.kind == "yes_no":
        return st.booleans()
    if question.kind == "tick":
        return st.just(True)
    if question.kind in ("number", "money"):
        return st.integers(question.schema["minimum"], question.schema["maximum"])
    if question.kind == "date":
        return st.integers(-9000, 900).map(lambda days: (today + timedelta(days=days)).isoformat())
    if question.format:
        return st.sampled_from([typed for name, typed, *_ in VALID if name == question.format])
    return st.sampled_from(["Анна", " O'Neil ", "10 корпус 2", "4618 1234567", "Ёлка\u00a0и  ель", "е\u0301"])


@st.composite
def filled(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """An example of some form with several answers changed to others of the right kind."""
    name = draw(st.sampled_from(NAMES))
    answers = draw(st.sampled_from(DEFINITIONS[name].examples))
    for question in draw(st.lists(st.sampled_from(asked_anywhere(name)), max_size=6)):
        answers = put(answers, question.pointer, draw(st.none() | value_for(question, day(name))))
    return name, answers


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(filled())
def test_answers_that_pass_survive_sending_unchanged(given_answers: tuple[str, dict[str, Any]]) -> None:
    name, answers = given_answers
    one, today = form(name), day(name)
    assume(not one.check(answers, "en", today))
    sent = one.outgoing(answers)
    arrived = json.loads(json.dumps(sent, ensure_ascii=False))
    assert arrived == sent == one.outgoing(arrived)
    assert one.check(arrived, "ru", today) == ()
    assert one.schema_accepts(arrived)
    assert one.summary(arrived, "ru") == one.summary(answers, "ru")


@settings(max_examples=400, deadline=None)
@given(filled())
def test_hidden_answers_never_leave_and_every_visible_one_does(given_answers: tuple[str, dict[str, Any]]) -> None:
    name, answers = given_answers
    one = form(name)
    sent = one.outgoing(answers)
    visible = {field.pointer for shown in one.pages(answers, "en") for field in shown.fields}
    everywhere = {question.pointer for question in asked_anywhere(name)}
    assert visible == {question.pointer for question in one.asked(answers)} & everywhere
    for question in asked_anywhere(name):
        leaves = get(sent, question.pointer) is not None
        assert leaves <= (question.pointer in visible), question.pointer
        if question.expression is not None:
            assert get(sent, question.pointer) == question.expression.value(sent)
        elif question.pointer in visible and get(answers, question.pointer) not in (None, "", []):
            assert leaves
    pages = {shown.id for shown in one.pages(answers, "en")}
    for sheet in one.sheets:
        if sheet.id not in pages:
            assert one.check_page(sheet.id, answers, "en", day(name)) == ()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@st.composite
def garbage(draw: st.DrawFn) -> tuple[str, Any]:
    """Random JSON, alone or in the places of some answers of an example."""
    name = draw(st.sampled_from(NAMES))
    if draw(st.booleans()):
        return name, draw(JSON)
    answers = draw(st.sampled_from(DEFINITIONS[name].examples))
    for question in draw(st.lists(st.sampled_from(asked_anywhere(name)), min_size=1, max_size=5)):
        cut = draw(st.integers(1, len(question.path)))
        answers = put(answers, "/" + "/".join(question.path[:cut]), draw(JSON))
    return name, answers


@settings(max_examples=600, deadline=None)
@given(garbage())
def test_garbage_never_raises(given_answers: tuple[str, Any]) -> None:
    name, answers = given_answers
    one = form(name)
    for language in ("ru", "en"):
        errors = one.check(answers, language, day(name))
        assert all(error.message and error.code for error in errors)
        one.summary(answers, language)
        for shown in one.pages(answers, language):
            one.check_page(shown.id, answers, language, day(name))
    json.dumps(one.outgoing(answers))


def test_cost_of_a_change_grows_no_faster_than_the_form() -> None:
    forms = {fields: compile_form(long_form(fields)) for fields in (40, 200)}
    given = {fields: answers(fields) for fields in forms}
    times: dict[int, list[float]] = {fields: [] for fields in forms}
    for number in range(60):
        for fields, one in forms.items():
            start = time.thread_time()
            change(one, given[fields], "Слово" if number % 2 else "Другое")
            times[fields].append(time.thread_time() - start)
    assert min(times[200]) < 2 * 5 * min(times[40]), "five times the fields may cost five times as much, and some"


def test_every_format_is_used_by_a_form_or_waits_for_a_known_one() -> None:
    used = {question.format for name in NAMES for question in asked_anywhere(name)}
    assert set(FORMATS) - used <= {"travel-passport", "oms-policy", "uin", "phone-ru", "driving-licence"}
