"""Answers made wrong on purpose, one rule at a time, to see that the rule refuses.

Rules. For every rule of a question there are wrong values to try, and the codes that count as a refusal; a rule that
lets all of them pass does nothing and is an error of the form. Wrong values are made from a right one, so that they
break nothing else. Nothing is drawn by chance.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from msgspec import Struct

from kiosk.forms.answers import get, pointer_of, put
from kiosk.forms.attachments import limits_of
from kiosk.forms.formats import dates
from kiosk.forms.question import Question
from kiosk.forms.schema import Schema, asked_for
from kiosk.model.form import Answers
from kiosk.model.lookup import Lookup

_SIGNS = ("!", "8", "?!#", "Я", "A", "-", "а б", "0")
_GARBAGE = ("?", "0", "1", "12", "x", "АБВ", "111111111", "1234567890", "99999999999999999999", "a@b")


class Trial(Struct, frozen=True):
    """One rule of a question, the wrong values to try, and the beginnings of codes that refuse them."""

    rule: str
    values: tuple[Any, ...]
    codes: tuple[str, ...]


def trials(question: Question, right: Any, today: date, lookups: Mapping[str, Lookup]) -> Iterator[Trial]:
    """Every rule of a question but `required`, for a right answer of it."""
    schema = question.schema
    if question.expression is not None:
        return
    match question.kind:
        case "attachment":
            yield from _files(question, right)
        case "list":
            yield from _items(schema, right)
        case "choices":
            yield from _several(schema, question.values)
        case "choice":
            yield Trial("enum", ("no such choice",), ("choice",))
        case "yes_no":
            yield Trial("type", ("perhaps",), ("type",))
        case "tick":
            yield Trial("const", (False,), ("required",))
        case "number" | "money":
            yield from _numbers(schema)
        case _:
            yield from _texts(question, right, today, lookups)


def broken_pairs(schema: Schema, rule: Mapping[str, Any], answers: Answers) -> Iterator[Answers]:
    """Answers in which a rule between two of them may be broken; one in words names its answers in its expression."""
    if "that" in rule:
        yield from changed(schema, rule["that"], answers)
        return
    at = get(answers, rule["at"])
    other = get(answers, rule.get("with", rule["at"]))
    if at is None or other is None:
        return
    for value in _near(at, other):
        yield put(answers, rule["at"], value)
    if "with" in rule:
        for value in _near(other, at):
            yield put(answers, rule["with"], value)
        for bic in ("044525974", "044525187", "044525593"):
            yield put(answers, rule["with"], bic)


def changed(schema: Schema, expression: str, answers: Answers) -> Iterator[Answers]:
    """Answers in which one of those that an expression comes from is another."""
    pointers = sorted(map(pointer_of, asked_for(schema, expression)))
    values = {pointer: value for pointer in pointers if (value := get(answers, pointer)) is not None}
    for pointer, value in values.items():
        for other in values.values():
            yield from (put(answers, pointer, near) for near in _near(value, other))


def _near(at: Any, other: Any) -> Iterator[Any]:
    yield other
    if isinstance(at, bool):
        yield not at
    elif isinstance(at, list):
        yield at[:-1]
        if at and isinstance(at[0], dict):
            for name, value in at[0].items():
                yield from ([{**at[0], name: near}, *at[1:]] for near in _near(value, value))
    elif isinstance(at, int):
        base = other if isinstance(other, int) else at
        yield from (base + step * 10**power for power in range(12) for step in (1, -1))
    elif isinstance(at, str):
        day = dates.read(at)
        base_day = dates.read(other) if isinstance(other, str) else None
        for start in (base_day, day):
            if start is not None:
                yield from ((start + timedelta(days=step)).isoformat() for step in (-1, 1, -40, 40, -400, 400, -4000))
        yield at + "1"
        if at.replace(".", "").isdigit():
            yield from (str(round(float(other if _is_number(other) else at) + step, 2)) for step in (-1, 1, 500, 5000))


def _is_number(value: Any) -> bool:
    return isinstance(value, str) and value.replace(".", "", 1).isdigit()


def _files(question: Question, right: Any) -> Iterator[Trial]:
    limits = limits_of(question.schema)
    one = {"id": "019a0000-0000-7000-8000-999999999999", "name": "x", "media_type": limits.media_types[0], "size": 1}
    first = [one] if not isinstance(right, list) else right
    many = [{**one, "id": f"019a0000-0000-7000-8000-{number:012}"} for number in range(900, 901 + limits.most)]
    yield Trial("type", ("perhaps", [{"id": "x"}]), ("type",))
    yield Trial("kinds", ([{**first[0], "media_type": "text/html"}],), ("attachment.kind",))
    yield Trial("most_bytes", ([{**first[0], "size": limits.most_bytes + 1}],), ("attachment.large",))
    yield Trial("maxItems", (many,), ("attachment.many", "attachment.all"))


def _items(schema: Mapping[str, Any], right: Any) -> Iterator[Trial]:
    item = right[0] if right else {}
    yield Trial("type", ("perhaps", [1]), ("type",))
    if "maxItems" in schema:
        yield Trial("maxItems", ([item] * (schema["maxItems"] + 1),), ("list.many",))
    if schema.get("minItems", 0) > 1:
        yield Trial("minItems", ([item],), ("list.few",))
    if item:
        yield Trial("additionalProperties", ([{**item, "no_such_thing": 1}],), ("unknown",))


def _several(schema: Mapping[str, Any], values: tuple[str, ...]) -> Iterator[Trial]:
    others = list(values[: max(schema.get("minItems", 1) - 1, 0)])
    yield Trial("enum", ([*others, "no such choice"],), ("choice",))
    if schema.get("uniqueItems"):
        yield Trial("uniqueItems", ([values[0], values[0]],), ("twice",))
    if "maxItems" in schema and schema["maxItems"] < len(values):
        yield Trial("maxItems", (list(values[: schema["maxItems"] + 1]),), ("choose_fewer",))
    if schema.get("minItems", 0) > 1:
        yield Trial("minItems", (list(values[: schema["minItems"] - 1]),), ("choose_more",))


def _numbers(schema: Mapping[str, Any]) -> Iterator[Trial]:
    yield Trial("type", ("perhaps", 1.5), ("number", "type"))
    if "minimum" in schema:
        yield Trial("minimum", (schema["minimum"] - 1,), ("too_small",))
    if "maximum" in schema:
        yield Trial("maximum", (schema["maximum"] + 1,), ("too_large",))
    if "multipleOf" in schema:
        yield Trial("multipleOf", (schema.get("minimum", 0) + 1, schema["multipleOf"] + 1), ("multiple",))


def _texts(question: Question, right: Any, today: date, lookups: Mapping[str, Lookup]) -> Iterator[Trial]:
    schema, text = question.schema, right if isinstance(right, str) and right else "Слово"
    yield Trial("type", ([1], {"a": 1}), ("type",))
    if "enum" not in schema and not question.format and question.kind in ("text", "long_text"):
        yield Trial("characters", (text + "\u202e",), ("characters",))
    if "maxLength" in schema:
        yield Trial("maxLength", (_long(text, schema["maxLength"] + 1),), ("too_long",))
    if schema.get("minLength", 0) > 1:
        yield Trial("minLength", (text[: schema["minLength"] - 1].strip() or "а",), ("too_short",))
    if "pattern" in schema:
        yield Trial("pattern", (*_SIGNS, *(text + sign for sign in _SIGNS)), ("pattern",))
    if question.format:
        yield Trial("format", (*_GARBAGE, text[:-1], text + "1"), (f"{question.format}.",))
    if question.lookup and not lookups[question.lookup].open:
        yield Trial("x-lookup", ("no such entry",), ("choice",))
    if question.kind == "date":
        yield from _days(schema, today)


def _long(text: str, length: int) -> str:
    return (text * (length // len(text) + 1))[:length].replace(" ", "а")


def _days(schema: Mapping[str, Any], today: date) -> Iterator[Trial]:
    limit = schema.get("x-dateLimit")
    day = timedelta(days=1)
    if limit in ("past", "birth"):
        yield Trial("x-dateLimit", ((today + day).isoformat(),), ("date.past",))
    if limit == "future":
        yield Trial("x-dateLimit", ((today - day).isoformat(),), ("date.future",))
    if limit == "birth":
        yield Trial("x-dateLimit birth", ((today - 366 * 126 * day).isoformat(),), ("date.too_old", "age.max"))
    if "x-ageMin" in schema:
        yield Trial("x-ageMin", ((today - day).isoformat(),), ("age.min",))
    if "x-ageMax" in schema:
        oldest = today - timedelta(days=366 * (schema["x-ageMax"] + 1))
        yield Trial("x-ageMax", (oldest.isoformat(),), ("age.max",))
    if "x-maxDays" in schema:
        far = timedelta(days=schema["x-maxDays"] + 1)
        yield Trial("x-maxDays", ((today - far).isoformat(), (today + far).isoformat()), ("date.far",))
