"""Articles say what the house knows, in both languages, and every block that leads somewhere arrives."""

from __future__ import annotations

import pytest

from kiosk.config import Settings
from kiosk.errors import ContentMissing
from kiosk.model.city import News
from kiosk.model.text import Text
from kiosk.ui import articles
from kiosk.ui.articles import city, events, guide
from kiosk.ui.viewmodels.article import MAKERS
from kiosk.ui.viewmodels.session import TARGETS, SessionModel
from kiosk.ui.visit import Visit
from tests.ui.house import NOON, MemoryHouse

SUBJECTS = {"Guide": "S0005", "Event": "loss", "Events": "", "Resource": "troika", "Places": "library"}


@pytest.fixture
def house() -> MemoryHouse:
    return MemoryHouse()


@pytest.fixture
def visit(house: MemoryHouse) -> Visit:
    return Visit(house, Settings(), lambda: NOON)


@pytest.fixture
def session(visit: Visit, qapp: object) -> SessionModel:
    return SessionModel(visit)


def blocks(article: articles.Article, kind: str) -> list[str]:
    return [block.text for block in article.blocks if block.kind == kind]


def test_the_guide_answers_in_order(visit: Visit) -> None:
    found = guide.guide(visit, "S0005")
    assert blocks(found, "heading") == [
        "Что вы получите",
        "Кто может обратиться",
        "Документы",
        "Что делать",
        "Сколько стоит и сколько ждать",
        "Где",
        "Что будет потом",
        "Когда откажут",
        "Кто отвечает за услугу",
        "Когда это бывает нужно",
        "Похожие услуги",
    ]
    assert [block.number for block in found.blocks if block.kind == "step"] == [1, 2]
    targets = [block.target for block in found.blocks if block.target]
    assert targets == ["centres:", "event:loss", "service:S0300"], "a related service that is gone is left out"
    assert blocks(found, "quiet") == ["Текст написан редакцией и ещё не проверен городом."]


def test_a_service_without_a_guide(visit: Visit) -> None:
    with pytest.raises(ContentMissing):
        guide.guide(visit, "S0300")


def test_an_event_is_a_list_of_steps_with_services(visit: Visit) -> None:
    found = events.event(visit, "loss")
    assert [(block.kind, block.number, block.target) for block in found.blocks] == [
        ("step", 1, ""),
        ("row", 0, "service:S0005"),
    ]
    with pytest.raises(ContentMissing):
        events.event(visit, "gone")
    with pytest.raises(ContentMissing):
        events.events(visit, "gone")


def test_alerts_stand_first_as_cards(visit: Visit, house: MemoryHouse) -> None:
    house.city.alerts = (News("storm", "alert", "2026-11-24", Text("Шторм", "Storm"), Text("Не гуляйте.", "Stay in.")),)
    found = city.news(visit)
    assert found.blocks[0].kind == "alert" and found.blocks[0].note == "Не гуляйте."
    assert "1 ноября 2026" in [block.text for block in found.blocks]


def test_centres_say_the_year_and_how_to_call(visit: Visit) -> None:
    found = city.centres(visit)
    assert "2013" in found.lead
    assert "+7\u00a0495\u00a0123-45-67" in next(block.note for block in found.blocks if "Сокол" in block.text)
    with pytest.raises(ContentMissing):
        city.places(visit, "moon")


def test_places_of_one_okrug_lead_to_the_others(visit: Visit) -> None:
    first = city.places(visit, "library")
    assert blocks(first, "item") == ["Библиотека № 1"] and first.blocks[-1].target == "places:library/none"
    assert blocks(city.places(visit, "library/none"), "item") == ["Библиотека № 2"]
    with pytest.raises(ContentMissing):
        city.places(visit, "library/mars")


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("page", sorted(MAKERS))
def test_every_block_leads_to_a_page(session: SessionModel, page: str, language: str) -> None:
    session.start()
    session.setLanguage(language)
    session.article.open(page, SUBJECTS.get(page, ""))
    assert session.article.title and session.article.blocks.count
    for row in list(session.article.blocks.rows()):
        if not row["target"]:
            continue
        kind = row["target"].partition(":")[0]
        session.goHome()
        session.follow(row["target"])
        assert session.page == ("Phone" if kind in ("open", "phone") else TARGETS[kind]), row["target"]


def test_a_target_that_nobody_knows_leads_nowhere(session: SessionModel) -> None:
    session.start()
    session.follow("moon:1")
    session.follow("service:S9999")
    assert session.page == "Home"


def test_a_site_is_opened_on_the_phone(session: SessionModel) -> None:
    session.start()
    session.follow("open:troika")
    assert session.page == "Phone" and session.phone.link == "https://transport.mos.ru/troika"
    assert session.phone.title == "Карта «Тройка»" and session.phone.codeModules > 0


def test_the_language_changes_what_is_read(session: SessionModel) -> None:
    session.start()
    session.openService("S0005")
    session.openGuide()
    assert session.page == "Guide" and session.article.label == "Для\u00a0граждан"
    before = session.article.title
    session.setLanguage("en")
    assert session.article.title != before and session.article.label == "For citizens"
