"""Every page of the finding half, in every view a visitor can choose: it loads without a warning, nothing hangs over
an edge, whatever is pressed has a name and a size, and in low reach stands inside the band."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QObject, QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QImage
from PySide6.QtQuick import QQuickItem
from PySide6.QtTest import QTest

from kiosk.errors import StorageFull
from kiosk.ui.engine import SIZES, Engine, application
from kiosk.ui.icons import draw
from kiosk.ui.viewmodels.session import SessionModel
from tests.ui.house import MemoryHouse
from tests.ui.stillness import settle


def saved(session: SessionModel) -> None:
    session._visit.house.desk.printer = "ready"
    session.openService("S0005")
    session.startForm()
    session.saveForm()


PAGES: dict[str, Callable[[SessionModel], None]] = {
    "Welcome": lambda session: None,
    "Home": lambda session: session.start(),
    "Themes": lambda session: session.openThemes(),
    "Theme": lambda session: session.openTheme("housing"),
    "Events": lambda session: session.openEvents(),
    "Event": lambda session: session.openEvent("loss"),
    "Results": lambda session: session.openSearch("паспорт"),
    "Service": lambda session: session.openService("S0005"),
    "Phone": lambda session: session.openPhone("signin"),
    "Help": lambda session: session.openHelp(),
    "Resume": lambda session: session.openResume(),
    "Saved": saved,
    "OutOfService": lambda session: session.out_of_service(StorageFull("the disk is full")),
}
BAND = 710
KEY_MIN = 81
TARGET_MIN = 88
DESKTOP_MIN = 44
RING = 6


class Heard(logging.Handler):
    """Keeps what Qt and QML complain about."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


@pytest.fixture
def heard(qapp: object) -> Iterator[Heard]:
    application()
    handler, log = Heard(), logging.getLogger("qt")
    log.addHandler(handler)
    yield handler
    log.removeHandler(handler)


@pytest.fixture
def show(
    make_session: Callable[..., SessionModel], heard: Heard
) -> Iterator[Callable[..., tuple[Engine, SessionModel]]]:
    """A shown shell and its session; any warning, up to closing, fails the test."""
    open_: list[Engine] = []

    def make(
        mode: str = "kiosk", size: QSize | None = None, language: str = "ru", scale: float = 1.0
    ) -> tuple[Engine, SessionModel]:
        session = make_session(mode=mode)
        session.setLanguage(language)
        session.accessibility.setTextScale(scale)
        engine = Engine(session, size=size or SIZES["desktop" if mode == "desktop" else "portrait"])
        open_.append(engine)
        engine.show()
        settle(engine.window)
        return engine, session

    yield make
    for engine in open_:
        engine.close()
    assert heard.messages == []


def everything(item: QQuickItem) -> Iterator[QQuickItem]:
    """The visible items of a window, in reading order."""
    for child in item.childItems():
        if child.isVisible() and child.opacity() > 0:
            yield child
            yield from everything(child)


def operable(engine: Engine) -> list[QQuickItem]:
    """What can be pressed: our buttons, by the property that all of them have."""
    return [item for item in everything(engine.window.contentItem()) if item.property("spoken") is not None]


def place(item: QQuickItem) -> tuple[float, float, float, float]:
    """Left, top, right, bottom in the window."""
    corner = item.mapToScene(QPointF(0, 0))
    return corner.x(), corner.y(), corner.x() + item.width(), corner.y() + item.height()


def hidden(item: QQuickItem) -> bool:
    """It stands on another screenful: outside what an ancestor lets be seen. Half inside is a cut control."""
    _, top, _, bottom = place(item)
    above = item.parentItem()
    while above is not None:
        if above.clip():
            _, from_, _, to = place(above)
            if bottom <= from_ + RING or top >= to - RING:
                return True
            assert top >= from_ - 0.5 and bottom <= to + 0.5, (
                "cut",
                item.property("spoken"),
                place(item),
                place(above),
            )
        above = above.parentItem()
    return False


def press(engine: Engine, item: QQuickItem) -> None:
    left, top, right, bottom = place(item)
    QTest.mouseClick(
        engine.window, Qt.MouseButton.LeftButton, pos=QPoint(int((left + right) / 2), int((top + bottom) / 2))
    )
    settle(engine.window)


def named(engine: Engine, name: str) -> QQuickItem:
    """The one control with this name."""
    found = [item for item in operable(engine) if item.property("spoken") == name]
    assert len(found) == 1, [item.property("spoken") for item in operable(engine)]
    return found[0]


def search_input(engine: Engine) -> QQuickItem:
    return next(item for item in everything(engine.window.contentItem()) if item.property("cursorPosition") is not None)


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("language", ["ru", "en"])
def test_pages_reflow_without_cutting(
    show: Callable[..., tuple[Engine, SessionModel]], language: str, scale: float
) -> None:
    engine, session = show(language=language, scale=scale)
    for name, opens in PAGES.items():
        opens(session)
        settle(engine.window)
        width, height = engine.window.width(), engine.window.height()
        assert session.page == name
        for item in operable(engine):
            if hidden(item):
                continue
            left, top, right, bottom = place(item)
            spoken = item.property("spoken")
            assert spoken, name
            assert left >= 0 and right <= width + 0.5 and top >= 0 and bottom <= height + 0.5, (
                name,
                spoken,
                place(item),
            )
            label = item.property("label")
            assert label in spoken or not any(sign.isalnum() for sign in label), (name, spoken)
        for item in everything(engine.window.contentItem()):
            if item.property("lineCount") is not None and item.property("text"):
                assert item.property("contentWidth") <= item.width() + 1, (name, item.property("text"))
                assert item.property("truncated") in (None, False), (name, item.property("text"))


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
def test_low_reach_keeps_every_control_in_the_band(
    show: Callable[..., tuple[Engine, SessionModel]], scale: float
) -> None:
    engine, session = show(scale=scale)
    session.accessibility.toggleLowReach()
    for name, opens in PAGES.items():
        opens(session)
        settle(engine.window)
        for item in operable(engine):
            assert hidden(item) or place(item)[1] >= BAND, (name, item.property("spoken"), place(item))


def test_targets_are_as_large_as_a_fingertip(show: Callable[..., tuple[Engine, SessionModel]]) -> None:
    engine, session = show()
    for name, opens in PAGES.items():
        opens(session)
        settle(engine.window)
        for item in operable(engine):
            least = KEY_MIN if item.property("wordy") is not None else TARGET_MIN
            assert item.width() >= least and item.height() >= least, (name, item.property("spoken"))


def test_desktop_pages(show: Callable[..., tuple[Engine, SessionModel]]) -> None:
    engine, session = show(mode="desktop", size=QSize(1024, 700))
    for name, opens in PAGES.items():
        if name == "Welcome":
            continue
        opens(session)
        settle(engine.window)
        for item in operable(engine):
            left, _, right, _ = place(item)
            assert left >= 0 and right <= engine.window.width() + 0.5, (name, item.property("spoken"))
            assert item.height() >= DESKTOP_MIN, (name, item.property("spoken"), item.height())
        if name in ("Theme", "Event", "Results"):
            assert any(item.property("markedTitle") for item in operable(engine)), name


def test_contrast_switches_live(show: Callable[..., tuple[Engine, SessionModel]]) -> None:
    engine, session = show()
    session.start()
    press(engine, named(engine, "Контраст"))
    assert session.accessibility.contrast
    picture: QImage = engine.window.grabWindow()
    assert picture.pixelColor(4, 400).name() == "#000000"
    assert picture.pixelColor(400, 1810).name() == "#ffd600"


def test_a_button_fires_on_release_and_not_after_sliding_off(show: Callable[..., tuple[Engine, SessionModel]]) -> None:
    engine, session = show()
    start = named(engine, "Коснитесь, чтобы начать")
    left, top, _, _ = place(start)
    inside, outside = QPoint(int(left) + 40, int(top) + 40), QPoint(int(left) + 40, int(top) - 80)
    QTest.mousePress(engine.window, Qt.MouseButton.LeftButton, pos=inside)
    assert session.page == "Welcome"
    QTest.mouseMove(engine.window, outside)
    QTest.mouseRelease(engine.window, Qt.MouseButton.LeftButton, pos=outside)
    assert session.page == "Welcome"
    QTest.mouseClick(engine.window, Qt.MouseButton.LeftButton, pos=inside)
    assert session.page == "Home"


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_keys_press_what_has_the_focus(show: Callable[..., tuple[Engine, SessionModel]], key: Qt.Key) -> None:
    engine, session = show()
    named(engine, "Коснитесь, чтобы начать").forceActiveFocus()
    QTest.keyClick(engine.window, key)
    assert session.page == "Home"


def test_down_walks_everything_in_reading_order(show: Callable[..., tuple[Engine, SessionModel]]) -> None:
    engine, session = show()
    session.start()
    settle(engine.window)
    seen: list[str] = []
    for _ in range(60):
        QTest.keyClick(engine.window, Qt.Key.Key_Down)
        item: QObject | None = engine.window.activeFocusItem()
        assert item is not None
        name = item.property("spoken") or "field"
        if seen and name == seen[0]:
            break
        seen.append(name)
    wanted = [item.property("spoken") for item in operable(engine) if item.isEnabled()]
    assert [name for name in seen if name != "field"] == wanted


def test_the_keyboard_on_the_screen_writes_and_the_results_follow(
    show: Callable[..., tuple[Engine, SessionModel]], house: MemoryHouse
) -> None:
    engine, session = show()
    session.start()
    session.openSearch("")
    settle(engine.window)
    for letter in "фасад":
        press(engine, named(engine, letter))
    assert session.search.query == "фасад"
    assert search_input(engine).property("activeFocus")
    press(engine, named(engine, "Стереть"))
    assert session.search.query == "фаса"
    press(engine, named(engine, "ENG: английские буквы"))
    press(engine, named(engine, "q"))
    assert session.search.query == "фасаq"
    press(engine, named(engine, "123: цифры и\u00a0знаки"))
    press(engine, named(engine, "7"))
    assert session.search.query == "фасаq7"
    press(engine, named(engine, "Готово"))
    assert not [item for item in operable(engine) if item.property("wordy") is not None]
    press(engine, search_input(engine))
    assert named(engine, "Готово")


def test_arrows_reach_the_keys(show: Callable[..., tuple[Engine, SessionModel]]) -> None:
    engine, session = show()
    session.start()
    session.openSearch("")
    settle(engine.window)
    for key in (
        Qt.Key.Key_Down,
        Qt.Key.Key_Right,
        Qt.Key.Key_Down,
        Qt.Key.Key_Return,
        Qt.Key.Key_Up,
        Qt.Key.Key_Return,
    ):
        QTest.keyClick(engine.window, key)
    assert session.search.query == "ыц"
    QTest.keyClick(engine.window, Qt.Key.Key_Up)
    assert search_input(engine).property("activeFocus")


def test_an_icon_takes_its_colour() -> None:
    picture = draw("check", ["a3161c"], QSize(48, 48))
    colours = {
        picture.pixelColor(x, y).name() for x in range(48) for y in range(48) if picture.pixelColor(x, y).alpha() == 255
    }
    assert colours == {"#a3161c"}


def test_an_unknown_icon_draws_nothing_and_says_so(heard: Heard) -> None:
    picture = draw("no-such-icon", ["000000"], QSize(8, 8))
    assert all(picture.pixelColor(x, y).alpha() == 0 for x in range(8) for y in range(8))
    assert any("no-such-icon" in message for message in heard.messages)
