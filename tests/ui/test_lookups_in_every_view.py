"""A lookup is typed into and chosen from without a turn of the page, in every view a visitor can choose."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import pairwise

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, Qt
from PySide6.QtQuick import QQuickItem
from PySide6.QtTest import QTest

from kiosk import resources
from kiosk.forms.definition import Form, compile_form
from kiosk.forms.source import load_lookups
from kiosk.ui.engine import Engine
from kiosk.ui.viewmodels.session import SessionModel
from tests.forms.small import control, definition, page
from tests.ui.house import MemoryHouse
from tests.ui.stillness import settle
from tests.ui.test_codes_in_every_view import VIEWS, items, seen, show
from tests.ui.test_qml_controls import operable, place, press

__all__ = ["show"]
Show = Callable[..., tuple[Engine, SessionModel]]
TYPED = {"ru": "сев", "en": "no"}


@cache
def form() -> Form:
    made = definition(
        {
            "who": {"type": "string", "enum": ["a", "b", "c", "d"]},
            "where": {"type": "string", "x-lookup": "districts"},
        },
        [page("p", control("who"), control("where"))],
        required=("who", "where"),
        who__label="Who is asking",
        where__label="District where the family has lived since then",
        p__label="Where do you live, and who is asking?",
    )
    return compile_form(replace(made, id="lost-passport"), load_lookups(resources.root() / "forms"))


def typing(
    show: Show, house: MemoryHouse, size: str, scale: float, low: bool, language: str
) -> tuple[Engine, SessionModel]:
    """The field of the lookup is open and a few letters stand in it."""
    house.forms.form = lambda form_id: form()  # type: ignore[method-assign]
    engine, session = show(size, scale, low, language)
    session.openService("S0005")
    session.startForm()
    settle(engine.window)
    box(engine).forceActiveFocus()
    settle(engine.window)
    session.form.setAnswer("/where", TYPED[language])
    settle(engine.window)
    return engine, session


def box(engine: Engine) -> QQuickItem:
    return next(item for item in items(engine) if item.property("cursorPosition") is not None)


def entries(engine: Engine) -> list[QQuickItem]:
    """What was found, as far as it is shown: named by the field, as answers of other questions are not."""
    label = box(engine).property("name")
    return [item for item in operable(engine) if item.property("hint") == label and item.property("chosen") is not None]


def keyboard_top(engine: Engine) -> float:
    return min(place(item)[1] for item in operable(engine) if item.property("wordy") is not None)


@pytest.mark.parametrize(("size", "scale", "low", "language"), VIEWS)
def test_the_field_and_two_entries_stand_above_the_keyboard(
    show: Show, house: MemoryHouse, size: str, scale: float, low: bool, language: str
) -> None:
    engine, _ = typing(show, house, size, scale, low, language)
    field, found = box(engine), entries(engine)
    assert field.property("activeFocus") and seen(engine, field)
    assert len(found) >= 2 and all(seen(engine, entry) for entry in found[:2])
    assert all(place(entry)[3] <= keyboard_top(engine) for entry in found[:2])
    corners = [place(one) for one in (field, *found[:2])]
    pairs = pairwise(corners)
    assert all(one[2] <= two[0] or one[3] <= two[1] for one, two in pairs), "nothing lies over another"
    alone = scale > 1 or low or size == "landscape"
    if alone:
        assert all(seen(engine, entry) for entry in found), "what has no room is not begun"
        assert not any(item.property("iconAfter") == "arrow-down" for item in operable(engine)), "nothing is turned"
    if scale < 2:
        assert any(item.property("text") == field.property("name") and seen(engine, item) for item in items(engine))


@pytest.mark.parametrize(
    ("size", "scale", "low"),
    [("portrait", 2.0, False), ("portrait", 1.0, False), ("landscape", 1.5, False), ("portrait", 1.5, True)],
)
def test_an_entry_does_not_move_away_from_under_the_finger(
    show: Show, house: MemoryHouse, size: str, scale: float, low: bool
) -> None:
    engine, session = typing(show, house, size, scale, low, "ru")
    second = entries(engine)[1]
    name = second.property("label")
    left, top, right, bottom = place(second)
    at = QPoint(int((left + right) / 2), int((top + bottom) / 2))
    QTest.mousePress(engine.window, Qt.MouseButton.LeftButton, pos=at)
    settle(engine.window)
    QTest.mouseRelease(engine.window, Qt.MouseButton.LeftButton, pos=at)
    settle(engine.window)
    assert session.form.fields.rows()[1]["value"] == name
    assert not [item for item in operable(engine) if item.property("wordy") is not None], "the keyboard is gone"
    assert entries(engine) == []


def test_keys_go_through_the_entries_and_choose_one(show: Show, house: MemoryHouse) -> None:
    engine, session = typing(show, house, "portrait", 2.0, False, "ru")
    first = entries(engine)[0]
    name = first.property("label")
    first.forceActiveFocus(Qt.FocusReason.TabFocusReason)
    settle(engine.window)
    QTest.keyClick(engine.window, Qt.Key.Key_Return)
    settle(engine.window)
    assert session.form.fields.rows()[1]["value"] == name


def test_done_brings_the_page_back(show: Show, house: MemoryHouse) -> None:
    engine, session = typing(show, house, "portrait", 1.5, False, "en")
    title = session.form.pageTitle
    assert not any(item.property("text") == title for item in items(engine))
    press(engine, next(item for item in operable(engine) if item.property("label") == "Done"))
    assert any(item.property("text") == title for item in items(engine))
    assert any(item.property("label") == "a of who" for item in operable(engine))


def test_the_keyboard_has_the_letters_of_the_language(show: Show, house: MemoryHouse) -> None:
    for language, letter in (("ru", "й"), ("en", "q")):
        engine, _ = typing(show, house, "portrait", 1.0, False, language)
        assert any(item.property("label") == letter for item in operable(engine))
