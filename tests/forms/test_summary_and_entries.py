"""Check your answers, as each language writes it; and what is typed, kept and shown again in a field."""

from __future__ import annotations

from typing import Any

import pytest

from kiosk.forms.answers import date_from_parts, date_parts, entry, get, put, typed
from kiosk.forms.definition import compile_form
from kiosk.forms.shown import money
from kiosk.model.form import Field, FieldKind
from tests.forms.small import control, definition, page

NBSP = "\u00a0"


def value_of(
    schema: dict[str, Any], value: Any, language: str, options: dict[str, Any] | None = None, **texts: str
) -> str:
    element = control("field", options=options or {})
    form = compile_form(definition({"field": schema}, [page("a", element)], **texts))
    ((row,),) = [group.rows for group in form.summary({"field": value}, language)]
    assert (row.pointer, row.page) == ("/field", "a")
    return row.value


def string(name: str) -> dict[str, Any]:
    return {"type": "string", "format": name}


@pytest.mark.parametrize(
    ("schema", "options", "value", "ru", "en"),
    [
        (string("date"), {}, "1951-03-04", "4 марта 1951 года", "4 March 1951"),
        (string("date"), {"weekday": True}, "2026-11-21", "21 ноября 2026, суббота", "Saturday 21 November 2026"),
        (string("date"), {}, "31.11.2026", "31.11.2026", "31.11.2026"),
        (string("phone-ru"), {}, "89160001234", "+7 916 000-12-34", "+7 916 000-12-34"),
        (string("snils"), {}, "11223344595", "112-233-445 95", "112-233-445 95"),
        (string("meter-reading"), {}, "0123.4", "123,40", "123.40"),
        ({"type": "boolean"}, {}, True, "Да", "Yes"),
        ({"type": "boolean"}, {}, False, "Нет", "No"),
        ({"type": "integer"}, {"money": True}, 150050, f"1{NBSP}500,50{NBSP}₽", f"1,500.50{NBSP}₽"),
        ({"type": "integer"}, {"money": True}, 3000, f"30{NBSP}₽", f"30{NBSP}₽"),
        ({"type": "integer"}, {}, 2500, "2500", "2,500"),
        ({"type": "integer"}, {}, 25000, f"25{NBSP}000", "25,000"),
        ({"type": "string", "enum": ["a", "b"]}, {}, "b", "b of field (ру)", "b of field"),
        (
            {"type": "array", "items": {"type": "string", "enum": ["a", "b"]}},
            {},
            ["a", "b"],
            "a of field (ру), b of field (ру)",
            "a of field, b of field",
        ),
        ({"type": "string"}, {}, "  two   words ", "two words", "two words"),
        ({"type": "string"}, {"multi": True}, "two\r\nlines ", "two\nlines", "two\nlines"),
        ({"type": "string", "enum": ["a"]}, {}, "z", "z", "z"),
    ],
)
def test_value_as_the_language_writes_it(schema: Any, options: Any, value: Any, ru: str, en: str) -> None:
    assert value_of(schema, value, "ru", options) == ru
    assert value_of(schema, value, "en", options) == en


def test_unit_and_word_before() -> None:
    assert value_of({"type": "string"}, "5", "en", field__unit="m³", field__before="about") == f"about{NBSP}5{NBSP}m³"


def test_negative_sum_has_a_minus_sign() -> None:
    assert money(-150000, "ru") == f"−1{NBSP}500{NBSP}₽"


def test_joined_group_is_one_row_that_leads_to_its_first_answer() -> None:
    names = {name: {"type": "string"} for name in ("last", "first", "middle")}
    group = {"type": "Group", "i18n": "name", "options": {"joined": " "}, "elements": [control(name) for name in names]}
    form = compile_form(definition(names, [page("who", group)], required=("last", "first")))
    (found,) = form.summary({"last": "Соколова", "first": "Анна"}, "en")
    assert [(row.pointer, row.label, row.value) for row in found.rows] == [("/last", "name", "Соколова Анна")]
    (found,) = form.summary({}, "en")
    assert [row.value for row in found.rows] == ["Not given"]


def test_neighbours_of_one_name_are_one_group_and_what_is_left_out_freely_is_no_row() -> None:
    texts = {"a__group": "Same", "b__group": "Same", "c__group": "Other"}
    properties = {name: {"type": "string"} for name in ("one", "two", "three")}
    pages = [page("a", control("one")), page("b", control("two")), page("c", control("three"))]
    form = compile_form(definition(properties, pages, required=("two",), **texts))
    groups = form.summary({"one": "1"}, "en")
    assert [(group.title, [(row.label, row.value) for row in group.rows]) for group in groups] == [
        ("Same", [("one", "1"), ("two", "Not given")])
    ]


def field(kind: FieldKind) -> Field:
    return Field("/x", kind, "", "", True, "ru")


@pytest.mark.parametrize(
    ("kind", "text", "value", "again"),
    [
        ("text", "Анна", "Анна", "Анна"),
        ("text", "   ", None, ""),
        ("number", " 12 ", 12, "12"),
        ("number", "1 200", 1200, "1200"),
        ("number", "twelve", "twelve", "twelve"),
        ("number", "٣", "٣", "٣"),
        ("number", "9" * 40, "9" * 40, "9" * 40),
        ("money", "1 500,50 ₽", 150050, "1500,50"),
        ("money", "1500.5", 150050, "1500,50"),
        ("money", "30", 3000, "30"),
        ("money", "30,555", "30,555", "30,555"),
        ("yes_no", "true", True, "true"),
        ("yes_no", "false", False, "false"),
        ("tick", "true", True, "true"),
        ("yes_no", "maybe", "maybe", "maybe"),
        ("choice", "lost", "lost", "lost"),
    ],
)
def test_what_is_typed_is_understood_or_kept(kind: FieldKind, text: str, value: Any, again: str) -> None:
    assert typed(field(kind), text) == value
    assert entry(field(kind), value) == again


def test_entry_of_something_that_is_no_text_is_empty() -> None:
    assert entry(field("text"), {"a": 1}) == entry(field("choices"), ["a"]) == ""


@pytest.mark.parametrize(
    ("parts", "value", "again"),
    [
        (("30", "11", "2026"), "2026-11-30", ("30", "11", "2026")),
        (("1", "3", "1951"), "1951-03-01", ("1", "3", "1951")),
        (("31", "11", "2026"), "31.11.2026", ("31", "11", "2026")),
        (("", "11", "2026"), ".11.2026", ("", "11", "2026")),
        (("", "", ""), "", ("", "", "")),
        (("x", "11", "2026"), "x.11.2026", ("", "", "")),
    ],
)
def test_three_parts_make_a_date_or_stay_as_typed(
    parts: tuple[str, str, str], value: str, again: tuple[str, str, str]
) -> None:
    assert date_from_parts(*parts) == value
    assert date_parts(value) == again


def test_date_parts_of_no_text_are_empty() -> None:
    assert date_parts(None) == date_parts(5) == ("", "", "")


def test_put_leaves_the_old_answers_alone_and_takes_empty_objects_away() -> None:
    old: dict[str, Any] = {"a": {"b": 1}, "c": 2}
    assert put(old, "/a/d~1e", 3) == {"a": {"b": 1, "d/e": 3}, "c": 2}
    assert put(old, "/a/b", None) == {"c": 2}
    assert put(old, "/c/x", 1) == {"a": {"b": 1}, "c": {"x": 1}}
    assert put(old, "/nothing/here", None) == old
    assert old == {"a": {"b": 1}, "c": 2}
    assert get(old, "/a/b") == 1
    assert get(old, "/a/b/c") is None
    assert get([], "/a") is None
