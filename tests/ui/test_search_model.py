"""Search as the visitor types."""

from __future__ import annotations

import pytest

from kiosk.ui.service_words import marked
from kiosk.ui.viewmodels.session import SessionModel


def test_results_marks_and_summary(session: SessionModel) -> None:
    session.search.setQuery("паспорт")
    rows = session.search.results.rows()
    assert [row["serviceId"] for row in rows] == ["S0005", "S0700"]
    assert "<b>паспорт</b>" in rows[0]["titleMarked"]
    assert rows[1]["titleMarked"] == "<b>Паспорт</b> фасада &lt;здания&gt;"
    assert session.search.summary.replace("\u00a0", " ") == "Нашлось 2 услуги. Ищем также «утрата»"
    assert rows[0]["costText"] == "1500\u00a0₽"
    assert rows[0]["termText"] == "5 дней"
    assert rows[1]["audienceLabel"] == "Для\u00a0организаций"
    assert rows[1]["costText"] == ""


def test_did_you_mean_is_taken_over(session: SessionModel) -> None:
    session.search.setQuery("паспрт")
    assert session.search.nothing
    assert session.search.didYouMeanText == "Может быть, «паспорт»?"
    session.search.useDidYouMean()
    assert session.search.query == "паспорт"
    assert session.search.results.count == 2


def test_an_empty_query_shows_what_people_look_for(session: SessionModel) -> None:
    session.search.setQuery("паспорт")
    session.search.clear()
    assert session.search.results.count == 0
    assert session.search.summary == ""
    assert session.search.popular == ["Загранпаспорт"]
    assert not session.search.nothing


def facets(session: SessionModel) -> dict[str, bool]:
    return {row["facet"]: row["on"] for row in session.search.facets.rows()}


def test_results_are_narrowed_to_whom_they_are_for_and_back(session: SessionModel) -> None:
    session.search.setQuery("паспорт")
    assert facets(session) == {"citizen": False, "organisation": False, "apply": False, "look": False}
    session.search.toggle("organisation")
    assert [row["serviceId"] for row in session.search.results.rows()] == ["S0700"]
    assert facets(session)["organisation"] and not facets(session)["citizen"]
    assert {row["label"] for row in session.search.facets.rows()} >= {"Гражданам", "Организациям"}
    assert session.search.narrowText == "Только: Организациям"
    session.search.toggle("citizen")
    assert [row["serviceId"] for row in session.search.results.rows()] == ["S0005"], "of each sort one at a time"
    session.search.toggle("citizen")
    assert session.search.results.count == 2


def test_what_leaves_nothing_over_says_so_and_can_be_taken_back(session: SessionModel) -> None:
    session.search.setQuery("паспорт")
    session.search.toggle("organisation")
    session.search.toggle("apply")
    assert session.search.results.count == 0
    assert session.search.summary == "Здесь ничего нет. Снимите отбор."
    session.search.toggle("apply")
    assert session.search.results.count == 1


def test_what_would_leave_nothing_out_is_not_offered(session: SessionModel) -> None:
    session.search.setQuery("фасада")
    assert facets(session) == {}
    session.search.toggle("moon")
    assert session.search.results.count == 1


def test_a_choice_goes_with_the_query(session: SessionModel) -> None:
    session.search.setQuery("паспорт")
    session.search.toggle("organisation")
    session.search.setQuery("паспор")
    assert facets(session)["organisation"], "it stays while one types"
    session.search.clear()
    session.search.setQuery("паспорт")
    assert not any(facets(session).values())


@pytest.mark.parametrize("text", ["x" * 10_000, "\n" * 10_000, "%_\"'*()", "\u202eпаспорт", "\x00", "🙂" * 500])
def test_odd_input_is_taken_calmly(session: SessionModel, text: str) -> None:
    session.search.setQuery(text)
    assert len(session.search.query) <= 200
    assert "\n" not in session.search.query


def test_going_home_forgets_the_query(session: SessionModel) -> None:
    session.start()
    session.openSearch("паспорт")
    session.goHome()
    assert session.search.query == ""


def test_marks_outside_the_title_are_ignored() -> None:
    assert marked("a<b", ((0, 1), (0, 2), (2, 99), (-1, 1))) == "<b>a</b>&lt;b"
