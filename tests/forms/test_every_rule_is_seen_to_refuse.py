"""A rule that no wrong answer can break does nothing: `kiosk forms check` finds it."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
import pytest

from kiosk.forms.attachments import schema_of
from kiosk.forms.soundness import Checker, check_definition
from kiosk.model.form import FormDefinition
from tests.forms.small import control, definition, page

TODAY = date(2026, 11, 23)


def form(schema: dict[str, Any], *examples: Any, rules: tuple[dict[str, Any], ...] = ()) -> FormDefinition:
    properties = {"a": schema, "b": schema}
    made = definition(properties, [page("p", control("a"), control("b"))], required=("a",), rules=rules)
    for name in ("a", "b"):
        for value in schema.get("items", {}).get("enum", ()):
            made.texts.setdefault(f"{name}.{value}", made.title)
    answers = tuple({"a": one, "b": two} for one, two in (examples * 2)[:2])
    return msgspec.structs.replace(made, examples=answers, schema={**made.schema, "x-examplesOn": TODAY.isoformat()})


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"type": "string", "maxLength": 5, "minLength": 2, "pattern": "^[а-я]+$"}, "да"),
        ({"type": "string", "enum": ["x", "y"]}, "x"),
        (
            {"type": "array", "uniqueItems": True, "minItems": 2, "maxItems": 2, "items": {"enum": ["x", "y", "z"]}},
            ["x", "y"],
        ),
        ({"type": "integer", "minimum": 2, "maximum": 9}, 3),
        ({"type": "integer", "minimum": 0, "multipleOf": 5}, 5),
        ({"type": "boolean"}, False),
        ({"type": "boolean", "const": True}, True),
        ({"type": "string", "format": "snils"}, "11223344595"),
        ({"type": "string", "format": "date", "x-dateLimit": "past", "x-maxDays": 30}, "2026-11-20"),
        ({"type": "string", "format": "date", "x-dateLimit": "future"}, "2026-11-30"),
        ({"type": "string", "format": "date", "x-dateLimit": "birth", "x-ageMin": 14, "x-ageMax": 99}, "1990-11-30"),
        (schema_of(("scan",), 2), "bring"),
    ],
)
def test_rules_that_hold_are_let_pass(schema: dict[str, Any], value: Any) -> None:
    assert check_definition(form(schema, (value, value))) == []


@pytest.mark.parametrize(
    ("schema", "value", "words"),
    [
        ({"type": "string", "pattern": ""}, "да", "the rule pattern refuses nothing"),
        ({"type": "integer", "minimum": -(2**60)}, 3, "the rule minimum refuses nothing"),
        (
            {"type": "string", "format": "date", "x-dateLimit": "birth", "x-ageMin": 0},
            "1990-11-30",
            "x-ageMin refuses nothing",
        ),
    ],
)
def test_rules_that_do_nothing_are_found(schema: dict[str, Any], value: Any, words: str) -> None:
    found = check_definition(form(schema, (value, value)))
    assert found and all(words in message for _, message in found), found


@pytest.mark.parametrize(
    ("schema", "examples", "rule", "holds"),
    [
        ({"type": "string", "format": "date"}, ("2026-11-20", "2026-11-10"), {"rule": "not-before"}, True),
        ({"type": "string", "format": "date"}, ("2026-11-20", "2026-10-10"), {"rule": "later-month"}, True),
        ({"type": "integer"}, (5, 5), {"rule": "not-more"}, True),
        ({"type": "integer"}, (5, 5), {"rule": "not-less"}, True),
        ({"type": "integer"}, (5, 5), {"rule": "at-most-more", "limit": 10}, True),
        ({"type": "string"}, ("x", "y"), {"rule": "different"}, True),
        ({"type": "string", "const": "x"}, ("x", "x"), {"rule": "not-more"}, False),
    ],
)
def test_rules_between_answers_are_broken_once(schema: Any, examples: Any, rule: dict[str, Any], holds: bool) -> None:
    if not holds:
        schema, examples = {"type": "integer", "minimum": 3, "maximum": 3}, (3, 3)
    found = check_definition(form(schema, examples, rules=({**rule, "at": "/a", "with": "/b"},)))
    assert (found == []) is holds, found


def test_a_rule_in_words_is_broken_once() -> None:
    made = form({"type": "integer", "minimum": 0, "maximum": 100}, (5, 9))
    made.texts["a.rule.enough"] = made.title
    for that, holds in (("a <= b", True), ("a <= b + 1000", False)):
        rule = {"rule": "says", "at": "/a", "that": that, "name": "enough"}
        found = check_definition(msgspec.structs.replace(made, schema={**made.schema, "x-rules": [rule]}))
        assert (found == []) is holds, found


def test_a_rule_is_tried_once_in_its_place() -> None:
    checker, counted = Checker({}), []
    made = form({"type": "string", "maxLength": 5}, ("да", "да"))
    assert checker.problems(made) == []
    import kiosk.forms.soundness as soundness

    original = soundness.trials
    soundness.trials = lambda *given: counted.append(given) or original(*given)  # type: ignore[assignment,func-returns-value]
    try:
        assert checker.problems(made) == []
        assert counted == []
        assert Checker({}).problems(made) == [] and len(counted) == 2
    finally:
        soundness.trials = original
