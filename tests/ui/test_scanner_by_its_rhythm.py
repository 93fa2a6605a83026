"""A scanner that types is told from people by its rhythm; nothing that people type is taken for a code."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QCoreApplication, QEvent, QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtQuick import QQuickItem

from kiosk.ui.engine import Engine
from kiosk.ui.rhythm import GAP_MS, LONGEST, PAUSE_MS, SHORTEST, SURE, Heard, Rhythm
from kiosk.ui.viewmodels.session import SessionModel
from tests.ui.house import MemoryHouse, draft_code
from tests.ui.stillness import settle

CODE = draft_code(0)


def heard(text: str, gaps: float | list[float] = 5.0, rhythm: Rhythm | None = None) -> list[Heard]:
    """What becomes of each key, so many milliseconds after the one before."""
    rhythm = rhythm or Rhythm()
    each = gaps if isinstance(gaps, list) else [gaps] * len(text)
    at, found = 1_000.0, []
    for sign, gap in zip(text, each, strict=True):
        at += gap
        found.append(rhythm.press(sign, at))
    return found


def codes(found: list[Heard]) -> list[str]:
    return [one.code for one in found if one.code]


@pytest.mark.parametrize("gap", [0.0, 1.0, 10.0, 25.0, GAP_MS])
@pytest.mark.parametrize("end", ["\r", "\n", "\t"])
def test_a_code_typed_by_a_scanner_is_heard_whole(gap: float, end: str) -> None:
    found = heard(CODE + end, gap)
    assert codes(found) == [CODE]
    assert [one.swallow for one in found] == [False] * SURE + [True] * (len(CODE) - SURE + 1)


@pytest.mark.parametrize("gap", [GAP_MS + 1, 55.0, 80.0, 200.0, 5_000.0])
def test_the_same_signs_typed_by_people_are_let_pass(gap: float) -> None:
    """55 ms a key is the pace of the world's fastest typists."""
    found = heard(CODE + "\r", gap)
    assert codes(found) == [] and not any(one.swallow for one in found)


def test_a_pause_ends_a_code_where_the_scanner_sends_no_return() -> None:
    rhythm = Rhythm()
    heard(CODE, 5.0, rhythm)
    at = 1_000.0 + 5.0 * len(CODE)
    assert rhythm.listening
    assert rhythm.pause(at + PAUSE_MS - 1) == ""
    assert rhythm.pause(at + PAUSE_MS) == CODE
    assert rhythm.pause(at + 2 * PAUSE_MS) == "" and not rhythm.listening


def test_quick_bits_of_typing_are_no_code() -> None:
    """Two or three keys roll over each other, then a hand moves."""
    words = "потерял паспорт, куда идти\r"
    gaps = [[12.0, 18.0, 30.0, 140.0][place % 4] for place in range(len(words))]
    found = heard(words, gaps)
    assert codes(found) == [] and not any(one.swallow for one in found)


def test_a_hand_on_the_keys_is_swallowed_and_told_as_nothing() -> None:
    found = heard("фывапр" + "\r", 3.0)
    assert codes(found) == [] and found[-1].swallow
    assert codes(heard("x" * (SHORTEST - 1) + "\r", 3.0)) == []


def test_a_slow_key_in_the_middle_breaks_a_run() -> None:
    gaps = [5.0] * (len(CODE) + 1)
    gaps[20] = GAP_MS + 30
    assert codes(heard(CODE + "\r", gaps)) == [CODE[20:]]


def test_a_code_after_slow_typing_is_heard_alone() -> None:
    typed = "пас"
    gaps = [120.0] * len(typed) + [900.0] + [5.0] * len(CODE)
    assert codes(heard(typed + CODE + "\r", gaps)) == [CODE]


def test_two_codes_one_after_the_other_are_two() -> None:
    rhythm = Rhythm()
    assert codes(heard(CODE + "\r" + CODE + "\r", 4.0, rhythm)) == [CODE, CODE]


def test_shift_counts_as_nothing_and_other_keys_end_a_run() -> None:
    rhythm = Rhythm()
    for at, sign in enumerate(CODE):
        rhythm.press("", 1_000 + 10 * at)  # Shift of a capital letter
        rhythm.press(sign, 1_005 + 10 * at)
    assert rhythm.press("\r", 1_010 + 10 * len(CODE)).code == CODE
    heard("MDD2:ABCDEFGH", 5.0, rhythm)
    assert rhythm.press("\b", 1_200.0) == Heard() and not rhythm.listening


def test_a_clock_that_goes_backwards_breaks_a_run() -> None:
    rhythm = Rhythm()
    heard(CODE, 5.0, rhythm)
    assert rhythm.press("A", 10.0) == Heard() and not rhythm.listening


def test_an_endless_run_is_cut_and_kept_short() -> None:
    found = heard("7" * 10_000 + "\r", 5.0)
    assert codes(found) == ["7" * LONGEST]


@given(st.lists(st.tuples(st.sampled_from("ab9 \r\t"), st.floats(0, 400)), max_size=120))
def test_whatever_is_typed_only_fast_runs_are_touched(keys: list[tuple[str, float]]) -> None:
    rhythm, at, times = Rhythm(), 0.0, []
    for number, (sign, gap) in enumerate(keys):
        at += gap
        times.append(at)
        answer = rhythm.press(sign, at)
        if answer.swallow or answer.code:
            before = times[max(0, number - SURE) : number + 1]
            assert len(before) == SURE + 1
            assert all(second - first <= GAP_MS + 1e-6 for first, second in pairwise(before))


# On the window of a kiosk, by the times of the events.


@pytest.fixture
def house() -> MemoryHouse:
    """One application was saved here."""
    made = MemoryHouse()
    form = made.forms.form("lost-passport")
    made.desk.save_draft(form, "S0005", {"what": "lost"}, "page_when", "ru")
    return made


@pytest.fixture
def shell(make_session: Callable[..., SessionModel], request: pytest.FixtureRequest) -> Iterator[Engine]:
    session = make_session(mode=getattr(request, "param", "kiosk"))
    shown = Engine(session, size=QSize(1080, 1920))
    shown.session = session  # type: ignore[attr-defined]
    shown.show()
    settle(shown.window)
    yield shown
    shown.close()


def type_on(shell: Engine, text: str, gap: int) -> None:
    at = 50_000
    for sign in text:
        key = {"\r": Qt.Key.Key_Return, " ": Qt.Key.Key_Space}.get(sign, Qt.Key.Key_A)
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, sign)
            event.setTimestamp(at)
            QCoreApplication.sendEvent(shell.window, event)
        at += gap


def session_of(shell: Engine) -> SessionModel:
    return shell.session  # type: ignore[attr-defined, no-any-return]


def focused(shell: Engine) -> QQuickItem:
    item = shell.window.activeFocusItem()
    assert item is not None
    return item


@pytest.mark.parametrize("page", ["Welcome", "Home"])
def test_a_scanned_code_opens_the_application(shell: Engine, page: str) -> None:
    session = session_of(shell)
    if page == "Home":
        session.start()
    settle(shell.window)
    type_on(shell, CODE + "\r", 4)
    assert session.page == "Form" and session.form.answers == {"what": "lost"}


def test_a_scanner_without_return_is_heard_too(shell: Engine, qtbot) -> None:
    type_on(shell, CODE, 4)
    qtbot.waitUntil(lambda: session_of(shell).page == "Form")


def test_return_and_space_of_a_code_press_nothing(shell: Engine) -> None:
    session = session_of(shell)
    session.start()
    settle(shell.window)
    opened: list[str] = []
    session.pageChanged.connect(lambda: opened.append(session.page))
    type_on(shell, "ABCDEFGH IJKL MNOP\r", 4)
    assert opened == ["Resume"], "the button that has the focus was not pressed"
    assert "другой код" in session.draft.problemText


def test_keys_of_people_do_what_they_did(shell: Engine) -> None:
    session = session_of(shell)
    start = next(
        item for item in shell.window.findChildren(QQuickItem) if item.property("label") == "Коснитесь, чтобы начать"
    )
    start.forceActiveFocus()
    type_on(shell, "\r", 500)
    assert session.page == "Home"
    type_on(shell, CODE + "\r", 70)
    assert session.page != "Form" and session.form.service is None


def test_on_the_page_of_codes_a_scan_replaces_what_was_typed(shell: Engine) -> None:
    session = session_of(shell)
    session.openResume()
    settle(shell.window)
    type_on(shell, "MDD2", 300)
    assert focused(shell).property("text") == "MDD2"
    type_on(shell, "MDR1:AAAABBBBCCCC\r", 4)
    settle(shell.window)
    assert "расписки" in session.draft.problemText
    boxes = [item for item in shell.window.findChildren(QQuickItem) if item.property("keyboard") == "code"]
    assert "" in [box.property("text") for box in boxes] and "MDD2MDR1:A" not in [box.property("text") for box in boxes]


def test_where_visitors_type_nothing_is_listened_to(shell: Engine) -> None:
    session = session_of(shell)
    session.openService("S0005")
    session.startForm()
    settle(shell.window)
    type_on(shell, CODE + "\r", 4)
    assert session.page == "Form" and session.form.answers == {}


@pytest.mark.parametrize("shell", ["desktop"], indirect=True)
def test_a_desktop_listens_to_no_scanner(shell: Engine) -> None:
    session = session_of(shell)
    settle(shell.window)
    type_on(shell, CODE + "\r", 4)
    assert session.page in ("Home", "Results")
