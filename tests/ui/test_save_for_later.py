"""Save for later: the code is the visitor's alone, leads back to the same question, and is told about if it fails."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from kiosk.desk.drafts import Resumed
from kiosk.errors import StorageFull
from kiosk.ui.viewmodels.session import SessionModel
from tests.ui.house import MemoryHouse


@pytest.fixture
def saved(session: SessionModel) -> SessionModel:
    """A form at its second question, saved."""
    session.start()
    session.openService("S0005")
    session.startForm()
    session.form.setAnswer("/what", "lost")
    session.form.next()
    session.form.setDatePart("/when", "day", "21")
    session.saveForm()
    assert session.page == "Saved"
    return session


def next_visit(make_session: Any, code: str, language: str = "ru") -> SessionModel:
    other: SessionModel = make_session()
    other.start()
    other.setLanguage(language)
    other.openResume()
    other.draft.resume(code)
    return other


def test_the_code_says_what_until_when_and_leads_back(saved: SessionModel) -> None:
    draft = saved.draft
    assert draft.codeModules > 0
    assert draft.codeText == "MDD1:0"
    assert draft.service == "Паспорт взамен утраченного"
    assert "24.12.2026" in draft.untilText
    saved.goBack()
    assert (saved.page, saved.form.pageTitle) == ("Form", "Когда пропал паспорт?")


def test_it_goes_on_at_the_same_question(saved: SessionModel, make_session: Any) -> None:
    other = next_visit(make_session, " mdd1:0\n", "en")
    assert (other.page, other.form.pageTitle) == ("Form", "When did your passport go missing?")
    assert other.form.answers["what"] == "lost"
    row = other.form.fields.rows()[0]
    assert row["day"] == "21"
    other.goBack()
    assert other.form.pageTitle == "What happened to your passport?"


def test_the_end_of_a_visit_forgets_the_code_and_keeps_the_draft(saved: SessionModel, house: MemoryHouse) -> None:
    saved.end()
    assert (saved.draft.codeText, saved.draft.codeModules, saved.draft.untilText) == ("", 0, "")
    assert house.desk.drafts["MDD1:0"].state == "here"


def test_saving_again_ends_the_one_before(saved: SessionModel, house: MemoryHouse) -> None:
    saved.saveForm()
    assert [one.state for one in house.desk.drafts.values()] == ["gone", "here"]
    assert saved.draft.codeText == "MDD1:1"


def test_what_was_sent_is_ended(saved: SessionModel, make_session: Any, house: MemoryHouse, qtbot: Any) -> None:
    other = next_visit(make_session, "MDD1:0")
    other.form.setDay("/when", 3)
    other.form.next()
    other.form.setAnswer("/name", "Соколова Анна")
    other.form.next()
    other.check.setConsent(True)
    other.check.submit()
    qtbot.waitUntil(lambda: other.page == "Receipt")
    assert house.desk.drafts["MDD1:0"].state == "gone"


def test_unknown_gone_and_changed_are_told(saved: SessionModel, make_session: Any, house: MemoryHouse) -> None:
    kept = house.desk.drafts["MDD1:0"]
    assert kept.draft is not None
    house.desk.drafts["OLD"] = Resumed("here", replace(kept.draft, form_version=2))
    house.desk.drafts["NO FORM"] = Resumed("here", replace(kept.draft, form="none"))
    house.desk.drafts["GONE"] = Resumed("gone")
    told = {}
    for language in ("ru", "en"):
        for code in ("ANOTHER", "OLD", "NO FORM", "GONE"):
            other = next_visit(make_session, code, language)
            assert (other.page, other.draft.busy, other.form.service) == ("Resume", False, None)
            told[language, code] = other.draft.problemText
    assert "Проверьте код" in told["ru", "ANOTHER"]
    assert "изменились" in told["ru", "OLD"]
    assert told["en", "OLD"] == told["en", "NO FORM"]
    assert len(set(told.values())) == 6


def test_what_is_elsewhere_is_waited_for(
    saved: SessionModel, make_session: Any, house: MemoryHouse, qtbot: Any
) -> None:
    house.desk.drafts["FAR"] = Resumed("asked")
    other: SessionModel = make_session()
    other.start()
    other.draft._online = lambda: True
    other.openResume()
    other.draft.resume("FAR")
    assert other.draft.busy
    house.desk.drafts["FAR"] = house.desk.drafts["MDD1:0"]
    qtbot.waitUntil(lambda: other.page == "Form")
    assert not other.draft.busy


def test_without_a_line_it_is_told_at_once(saved: SessionModel, make_session: Any, house: MemoryHouse) -> None:
    house.desk.drafts["FAR"] = Resumed("asked")
    other: SessionModel = make_session()
    other.start()
    other.draft._online = lambda: False
    other.openResume()
    other.draft.resume("FAR")
    assert not other.draft.busy
    assert "связи сейчас нет" in other.draft.problemText


def test_what_never_comes_is_given_up(saved: SessionModel, make_session: Any, house: MemoryHouse) -> None:
    house.desk.drafts["FAR"] = Resumed("asked")
    other: SessionModel = make_session()
    other.start()
    other.draft._online = lambda: True
    other.openResume()
    other.draft.resume("FAR")
    for _ in range(100):
        if not other.draft.busy:
            break
        other.draft._look()
    assert "не пришло" in other.draft.problemText


def test_a_full_disk_keeps_the_answers(session: SessionModel, house: MemoryHouse) -> None:
    session.start()
    session.openService("S0005")
    session.startForm()
    session.form.setAnswer("/what", "lost")

    def full(*_: Any) -> str:
        raise StorageFull("no room")

    house.desk.save_draft = full
    session.saveForm()
    assert session.page == "Form"
    assert session.form.answers == {"what": "lost"}


def test_nothing_is_saved_without_a_form(session: SessionModel, house: MemoryHouse) -> None:
    session.start()
    session.saveForm()
    assert (session.page, house.desk.drafts) == ("Home", {})
