"""Save for later: the code is the visitor's alone, leads back to the same question, and is told about if it fails."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from kiosk.desk.drafts import Resumed
from kiosk.errors import StorageFull
from kiosk.protocol import draft as sealing
from kiosk.ui.viewmodels.session import SessionModel
from tests.ui.house import MemoryHouse, draft_code

CODE = draft_code(0)
FAR = draft_code(99)


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
    assert draft.codeText == sealing.read_code(CODE).spelled()
    assert draft.service == "Паспорт взамен утраченного"
    assert "24.12.2026" in draft.untilText
    saved.goBack()
    assert (saved.page, saved.form.pageTitle) == ("Form", "Когда пропал паспорт?")


def test_it_goes_on_at_the_same_question(saved: SessionModel, make_session: Any) -> None:
    other = next_visit(make_session, f" {CODE.lower()}\n", "en")
    assert (other.page, other.form.pageTitle) == ("Form", "When did your passport go missing?")
    assert other.form.answers["what"] == "lost"
    row = other.form.fields.rows()[0]
    assert row["day"] == "21"
    other.goBack()
    assert other.form.pageTitle == "What happened to your passport?"


def test_the_end_of_a_visit_forgets_the_code_and_keeps_the_draft(saved: SessionModel, house: MemoryHouse) -> None:
    saved.end()
    assert (saved.draft.codeText, saved.draft.codeModules, saved.draft.untilText) == ("", 0, "")
    assert house.desk.drafts[CODE].state == "here"


def test_saving_again_ends_the_one_before(saved: SessionModel, house: MemoryHouse) -> None:
    saved.saveForm()
    assert [one.state for one in house.desk.drafts.values()] == ["gone", "here"]
    assert saved.draft.codeText == sealing.read_code(draft_code(1)).spelled()


def test_what_was_sent_is_ended(saved: SessionModel, make_session: Any, house: MemoryHouse, qtbot: Any) -> None:
    other = next_visit(make_session, CODE)
    other.form.setDay("/when", 3)
    other.form.next()
    other.form.setAnswer("/name", "Соколова Анна")
    other.form.next()
    other.check.setConsent(True)
    other.check.submit()
    qtbot.waitUntil(lambda: other.page == "Receipt")
    assert house.desk.drafts[CODE].state == "gone"


@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_reason_why_it_cannot_go_on_has_words_of_its_own(
    saved: SessionModel, make_session: Any, house: MemoryHouse, language: str
) -> None:
    kept = house.desk.drafts[CODE]
    assert kept.draft is not None
    house.desk.drafts |= {
        draft_code(11): Resumed("here", replace(kept.draft, form_version=2)),
        draft_code(12): Resumed("here", replace(kept.draft, form="none")),
        draft_code(13): Resumed("gone"),
        draft_code(14): Resumed("asked"),
    }
    damaged = CODE[:-1] + ("0" if CODE[-1] != "0" else "1")
    codes = {
        "another": "https://example.ru/",
        "receipt": "MDR1:ABC",
        "damaged": damaged,
        "cut": CODE[:20],
        "changed": draft_code(11),
        "no form": draft_code(12),
        "gone": draft_code(13),
        "offline": draft_code(14),
    }
    told = {}
    for name, code in codes.items():
        other = next_visit(make_session, code, language)
        assert (other.page, other.draft.busy, other.form.service) == ("Resume", False, None)
        told[name] = other.draft.problemText
    assert all(told.values())
    assert told["changed"] == told["no form"] and told["damaged"] == told["cut"]
    assert len(set(told.values())) == 6
    words = {
        "ru": {"another": "другой код", "receipt": "расписки", "damaged": "с ошибкой", "gone": "прошёл срок"},
        "en": {"another": "another code", "receipt": "a receipt", "damaged": "misread", "gone": "its time is over"},
    }
    assert all(said in told[name] for name, said in words[language].items())


def test_a_sent_draft_is_gone(saved: SessionModel, make_session: Any, house: MemoryHouse) -> None:
    house.desk.drafts[CODE] = Resumed("gone")
    assert "отправили" in next_visit(make_session, CODE).draft.problemText


def test_what_is_elsewhere_is_waited_for(
    saved: SessionModel, make_session: Any, house: MemoryHouse, qtbot: Any
) -> None:
    house.desk.drafts[FAR] = Resumed("asked")
    other: SessionModel = make_session()
    other.start()
    other.draft._online = lambda: True
    other.openResume()
    other.draft.resume(FAR)
    assert other.draft.busy
    house.desk.drafts[FAR] = house.desk.drafts[CODE]
    qtbot.waitUntil(lambda: other.page == "Form")
    assert not other.draft.busy


def test_without_a_line_it_is_told_at_once(saved: SessionModel, make_session: Any, house: MemoryHouse) -> None:
    house.desk.drafts[FAR] = Resumed("asked")
    other: SessionModel = make_session()
    other.start()
    other.draft._online = lambda: False
    other.openResume()
    other.draft.resume(FAR)
    assert not other.draft.busy
    assert "связи сейчас нет" in other.draft.problemText


def test_what_never_comes_is_given_up(saved: SessionModel, make_session: Any, house: MemoryHouse) -> None:
    house.desk.drafts[FAR] = Resumed("asked")
    other: SessionModel = make_session()
    other.start()
    other.draft._online = lambda: True
    other.openResume()
    other.draft.resume(FAR)
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


def test_the_code_is_printed_and_never_an_answer(saved: SessionModel, house: MemoryHouse, qtbot: Any) -> None:
    assert not saved.draft.printAvailable
    house.desk.printer = "ready"
    saved.accessibility.larger()
    saved.setLanguage("en")
    saved.draft.print()
    qtbot.waitUntil(lambda: not saved.draft.printing)
    (slip,) = house.desk.slips
    assert (slip.code, slip.spelled) == (CODE, sealing.read_code(CODE).spelled())
    assert (slip.service.en, slip.until, slip.language, slip.large_print) == (
        saved.form.service.short_title.en,
        "2026-12-24",
        "en",
        True,
    )
    assert "lost" not in [slip.code, slip.spelled, slip.until] and "2026-11-21" not in repr(slip)
    assert (saved.draft.printNotice, saved.draft.printFailed) == ("The code is printed. Take the sheet below.", False)


@pytest.mark.parametrize(("language", "words"), [("ru", "Сфотографируйте код"), ("en", "Photograph the code")])
def test_a_printer_that_fails_leaves_the_code_and_says_what_to_do(
    saved: SessionModel, house: MemoryHouse, qtbot: Any, language: str, words: str
) -> None:
    house.desk.printer = "no paper"
    saved.setLanguage(language)
    saved.draft.print()
    qtbot.waitUntil(lambda: not saved.draft.printing)
    assert words in saved.draft.printNotice and saved.draft.printFailed
    assert saved.draft.codeText and house.desk.slips == []
    house.desk.printer = "ready"
    saved.draft.print()
    qtbot.waitUntil(lambda: bool(house.desk.slips))
    qtbot.waitUntil(lambda: not saved.draft.printing)
    assert not saved.draft.printFailed


def test_what_became_of_printing_is_forgotten_with_the_next_code_and_the_visit(
    saved: SessionModel, house: MemoryHouse, qtbot: Any
) -> None:
    house.desk.printer = "ready"
    for forget in (saved.saveForm, saved.end):
        saved.draft.print()
        qtbot.waitUntil(lambda: not saved.draft.printing)
        assert saved.draft.printNotice
        forget()
        assert saved.draft.printNotice == ""
    saved.draft.print()
    assert len(house.desk.slips) == 2, "nothing is printed once the visit is over"


def test_the_way_back_is_open_before_anything_is_touched(make_session: Any, saved: SessionModel, qtbot: Any) -> None:
    other: SessionModel = make_session()
    with qtbot.waitSignal(other.started):
        other.openResume()
    assert other.page == "Resume"
    other.goBack()
    assert other.page == "Home"


@pytest.mark.parametrize("page", ["Welcome", "Home", "Help", "Resume"])
def test_a_scanned_code_goes_on_from_where_the_visitor_stands(
    saved: SessionModel, make_session: Any, page: str
) -> None:
    other: SessionModel = make_session()
    {"Welcome": lambda: None, "Home": other.start, "Help": other.openHelp, "Resume": other.openResume}[page]()
    assert other.page == page
    other.scanned(CODE)
    assert (other.page, other.form.answers["what"]) == ("Form", "lost")
    assert other.idle._watching


def test_a_scanned_code_that_is_not_ours_is_told_where_it_can_be_read(session: SessionModel) -> None:
    session.scanned("4607034171346")
    assert session.page == "Resume"
    assert "другой код" in session.draft.problemText
    session.openResume()
    assert session.draft.problemText == ""


def test_nothing_is_scanned_out_of_service_nor_after_the_end(session: SessionModel) -> None:
    session.start()
    session.end()
    session.scanned(CODE)
    assert session.page == "Welcome"
