"""SessionModel: pages, languages, what is not there."""

from __future__ import annotations

from collections.abc import Callable

from kiosk.errors import DamagedStore
from kiosk.ui.viewmodels.session import SessionModel
from tests.ui.house import MemoryHouse


def test_a_visitor_starts_on_welcome_and_comes_home(session: SessionModel) -> None:
    assert session.page == "Welcome"
    session.start()
    assert session.page == "Home"
    assert not session.canGoBack
    assert [row["title"] for row in session.home.themes.rows()] == ["Документы", "Жильё, ЖКУ, двор"]
    assert [row["countText"] for row in session.home.themes.rows()] == ["1 услуга", "2 услуги"]
    assert session.home.themeCountText == "Все 2 темы"
    assert session.centreName == "МФЦ района Сокол"
    assert session.clock == "12:00"


def test_every_page_can_be_opened_and_left(session: SessionModel) -> None:
    session.start()
    for call, page in (
        (session.openThemes, "Themes"),
        (session.openEvents, "Events"),
        (session.openHelp, "Help"),
        (session.openApplications, "Applications"),
        (lambda: session.openTheme("housing"), "Theme"),
        (lambda: session.openEvent("loss"), "Event"),
        (lambda: session.openSearch("паспорт"), "Results"),
        (lambda: session.openService("S0005"), "Service"),
        (lambda: session.openPhone("bills"), "Phone"),
    ):
        call()
        assert session.page == page
        assert session.canGoBack
        session.goBack()
        assert session.page == "Home"


def test_back_shows_the_earlier_subject_again(session: SessionModel) -> None:
    session.start()
    session.openService("S0005")
    session.openService("S0300")
    assert session.service.title == "Счета за квартиру"
    session.goBack()
    assert session.service.serviceId == "S0005"


def test_the_language_changes_live_everywhere(session: SessionModel, qtbot) -> None:
    session.start()
    session.openSearch("паспорт")
    session.openService("S0005")
    with qtbot.waitSignals([session.languageChanged, session.service.changed, session.home.changed]):
        session.setLanguage("en")
    assert session.language == "en"
    assert session.otherLanguage == "ru"
    assert session.brand == "My Documents"
    assert session.service.title == "Replacement of a lost Russian passport"
    assert session.service.primaryText == "Start application"
    assert session.home.themes.rows()[0]["title"] == "Documents"
    assert session.link.statusText.startswith("No network")
    assert session.text("home.services", {"count": 3}) == "3 services"


def test_an_unknown_language_changes_nothing(session: SessionModel) -> None:
    session.setLanguage("xx")
    assert session.language == "ru"


def test_a_language_change_keeps_the_rows_so_that_focus_stays(session: SessionModel, qtbot) -> None:
    with (
        qtbot.assertNotEmitted(session.home.themes.modelReset),
        qtbot.waitSignal(session.home.themes.dataChanged),
    ):
        session.setLanguage("en")


def test_a_service_that_is_not_there_keeps_the_visitor_where_they_are(session: SessionModel, qtbot) -> None:
    session.start()
    with qtbot.waitSignal(session.announced) as heard:
        session.openService("S9999")
    assert session.page == "Home"
    assert "нет" in heard.args[0]


def test_an_empty_store_shows_home_without_tiles(make_session: Callable[..., SessionModel], house: MemoryHouse) -> None:
    house.catalogue.empty = True
    session = make_session()
    session.start()
    assert session.page == "Home"
    assert session.home.empty
    session.openSearch("паспорт")
    assert session.search.results.count == 0
    house.catalogue.empty = False
    session.goHome()
    session.woken()
    assert not session.home.empty


def test_a_store_that_does_not_open_is_out_of_service(session: SessionModel) -> None:
    session.out_of_service(DamagedStore("page 3 is damaged"))
    assert session.page == "OutOfService"
    assert "повреждены" in session.outOfServiceText and "kiosk doctor" in session.outOfServiceStaff
    session.start()
    session.goBack()
    assert session.page == "OutOfService"


def test_a_missing_key_is_shown_and_logged_not_raised(session: SessionModel, caplog) -> None:
    assert session.text("home.nothing_like_this", {}) == "«home.nothing_like_this»"
    assert "home.nothing_like_this" in caplog.text


def test_the_card_of_a_service_says_cost_term_and_place(session: SessionModel) -> None:
    session.start()
    session.openService("S0005")
    card = session.service
    assert [row["value"] for row in card.facts.rows()] == ["1500\u00a0₽", "5 дней", "Здесь"]
    assert card.facts.rows()[0]["note"] == "по\u00a0тарифу 2021 года"
    assert card.facts.rows()[1]["note"] == "рабочих"
    assert card.canApply
    assert card.documents.rows()[0]["note"] == "Можно сделать здесь"


def test_a_service_without_a_form_opens_on_the_phone(session: SessionModel) -> None:
    session.start()
    session.openService("S0300")
    assert not session.service.canApply
    assert session.service.primaryText == "Открыть на\u00a0телефоне"
    assert session.service.kindNote
    session.startForm()
    assert session.page == "Phone"
    assert session.phone.link == "https://www.mos.ru/bills/"
    assert session.phone.codeModules > 20
    assert session.phone.codeSource.startswith("data:image/png;base64,")


def test_no_topic_of_the_phone_page_is_dead(session: SessionModel) -> None:
    session.start()
    for topic in ("signin", "passes", "appointments", "bills", "records", "centres", "news", "services", "unknown"):
        session.openPhone(topic)
        assert session.page == "Phone"
        assert session.phone.title
        assert len(session.phone.text) > 20
        assert session.phone.link.startswith("https://www.mos.ru/")
        assert session.phone.codeModules > 20


def test_a_theme_can_be_narrowed_to_an_audience(session: SessionModel) -> None:
    session.start()
    session.openTheme("housing")
    assert session.theme.audiences == ["citizen", "organisation"]
    session.theme.setAudience("organisation")
    assert [row["serviceId"] for row in session.theme.services.rows()] == ["S0700"]
    assert session.theme.countText == "1 услуга"
    session.theme.setAudience("")
    assert session.theme.services.count == 2


def test_the_list_of_documents_is_printed_as_the_visitor_reads(
    session: SessionModel, house: MemoryHouse, qtbot
) -> None:
    session.start()
    session.openService("S0005")
    session.service.printChecklist()
    assert not session.service.printing, "without a printer nothing is begun"
    house.desk.printer = "ready"
    session.setLanguage("en")
    session.accessibility.larger()
    session.service.printChecklist()
    qtbot.waitUntil(lambda: not session.service.printing)
    assert house.desk.checklists == [("S0005", "en", True)]
    assert session.service.printNotice
    session.openService("S0300")
    assert session.service.printNotice == ""
