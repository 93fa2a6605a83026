"""The driver finds controls by accessible name, taps, types, waits and takes pictures, in a window of its own."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QImage

from kiosk.ui.driven import Driven
from kiosk.ui.driver import Driver, DriverError
from kiosk.ui.engine import Engine
from kiosk.ui.viewmodels.session import SessionModel
from tests.helpers.patience import PATIENCE_S
from tests.ui.walker import Walker

TINY = Path(__file__).parent / "qml"


@pytest.fixture
def walked(session: SessionModel, qtbot) -> Iterator[Walker]:
    engine = Engine(session, size=QSize(400, 600), imports=TINY)
    with qtbot.waitSignal(engine.firstFrame):
        engine.show()
    here, there = socket.socketpair()
    driven = Driven(here.fileno(), engine.window, session)
    yield Walker(Driver(there, PATIENCE_S), qtbot)
    driven.close()
    engine.close()
    here.close()
    there.close()


def test_a_tap_by_name_presses_the_button(walked: Walker, session: SessionModel) -> None:
    control = walked(lambda driver: driver.tap("коснитесь, чтобы начать"))
    assert control.role == "Button"
    walked(lambda driver: driver.wait_page("Home"))
    assert session.page == "Home"
    assert walked(lambda driver: driver.page()) == "Home"


def test_typing_reaches_the_focused_field(walked: Walker, session: SessionModel) -> None:
    walked(lambda driver: driver.tap("Поиск", role="EditableText"))
    walked(lambda driver: driver.type("паспорт Ё"))
    assert session.search.query == "паспорт Ё"
    walked(lambda driver: (driver.key("Backspace"), driver.key("Backspace")))
    assert session.search.query == "паспорт"
    assert walked(lambda driver: driver.wait("Нашлось")).role == "StaticText"
    assert "focused" in walked(lambda driver: driver.find("Поиск")).states


def test_a_control_out_of_view_is_scrolled_to(walked: Walker, session: SessionModel) -> None:
    walked(lambda driver: driver.tap("Строка 33"))
    assert session.search.query == "Строка 33"
    walked(lambda driver: driver.tap("Строка 1", role="Button"))
    assert session.search.query == "Строка 1"


def test_names_are_what_a_screen_reader_gets(walked: Walker) -> None:
    controls = walked(lambda driver: driver.names())
    by_name = {control.name: control for control in controls}
    assert by_name["Страница Welcome"].role == "Heading"
    assert "disabled" in by_name["Нельзя"].states
    assert "невидимое" not in by_name
    x, y, width, height = by_name["Нельзя"].rect
    assert 0 <= x < 400
    assert 0 <= y < 600
    assert width > 10
    assert height > 10


@pytest.mark.parametrize(
    ("walk", "words"),
    [
        (lambda driver: driver.find("Нет такого"), "Нет такого"),
        (lambda driver: driver.wait("Нет такого", timeout_s=0.1), "Страница Welcome"),
        (lambda driver: driver.wait_page("Receipt", timeout_s=0.1), "not on page Receipt"),
        (lambda driver: driver.grab(Path("/nowhere/at/all.png")), "no picture"),
        (lambda driver: driver.find("Нельзя", role="CheckBox"), "no CheckBox"),
    ],
)
def test_what_is_not_there_is_told_with_what_is(walked: Walker, walk: Callable[[Driver], Any], words: str) -> None:
    with pytest.raises(DriverError, match=words):
        walked(walk)


def test_a_disabled_control_cannot_be_tapped(walked: Walker) -> None:
    with pytest.raises(DriverError, match="to tap"):
        walked(lambda driver: driver.tap("Нельзя", timeout_s=0.1))


def test_a_picture_shows_the_window(walked: Walker, tmp_path: Path) -> None:
    path = tmp_path / "shot.png"
    walked(lambda driver: driver.grab(path))
    image = QImage(str(path))
    assert (image.width(), image.height()) == (400, 600)
    assert len({image.pixel(x, y) for x in range(0, 400, 7) for y in range(0, 200, 3)}) > 3


def test_a_session_that_is_gone_is_an_error_not_a_hang() -> None:
    here, there = socket.socketpair()
    here.close()
    with pytest.raises(DriverError):
        Driver(there).page()
    there.close()
