"""A form on a landscape panel in large print: no field is cut, and Continue is reached by turning on."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtQuick import QQuickItem

from kiosk.ui.engine import Engine
from kiosk.ui.viewmodels.session import SessionModel
from tests.ui.stillness import settle
from tests.ui.test_codes_in_every_view import items, seen, show
from tests.ui.test_qml_controls import operable, press

__all__ = ["show"]
Show = Callable[..., tuple[Engine, SessionModel]]
MOST_TURNS = 8


def labelled(engine: Engine, key: str, session: SessionModel) -> QQuickItem | None:
    words = session.text(key, {})
    found = [item for item in operable(engine) if item.property("label") == words]
    return found[0] if found else None


def turn_to(engine: Engine, session: SessionModel, key: str) -> QQuickItem:
    """Press "Show more" until a control is wholly seen."""
    for _ in range(MOST_TURNS):
        wanted = labelled(engine, key, session)
        if wanted is not None and seen(engine, wanted):
            return wanted
        more = labelled(engine, "controls.show_more", session)
        assert more is not None and seen(engine, more), f"there is no way on to {key}"
        press(engine, more)
    raise AssertionError(f"{key} never comes")


@pytest.mark.parametrize("scale", [1.5, 2.0])
@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_choice_is_whole_and_continue_follows_the_last(show: Show, scale: float, language: str) -> None:
    engine, session = show("landscape", scale, False, language)
    session.openService("S0005")
    session.startForm()
    settle(engine.window)
    shown: set[str] = set()
    for _ in range(MOST_TURNS):
        rows = [item for item in operable(engine) if item.property("chosen") is not None]
        shown |= {row.property("label") for row in rows if seen(engine, row)}
        more = labelled(engine, "controls.show_more", session)
        if more is None:
            break
        press(engine, more)
    assert shown == {option["label"] for option in session.form.fields.rows()[0]["options"]}
    assert seen(engine, turn_to(engine, session, "common.continue"))


@pytest.mark.parametrize("scale", [1.5, 2.0])
def test_a_field_that_is_typed_into_is_whole(show: Show, scale: float) -> None:
    engine, session = show("landscape", scale, False, "ru")
    session.openService("S0005")
    session.startForm()
    session.form.setAnswer("/what", "lost")
    session.form.next()
    session.form.setDay("/when", 3)
    session.form.next()
    settle(engine.window)
    box = next(item for item in items(engine) if item.property("cursorPosition") is not None)
    box.forceActiveFocus()
    settle(engine.window)
    assert seen(engine, box)
    press(engine, turn_to(engine, session, "controls.key_done"))
    session.form.setAnswer("/name", "Соколова Анна")
    settle(engine.window)
    press(engine, turn_to(engine, session, "common.continue"))
    assert session.page == "Check"
