"""What is hidden is not asked, not checked, not summarised and never sent; yet it stays in the answers."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from kiosk.forms.definition import compile_form
from tests.forms.small import control, definition, page, shown_if

TODAY = date(2026, 11, 23)
CHOICE = {"type": "string", "enum": ["yes", "no"]}
TEXT = {"type": "string", "maxLength": 20}


def ids(form: Any, answers: dict[str, Any]) -> list[str]:
    return [one.id for one in form.pages(answers, "en")]


CHAIN = compile_form(
    definition(
        {"first": CHOICE, "second": CHOICE, "third": TEXT},
        [
            page("a", control("first")),
            page("b", control("second"), rule=shown_if("first", {"const": "yes"})),
            page("c", control("third"), rule=shown_if("second", {"const": "yes"})),
        ],
        required=("first", "second", "third"),
    )
)


def test_only_visible_pages_are_there_in_order() -> None:
    assert ids(CHAIN, {}) == ["a"]
    assert ids(CHAIN, {"first": "yes"}) == ["a", "b"]
    assert ids(CHAIN, {"first": "yes", "second": "yes"}) == ["a", "b", "c"]


def test_hiding_goes_on_down_a_chain_and_keeps_the_answers() -> None:
    answers = {"first": "no", "second": "yes", "third": "kept"}
    assert ids(CHAIN, answers) == ["a"]
    assert CHAIN.outgoing(answers) == {"first": "no"}
    assert CHAIN.check(answers, "en", TODAY) == ()
    assert answers == {"first": "no", "second": "yes", "third": "kept"}
    assert CHAIN.outgoing({**answers, "first": "yes"}) == {"first": "yes", "second": "yes", "third": "kept"}


def test_hidden_answer_is_not_checked_and_not_summarised() -> None:
    answers = {"first": "no", "third": "much longer than twenty characters"}
    assert CHAIN.check_page("c", answers, "en", TODAY) == ()
    assert [row.pointer for group in CHAIN.summary(answers, "en") for row in group.rows] == ["/first"]


def test_field_under_a_rule_comes_and_goes_on_its_page() -> None:
    form = compile_form(
        definition(
            {"has": {"type": "boolean"}, "number": TEXT},
            [page("a", control("has"), control("number", rule=shown_if("has", {"const": True})))],
            required=("has", "number"),
        )
    )
    fields = [[field.pointer for field in form.pages({"has": has}, "en")[0].fields] for has in (True, False)]
    assert fields == [["/has", "/number"], ["/has"]]
    assert [error.pointer for error in form.check({"has": True}, "en", TODAY)] == ["/number"]
    assert form.check({"has": False}, "en", TODAY) == ()


@pytest.mark.parametrize(
    ("rule", "answers", "visible"),
    [
        (shown_if("first", {"const": "yes"}, "HIDE"), {"first": "yes"}, False),
        (shown_if("first", {"const": "yes"}, "HIDE"), {"first": "no"}, True),
        (shown_if("first", {"const": "yes"}, "HIDE"), {}, True),
        (shown_if("first", {"enum": ["yes", "no"]}), {"first": "no"}, True),
        (shown_if("first", {"not": {"const": "yes"}}), {}, False),
        (shown_if("first", {"const": "yes"}), {"first": ["yes"]}, False),
    ],
)
def test_rules_show_and_hide(rule: dict[str, Any], answers: dict[str, Any], visible: bool) -> None:
    pages = [page("a", control("first")), page("b", control("second"), rule=rule)]
    form = compile_form(definition({"first": CHOICE, "second": TEXT}, pages))
    assert ("b" in ids(form, answers)) is visible


@pytest.mark.parametrize(
    ("kind", "answers", "visible"),
    [
        ("AND", {"first": "yes", "second": "yes"}, True),
        ("AND", {"first": "yes", "second": "no"}, False),
        ("OR", {"first": "no", "second": "yes"}, True),
        ("OR", {"first": "no", "second": "no"}, False),
    ],
)
def test_conditions_join(kind: str, answers: dict[str, Any], visible: bool) -> None:
    conditions = [shown_if(name, {"const": "yes"})["condition"] for name in ("first", "second")]
    rule = {"effect": "SHOW", "condition": {"type": kind, "conditions": conditions}}
    pages = [page("a", control("first"), control("second")), page("b", control("third"), rule=rule)]
    form = compile_form(definition({"first": CHOICE, "second": CHOICE, "third": TEXT}, pages))
    assert ("b" in ids(form, answers)) is visible


def test_page_without_any_visible_field_is_no_page() -> None:
    pages = [page("a", control("first")), page("b", control("third", rule=shown_if("first", {"const": "yes"})))]
    form = compile_form(definition({"first": CHOICE, "third": TEXT}, pages))
    assert ids(form, {"first": "no"}) == ["a"]


def test_unknown_page_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        CHAIN.check_page("nowhere", {}, "en", TODAY)


def test_page_of_a_pointer() -> None:
    assert CHAIN.page_of("/second") == "b"
    with pytest.raises(KeyError):
        CHAIN.page_of("/fourth")
