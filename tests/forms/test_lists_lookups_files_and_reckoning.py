"""Kinds beyond single answers: lists, lookups, files, calculated answers, rules in words, and what is disabled."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
import pytest

from kiosk.errors import SourceRefused
from kiosk.forms.answers import get, put
from kiosk.forms.attachments import BRING, MOST_FILES, schema_of
from kiosk.forms.definition import Form, compile_form
from kiosk.forms.requirements import moved
from kiosk.model.attachment import Attachment
from kiosk.model.form import FormDefinition
from kiosk.model.lookup import Lookup, LookupEntry
from kiosk.model.text import Text
from tests.forms.small import control, definition, page, shown_if, text

TODAY = date(2026, 11, 23)
NAME = {"type": "string", "maxLength": 20, "pattern": "^\\p{L}+$"}
CHILD = {
    "type": "object",
    "additionalProperties": False,
    "required": ["name", "school", "number"],
    "properties": {
        "name": NAME,
        "school": {"type": "string", "enum": ["yes", "no"]},
        "number": {"type": "integer", "minimum": 1, "maximum": 3000},
    },
}
COUNTRIES = Lookup(
    "countries",
    "made up",
    (
        LookupEntry("UZ", Text("Узбекистан", "Uzbekistan")),
        LookupEntry("DE", Text("Германия", "Germany"), ("ФРГ", "Deutschland")),
        LookupEntry("KP", Text("Северная Корея", "North Korea"), ("КНДР",)),
        LookupEntry("KR", Text("Южная Корея", "South Korea"), group=Text("Азия", "Asia")),
    ),
)
BANKS = Lookup("banks", "made up", (LookupEntry("044525225", Text("Сбербанк", "Sberbank")),), open=True)


def children(least: int = 0, most: int = 3, **rules: Any) -> FormDefinition:
    detail = {
        "type": "VerticalLayout",
        "elements": [
            control("name"),
            control("school"),
            control("number", rule=shown_if("school", {"const": "yes"})),
        ],
    }
    schema = {"type": "array", "minItems": least, "maxItems": most, "items": CHILD}
    pages = [page("p", control("children", options={"detail": detail})), page("q", control("many"), **rules)]
    labels = {f"{name}__label": name for name in ("name", "school", "number")}
    made = definition(
        {"children": schema, "many": {"type": "string"}},
        pages,
        required=("children",) if least else (),
        children__item="Child",
        school__yes="Yes",
        school__no="No",
        **labels,
    )
    return msgspec.structs.replace(made, schema=moved(made.schema, pages))


def kids(*items: dict[str, Any]) -> dict[str, Any]:
    return {"children": list(items)}


ANNA = {"name": "Анна", "school": "yes", "number": 57}
LEV = {"name": "Лев", "school": "no"}


def codes(form: Form, answers: Any) -> list[tuple[str, str]]:
    return [(error.pointer, error.code) for error in form.check(answers, "en", TODAY)]


def test_items_are_asked_for_checked_and_sent_one_by_one() -> None:
    form = compile_form(children(1))
    assert codes(form, {}) == [("/children", "required")]
    assert codes(form, kids(ANNA, LEV)) == []
    assert codes(form, kids(ANNA, {"name": "8", "school": "yes"})) == [
        ("/children/1/name", "pattern"),
        ("/children/1/number", "required"),
    ]
    assert codes(form, kids(ANNA, LEV, LEV, LEV)) == [("/children", "list.many")]
    assert codes(form, kids(LEV | {"age": 3})) == [("/children/0/age", "unknown")]
    hidden = form.outgoing(kids(LEV | {"number": 12}))
    assert hidden == kids(LEV) and form.schema_accepts(hidden)
    assert not form.schema_accepts(kids({"name": "Анна", "school": "yes"}))
    assert form.outgoing(kids({"name": "  Анна ", "school": "no"})) == kids({"name": "Анна", "school": "no"})


def test_rows_and_the_page_of_one_item() -> None:
    form = compile_form(children(1))
    answers = kids(ANNA, LEV)
    rows = form.items("/children", answers, "en")
    assert [(row.pointer, row.title, row.words) for row in rows] == [
        ("/children/0", "Child 1", "Анна, Yes, 57"),
        ("/children/1", "Child 2", "Лев, No"),
    ]
    summary = form.summary(answers, "en")
    assert [(row.pointer, row.label, row.value) for group in summary for row in group.rows] == [
        (row.pointer, row.title, row.words) for row in rows
    ]
    one = form.item_page("/children/1", answers, "en")
    assert (one.id, one.title) == ("p", "Child 2")
    assert [field.pointer for field in one.fields] == ["/children/1/name", "/children/1/school"]
    new = form.item_page("/children/2", answers, "en")
    assert [field.pointer for field in new.fields] == ["/children/2/name", "/children/2/school"]
    assert [error.pointer for error in form.check_item("/children/2", answers, "en", TODAY)] == [
        "/children/2/name",
        "/children/2/school",
    ]
    (field,) = form.pages(answers, "en")[0].fields
    assert (field.kind, field.item, field.least, field.most) == ("list", "Child", 1, 3)
    assert [inner.pointer for inner in field.fields] == ["/name", "/school", "/number"]
    assert form.page_of("/children/1/name") == "p"
    for stranger in ("/children/x", "/many/0", "/zz/0"):
        with pytest.raises(KeyError):
            form.item_page(stranger, answers, "en")


def test_items_are_added_changed_and_removed_by_pointer() -> None:
    answers = put({}, "/children/0/name", "Анна")
    assert answers == kids({"name": "Анна"}) and get(answers, "/children/0/name") == "Анна"
    answers = put(answers, "/children/9", LEV)
    assert answers == kids({"name": "Анна"}, LEV)
    assert put(answers, "/children/0/name", None) == kids({}, LEV)
    assert put(answers, "/children/0", None) == kids(LEV)
    assert put(kids(LEV), "/children/0", None) == {}
    assert get(answers, "/children/7/name") is None and get(answers, "/children/x") is None


def test_a_condition_may_look_at_a_list() -> None:
    form = compile_form(children(rule=shown_if("children", {"minItems": 2})))
    assert [one.id for one in form.pages(kids(LEV), "en")] == ["p"]
    assert [one.id for one in form.pages(kids(LEV, ANNA), "en")] == ["p", "q"]
    assert [one.id for one in form.pages({}, "en")] == ["p"]


@pytest.mark.parametrize("value", ["x", 5, [1], [[{}]], [{"name": {}}], [{}] * 101, {"0": {}}, [{"name": "\ud800"}]])
def test_any_json_in_the_place_of_a_list_ends_in_errors(value: Any) -> None:
    form = compile_form(children(1))
    assert codes(form, {"children": value})
    form.summary({"children": value}, "ru")
    form.items("/children", {"children": value}, "ru")
    form.item_page("/children/0", {"children": value}, "ru")


def lookup_form(**schema: Any) -> Form:
    made = definition({"land": {"type": "string", **schema}}, [page("p", control("land"))])
    return compile_form(made, {"countries": COUNTRIES, "banks": BANKS})


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("", ["UZ", "DE", "KP", "KR"]),
        ("уз", ["UZ"]),
        ("germ", ["DE"]),
        ("фрг", ["DE"]),
        ("корея", ["KP", "KR"]),
        ("корея южная", ["KR"]),
        ("Германея", ["DE"]),
        ("Гремания", ["DE"]),
        ("kp", ["KP"]),
        ("zzzz", []),
        ("!?", ["UZ", "DE", "KP", "KR"]),
    ],
)
def test_lookup_is_found_as_people_type(typed: str, found: list[str]) -> None:
    form = lookup_form(**{"x-lookup": "countries"})
    assert [option.value for option in form.find("/land", typed, "ru")] == found


def test_lookup_takes_its_entries_only_and_shows_their_names() -> None:
    form = lookup_form(**{"x-lookup": "countries"})
    assert codes(form, {"land": "DE"}) == []
    assert codes(form, {"land": "Germany"}) == [("/land", "choice")]
    assert form.shown("/land", {"land": "KR"}, "en") == "South Korea (Asia)"
    assert form.summary({"land": "UZ"}, "ru")[0].rows[0].value == "Узбекистан"
    (field,) = form.pages({}, "ru")[0].fields
    assert (field.kind, field.lookup) == ("lookup", "countries")
    assert len(form.find("/land", "", "ru", limit=2)) == 2
    with pytest.raises(SourceRefused, match="there is no lookup metro"):
        lookup_form(**{"x-lookup": "metro"})


def test_open_lookup_takes_what_its_format_takes() -> None:
    form = lookup_form(**{"x-lookup": "banks", "format": "bic"})
    assert codes(form, {"land": "044525974"}) == []
    assert codes(form, {"land": "Сбербанк"}) == [("/land", "bic.letters")]
    assert form.shown("/land", {"land": "044525225"}, "en") == "Sberbank"


def reference(number: int = 1, **changed: Any) -> dict[str, Any]:
    known = {"id": f"01890000-0000-7000-8000-{number:012}", "name": "scan.pdf", "media_type": "application/pdf"}
    return {**known, "size": 1000, **changed}


def files_form(kinds: tuple[str, ...] = ("scan",), most: int = 2) -> Form:
    schemas = {name: schema_of(kinds, most) for name in ("a", "b")}
    schemas["b"] = schema_of(kinds, MOST_FILES)
    return compile_form(definition(schemas, [page("p", control("a"), control("b"))], required=("a",)))


@pytest.mark.parametrize(
    ("answers", "found"),
    [
        ({"a": BRING}, []),
        ({"a": [reference()]}, []),
        ({}, [("/a", "required")]),
        ({"a": []}, [("/a", "required")]),
        ({"a": "later"}, [("/a", "type")]),
        ({"a": [{"id": "x"}]}, [("/a", "type")]),
        ({"a": [reference(size=True)]}, [("/a", "type")]),
        ({"a": [reference(id="x")]}, [("/a", "invalid")]),
        ({"a": [reference(1), reference(2), reference(3)]}, [("/a", "attachment.many")]),
        ({"a": [reference(media_type="image/heic")]}, [("/a", "attachment.kind")]),
        ({"a": [reference(size=21 * 2**20)]}, [("/a", "attachment.large")]),
        ({"a": [reference(), reference()]}, [("/a", "attachment.twice")]),
        ({"a": [reference()], "b": [reference()]}, [("/b", "attachment.twice")]),
        ({"a": [reference(1)], "b": [reference(n) for n in range(2, 12)]}, [("/b", "attachment.all")]),
    ],
)
def test_files_are_references_or_a_promise(answers: dict[str, Any], found: list[tuple[str, str]]) -> None:
    form = files_form()
    assert codes(form, answers) == found
    if not found:
        assert form.outgoing(answers) == answers and form.schema_accepts(answers)


def test_photographs_are_pictures_and_files_have_words() -> None:
    form = files_form(("photo",))
    assert codes(form, {"a": [reference()]}) == [("/a", "attachment.kind")]
    assert form.shown("/a", {"a": BRING}, "en") == "I will bring it to the centre"
    assert (
        form.shown("/a", {"a": [reference(name="one.png"), reference(2, name="two.png")]}, "en") == "one.png, two.png"
    )
    field = form.pages({}, "en")[0].fields[0]
    assert field.kind == "attachment" and field.files is not None
    assert (field.files.kinds, field.files.media_types, field.files.most) == (
        ("photo",),
        ("image/jpeg", "image/png"),
        2,
    )


def test_answers_and_files_must_name_the_same() -> None:
    form = files_form()
    one = reference()
    file = Attachment(one["id"], "other name.pdf", one["media_type"], one["size"], 1200, "00", b"")
    assert not form.files_differ({"a": [one]}, (file,))
    assert not form.files_differ({"a": BRING}, ())
    assert form.files_differ({"a": [one]}, ())
    assert not form.files_differ({"a": BRING}, (file,)), "more files than are named are fine"
    assert form.files_differ({"a": [one | {"size": 999}]}, (file,))
    assert form.check_files({"a": [one]}, [one["id"]], "en") == ()
    (error,) = form.check_files({"a": [one], "b": [reference(2)]}, [one["id"]], "en")
    assert (error.pointer, error.code) == ("/b", "attachment.missing")


def sums(**more: Any) -> FormDefinition:
    number = {"type": "integer", "minimum": 0, "maximum": 1000}
    rest = {"type": "integer", "x-calculated": "cost - asked", **more}
    pages = [page("p", control("cost"), control("asked")), page("q", control("rest"))]
    rule = {"rule": "says", "at": "/asked", "that": "asked <= cost", "name": "enough"}
    return definition(
        {"cost": number, "asked": number, "rest": rest},
        pages,
        required=("cost",),
        rules=(rule,),
        asked__rule__enough="No more than {{label}} cost",
    )


def test_calculated_answers_are_worked_out_anew() -> None:
    form = compile_form(sums())
    assert form.outgoing({"cost": 10, "asked": 4}) == {"cost": 10, "asked": 4, "rest": 6}
    assert form.outgoing({"cost": 10, "asked": 4, "rest": 999}) == {"cost": 10, "asked": 4, "rest": 6}
    assert form.outgoing({"cost": 10, "rest": 999}) == {"cost": 10}
    assert codes(form, {"cost": 10}) == []
    assert form.miscalculated({"cost": 10, "asked": 4, "rest": 5}) == ("/rest",)
    assert form.miscalculated({"cost": 10, "asked": 4}) == ("/rest",)
    assert form.miscalculated({"cost": 10, "asked": 4, "rest": 6}) == ()
    assert form.shown("/rest", {"cost": 10, "asked": 4}, "en") == "6"
    assert form.pages({}, "en")[1].fields[0].calculated


def test_rule_in_words_refuses_and_is_silent_where_an_answer_is_missing() -> None:
    form = compile_form(sums())
    (error,) = form.check({"cost": 5, "asked": 6}, "en", TODAY)
    assert (error.pointer, error.code, error.message) == ("/asked", "rule.says", "No more than asked cost")
    assert [code for _, code in codes(form, {"asked": 6})] == ["required"]


@pytest.mark.parametrize("value", ["x", True, [1], {"a": 1}, 2**60, float("nan"), None])
def test_reckoning_with_any_json_never_raises(value: Any) -> None:
    form = compile_form(sums())
    form.check({"cost": value, "asked": 3}, "ru", TODAY)
    form.outgoing({"cost": value, "asked": value})


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            lambda schema: schema["properties"]["rest"].update({"x-calculated": "cost -"}),
            "x-calculated: not an expression",
        ),
        (lambda schema: schema.update(required=["rest"]), "what is calculated cannot be required"),
        (lambda schema: schema["x-rules"][0].update(that="("), "not an expression"),
        (lambda schema: schema["x-rules"][0].update(name="gone"), "the text asked.rule.gone is missing"),
        (lambda schema: schema["x-rules"][0].update(at="/zz"), "/zz is asked nowhere"),
    ],
)
def test_unsound_expressions_are_refused(change: Any, words: str) -> None:
    made = sums()
    schema = msgspec.json.decode(msgspec.json.encode(made.schema))
    change(schema)
    with pytest.raises(SourceRefused) as refused:
        compile_form(msgspec.structs.replace(made, schema=schema))
    assert any(words in message for _, _, message in refused.value.problems)


@pytest.mark.parametrize(("effect", "given"), [("ENABLE", "yes"), ("DISABLE", "no")])
def test_disabled_answers_are_shown_and_neither_checked_nor_sent(effect: str, given: str) -> None:
    rule = shown_if("a", {"const": "yes"}, effect)
    pages = [page("p", control("a"), control("b", rule=rule))]
    properties = {"a": {"type": "string", "enum": ["yes", "no"]}, "b": {"type": "string"}}
    made = definition(properties, pages, required=("a", "b"))
    form = compile_form(msgspec.structs.replace(made, schema=moved(made.schema, pages)))
    other = "no" if given == "yes" else "yes"
    assert codes(form, {"a": given}) == [("/b", "required")]
    assert codes(form, {"a": other}) == []
    assert [field.enabled for field in form.pages({"a": other}, "en")[0].fields] == [True, False]
    assert form.outgoing({"a": other, "b": "x"}) == {"a": other}
    assert form.schema_accepts({"a": other}) and not form.schema_accepts({"a": given})


@pytest.mark.parametrize(
    ("schema", "options", "words"),
    [
        ({"type": "array", "items": CHILD}, {}, "needs the layout of an item"),
        ({"type": "array", "items": CHILD}, {"detail": {"elements": []}}, "must ask something about an item"),
        ({"type": "array", "items": CHILD}, {"detail": {"elements": [control("name")]}}, "does not ask for /school"),
        ({"x-attachment": {}}, {}, "must say its kinds: photo"),
        ({"x-attachment": {"kinds": ["film"]}}, {}, "must say its kinds: photo"),
    ],
)
def test_unsound_kinds_are_refused(schema: dict[str, Any], options: dict[str, Any], words: str) -> None:
    made = definition({"a": schema}, [page("p", control("a", options=options))], a__item="One", name__label="Name")
    with pytest.raises(SourceRefused) as refused:
        compile_form(msgspec.structs.replace(made, texts={**made.texts, "a.label": text("A")}))
    assert any(words in message for _, _, message in refused.value.problems)
