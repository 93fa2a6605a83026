"""Numbers are typed in their groups, by keys and on the keypad; what the account knows stands there already."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QSize, Qt
from PySide6.QtQuick import QQuickItem
from PySide6.QtTest import QTest

from kiosk.forms.definition import Form, compile_form
from kiosk.model.profile import Profile
from kiosk.ui import engine
from kiosk.ui.viewmodels.session import SessionModel
from tests.forms.small import control, definition, page
from tests.ui.house import MemoryHouse
from tests.ui.stillness import settle

NAME = {"type": "string", "maxLength": 60}
NUMBER = {"type": "string", "format": "snils"}
APPLICANT = {"type": "object", "additionalProperties": False, "properties": {"last": NAME, "first": NAME}}
PENSION = {"type": "object", "additionalProperties": False, "properties": {"number": NUMBER}}


@pytest.fixture
def form() -> Form:
    pages = [
        page("number", control("snils.number")),
        page("name", control("applicant.last"), control("applicant.first")),
    ]
    return compile_form(definition({"applicant": APPLICANT, "snils": PENSION}, pages))


@pytest.fixture
def session(make_session: Callable[..., SessionModel], house: MemoryHouse, form: Form) -> SessionModel:
    house.forms.form = lambda form_id: form
    made = make_session(mode="kiosk")
    made.start()
    made.openService("S0005")
    made.startForm()
    return made


@pytest.fixture
def window(session: SessionModel) -> Iterator[engine.Engine]:
    engine.application()
    made = engine.Engine(session, size=QSize(1080, 1920))
    made.show()
    settle(made.window)
    yield made
    made.close()
    QCoreApplication.processEvents()


def keys(window: engine.Engine, text: str) -> None:
    for letter in text:
        QTest.keyClick(window.window, letter)


def box(window: engine.Engine) -> QQuickItem:
    found = window.window.activeFocusItem()
    assert found is not None and found.property("cursorPosition") is not None
    return found


def test_groups_appear_while_one_types_and_go_while_one_erases(session: SessionModel, window: engine.Engine) -> None:
    keys(window, "11223344595")
    typed = box(window)
    assert typed.property("text") == "112-233-445 95"
    for shown in ("112-233-445 9", "112-233-445", "112-233-44"):
        QTest.keyClick(window.window, Qt.Key.Key_Backspace)
        assert typed.property("text") == shown
    keys(window, "595")
    session.form.next()
    assert session.form.pageId == "name"
    assert session.form.form.outgoing(session.form.answers)["snils"]["number"] == "11223344595"


def test_the_cursor_in_the_middle_is_left_where_it_is(window: engine.Engine) -> None:
    keys(window, "1123344595")
    typed = box(window)
    assert typed.property("text") == "112-334-459 5"
    typed.setProperty("cursorPosition", 3)
    keys(window, "2")
    assert typed.property("text") == "1122-334-459 5" and typed.property("cursorPosition") == 4


def test_the_account_fills_a_page_in_once(session: SessionModel, house: MemoryHouse, form: Form) -> None:
    service = session.form.service
    assert service is not None
    session.form.wipe()
    session.form.start(service, form, Profile(last="Соколова", first="Анна", snils="11223344595"))
    rows = {row["pointer"]: row["value"] for row in session.form.fields.rows()}
    assert rows == {"/snils/number": "112-233-445 95"}
    assert "из вашего профиля" in session.form.pageHint
    session.setLanguage("en")
    assert "from your profile" in session.form.pageHint
    session.form.next()
    assert session.form.answers["applicant"] == {"last": "Соколова", "first": "Анна"}
    session.form.setAnswer("/applicant/first", "")
    session.goBack()
    session.form.next()
    assert session.form.answers["applicant"].get("first") in (None, ""), "what was taken away stays away"


def test_without_an_account_nothing_is_filled_in_or_said(session: SessionModel) -> None:
    assert session.form.answers == {} and session.form.pageHint == ""


def test_the_next_visitor_finds_nothing_of_the_account(session: SessionModel, form: Form) -> None:
    service = session.form.service
    assert service is not None
    session.form.wipe()
    session.form.start(service, form, Profile(snils="11223344595"))
    session.form.wipe()
    session.form.start(service, form)
    assert session.form.answers == {} and session.form.pageHint == ""
