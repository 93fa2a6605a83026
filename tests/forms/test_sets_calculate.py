"""Question sets calculate and hold answers to each other; what an editor gets wrong is refused with its place."""

from __future__ import annotations

import sys
from copy import deepcopy
from datetime import date
from pathlib import Path
from subprocess import run
from typing import Any

import pytest

from kiosk.errors import SourceRefused
from kiosk.forms.answers import get, put
from kiosk.forms.checking import check_all
from kiosk.forms.definition import Form
from kiosk.forms.samples import ON
from kiosk.forms.source import load
from tests.forms.test_published_forms import DEFINITIONS, SOURCES, form
from tests.forms.test_question_sets import choice, field, folder, form_of, page, text

TODAY = date.fromisoformat(ON)


def trip(**changes: Any) -> dict[str, Any]:
    """A set with one of every kind of calculation."""
    night = [field("town", "text"), field("nights", "number", max=90), field("paid", "money", optional=True)]
    return {
        "service": "S0001",
        "version": 1,
        "applicant": "citizen",
        "about": "self",
        "pages": [
            page(
                "trip",
                field("since", "date", example="2026-12-01"),
                field("until", "date", example="2026-12-09"),
                field("length", "number", calculated="days(since, until) + 1", unit=text("days")),
                field("back", "date", calculated="later(until, 1)"),
                group="@group",
            ),
            page(
                "money",
                field("cost", "money", example=9000),
                field("extra", "money", optional=True, example=500),
                field("total", "money", calculated="cost + (has(extra) ? extra : 0)"),
                choice("how", "cash", "card"),
            ),
            page(
                "card",
                field("number", "text", example="12"),
                field("name", "text", calculated="number + ' / ' + how"),
                when={"field": "how", "is": ["card"]},
            ),
            page(
                "nights",
                field("towns", "list", least=1, most=5, item=text("Town"), fields=night),
                field("all_nights", "number", calculated="sum(towns.map(t, t.nights))"),
                field("all_paid", "money", calculated="sum(towns.filter(t, has(t.paid)).map(t, t.paid))"),
            ),
        ],
        "rules": [
            {"at": "until", "that": "until >= since", "says": text("The last day is before the first")},
            {"at": "towns", "that": "all_nights <= length", "says": text("More nights than days")},
        ],
        **changes,
    }


@pytest.fixture
def made(tmp_path: Path) -> Form:
    return form_of(tmp_path, trip())


def test_a_set_that_calculates_is_sound_and_every_rule_is_seen_to_refuse(tmp_path: Path) -> None:
    assert check_all(folder(tmp_path, trip()), ("S0001",))["errors"] == []


def test_the_published_form_names_the_paths_of_its_answers(made: Form) -> None:
    matter = made.definition.schema["properties"]["matter"]
    assert matter["properties"]["length"] == {
        "type": "integer",
        "x-calculated": "days(matter.since, matter.until) + 1",
    }
    assert matter["properties"]["back"] == {
        "type": "string",
        "format": "date",
        "x-calculated": "later(matter.until, 1)",
    }
    assert matter["properties"]["total"]["x-calculated"] == "matter.cost + (has(matter.extra) ? matter.extra : 0)"
    assert matter["properties"]["name"]["x-calculated"] == "matter.number + ' / ' + matter.how"
    assert not {"length", "back", "total", "name", "all_nights"} & set(matter["required"])
    assert made.definition.schema["x-rules"][1] == {
        "rule": "says",
        "at": "/matter/towns",
        "that": "matter.all_nights <= matter.length",
        "name": "2",
    }


def test_examples_carry_what_is_calculated_and_omit_what_cannot_be(made: Form) -> None:
    shortest, longest = made.definition.examples[:2]
    assert (shortest["matter"]["length"], shortest["matter"]["back"], shortest["matter"]["total"]) == (
        9,
        "2026-12-10",
        900_000,
    )
    assert "name" not in shortest["matter"] and "number" not in shortest["matter"]
    assert longest["matter"]["name"] == "12 / card" and longest["matter"]["total"] == 950_000
    assert longest["matter"]["all_paid"] == 2 * 150_000 and shortest["matter"]["all_paid"] == 0
    for example in made.definition.examples:
        assert made.miscalculated(example) == () and made.check(example, "en", TODAY) == ()


def test_calculated_answers_stand_on_their_page_and_among_the_answers_with_nothing_to_change(made: Form) -> None:
    answers = made.definition.examples[1]
    shown = {one.pointer: one for one in made.pages(answers, "en")[0].fields}
    assert shown["/matter/length"].calculated and not shown["/matter/since"].calculated
    assert made.shown("/matter/length", answers, "en") == "9\u00a0days"
    assert made.shown("/matter/back", answers, "ru") == "10 декабря 2026 года"
    rows = {row.label: row for group in made.summary(answers, "en") for row in group.rows}
    assert (rows["length"].value, rows["length"].calculated) == ("9\u00a0days", True)
    assert rows["total"].value == "9,500\u00a0₽" and not rows["cost"].calculated


def test_a_calculated_answer_is_shown_nowhere_while_it_comes_to_nothing(made: Form) -> None:
    answers = put(made.definition.examples[1], "/matter/until", None)
    assert made.shown("/matter/length", answers, "en") == ""
    assert all(row.label != "length" for group in made.summary(answers, "en") for row in group.rows)
    assert [error.pointer for error in made.check(answers, "en", TODAY)] == ["/matter/until"]
    assert get(made.outgoing(answers), "/matter/length") is None


def test_rules_speak_in_the_words_of_the_set_and_after_what_is_wrong_by_itself(made: Form) -> None:
    answers = put(made.definition.examples[0], "/matter/until", "2026-11-01")
    found = [(error.pointer, error.code, error.message) for error in made.check(answers, "en", TODAY)]
    assert found[0] == ("/matter/until", "rule.says", "The last day is before the first")
    assert made.check(answers, "ru", TODAY)[0].message == "The last day is before the first (ру)"
    # "length" comes from both dates: while one of them is no date, nothing is said of the nights.
    broken = put(made.definition.examples[0], "/matter/until", "31.11.2026")
    assert [error.code for error in made.check(broken, "en", TODAY)] == ["date.day"]


def test_a_forged_calculation_is_noticed_and_replaced(made: Form) -> None:
    forged = put(made.definition.examples[0], "/matter/total", 1)
    assert made.miscalculated(forged) == ("/matter/total",)
    assert made.outgoing(forged) == made.outgoing(made.definition.examples[0])


def change(path: str, value: Any) -> Any:
    def changed(one: dict[str, Any]) -> None:
        *parts, last = [int(part) if part.isdigit() else part for part in path.split("/")]
        node: Any = one
        for part in parts:
            node = node[part]
        node[last] = value

    return changed


LENGTH = "pages/0/fields/2"
TOTAL = "pages/1/fields/2"
NAME = "pages/2/fields/1"
NIGHTS = "pages/3/fields/1"


@pytest.mark.parametrize(
    ("wrong", "pointer", "words"),
    [
        (change(f"{LENGTH}/calculated", "days(since,"), f"/{LENGTH}/calculated", "not an expression"),
        (change(f"{LENGTH}/calculated", "days(since, gone)"), f"/{LENGTH}/calculated", "gone is no question"),
        (change(f"{LENGTH}/calculated", "weeks(since)"), f"/{LENGTH}/calculated", "there is no function weeks"),
        (change(f"{LENGTH}/calculated", "cost + 1"), f"/{LENGTH}/calculated", "cost is asked later"),
        (change(f"{LENGTH}/calculated", "length + 1"), f"/{LENGTH}/calculated", "length is asked later"),
        (change(f"{LENGTH}/calculated", "1 + 1"), f"/{LENGTH}/calculated", "names no question"),
        (change(f"{LENGTH}/calculated", "since.year"), f"/{LENGTH}/calculated", "since has no parts"),
        (change(f"{LENGTH}/optional", True), f"/{LENGTH}", "never optional"),
        (change(f"{LENGTH}/min", 5), f"/{LENGTH}", "no limits"),
        (change(f"{LENGTH}/example", 5), f"/{LENGTH}", "no example"),
        (change("pages/0/fields/3/limit", "past"), "/pages/0/fields/3", "no limits"),
        (change("pages/0/fields/0/calculated", "until"), "/pages/0/fields/0", "no example"),
        (change(f"{TOTAL}/calculated", "cost + extra"), f"/{TOTAL}/calculated", "extra may be missing"),
        (change(f"{NAME}/when", {"field": "length", "is": [1]}), f"/{NAME}/when", "length, which is calculated"),
        (change("pages/2", page("card", field("name", "text", calculated="how"))), "/pages/2/fields", "asks something"),
        (
            change(f"{NIGHTS}/calculated", "sum(towns.map(t, t.paid))"),
            f"/{NIGHTS}/calculated",
            "paid may be missing in an item",
        ),
        (change(f"{NIGHTS}/calculated", "sum(towns.map(t, t.gone))"), f"/{NIGHTS}/calculated", "t.gone is no answer"),
        (change(f"{NIGHTS}/calculated", "sum(towns.map(t, t))"), f"/{NIGHTS}/calculated", "t is no answer of an item"),
        (change(f"{NIGHTS}/calculated", "towns[0].nights"), f"/{NIGHTS}/calculated", "nights has no parts"),
        (
            change(f"{NIGHTS}/calculated", "sum(towns.map(cost, cost.nights))"),
            f"/{NIGHTS}/calculated",
            "cost is a question",
        ),
        (
            change("pages/3/fields/0/fields/1/calculated", "1"),
            "/pages/3/fields/0/fields/1/calculated",
            "within an item",
        ),
        (change("pages/3/fields/0/least", 0), f"/{NIGHTS}/calculated", "towns may be missing"),
        (change("rules/0/that", "until >= begin"), "/rules/0/that", "begin is no question"),
        (change("rules/0/that", "until >="), "/rules/0/that", "not an expression"),
        (change("rules/0/that", "true"), "/rules/0/that", "names no question"),
        (change("rules/0/that", "until >= since && cost > 5"), "/rules/0/that", "cost is asked after until"),
        (change("rules/0/at", "gone"), "/rules/0/at", "gone is no question"),
        (change("rules/0/at", "length"), "/rules/0/at", "nobody can mend it"),
        (change("rules/0/says", {"ru": "Так", "en": " "}), "/rules/0/says", "in Russian and in English"),
        (change("pages/0/fields/0/example", "2026-02-31"), "/pages/0/fields/0", "no date"),
    ],
)
def test_what_an_editor_gets_wrong_is_refused_with_its_place(
    tmp_path: Path, wrong: Any, pointer: str, words: str
) -> None:
    one = deepcopy(trip())
    wrong(one)
    with pytest.raises(SourceRefused) as refused:
        load(folder(tmp_path, one))
    found = [(place, message) for file, place, message in refused.value.problems if file.endswith("documents.json")]
    assert any(place == f"/forms/0{pointer}" and words in message for place, message in found), found


@pytest.mark.parametrize("kind", ["choice", "choices", "long", "yes-no", "identifier", "lookup", "list"])
def test_only_numbers_money_text_and_dates_are_calculated(tmp_path: Path, kind: str) -> None:
    one = trip()
    one["pages"][0]["fields"][2] = field("length", kind, calculated="since")
    with pytest.raises(SourceRefused, match="unknown field `calculated`"):
        load(folder(tmp_path, one))


@pytest.mark.parametrize(
    ("change_one", "words"),
    [
        (change("rules/1/that", "all_nights <= length + 10000"), "the rule says refuses nothing"),
        (change(f"{TOTAL}/calculated", "cost * 0"), "follows no other answer"),
        (change(f"{TOTAL}/calculated", "cost + days(since, cost)"), "follows no other answer"),
        (change(f"{TOTAL}/calculated", "since + until"), "comes to something else"),
        (change("pages/0/fields/1/example", "2026-11-01"), "The last day is before the first"),
    ],
)
def test_rules_and_calculations_that_do_nothing_are_found(tmp_path: Path, change_one: Any, words: str) -> None:
    one = deepcopy(trip())
    change_one(one)
    errors = check_all(folder(tmp_path, one), ("S0001",))["errors"]
    assert errors and any(words in error["message"] for error in errors), errors


def test_an_answer_in_two_rules_is_told_by_the_first_that_is_broken_and_both_are_proven(tmp_path: Path) -> None:
    one = trip()
    one["rules"].insert(1, {"at": "until", "that": "length < 90", "says": text("Too long")})
    assert check_all(folder(tmp_path / "sound", one), ("S0001",))["errors"] == []
    one["rules"][1]["that"] = "until >= since || length > 0"  # nothing that the rule before it does not say
    errors = check_all(folder(tmp_path / "idle", one), ("S0001",))["errors"]
    assert [error["message"] for error in errors] == ["the rule says refuses nothing"]


CALCULATING = sorted(name for name, one in DEFINITIONS.items() if '"x-calculated"' in str(one.schema).replace("'", '"'))


def test_services_calculate_where_it_helps() -> None:
    assert len(CALCULATING) >= 15
    kinds = {
        question.kind
        for name in CALCULATING
        for sheet in form(name).sheets
        for question in sheet.questions
        if question.expression is not None
    }
    assert kinds >= {"number", "money", "date"}
    assert all(SOURCES.sets[name].set.version > 1 for name in CALCULATING)


@pytest.mark.parametrize(
    ("name", "changes", "pointer", "comes_to"),
    [
        ("s0224", {"away_from": "2026-11-01", "away_to": "2026-11-10"}, "away_days", 8),
        ("s0631", {"dig_from": "2026-12-14", "dig_to": "2026-12-14"}, "dig_days", 1),
        ("s0096", {"voucher_price": 1_000_000, "tickets_price": None}, "rest_cost", 1_000_000),
        ("s0096", {"voucher_price": 1_000_000, "tickets_price": 50}, "rest_cost", 1_000_050),
        ("s0104", {"leave_from": "2026-11-23", "leave_days": 140}, "leave_to", "2027-04-11"),
        ("s0297", {"goods_income": 10_000_000, "goods_people": 3}, "goods_each", 3_333_333),
        ("s0558", {"jab_staff": 3, "jab_first": 2, "jab_full": 2}, "jab_share", 67),
        ("s0755", {"grant_sum": 75, "grant_own": 25}, "grant_share", 25),
        ("s0729", {"firm_readings": [{"firm_now": 9, "firm_before": 4}, {"firm_now": 100}]}, "firm_used", 5),
    ],
)
def test_services_come_to_what_one_reckons_by_hand(
    name: str, changes: dict[str, Any], pointer: str, comes_to: Any
) -> None:
    answers = DEFINITIONS[name].examples[1]
    for key, value in changes.items():
        answers = put(answers, f"/matter/{key}", value)
    assert get(form(name).outgoing(answers), f"/matter/{pointer}") == comes_to


@pytest.mark.parametrize(
    ("name", "changes", "at", "words"),
    [
        ("s0224", {"away_from": "2026-11-01", "away_to": "2026-11-07"}, "away_to", "больше 5 полных дней"),
        ("s0224", {"away_from": "2026-11-01", "away_to": "2026-10-07"}, "away_to", "раньше, чем уехали"),
        ("s0530", {"broke_creditors/0/creditor_sum": 200_000_000}, "broke_creditors", "от 25 000 до 1 000 000 рублей"),
        ("s0617", {"po_case": "more", "po_now": 60, "po_need": 60}, "po_need", "больше, чем сейчас"),
        ("s0617", {"po_case": "split", "po_now": 60, "po_need": 30}, "", ""),
    ],
)
def test_services_refuse_what_cannot_be(name: str, changes: dict[str, Any], at: str, words: str) -> None:
    answers = DEFINITIONS[name].examples[0]
    for key, value in changes.items():
        answers = put(answers, f"/matter/{key}", value)
    errors = form(name).check(answers, "ru", TODAY)
    assert [(error.pointer, words in error.message) for error in errors] == ([(f"/matter/{at}", True)] if at else [])


def test_the_library_of_expressions_comes_without_its_command_line() -> None:
    code = (
        "import sys; from kiosk.forms.expression import Expression\n"
        "assert Expression('days(a, b)').value({'a': '2026-11-01', 'b': '2026-11-03'}) == 2\n"
        "assert not {'typer', 'prompt_toolkit', 'rich'} & sys.modules.keys()\n"
        "import cel; assert cel.compile('1 + 1').execute() == 2"
    )
    done = run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
