"""The real shells, page by page: no QML warning, a heading, a name on every control, nothing outside the window."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QSize, QtMsgType, qInstallMessageHandler

from kiosk.ui import accessible_tree as tree
from kiosk.ui.engine import SIZES, Engine, load_fonts
from kiosk.ui.viewmodels.session import SessionModel

OPERABLE = ("Button", "CheckBox", "RadioButton", "EditableText", "Link", "ListItem", "MenuItem", "PageTab")


def fill(session: SessionModel) -> None:
    """To the check page, one tap after the other as a visitor would."""
    form = session.form
    steps = (
        lambda: session.openService("S0005"),
        session.startForm,
        lambda: form.setAnswer("/what", "lost"),
        form.next,
        lambda: form.setDay("/when", 3),
        form.next,
        lambda: form.setAnswer("/name", "Соколова Анна"),
        form.next,
    )
    for step in steps:
        step()
        QCoreApplication.processEvents()


def form_error(session: SessionModel) -> None:
    session.openService("S0005")
    session.startForm()
    session.form.next()


def sent(session: SessionModel, qtbot) -> None:
    fill(session)
    session.check.setConsent(True)
    session.check.submit()
    qtbot.waitUntil(lambda: session.page == "Receipt")


PAGES: dict[str, Callable[[SessionModel, object], object]] = {
    "Home": lambda session, _: session.goHome(),
    "Themes": lambda session, _: session.openThemes(),
    "Theme": lambda session, _: session.openTheme("housing"),
    "Events": lambda session, _: session.openEvents(),
    "Event": lambda session, _: session.openEvent("loss"),
    "Results": lambda session, _: session.openSearch("паспорт"),
    "Service": lambda session, _: session.openService("S0005"),
    "Form": lambda session, _: form_error(session),
    "Check": lambda session, _: fill(session),
    "Receipt": sent,
    "Code": lambda session, qtbot: (sent(session, qtbot), session.showCode()),
    "Saved": lambda session, _: (form_error(session), session.saveForm()),
    "Resume": lambda session, _: session.openResume(),
    "Phone": lambda session, _: session.openPhone("bills"),
    "Help": lambda session, _: session.openHelp(),
    "Applications": lambda session, _: session.openApplications(),
}


class Warnings:
    """What Qt and QML complain about."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def __call__(self, kind: QtMsgType, context: object, message: str) -> None:
        if kind != QtMsgType.QtDebugMsg:
            self.heard.append(message)


@pytest.fixture
def warnings() -> Iterator[Warnings]:
    warnings = Warnings()
    before = qInstallMessageHandler(warnings)
    yield warnings
    qInstallMessageHandler(before)


Show = Callable[[str, str], Engine]


@pytest.fixture
def show(make_session: Callable[..., SessionModel], warnings: Warnings, qtbot) -> Iterator[Show]:
    load_fonts()
    engines: list[Engine] = []

    def begin(mode: str, language: str, size: QSize | None = None) -> tuple[Engine, SessionModel]:
        session = make_session(mode=mode, language=language)
        engine = Engine(session, size=size or SIZES["desktop" if mode == "desktop" else "portrait"])
        engines.append(engine)
        with qtbot.waitSignal(engine.firstFrame):
            engine.show()
        return engine, session

    yield begin
    for engine in engines:
        engine.close()


def faults(engine: Engine) -> list[str]:
    """What is wrong with the page that is on the screen."""
    found = [tree.control(one, engine.window) for one in tree.walk(engine.window)]
    headings = [control for control in found if control.role == "Heading"]
    wrong = [] if headings else ["no heading"]
    for control in found:
        x, _, width, _ = control.rect
        if control.role in OPERABLE and not tree.plain(control.name):
            wrong.append(f"without a name: {control}")
        if control.role in OPERABLE and (x < 0 or x + width > engine.window.width()):
            wrong.append(f"beyond the side: {control}")
    return wrong


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("mode", ["kiosk", "desktop"])
def test_pages_name_everything_and_complain_of_nothing(
    show: Show, warnings: Warnings, qtbot, mode: str, language: str
) -> None:
    engine, session = show(mode, language)
    session.start()
    wrong: dict[str, list[str]] = {}
    for page, go in PAGES.items():
        go(session, qtbot)
        assert session.page == page
        for scale in (2.0, 1.0):
            session.accessibility.setTextScale(scale)
            session.accessibility.toggleContrast()
            engine.window.grabWindow()
            wrong[f"{page} x{scale}"] = faults(engine) + warnings.heard
            warnings.heard.clear()
    assert {where: what for where, what in wrong.items() if what} == {}


@pytest.mark.parametrize("mode", ["kiosk", "desktop"])
def test_the_language_changes_on_the_page_that_is_open(show: Show, warnings: Warnings, mode: str, qtbot) -> None:
    engine, session = show(mode, "ru")
    session.start()
    session.openService("S0005")
    qtbot.waitUntil(lambda: tree.find(engine.window, "Выдача паспорта") is not None)
    session.setLanguage("en")
    qtbot.waitUntil(lambda: tree.find(engine.window, "Replacement of a lost Russian passport") is not None)
    assert tree.find(engine.window, "Начать заявление") is None
    assert warnings.heard == []


def test_low_reach_brings_every_control_of_home_into_the_band(show: Show, qtbot) -> None:
    engine, session = show("kiosk", "ru")
    session.start()
    session.accessibility.toggleLowReach()
    top = session.accessibility.lowReachTop * engine.window.height()
    qtbot.waitUntil(lambda: tree.find(engine.window, "Назад") is not None)
    engine.window.grabWindow()
    high = [
        control.name
        for one in tree.walk(engine.window)
        if one.role().name in OPERABLE and (control := tree.control(one, engine.window)).rect[1] < top - 1
    ]
    assert high == []
