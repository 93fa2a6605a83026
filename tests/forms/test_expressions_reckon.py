"""Expressions: what their functions come to, which names they have, and that they never raise nor write an answer."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.forms.expression import Expression
from kiosk.forms.expression_names import Chain, answers, bound, chains, prefixed
from kiosk.forms.schema import asked_for

ANSWERS = {
    "a": "2026-02-28",
    "b": "2026-03-01",
    "n": 3,
    "list": [{"sum": 5}, {"sum": 7}],
    "text": "слово",
}


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("days(a, b)", 1),
        ("days(b, a)", -1),
        ("later(a, n)", "2026-03-03"),
        ("later(a, 99999999)", None),
        ("later(a, -99999)", None),
        ("sum(list.map(x, x.sum))", 12),
        ("sum([])", 0),
        ("percent(1, n)", 33),
        ("percent(2, n)", 67),
        ("percent(1, 8)", 13),
        ("percent(1, 0)", None),
        ("roubles(n)", 300),
        ("n / 0", None),
        ("days(text, b)", None),
        ("days(text, b) > 0", None),
        ("days(a)", None),
        ("sum(list)", None),
        ("sum(text)", None),
        ("later(a, text)", None),
        ("roubles(text)", None),
        ("percent(true, n)", None),
        ("gone + 1", None),
        ("roubles(9007199254740991)", None),
    ],
)
def test_what_expressions_come_to(expression: str, value: Any, capfd: pytest.CaptureFixture[str]) -> None:
    assert Expression(expression).value(ANSWERS) == value
    assert capfd.readouterr() == ("", ""), "the library writes what a function raises, and with it an answer"


def test_answers_may_be_called_like_functions() -> None:
    assert Expression("sum([sum, days(a, b)])").value({**ANSWERS, "sum": 4, "days": 9}) == 5


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


@given(JSON, JSON)
def test_functions_never_raise(first: Any, second: Any) -> None:
    for text in ("days(x, y)", "later(x, y)", "sum(x)", "percent(x, y)", "roubles(x)", "sum([x, y])"):
        Expression(text).value({"x": first, "y": second})


@pytest.mark.parametrize(
    ("expression", "looks_at"),
    [
        ("cost - asked", {"cost", "asked"}),
        ("'cost ' + name + \"asked\" // cost", {"name"}),
        ("trips.filter(t, t.cost > cost).map(t, t.days).size()", {"trips", "cost"}),
        ("has(matter.cost) ? matter.cost : 0", {"matter.cost"}),
        ("matter.list.size() + size(other)", {"matter.list", "other"}),
        ("cost in [1, true, null, 0x1F, 1.5e3]", {"cost"}),
        ("days(a, later(b, 2)) > 5u", {"a", "b"}),
        ("r'\\w' + b", {"b"}),
    ],
)
def test_names_are_read_as_the_library_reads_them(expression: str, looks_at: set[str]) -> None:
    assert {".".join(path) for path in answers(expression)} == looks_at
    heads = {path.partition(".")[0] for path in looks_at} | set(bound(chains(expression)))
    assert set(Expression(expression).names) == heads


def test_a_prefix_stands_before_answers_only() -> None:
    text = "sum(trips.map(cost, cost.days)) + days(a, b) + size('a') + a.b"
    assert prefixed(text, "m", {"trips", "a", "b", "days", "size"}) == (
        "sum(m.trips.map(cost, cost.days)) + days(m.a, m.b) + size('a') + m.a.b"
    )


def test_chains_tell_calls_tests_and_bindings_apart() -> None:
    assert chains("has(a) && l.all(x, x.y)") == [
        Chain(("a",), 4, tested=True),
        Chain(("l", "all"), 10, calls=True, binds="x"),
        Chain(("x", "y"), 19),
    ]


def test_what_is_calculated_is_followed_to_what_is_asked() -> None:
    properties = {
        "a": {"type": "integer"},
        "b": {"type": "integer", "x-calculated": "a + 1"},
        "c": {"type": "integer", "x-calculated": "b + c"},
    }
    assert asked_for({"properties": properties}, "c + d") == {("a",), ("d",)}
