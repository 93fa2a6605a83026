"""A form: an error and mending it, a hidden page, steps, dates, languages."""

from __future__ import annotations

import pytest

from kiosk.ui.viewmodels.form import FormModel
from kiosk.ui.viewmodels.session import SessionModel


@pytest.fixture
def form(session: SessionModel) -> FormModel:
    session.start()
    session.openService("S0005")
    session.startForm()
    assert session.page == "Form"
    return session.form


def field(form: FormModel, pointer: str) -> dict:
    return next(row for row in form.fields.rows() if row["pointer"] == pointer)


def test_an_error_is_told_and_mended(form: FormModel, qtbot) -> None:
    form.setAnswer("/what", "lost")
    form.next()
    assert form.pageTitle == "Когда пропал паспорт?"
    for part, text in (("day", "31"), ("month", "11"), ("year", "2026")):
        form.setDatePart("/when", part, text)
    with qtbot.waitSignal(form.refused):
        form.next()
    assert form.pageTitle == "Когда пропал паспорт?"
    assert form.errorTitle == "Исправьте один ответ"
    [error] = form.errors.rows()
    assert "30" in error["message"]
    assert field(form, "/when")["error"] == error["message"]
    assert field(form, "/when")["day"] == "31"
    form.setDatePart("/when", "day", "21")
    assert form.errors.count == 0
    assert field(form, "/when")["error"] == ""
    form.next()
    assert form.pageTitle == "Как вас зовут?"


def test_nothing_answered_is_an_error_too(form: FormModel) -> None:
    form.next()
    assert form.errors.count == 1
    assert form.stepIndex == 0


def test_errors_follow_the_language(form: FormModel, session: SessionModel) -> None:
    form.next()
    russian = form.errors.rows()[0]["message"]
    session.setLanguage("en")
    assert form.errors.rows()[0]["message"] != russian
    assert form.errorTitle == "Correct one answer"
    assert form.pageTitle == "What happened to your passport?"


def test_a_page_that_becomes_visible_counts(form: FormModel) -> None:
    assert (form.stepText, form.stepCount) == ("Вопрос 1 из\u00a03", 3)
    form.setAnswer("/what", "stolen")
    assert form.stepCount == 4
    form.next()
    assert form.pageTitle == "Какой номер талона?"


def test_a_hidden_page_keeps_its_answer_and_sends_none(form: FormModel, session: SessionModel) -> None:
    form.setAnswer("/what", "stolen")
    form.next()
    form.setAnswer("/ticket", "КУСП-123")
    session.goBack()
    form.setAnswer("/what", "lost")
    assert form.answers["ticket"] == "КУСП-123"
    assert "ticket" not in form.form.outgoing(form.answers)
    form.setAnswer("/what", "stolen")
    form.next()
    assert field(form, "/ticket")["value"] == "КУСП-123"


def test_back_goes_to_the_question_before_and_keeps_what_was_typed(form: FormModel, session: SessionModel) -> None:
    form.setAnswer("/what", "lost")
    form.next()
    form.setDatePart("/when", "day", "3")
    session.goBack()
    assert session.page == "Form"
    assert form.pageTitle == "Что случилось с паспортом?"
    form.next()
    assert field(form, "/when")["day"] == "3"
    session.goBack()
    session.goBack()
    assert session.page == "Service"


def test_the_form_goes_on_where_it_was_left(form: FormModel, session: SessionModel) -> None:
    form.setAnswer("/what", "lost")
    form.next()
    session.goHome()
    session.openService("S0005")
    session.startForm()
    assert form.pageTitle == "Когда пропал паспорт?"
    assert form.answers == {"what": "lost"}


def test_yesterday_is_one_tap(form: FormModel) -> None:
    form.setAnswer("/what", "lost")
    form.next()
    form.setDay("/when", 1)
    assert form.answers["when"] == "2026-11-23"
    assert [field(form, "/when")[part] for part in ("day", "month", "year")] == ["23", "11", "2026"]


def test_several_choices_are_kept_in_the_order_of_the_options(form: FormModel) -> None:
    form.setAnswer("/what", "lost")
    form.next()
    form.setDay("/when", 0)
    form.next()
    form.toggleChoice("/extras", "letter")
    form.toggleChoice("/extras", "sms")
    assert form.answers["extras"] == ["sms", "letter"]
    assert [option["chosen"] for option in field(form, "/extras")["options"]] == [True, True]
    form.toggleChoice("/extras", "sms")
    form.toggleChoice("/extras", "letter")
    assert "extras" not in form.answers


def test_steps_can_be_opened_again_once_done(form: FormModel) -> None:
    assert [row["state"] for row in form.steps.rows()] == ["now", "later", "later", "later"]
    assert form.steps.rows()[-1]["title"] == "Проверьте ответы"
    form.openStep(2)
    assert form.stepIndex == 0
    form.setAnswer("/what", "lost")
    form.next()
    assert [row["state"] for row in form.steps.rows()] == ["done", "now", "later", "later"]
    form.openStep(0)
    assert form.pageTitle == "Что случилось с паспортом?"
    form.openStep(99)
    form.openStep(-1)
    assert form.stepIndex == 0


def test_answers_nobody_asks_for_are_not_taken(form: FormModel) -> None:
    for pointer in ("/nothing", "", "/ticket", "what"):
        form.setAnswer(pointer, "x")
        form.setDatePart(pointer, "day", "1")
        form.toggleChoice(pointer, "x")
    form.setDatePart("/when", "century", "20")
    assert form.answers == {}


def test_typing_does_not_rebuild_the_page(form: FormModel, qtbot) -> None:
    form.setAnswer("/what", "lost")
    form.next()
    form.setDay("/when", 0)
    form.next()
    with qtbot.assertNotEmitted(form.fields.modelReset):
        form.setAnswer("/name", "Соколова")
    assert field(form, "/name")["value"] == "Соколова"


@pytest.mark.parametrize(
    ("day", "month", "year", "part"),
    [("31", "11", "2026", "day"), ("29", "2", "2025", "day"), ("3", "13", "2026", "month"), ("3", "", "2026", "month"),
     ("3", "11", "26", "year"), ("3", "11", "2027", ""), ("", "", "", "")],
)  # fmt: skip
def test_an_error_names_the_part_of_the_date_that_is_wrong(
    form: FormModel, day: str, month: str, year: str, part: str
) -> None:
    form.setAnswer("/what", "lost")
    form.next()
    for name, text in (("day", day), ("month", month), ("year", year)):
        form.setDatePart("/when", name, text)
    form.next()
    row = field(form, "/when")
    assert row["error"]
    assert row["wrongPart"] == part
