"""A session left alone ends; the clock is turned by hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtTest import QTest

from kiosk.ui.engine import Engine
from kiosk.ui.viewmodels.session import SessionModel
from tests.ui.house import Clock


@pytest.fixture
def visiting(session: SessionModel) -> SessionModel:
    session.start()
    return session


def test_ninety_seconds_bring_the_question_twenty_more_the_end(visiting: SessionModel, clock: Clock, qtbot) -> None:
    idle = visiting.idle
    clock.turn(89.9)
    idle.tick()
    assert not idle.warning
    clock.turn(0.2)
    idle.tick()
    assert (idle.warning, idle.secondsLeft, idle.total) == (True, 20, 20)
    clock.turn(19.5)
    idle.tick()
    assert idle.secondsLeft == 1
    assert idle.secondsText == "секунда"
    clock.turn(0.5)
    with qtbot.waitSignal(visiting.ended):
        idle.tick()
    assert visiting.page == "Welcome"


def test_a_touch_begins_the_ninety_seconds_anew(visiting: SessionModel, clock: Clock) -> None:
    clock.turn(80)
    visiting.idle.touched()
    clock.turn(80)
    visiting.idle.tick()
    assert not visiting.idle.warning


def test_the_question_is_answered_any_number_of_times(visiting: SessionModel, clock: Clock) -> None:
    for _ in range(12):
        clock.turn(91)
        visiting.idle.tick()
        assert visiting.idle.warning
        visiting.idle.stay()
        assert not visiting.idle.warning
    assert visiting.page == "Home"


def test_a_key_under_the_question_gives_the_whole_time_again(visiting: SessionModel, clock: Clock) -> None:
    clock.turn(91)
    visiting.idle.tick()
    clock.turn(15)
    visiting.idle.touched()
    visiting.idle.tick()
    assert (visiting.idle.warning, visiting.idle.secondsLeft) == (True, 20)


def test_accessible_modes_have_twice_the_time_and_three_times_the_answer(visiting: SessionModel, clock: Clock) -> None:
    visiting.accessibility.larger()
    clock.turn(170)
    visiting.idle.tick()
    assert not visiting.idle.warning
    clock.turn(11)
    visiting.idle.tick()
    assert (visiting.idle.secondsLeft, visiting.idle.total) == (60, 60)


def test_the_time_left_is_announced_at_fifteens_then_each_second(visiting: SessionModel, clock: Clock) -> None:
    heard: list[str] = []
    visiting.idle.announced.connect(heard.append)
    visiting.accessibility.toggleContrast()
    clock.turn(180)
    for _ in range(60):
        visiting.idle.tick()
        clock.turn(1)
    numbers = [int("".join(filter(str.isdigit, words))) for words in heard]
    assert numbers == [60, 45, 30, *range(20, 0, -1)]


def test_welcome_is_not_watched(session: SessionModel, clock: Clock) -> None:
    clock.turn(10_000)
    session.idle.tick()
    assert not session.idle.warning


def test_a_visit_that_begins_with_help_is_watched_too(session: SessionModel, clock: Clock, qtbot) -> None:
    with qtbot.waitSignal(session.started):
        session.openHelp()
    session.goHome()
    session.openService("S0005")
    session.startForm()
    session.form.setAnswer("/what", "lost")
    clock.turn(91)
    session.idle.tick()
    assert session.idle.warning
    clock.turn(21)
    with qtbot.waitSignal(session.ended):
        session.idle.tick()
    assert session.form.answers == {}


def test_nothing_is_opened_after_the_end(visiting: SessionModel) -> None:
    visiting.end()
    for begin in (visiting.start, visiting.openHelp, visiting.openThemes, visiting.openResume):
        begin()
        assert visiting.page == "Welcome"


def test_a_desktop_is_not_watched(make_session: Callable[..., SessionModel], clock: Clock) -> None:
    session = make_session(mode="desktop")
    session.start()
    clock.turn(10_000)
    session.idle.tick()
    assert not session.idle.warning


def test_the_seconds_are_settings(make_session: Callable[..., SessionModel], clock: Clock) -> None:
    session = make_session(idle_s=5.0, idle_warning_s=3.0)
    session.start()
    clock.turn(5)
    session.idle.tick()
    assert session.idle.secondsLeft == 3


def test_end_in_the_question_ends(visiting: SessionModel, clock: Clock, qtbot) -> None:
    clock.turn(91)
    visiting.idle.tick()
    with qtbot.waitSignal(visiting.ended):
        visiting.idle.end()


def test_a_press_on_the_window_is_a_touch(visiting: SessionModel, clock: Clock, qtbot) -> None:
    engine = Engine(visiting, size=QSize(400, 600), imports=Path(__file__).parent / "qml")
    with qtbot.waitSignal(engine.firstFrame):
        engine.show()
    presses = (
        lambda: QTest.mouseClick(engine.window, Qt.MouseButton.LeftButton, pos=QPoint(390, 590)),
        lambda: QTest.keyClick(engine.window, Qt.Key.Key_Down),
    )
    for press in presses:
        clock.turn(80)
        press()
        clock.turn(80)
        visiting.idle.tick()
        assert not visiting.idle.warning
        visiting.idle.touched()
    engine.close()
