"""Every fault has a stable code and words in both languages that say how to mend it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kiosk import words
from kiosk.forms.definition import compile_form
from kiosk.forms.formats import FORMATS
from kiosk.forms.messages import CODE_OF_KIND
from kiosk.forms.soundness import error_codes
from kiosk.model.form import AnswerError
from tests.forms.small import control, definition, page

TODAY = date(2026, 11, 23)


def one(schema: dict[str, Any], value: Any, language: str = "ru", options: dict[str, Any] | None = None) -> AnswerError:
    """The only error of a form of one field."""
    element = control("field", options=options or {})
    form = compile_form(definition({"field": schema}, [page("a", element)], required=("field",)))
    (error,) = form.check({"field": value} if value is not None else {}, language, TODAY)
    assert error.pointer == "/field"
    assert form.check_page("a", {"field": value}, language, TODAY) == (error,)
    return error


def string(name: str, **more: Any) -> dict[str, Any]:
    return {"type": "string", "format": name, **more}


@pytest.mark.parametrize(
    ("schema", "value", "code", "ru", "en"),
    [
        (
            string("date"),
            "31.11.2026",
            "date.day",
            "В ноябре 30 дней. Проверьте число",
            "November has 30 days. Check the day",
        ),
        (
            string("date"),
            "32.01.2026",
            "date.day",
            "В январе 31 день. Проверьте число",
            "January has 31 days. Check the day",
        ),
        (
            string("date"),
            "29.02.2025",
            "date.leap",
            "В феврале 2025 года 28 дней. Проверьте число",
            "February 2025 has 28 days. Check the day",
        ),
        (string("date"), "--11-2026", "date.no_day", "Укажите день", "Enter the day"),
        (
            string("date"),
            "вчера",
            "date.form",
            "Напишите дату числами: день, месяц, год",
            "Write the date in numbers: day, month, year",
        ),
        (
            string("snils"),
            "112-233-445 9",
            "snils.length",
            "В СНИЛС 11 цифр. Вы ввели 10",
            "SNILS has 11 digits. You entered 10",
        ),
        (
            string("inn-organisation"),
            "7707083894",
            "inn-organisation.check",
            "Проверьте ИНН: последняя цифра не сходится",
            "Check the INN: the last digit does not fit",
        ),
        (string("vin"), "XTA", "vin.length", "В VIN 17 знаков. Вы ввели 3", "A VIN has 17 characters. You entered 3"),
        ({"type": "string"}, None, "required", "Заполните: «field (ру)»", "Fill in: “field”"),
        ({"type": "string"}, "  ", "required", "Заполните: «field (ру)»", "Fill in: “field”"),
        (string("date"), None, "required", "Укажите дату: «field (ру)»", "Enter a date: “field”"),
        (string("date"), "", "required", "Укажите дату: «field (ру)»", "Enter a date: “field”"),
        ({"type": "boolean"}, None, "required", "Выберите ответ: «field (ру)»", "Choose an answer: “field”"),
        (
            {"type": "boolean", "const": True},
            False,
            "required",
            "Отметьте галочкой: «field (ру)»",
            "Tick the box: “field”",
        ),
        (
            {"type": "string", "enum": ["a"]},
            "b",
            "choice",
            "Выберите один из ответов списка",
            "Choose one of the answers in the list",
        ),
        (
            {"type": "integer", "minimum": 1},
            0,
            "too_small",
            "Число не может быть меньше 1",
            "The number cannot be less than 1",
        ),
        (
            {"type": "integer", "maximum": 15},
            16,
            "too_large",
            "Число не может быть больше 15",
            "The number cannot be more than 15",
        ),
        (
            {"type": "integer"},
            "пять",
            "number",
            "Напишите число цифрами, без букв",
            "Write a number in digits, without letters",
        ),
        (
            {"type": "string", "maxLength": 3},
            "long",
            "too_long",
            "Ответ слишком длинный. Сократите его",
            "The answer is too long. Please shorten it",
        ),
        (
            string("date", **{"x-dateLimit": "past"}),
            "2026-11-24",
            "date.past",
            "Этот день ещё не наступил. Проверьте дату",
            "This day has not come yet. Check the date",
        ),
        (
            string("date", **{"x-dateLimit": "future"}),
            "2026-11-22",
            "date.future",
            "Этот день уже прошёл. Проверьте дату",
            "This day has already passed. Check the date",
        ),
        (
            string("date", **{"x-ageMin": 18}),
            "2008-11-24",
            "age.min",
            "Нужно, чтобы исполнилось 18 лет. Проверьте дату рождения",
            "The person must be at least 18 years old. Check the date of birth",
        ),
        (
            string("date", **{"x-ageMax": 7}),
            "2018-11-23",
            "age.max",
            "Возраст не может быть больше 7 лет. Проверьте дату рождения",
            "The person cannot be older than 7 years. Check the date of birth",
        ),
        (
            string("date", **{"x-maxDays": 31}),
            "2026-10-22",
            "date.far",
            "Дата дальше чем на 31 день от сегодняшней. Проверьте её",
            "The date is more than 31 days from today. Check it",
        ),
        (
            string("date", **{"x-dateLimit": "birth"}),
            "1900-11-22",
            "date.too_old",
            "Эта дата слишком давняя. Проверьте год",
            "This date is too long ago. Check the year",
        ),
    ],
)
def test_words_in_both_languages(schema: dict[str, Any], value: Any, code: str, ru: str, en: str) -> None:
    russian, english = one(schema, value, "ru"), one(schema, value, "en")
    assert (russian.code, russian.message) == (code, ru)
    assert (english.code, english.message) == (code, en)


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        (string("date", **{"x-dateLimit": "past"}), "2026-11-23"),
        (string("date", **{"x-dateLimit": "future"}), "2026-11-23"),
        (string("date", **{"x-ageMin": 18}), "2008-11-23"),
        (string("date", **{"x-ageMin": 18}), "2004-02-29"),
        (string("date", **{"x-ageMax": 7}), "2018-11-24"),
        (string("date", **{"x-maxDays": 31}), "2026-10-23"),
        (string("date", **{"x-dateLimit": "birth"}), "1900-11-24"),
        ({"type": "boolean", "const": True}, True),
        ({"type": "integer", "minimum": 1, "maximum": 15}, 15),
    ],
)
def test_the_very_limit_is_accepted(schema: dict[str, Any], value: Any) -> None:
    form = compile_form(definition({"field": schema}, [page("a", control("field"))], required=("field",)))
    assert form.check({"field": value}, "ru", TODAY) == ()


@pytest.mark.parametrize(
    ("schema", "value", "code"),
    [
        ({"type": "string"}, {"deep": 1}, "type"),
        ({"type": "string"}, 5, "type"),
        ({"type": "string"}, True, "type"),
        ({"type": "string"}, [1], "type"),
        ({"type": "string"}, ["a"], "type"),
        ({"type": "integer"}, 1.5, "number"),
        ({"type": "integer"}, float("nan"), "number"),
        ({"type": "integer"}, 10**400, "number"),
        ({"type": "integer"}, True, "number"),
        ({"type": "integer", "multipleOf": 5}, 7, "multiple"),
        ({"type": "string", "pattern": "^a$"}, "b", "pattern"),
        ({"type": "string", "minLength": 3}, "ab", "too_short"),
        ({"type": "string"}, "a\x00b", "characters"),
        ({"type": "string"}, "a\u202eb", "characters"),
        ({"type": "string"}, "\ud800", "characters"),
        ({"type": "string"}, "a" * 20_001, "too_long"),
        ({"type": "string", "const": "x"}, "y", "choice"),
        ({"type": "string", "not": {"const": "x"}}, "x", "invalid"),
        ({"type": "array", "items": {"type": "string", "enum": ["a"]}}, ["b"], "choice"),
        ({"type": "array", "items": {"type": "string", "enum": ["a"]}, "uniqueItems": True}, ["a", "a"], "twice"),
        ({"type": "array", "items": {"type": "string", "enum": ["a", "b"]}, "minItems": 2}, ["a"], "choose_more"),
        ({"type": "array", "items": {"type": "string", "enum": ["a", "b"]}, "maxItems": 1}, ["a", "b"], "choose_fewer"),
        ({"type": "array", "items": {"type": "string", "enum": ["a"]}}, [], "required"),
        ({"type": "array", "items": {"type": "string", "enum": ["a"]}}, [{}], "type"),
        ({"type": "array", "items": {"type": "string", "enum": ["a"]}}, "a", "type"),
    ],
)
def test_code_of_other_faults(schema: dict[str, Any], value: Any, code: str) -> None:
    assert one(schema, value).code == code


def test_money_limits_are_told_in_roubles() -> None:
    error = one({"type": "integer", "maximum": 100_000}, 100_001, "ru", {"money": True})
    assert error.message == "Число не может быть больше 1000 ₽"


def test_form_may_have_better_words() -> None:
    texts = {"field__error__pattern": "Letters only"}
    schema = {"field": {"type": "string", "pattern": "^[a-z]+$"}}
    form = compile_form(definition(schema, [page("a", control("field"))], **texts))
    assert form.check({"field": "1"}, "en", TODAY)[0].message == "Letters only"
    assert form.check({"field": "1"}, "ru", TODAY)[0].message == "Letters only (ру)"


def test_what_the_form_does_not_ask_for_is_refused() -> None:
    schema = {
        "a": {"type": "string"},
        "b": {"type": "object", "additionalProperties": False, "properties": {"c": {"type": "string"}}},
    }
    form = compile_form(definition(schema, [page("p", control("a"), control("b.c"))]))
    errors = form.check({"a": "1", "b": {"c": "2", "d": 3}, "e/f": 4}, "en", TODAY)
    assert [(error.pointer, error.code) for error in errors] == [("/b/d", "unknown"), ("/e~1f", "unknown")]
    assert all(error.message.startswith("This form has no such question") for error in errors)
    assert [error.code for error in form.check({"b": "text"}, "en", TODAY)] == ["type"]
    assert [error.code for error in form.check([], "en", TODAY)] == ["type"]  # type: ignore[arg-type]
    assert form.outgoing({"a": "1", "x": 2}) == {"a": "1"}


PAIRS = [
    ("account-bic", string("account"), string("bic"), "40702810138250123017", "044525226", "account.bic"),
    ("account-bic", string("account"), string("bic"), "40702810138250123017", "044525225", None),
    ("not-before", string("date"), string("date"), "2026-01-01", "2026-01-02", "rule.before"),
    ("not-before", string("date"), string("date"), "2026-01-02", "2026-01-02", None),
    ("later-month", string("date"), string("date"), "2026-11-22", "2026-11-01", "rule.same_month"),
    ("later-month", string("date"), string("date"), "2026-11-01", "2026-10-31", None),
    ("not-less", string("meter-reading"), string("meter-reading"), "99,90", "100", "rule.less"),
    ("not-less", string("meter-reading"), string("meter-reading"), "100", "99,90", None),
    ("at-most-more", string("meter-reading"), string("meter-reading"), "170.01", "100", "rule.much_more"),
    ("at-most-more", string("meter-reading"), string("meter-reading"), "170", "100", None),
    ("not-more", {"type": "integer"}, {"type": "integer"}, 2, 1, "rule.more"),
    ("not-more", {"type": "integer"}, {"type": "integer"}, 1, 1, None),
    ("different", {"type": "string"}, {"type": "string"}, "x", "x", "rule.same"),
    ("different", {"type": "string"}, {"type": "string"}, "x", "y", None),
]


@pytest.mark.parametrize(("rule", "schema", "other_schema", "value", "other", "code"), PAIRS)
def test_rules_between_answers(rule: str, schema: Any, other_schema: Any, value: Any, other: Any, code: Any) -> None:
    rules = ({"rule": rule, "at": "/a", "with": "/b", **({"limit": 70} if rule == "at-most-more" else {})},)
    pages = [page("p", control("b")), page("q", control("a"))]
    form = compile_form(definition({"a": schema, "b": other_schema}, pages, rules=rules))
    found = form.check({"a": value, "b": other}, "ru", TODAY)
    assert [(error.pointer, error.code) for error in found] == ([("/a", code)] if code else [])
    assert form.check_page("q", {"a": value, "b": other}, "ru", TODAY) == found
    assert form.check_page("p", {"a": value, "b": other}, "ru", TODAY) == ()
    assert form.check({"a": value}, "ru", TODAY) == ()


def test_every_code_of_formats_and_schema_has_words_in_both_languages() -> None:
    from tests.forms.test_identifiers import INVALID

    codes = {f"{name}.{code}" for name, _, code in INVALID} | set(CODE_OF_KIND.values())
    codes |= {code for *_, code in PAIRS if code}
    assert codes <= error_codes()
    assert {code.partition(".")[0] for code in codes} >= set(FORMATS)
    russian = {key for key in words.keys("ru") if key.startswith("form.")}
    english = {key for key in words.keys("en") if key.startswith("form.")}
    assert {key for key in russian if not key.endswith(("_few", "_many"))} == english


def test_every_code_stands_in_the_documentation() -> None:
    page = (Path(__file__).parents[2] / "docs" / "forms.md").read_text("utf-8")
    for code in error_codes() - {f"{name}.{rest}" for name in FORMATS for rest in ("letters", "length", "check")}:
        name, _, rest = code.rpartition(".")
        assert f"`{code}`" in page or (f"`{name}`" in page and f"`.{rest}`" in page) or f"`<format>.{rest}`" in page, (
            code
        )
