"""The desktop's own ways: menus that act on the field in use, steps of size, sections, sign-in, saved papers, dark."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QSize, Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest

from kiosk.ui import accessible_tree as tree
from kiosk.ui import documents
from kiosk.ui.engine import Engine
from kiosk.ui.viewmodels.session import SessionModel
from tests.ui.house import MemoryHouse
from tests.ui.test_every_page_is_accessible import PAGES, faults, show, warnings  # noqa: F401

Show = Callable[..., tuple[Engine, SessionModel]]


def names(engine: Engine, role: str) -> list[str]:
    found = (tree.control(one, engine.window) for one in tree.walk(engine.window))
    return [tree.plain(control.name) for control in found if control.role == role]


def press(engine: Engine, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(engine.window, key, modifiers)


CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def desktop(show: Show, qtbot) -> tuple[Engine, SessionModel]:  # noqa: F811
    engine, session = show("desktop", "en")
    qtbot.waitUntil(lambda: engine.window.activeFocusItem() is not None)
    return engine, session


def test_control_plus_and_minus_walk_through_the_three_sizes(desktop: tuple[Engine, SessionModel]) -> None:
    engine, session = desktop
    seen = []
    for key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Plus, Qt.Key.Key_Minus, Qt.Key.Key_Minus):
        press(engine, key, CONTROL)
        seen.append(session.accessibility.textScale)
    assert seen == [1.5, 2, 2, 1.5, 1]
    press(engine, Qt.Key.Key_Plus, CONTROL)
    press(engine, Qt.Key.Key_0, CONTROL)
    assert session.accessibility.textScale == 1


@pytest.mark.parametrize(
    ("key", "modifiers", "page"),
    [
        (Qt.Key.Key_K, CONTROL, "Results"),
        (Qt.Key.Key_T, CONTROL, "Themes"),
        (Qt.Key.Key_E, CONTROL, "Events"),
        (Qt.Key.Key_D, CONTROL, "Applications"),
        (Qt.Key.Key_F1, Qt.KeyboardModifier.NoModifier, "Help"),
    ],
)
def test_keys_lead_to_pages_and_back(
    desktop: tuple[Engine, SessionModel], qtbot, key: Qt.Key, modifiers: Qt.KeyboardModifier, page: str
) -> None:
    engine, session = desktop
    press(engine, key, modifiers)
    assert session.page == page
    press(engine, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert session.page == "Home"


def test_control_q_closes_the_window(desktop: tuple[Engine, SessionModel]) -> None:
    engine, _ = desktop
    press(engine, Qt.Key.Key_Q, CONTROL)
    assert not engine.window.isVisible()


def test_f10_opens_a_menu_and_arrows_go_on(desktop: tuple[Engine, SessionModel], qtbot) -> None:
    engine, session = desktop
    press(engine, Qt.Key.Key_F10)
    qtbot.waitUntil(lambda: "Quit" in names(engine, "MenuItem"))
    press(engine, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: "Select all" in names(engine, "MenuItem"))
    press(engine, Qt.Key.Key_Escape)
    assert session.page == "Home"


def test_edit_acts_on_the_field_that_was_in_use(desktop: tuple[Engine, SessionModel], qtbot) -> None:
    engine, session = desktop
    session.openSearch("passport")
    qtbot.waitUntil(lambda: engine.window.activeFocusItem().property("text") == "passport")
    field = engine.window.activeFocusItem()
    press(engine, Qt.Key.Key_F10)
    press(engine, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: "Select all" in names(engine, "MenuItem"))
    for _ in range(4):
        press(engine, Qt.Key.Key_Down)
    press(engine, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: field.property("selectedText") == "passport")


@pytest.mark.parametrize("size", [QSize(1024, 700), QSize(1280, 800), QSize(1920, 1200)])
@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_every_page_stays_inside_windows_of_any_size(
    show: Show,  # noqa: F811
    warnings: object,  # noqa: F811
    qtbot,
    size: QSize,
    scale: float,
) -> None:
    engine, session = show("desktop", "ru", size)
    session.accessibility.setTextScale(scale)
    wrong = {}
    for page, go in PAGES.items():
        go(session, qtbot)
        wrong[page] = faults(engine)
    assert {page: found for page, found in wrong.items() if found} == {}
    assert warnings.heard == []


@pytest.mark.parametrize(
    ("go", "section"),
    [
        (lambda session: session.openService("S0005"), "All services"),
        (lambda session: session.openSearch("passport"), "All services"),
        (lambda session: session.openTheme("housing"), "All services"),
        (lambda session: session.openPhone("bills"), "Bills and fines"),
        (lambda session: session.openApplications(), "My applications"),
    ],
)
def test_the_section_that_a_page_belongs_to_is_marked(
    desktop: tuple[Engine, SessionModel], go: Callable[[SessionModel], None], section: str
) -> None:
    engine, session = desktop
    go(session)
    marked = [
        tree.plain(one.text(tree.QAccessible.Text.Name)) for one in tree.walk(engine.window) if one.state().selected
    ]
    assert marked == [section]


def test_home_offers_to_sign_in_at_every_width(show: Show) -> None:  # noqa: F811
    for width in (1024, 1280, 1920):
        engine, session = show("desktop", "en", QSize(width, 800))
        assert "Sign in with the browser" in names(engine, "Button")
        assert session.page == "Home"


def test_a_form_put_aside_waits_on_home(desktop: tuple[Engine, SessionModel]) -> None:
    engine, session = desktop
    session.openService("S0005")
    session.startForm()
    assert "Finish later" in names(engine, "Button")
    session.goHome()
    assert "Continue" in names(engine, "Button")
    session.resumeForm()
    assert session.page == "Form"


def test_the_desktop_does_not_speak_of_a_kiosk(make_session: Callable[..., SessionModel]) -> None:
    session = make_session(mode="desktop", language="ru")
    for topic in ("signin", "bills", "records", "passes", "service:S0005"):
        session.openPhone(topic)
        assert "ерминал" not in session.phone.text
        assert "браузер" in session.phone.howText
    session.openPhone("signin")
    assert "браузер" in session.phone.text


def test_the_browser_is_asked_and_a_missing_one_is_told(
    make_session: Callable[..., SessionModel], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: bool(asked.append(url)))
    session = make_session(mode="desktop")
    session.openPhone("bills")
    assert session.phone.browserNotice == ""
    session.phone.openInBrowser()
    assert asked == [QUrl("https://www.mos.ru/services/")]
    assert session.phone.browserNotice != ""
    session.openPhone("news")
    assert session.phone.browserNotice == ""


def test_a_list_is_saved_where_the_person_says(
    make_session: Callable[..., SessionModel], house: MemoryHouse, qtbot, tmp_path: Path
) -> None:
    session = make_session(mode="desktop", language="ru")
    session.openService("S0005")
    target = tmp_path / "мой список.pdf"
    session.service.saveChecklistTo(
        QUrl.fromLocalFile(str(target)).toString(QUrl.ComponentFormattingOption.FullyEncoded)
    )
    qtbot.waitUntil(target.exists)
    qtbot.waitUntil(lambda: session.service.printNotice.startswith("Список сохранён"))


def test_offered_names_suit_every_file_system() -> None:
    assert documents.file_name('Паспорт: "новый"/старый?') == "Паспорт- -новый-старый.pdf"
    assert documents.file_name("../..") == "document.pdf"
    assert len(documents.file_name("я" * 300)) == documents.LONGEST + 4
    assert documents.folder().is_dir()


def test_a_dark_system_makes_a_dark_window(desktop: tuple[Engine, SessionModel], qtbot) -> None:
    engine, session = desktop
    session.accessibility.keep_still()
    links = [one for one in engine.window.contentItem().childItems() if "ThemeLink" in one.metaObject().className()]
    corner = QPoint(600, 780)
    assert engine.window.grabWindow().pixelColor(corner).lightness() > 200
    # The offscreen platform knows no system colours: the switch that they are bound to.
    assert links[0].property("dark") is False
    links[0].setProperty("dark", True)
    qtbot.waitUntil(lambda: engine.window.grabWindow().pixelColor(corner).lightness() < 60)
    for page, go in PAGES.items():
        go(session, qtbot)
        picture = engine.window.grabWindow()
        if folder := os.environ.get("DARK_PICTURES"):
            picture.save(str(Path(folder) / f"{page}.png"))
        assert picture.pixelColor(corner).lightness() < 120, page
    session.accessibility.toggleContrast()
    qtbot.waitUntil(lambda: engine.window.grabWindow().pixelColor(corner).lightness() == 0)
