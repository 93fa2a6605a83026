"""Check your answers, change one, consent, send; a full disk keeps the answers on the screen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Event

import pytest

from kiosk.model.submission import SubmissionState
from kiosk.ui.sources import Progress
from kiosk.ui.viewmodels.session import SessionModel
from tests.ui.house import CANARY, MemoryHouse


def fill(session: SessionModel) -> None:
    """Walk to the check page with valid answers."""
    session.start()
    session.openService("S0005")
    session.startForm()
    session.form.setAnswer("/what", "lost")
    session.form.next()
    session.form.setDay("/when", 3)
    session.form.next()
    session.form.setAnswer("/name", CANARY)
    session.form.next()
    assert session.page == "Check"


def send(session: SessionModel, qtbot) -> None:
    session.check.setConsent(True)
    session.check.submit()
    qtbot.waitUntil(lambda: not session.check.busy)


@pytest.fixture
def checked(session: SessionModel) -> SessionModel:
    fill(session)
    return session


def test_answers_stand_in_groups(checked: SessionModel) -> None:
    groups = checked.check.groups.rows()
    assert [group["title"] for group in groups] == ["Что случилось", "Когда", "О вас"]
    assert groups[0]["rows"][0] == {
        "label": "Что с паспортом",
        "value": "Потерян",
        "pointer": "/what",
        "page": "page_what",
        "calculated": False,
    }
    assert "21 ноября 2026" in groups[1]["rows"][0]["value"]


def test_change_comes_back_to_the_check(checked: SessionModel) -> None:
    checked.check.setConsent(True)
    checked.check.change("page_name")
    assert checked.page == "Form"
    assert checked.form.changing
    assert checked.form.nextText == "Вернуться к\u00a0проверке"
    checked.form.setAnswer("/name", "Иванова Мария")
    checked.form.next()
    assert checked.page == "Check"
    assert checked.check.groups.rows()[2]["rows"][0]["value"] == "Иванова Мария"
    assert not checked.check.consent, "consent belongs to the answers it was given for"


def test_back_while_changing_returns_to_the_check(checked: SessionModel) -> None:
    checked.check.change("page_what")
    checked.goBack()
    assert checked.page == "Check"


def test_a_change_that_opens_a_new_question_asks_it(checked: SessionModel) -> None:
    checked.check.change("page_what")
    checked.form.setAnswer("/what", "stolen")
    checked.form.next()
    assert checked.page == "Form"
    assert checked.form.pageTitle == "Какой номер талона?"
    checked.form.setAnswer("/ticket", "КУСП-1")
    checked.form.next()
    assert checked.page == "Check"


def test_back_from_the_check_shows_the_last_question(checked: SessionModel) -> None:
    checked.goBack()
    assert checked.page == "Form"
    assert checked.form.pageTitle == "Как вас зовут?"
    assert not checked.form.changing


def test_nothing_is_sent_without_consent(checked: SessionModel, house: MemoryHouse) -> None:
    checked.check.submit()
    assert not checked.check.busy
    assert "галочку" in checked.check.problemText
    assert house.desk.orders == []
    checked.check.setConsent(True)
    assert checked.check.problemText == ""


def test_sending_gives_a_receipt_and_forgets_the_answers(checked: SessionModel, house: MemoryHouse, qtbot) -> None:
    with qtbot.waitSignal(checked.submitted):
        send(checked, qtbot)
    [order] = house.desk.orders
    assert order.answers == {"what": "lost", "when": "2026-11-21", "name": CANARY}
    assert (order.form, order.form_version, order.consent, order.language) == ("lost-passport", 3, True, "ru")
    assert house.desk.threads == ["errands"], "sealing and committing must not hold the window's thread"
    assert checked.page == "Receipt"
    assert checked.receipt.number == "16-004127-3"
    assert checked.receipt.timeText == "24 ноября 2026, 14:36"
    assert checked.receipt.serviceTitle == "Паспорт взамен утраченного"
    assert [row["number"] for row in checked.receipt.nextSteps.rows()] == [1, 2]
    assert checked.form.answers == {}
    assert checked.check.groups.count == 0
    assert not checked.form.title
    checked.goBack()
    assert checked.page == "Home"


def test_a_full_disk_is_told_and_the_answers_stay(checked: SessionModel, house: MemoryHouse, qtbot) -> None:
    house.desk.full = True
    send(checked, qtbot)
    assert checked.page == "Check"
    assert "кончилось место" in checked.check.problemText
    assert checked.form.answers["name"] == CANARY
    assert checked.check.groups.rows()[2]["rows"][0]["value"] == CANARY
    assert checked.check.consent
    house.desk.full = False
    send(checked, qtbot)
    assert checked.page == "Receipt"
    assert len(house.desk.orders) == 1


def test_a_bug_in_the_desk_is_told_calmly_and_logged(checked: SessionModel, house: MemoryHouse, qtbot, caplog) -> None:
    house.desk.progress = None
    house.desk.submit = lambda order, files: 1 // 0
    send(checked, qtbot)
    assert checked.page == "Check"
    assert checked.check.problemText.startswith("Что-то пошло не\u00a0так")
    assert "ZeroDivisionError" in caplog.text


def test_the_window_stays_alive_and_sends_once_while_busy(checked: SessionModel, house: MemoryHouse, qtbot) -> None:
    house.desk.gate = Event()
    checked.check.setConsent(True)
    checked.check.submit()
    assert checked.check.busy
    assert checked.check.sendText == "Отправляем…"
    checked.check.submit()
    checked.check.change("page_name")
    checked.goBack()
    assert checked.page == "Check"
    house.desk.gate.set()
    qtbot.waitUntil(lambda: checked.page == "Receipt")
    assert len(house.desk.orders) == 1


def test_answers_that_became_wrong_lead_to_their_question(checked: SessionModel, house: MemoryHouse) -> None:
    checked.form.setAnswer("/name", "")
    checked.check.setConsent(True)
    checked.check.submit()
    assert checked.page == "Form"
    assert checked.form.pageTitle == "Как вас зовут?"
    assert checked.form.errors.count == 1
    assert house.desk.orders == []


def test_the_receipt_follows_the_state(checked: SessionModel, house: MemoryHouse, qtbot) -> None:
    send(checked, qtbot)
    receipt = checked.receipt
    assert (receipt.state, receipt.noticeTitle) == ("waiting", "Сейчас нет сети. Ждать не\u00a0нужно.")
    assert checked.link.statusText == "Сети нет. 1 заявление уйдёт позже."
    checked.link.set_online(True)
    assert receipt.noticeTitle == "Отправляем. Ждать не\u00a0нужно."
    house.desk.state = Progress(SubmissionState.RECEIVED)
    with qtbot.waitSignal(checked.announced):
        checked.woken()
    assert receipt.noticeTitle == "Заявление дошло."
    assert checked.link.statusText == ""
    house.desk.state = Progress(SubmissionState.REGISTERED, "МФЦ-77-1")
    checked.woken()
    assert receipt.registeredNumber == "МФЦ-77-1"
    assert "МФЦ-77-1" in receipt.noticeText
    assert checked.form.answers == {}


def test_a_step_about_sending_goes_when_the_application_has_arrived(
    checked: SessionModel, house: MemoryHouse, qtbot
) -> None:
    send(checked, qtbot)
    receipt = checked.receipt
    for state, titles in (
        (SubmissionState.SENDING, ["Заявление уйдёт", "Подойдите к окнам 4–9"]),
        (SubmissionState.RECEIVED, ["Подойдите к окнам 4–9"]),
        (SubmissionState.NEEDS_ATTENTION, ["Подойдите к окнам 4–9"]),
    ):
        house.desk.state = Progress(state)
        receipt.refresh()
        assert [row["title"] for row in receipt.nextSteps.rows()] == titles
        assert [row["number"] for row in receipt.nextSteps.rows()] == list(range(1, len(titles) + 1))
        assert ("Заявление уйдёт" in receipt.speakText) == (len(titles) == 2)


def test_the_code_is_one_pixel_a_module(checked: SessionModel, qtbot) -> None:
    from base64 import b64decode

    from PySide6.QtGui import QImage

    send(checked, qtbot)
    png = b64decode(checked.receipt.codeSource.removeprefix("data:image/png;base64,"))
    image = QImage.fromData(png)
    assert (image.width(), image.height()) == (checked.receipt.codeModules,) * 2
    assert image.pixelColor(0, 0).lightness() == 255
    assert image.pixelColor(4, 4).lightness() == 0


def test_printing_says_what_became_of_it(checked: SessionModel, house: MemoryHouse, qtbot) -> None:
    send(checked, qtbot)
    assert not checked.receipt.printAvailable
    checked.receipt.print()
    assert checked.receipt.printNotice == ""
    house.desk.printer = "ready"
    checked.receipt.print()
    qtbot.waitUntil(lambda: not checked.receipt.printing)
    assert "напечатана" in checked.receipt.printNotice
    house.desk.printer = "no paper"
    checked.receipt.print()
    qtbot.waitUntil(lambda: not checked.receipt.printing)
    assert checked.receipt.printNotice.startswith("Принтер не\u00a0отвечает")
    assert checked.receipt.number == "16-004127-3"


def test_a_desktop_saves_the_receipt(
    make_session: Callable[..., SessionModel], house: MemoryHouse, qtbot, tmp_path: Path
) -> None:
    session = make_session(mode="desktop")
    fill(session)
    send(session, qtbot)
    target = tmp_path / "расписка.pdf"
    session.receipt.savePdfTo(target.as_uri())
    qtbot.waitUntil(lambda: not session.receipt.printing)
    assert target.read_bytes().startswith(b"%PDF")
    assert "расписка.pdf" in session.receipt.printNotice
    session.receipt.savePdfTo(str(tmp_path / "no such folder" / "x.pdf"))
    qtbot.waitUntil(lambda: not session.receipt.printing)
    assert session.receipt.printNotice.startswith("Сохранить не\u00a0получилось")


def test_a_kiosk_saves_no_files(checked: SessionModel, qtbot, tmp_path: Path) -> None:
    send(checked, qtbot)
    checked.receipt.savePdfTo(str(tmp_path / "x.pdf"))
    assert not checked.receipt.printing
    assert list(tmp_path.iterdir()) == []


def test_a_kiosk_lists_only_this_visit_a_desktop_all(
    checked: SessionModel, make_session: Callable[..., SessionModel], qtbot
) -> None:
    send(checked, qtbot)
    checked.openApplications()
    assert [row["number"] for row in checked.applications.rows.rows()] == ["16-004127-3"]
    desktop = make_session(mode="desktop")
    desktop.openApplications()
    assert len(desktop.applications.rows.rows()) == 2


def test_the_end_wipes_and_happens_once(checked: SessionModel, qtbot) -> None:
    checked.openSearch("паспорт")
    with qtbot.waitSignal(checked.ended):
        checked.end()
    assert checked.page == "Welcome"
    assert checked.form.answers == {}
    assert checked.search.query == ""
    assert checked.check.groups.count == 0
    with qtbot.assertNotEmitted(checked.ended):
        checked.end()
    checked.start()
    assert checked.page == "Welcome", "nobody begins a visit in a session that is over"
