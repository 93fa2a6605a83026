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
