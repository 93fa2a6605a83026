"""Lists, lookups, files, what is worked out and what is not to be changed: as a visitor goes through them."""

from __future__ import annotations

from typing import Any

import pytest

from kiosk.ui.viewmodels.form import FormModel
from kiosk.ui.viewmodels.session import SessionModel
from tests.ui.house import MemoryHouse
from tests.ui.rich_form import rich_form


@pytest.fixture(params=["kiosk"])
def mode(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def session(make_session: Any, house: MemoryHouse, mode: str) -> SessionModel:
    form = rich_form()
    house.forms.form = lambda form_id: form
    made: SessionModel = make_session(mode=mode)
    made.start()
    made.openService("S0005")
    made.startForm()
    return made


@pytest.fixture
def form(session: SessionModel) -> FormModel:
    return session.form


def field(form: FormModel, pointer: str) -> dict[str, Any]:
    return next(row for row in form.fields.rows() if row["pointer"] == pointer)


def add(form: FormModel, name: str) -> None:
    form.addItem("/people")
    at = field_of_item(form)
    form.setAnswer(at, name)
    form.next()


def field_of_item(form: FormModel) -> str:
    return next(row["pointer"] for row in form.fields.rows() if row["pointer"].endswith("/name"))


def to_page(form: FormModel, page: str) -> None:
    """Past the pages before, answered shortly."""
    add(form, "Анна")
    form.next()
    if page != "p_where":
        form.setAnswer("/country", "Германия")
        form.next()
    if page == "p_papers":
        form.setAnswer("/free", "true")
        form.next()
    assert form.pageId == page


def test_items_are_added_changed_and_removed(form: FormModel) -> None:
    form.addItem("/people")
    assert (form.pageTitle, form.pageId) == ("Спутник 1", "/people/0")
    assert form.nextText != "Продолжить"
    form.setAnswer("/people/0/name", "Анна")
    form.next()
    assert form.pageId == "p_list"
    add(form, "Борис")
    row = field(form, "/people")
    assert [(one["label"], one["note"].split(",")[0]) for one in row["options"]] == [
        ("Спутник 1", "Анна"),
        ("Спутник 2", "Борис"),
    ]
    assert not row["canAdd"]
    form.changeItem("/people/0")
    assert field(form, "/people/0/name")["value"] == "Анна"
    form.setAnswer("/people/0/name", "Алла")
    form.next()
    form.removeItem("/people/1")
    assert form.answers["people"] == [{"name": "Алла"}]
    assert field(form, "/people")["canAdd"]


def test_back_gives_up_a_new_item_and_keeps_an_old_one(form: FormModel, session: SessionModel) -> None:
    form.addItem("/people")
    form.setAnswer("/people/0/name", "Анна")
    form.setDatePart("/people/0/born", "day", "3")
    session.goBack()
    assert (session.page, form.pageId) == ("Form", "p_list")
    assert "people" not in form.answers or form.answers["people"] == []
    form.addItem("/people")
    assert (field(form, "/people/0/name")["value"], field(form, "/people/0/born")["day"]) == ("", "")
    form.setAnswer("/people/0/name", "Анна")
    form.next()
    form.changeItem("/people/0")
    form.setAnswer("/people/0/name", "Инна")
    session.goBack()
    assert form.answers["people"] == [{"name": "Инна"}]


def test_an_item_is_not_added_before_it_is_right(form: FormModel) -> None:
    form.addItem("/people")
    form.setAnswer("/people/0/name", "А")
    form.next()
    assert form.pageId == "/people/0"
    assert [row["pointer"] for row in form.errors.rows()] == ["/people/0/name"]
    assert field(form, "/people/0/name")["error"]
    form.setAnswer("/people/0/name", "Анна")
    assert form.errors.count == 0
    form.next()
    assert form.pageId == "p_list"


def test_an_empty_list_that_is_asked_for_is_an_error_of_the_list(form: FormModel) -> None:
    form.next()
    assert [row["pointer"] for row in form.errors.rows()] == ["/people"]
    add(form, "Анна")
    assert form.errors.count == 0
    form.next()
    assert form.pageId == "p_where"


def test_an_error_of_an_item_opens_the_item(form: FormModel, session: SessionModel) -> None:
    add(form, "Анна")
    form.changeItem("/people/0")
    form.setAnswer("/people/0/name", "А")
    session.goBack()
    form.next()
    (error,) = form.errors.rows()
    assert form.pageId == "p_list"
    form.openError(error["pointer"])
    assert form.pageId == "/people/0"
    assert field(form, "/people/0/name")["error"] == error["message"]
    form.setAnswer("/people/0/name", "Анна")
    form.next()
    form.next()
    assert form.pageId == "p_where"


def test_errors_of_an_item_go_with_it(form: FormModel, session: SessionModel) -> None:
    add(form, "Анна")
    add(form, "Борис")
    form.changeItem("/people/1")
    form.setAnswer("/people/1/name", "")
    session.goBack()
    form.next()
    assert form.errors.count == 1
    form.removeItem("/people/1")
    assert form.errors.count == 0
    assert form.answers["people"] == [{"name": "Анна"}]


@pytest.mark.parametrize("pointer", ["/people", "/people/1", "/people/x", "/name/0", "/people/0/name", "", "/"])
def test_what_is_no_item_is_left_alone(form: FormModel, pointer: str) -> None:
    add(form, "Анна")
    before = form.answers
    form.changeItem(pointer)
    form.removeItem(pointer)
    form.openError(pointer) if pointer != "/people/0/name" else None
    form.addItem("/country")
    assert (form.pageId, form.answers) == ("p_list", before)


def test_a_lookup_is_chosen_by_touch(form: FormModel) -> None:
    to_page(form, "p_where")
    form.setAnswer("/country", "кор")
    assert [(one["value"], one["label"]) for one in field(form, "/country")["options"]] == [("KR", "Южная Корея")]
    form.setAnswer("/country", "KR")
    row = field(form, "/country")
    assert (row["value"], row["options"], form.answers["country"]) == ("Южная Корея", [], "KR")
    form.next()
    assert form.pageId == "p_money"


def test_a_lookup_typed_in_full_is_chosen_and_half_a_name_is_not(form: FormModel) -> None:
    to_page(form, "p_where")
    form.setAnswer("/country", "Герм")
    form.next()
    assert (form.pageId, form.errors.count) == ("p_where", 1)
    assert field(form, "/country")["value"] == "Герм"
    form.setAnswer("/country", " германия ")
    form.next()
    assert (form.pageId, form.answers["country"]) == ("p_money", "DE")


def test_what_is_worked_out_is_shown_and_not_asked(form: FormModel) -> None:
    to_page(form, "p_money")
    assert (field(form, "/half")["kind"], field(form, "/half")["value"]) == ("shown", "")
    form.setAnswer("/free", "false")
    form.setAnswer("/each", "500")
    assert field(form, "/half")["value"] == "250"
    form.setAnswer("/half", "1")
    assert "half" not in form.answers


def test_what_is_worked_out_has_nothing_to_change_among_the_answers(session: SessionModel, form: FormModel) -> None:
    to_page(form, "p_money")
    form.setAnswer("/free", "false")
    form.setAnswer("/each", "500")
    session.check.refresh()
    rows = {row["pointer"]: row for group in session.check.groups.rows() for row in group["rows"]}
    assert (rows["/half"]["value"], rows["/half"]["calculated"]) == ("250", True)
    assert not rows["/each"]["calculated"]


def test_what_is_disabled_is_seen_and_cannot_be_changed(form: FormModel) -> None:
    to_page(form, "p_money")
    assert field(form, "/each")["active"]
    form.setAnswer("/free", "true")
    assert not field(form, "/each")["active"]
    form.setAnswer("/each", "700")
    assert "each" not in form.answers
    form.next()
    assert form.pageId == "p_papers"


def test_at_a_kiosk_papers_are_brought_and_optional_ones_left_out(form: FormModel, session: SessionModel) -> None:
    to_page(form, "p_papers")
    assert not form.canAttach
    form.attach("/ticket", "/tmp/Билет.pdf")
    assert not form.busy
    form.next()
    assert [row["pointer"] for row in form.errors.rows()] == ["/ticket"]
    form.bring("/ticket", True)
    assert field(form, "/ticket")["value"] == "bring"
    form.bring("/ticket", False)
    assert "ticket" not in form.answers
    form.bring("/ticket", True)
    form.next()
    assert session.page == "Check"


@pytest.mark.parametrize("mode", ["desktop"], indirect=True)
def test_files_are_added_refused_removed_and_handed_over(
    form: FormModel, session: SessionModel, house: MemoryHouse, qtbot: Any
) -> None:
    to_page(form, "p_papers")
    for name in ("Билет.pdf", "Билет туда и обратно.pdf"):
        form.attach("/ticket", f"/nowhere/{name}")
        qtbot.waitUntil(lambda: not form.busy)
    row = field(form, "/ticket")
    assert [one["label"] for one in row["options"]] == ["Билет.pdf", "Билет туда и обратно.pdf"]
    assert not row["canAdd"]
    form.attach("/photo", "/nowhere/я.bmp")
    qtbot.waitUntil(lambda: not form.busy)
    assert field(form, "/photo")["error"] == "Выберите PDF"
    form.removeItem(f"/ticket#{row['options'][0]['value']}")
    assert [one["label"] for one in field(form, "/ticket")["options"]] == ["Билет туда и обратно.pdf"]
    form.next()
    assert session.page == "Check"
    session.check.setConsent(True)
    session.check.submit()
    qtbot.waitUntil(lambda: session.page == "Receipt")
    (order,) = house.desk.orders
    assert [one["id"] for one in order.answers["ticket"]] == [one.id for one in house.desk.files]
    assert [one.name for one in house.desk.files] == ["Билет туда и обратно.pdf"]


@pytest.mark.parametrize("mode", ["desktop"], indirect=True)
def test_a_file_of_another_kind_is_told_at_once(form: FormModel, qtbot: Any) -> None:
    to_page(form, "p_papers")
    form.attach("/photo", "/nowhere/я.pdf")
    qtbot.waitUntil(lambda: not form.busy)
    assert field(form, "/photo")["error"]
    assert [row["pointer"] for row in form.errors.rows()] == ["/photo"]


@pytest.mark.parametrize("mode", ["desktop"], indirect=True)
def test_a_file_read_for_one_visitor_is_not_the_next_ones(form: FormModel, session: SessionModel, qtbot: Any) -> None:
    to_page(form, "p_papers")
    form.attach("/ticket", "/nowhere/Билет.pdf")
    form.wipe()
    session.startForm()
    to_page(form, "p_papers")
    form.attach("/photo", "/nowhere/чужой.bmp")
    qtbot.waitUntil(lambda: not form.busy)
    assert "ticket" not in form.answers
    assert form.files() == ()
