"""Old content is said on Home with its day, stale content in red, and a wrong clock instead of either."""

from __future__ import annotations

from datetime import date

import pytest

from kiosk.ui.sources import ContentAge
from kiosk.ui.viewmodels.session import SessionModel
from tests.ui.house import MemoryHouse

DAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("age", "says", "alarm"),
    [
        (ContentAge(), "", False),
        (ContentAge("fresh", DAY), "", False),
        (ContentAge("old", DAY), "Сведения об услугах мы проверили 20 ноября 2026", False),
        (ContentAge("stale", DAY), "Сведения давно не обновлялись, последний раз 20 ноября 2026", True),
        (ContentAge("stale", DAY, clock_wrong=True), "Время на этом устройстве неверно", False),
        (ContentAge("fresh", DAY, clock_wrong=True), "Время на этом устройстве неверно", False),
    ],
)
def test_the_line_on_home(session: SessionModel, house: MemoryHouse, age: ContentAge, says: str, alarm: bool) -> None:
    house.age = age
    session.start()
    assert session.link.contentText.startswith(says) and bool(session.link.contentText) == bool(says)
    assert session.link.contentAlarm is alarm


def test_in_english_and_gone_when_new_content_came(session: SessionModel, house: MemoryHouse) -> None:
    house.age = ContentAge("old", DAY)
    session.start()
    session.setLanguage("en")
    assert session.link.contentText.startswith("We last checked what we say about services on 20 November 2026")
    house.age = ContentAge("fresh", DAY)
    session.woken()
    assert session.link.contentText == ""
