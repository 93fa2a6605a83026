"""A form, one question or one small group at a time.

Rules. Answers live here and nowhere else until they are sealed, and are dropped by `wipe`. A page is left forward
only when its own answers are accepted; going back keeps everything typed. A page that becomes hidden keeps its
answers and sends none (kiosk.forms decides what is visible). What is wrong is told when Continue is pressed, and
taken back at the field as soon as the visitor changes it. Every `if` about the domain is kiosk.forms'.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement, QmlUncreatable

from kiosk.model.form import AnswerError, Answers, Field, Page, SummaryGroup
from kiosk.model.profile import Profile
from kiosk.model.service import Service
from kiosk.ui import form_answers
from kiosk.ui.errands import Errands
from kiosk.ui.models.errors_list import ErrorsList
from kiosk.ui.models.fields_list import FieldsList
from kiosk.ui.models.steps_list import StepsList
from kiosk.ui.paperwork import path_of
from kiosk.ui.sources import Form
from kiosk.ui.visit import Visit

QML_IMPORT_NAME = "Kiosk.ViewModels"
QML_IMPORT_MAJOR_VERSION = 1


@QmlElement
@QmlUncreatable("belongs to the session")
class FormModel(QObject):
    """The form being filled in; empty until one is started."""

    changed = Signal()
    pageChanged = Signal()
    refused = Signal()
    """Continue was pressed and something is wrong: move the focus to the error summary."""

    def __init__(self, visit: Visit, errands: Errands, finished: Callable[[], None], parent: Any = None) -> None:
        super().__init__(parent)
        self._visit = visit
        self._errands = errands
        self._finished = finished
        self._fields = FieldsList(self)
        self._errors = ErrorsList(self)
        self._steps = StepsList(self)
        self._service: Service | None = None
        self._form: Form | None = None
        self._answers: Answers = {}
        self._dates: dict[str, dict[str, str]] = {}
        self._pages: tuple[Page, ...] = ()
        self._page = ""
        self._reached: set[str] = set()
        self._found: tuple[AnswerError, ...] = ()
        self._changing = False
        self._item, self._fresh = "", False
        self._files: dict[str, Any] = {}
        self._profile: Profile | None = None
        self._filled_in: set[str] = set()
        self._busy = False
        self._filled = object()
        """Another one after every wipe: a file that is read for longer than its visitor stays is nobody's."""

    @Property(str, notify=changed)
    def title(self) -> str:
        """The service in a few words."""
        return self._visit.of(self._service.short_title or self._service.title) if self._service else ""

    @Property(str, notify=changed)
    def stepText(self) -> str:
        """«Вопрос 3 из 8»."""
        return self._visit.t("common.question_of", number=self.stepIndex + 1, total=self.stepCount)

    @Property(int, notify=changed)
    def stepIndex(self) -> int:
        """From 0."""
        return next((at for at, page in enumerate(self._pages) if page.id == self._page), 0)

    @Property(int, notify=changed)
    def stepCount(self) -> int:
        """How many questions are visible with the answers so far."""
        return len(self._pages)

    @Property(StepsList, constant=True)
    def steps(self) -> StepsList:
        """The groups of questions, then "Check your answers"; a done one can be opened again."""
        return self._steps

    @Property(str, notify=pageChanged)
    def pageId(self) -> str:
        """Changes when another question is shown."""
        return self._item or self._page

    @Property(bool, notify=changed)
    def canAttach(self) -> bool:
        """Files can be chosen here: a desktop has files, a kiosk takes the paper at the centre."""
        return self._visit.settings.mode == "desktop"

    @Property(bool, notify=changed)
    def busy(self) -> bool:
        """A file is being read."""
        return self._busy

    @Property(str, notify=changed)
    def pageTitle(self) -> str:
        return self._current().title if self._pages else ""

    @Property(str, notify=changed)
    def pageHint(self) -> str:
        """What to know before answering; on a page that the account has filled in, that it has."""
        if not self._pages:
            return ""
        hint = self._current().hint
        if self._item or self._page not in self._filled_in:
            return hint
        return " ".join(part for part in (hint, self._visit.t("pages.from_profile")) if part)

    @Property(FieldsList, constant=True)
    def fields(self) -> FieldsList:
        return self._fields

    @Property(ErrorsList, constant=True)
    def errors(self) -> ErrorsList:
        return self._errors

    @Property(str, notify=changed)
    def errorTitle(self) -> str:
        """«Исправьте один ответ»; "" while nothing is wrong."""
        wrong = self._errors.count
        if wrong < 2:
            return self._visit.t("error.mend_single") if wrong else ""
        return self._visit.t("error.mend", count=wrong)

    @Property(bool, notify=changed)
    def changing(self) -> bool:
        """The visitor came from "Check your answers" and goes back there."""
        return self._changing

    @Property(str, notify=changed)
    def nextText(self) -> str:
        """The words of the one main button."""
        if self._item:
            return self._visit.t("pages.item_add" if self._fresh else "pages.item_keep")
        return self._visit.t("common.back_to_check" if self._changing else "common.continue")

    @Slot(str, str)
    def setAnswer(self, pointer: str, value: str) -> None:
        """An answer as text: typed words, an option's value, "true"/"false" of a tick or a yes-no question."""
        field = self._field(pointer)
        if field is not None and field.enabled and not field.calculated:
            self._put(pointer, form_answers.typed(field, value))

    @Slot(str, str, str)
    def setDatePart(self, pointer: str, part: str, text: str) -> None:
        """One part ("day", "month", "year") of a date as typed."""
        if part in form_answers.DATE_PARTS and self._field(pointer) is not None:
            parts = form_answers.date_parts(self._answers, self._dates, pointer) | {part: text.strip()}
            self._dates[pointer] = parts
            self._put(pointer, form_answers.join_date(parts))

    @Slot(str, int)
    def setDay(self, pointer: str, days_ago: int) -> None:
        """A date counted back from today: 0 today, 1 yesterday."""
        self._dates.pop(pointer, None)
        self._put(pointer, (self._visit.today() - timedelta(days=days_ago)).isoformat())

    @Slot(str, str)
    def toggleChoice(self, pointer: str, value: str) -> None:
        """Choose or unchoose one of several ("choices")."""
        field = self._field(pointer)
        if field is not None:
            self._put(pointer, form_answers.toggled(self._answers, field, value))

    @Slot(str)
    def addItem(self, pointer: str) -> None:
        """Begin a new item of a list; Continue adds it, Back gives it up."""
        field = self._field(pointer)
        if self._form is None or field is None or field.kind != "list":
            return
        items = self._form.items(pointer, self._answers, self._visit.language)
        self._item, self._fresh = f"{pointer}/{len(items)}", True
        self._answers = form_answers.put(self._answers, self._item, {})
        self._show(self._page)

    @Slot(str)
    def changeItem(self, pointer: str) -> None:
        """Show one item of a list to be changed."""
        if self._form is not None and self._is_item(pointer):
            self._item, self._fresh = pointer, False
            self._show(self._page)

    @Slot(str)
    def openError(self, pointer: str) -> None:
        """Show the item of a list that an error is about, with everything that is wrong with it."""
        item = next((one for one in form_answers.items_above(pointer) if self._is_item(one)), "")
        if self._form is not None and not self._item and item:
            self._item, self._fresh = item, False
            self._show(self._page, self._check_here())

    @Slot(str)
    def removeItem(self, pointer: str) -> None:
        """Take an item out of its list, or a file out of an answer (`<pointer of the answer>#<id of the file>`)."""
        where, _, file = pointer.partition("#")
        if file:
            self._remove_file(where, file)
        elif self._form is not None and self._is_item(pointer):
            self._forget_dates(where.rpartition("/")[0])
            self._answers = form_answers.put(self._answers, pointer, None)
            self._changed(pointer.rpartition("/")[0])

    @Slot(str, str)
    def attach(self, pointer: str, url: str) -> None:
        """Add a file (path or file: URL of a file dialog; desktop only). It is read in a worker."""
        field = self._field(pointer)
        if not self.canAttach or self._busy or field is None or field.files is None:
            return
        kinds, desk, language, path = field.files.kinds, self._visit.house.desk, self._visit.language, path_of(url)
        visit = self._filled
        self._busy = True
        self.changed.emit()
        self._errands.run(
            lambda: desk.take_in(path, kinds, language),
            lambda taken, error: self._attached(pointer, taken, error) if visit is self._filled else None,
        )

    @Slot(str, bool)
    def bring(self, pointer: str, bring: bool) -> None:
        """The visitor brings the paper to the centre; files that were added are forgotten."""
        for id_ in self._file_ids(pointer):
            self._files.pop(id_, None)
        self._put(pointer, "bring" if bring else None)

    @Slot()
    def next(self) -> None:
        """Continue: to the next question, or to "Check your answers" after the last one; from an item to its list."""
        if self._form is None:
            return
        self._take_typed_names()
        self._found = self._check_here()
        if self._found:
            self._fill()
            self.refused.emit()
            return
        if self._item:
            self._item, self._fresh = "", False
            self._show(self._page)
            return
        at = self.stepIndex
        if self._changing or at + 1 >= len(self._pages):
            unasked = next((page for page in self._pages if page.id not in self._reached), None)
            if self._changing and unasked is not None:
                self._show(unasked.id)
                return
            self._changing = False
            self._finished()
        else:
            self._show(self._pages[at + 1].id)

    @Slot(int)
    def openStep(self, index: int) -> None:
        """Open a step that is done already (index in `steps`, from 0)."""
        rows = self._steps.rows()
        if not 0 <= index < len(rows) or rows[index]["state"] != "done":
            return
        groups = form_answers.groups(self._pages)
        self._show(groups[index][1][0].id)

    @property
    def service(self) -> Service | None:
        return self._service

    @property
    def form(self) -> Form | None:
        return self._form

    @property
    def answers(self) -> Answers:
        return self._answers

    def start(self, service: Service, form: Form, profile: Profile | None = None) -> None:
        """Begin a form, or go on with the one begun for the same service.

        What `profile` knows is filled in on each page as it is shown for the first time.
        """
        if self._service is not None and self._service.id == service.id and self._form is not None:
            self._changing = False
            self.refresh()
            return
        self.wipe()
        self._service, self._form, self._profile = service, form, profile
        self._pages = form.pages(self._answers, self._visit.language)
        self._show(self._pages[0].id)

    def resume(self, service: Service, form: Form, answers: Answers, page_id: str) -> None:
        """Go on with a form that was saved, at the page where it was left."""
        self.wipe()
        self._service, self._form, self._answers = service, form, answers
        self._pages = form.pages(answers, self._visit.language)
        ids = [page.id for page in self._pages]
        at = ids.index(page_id) if page_id in ids else 0
        self._reached = set(ids[:at])
        self._show(ids[at])

    @property
    def page_id(self) -> str:
        """The page, not the item of a list that is open on it."""
        return self._page

    def back(self) -> bool:
        """To the question before; False when this is the first one, or when the visitor is changing one answer.

        Out of an item to its list; a new item is given up.
        """
        if self._item:
            self._leave_item()
            self._show(self._page)
            return True
        at = self.stepIndex
        if self._changing or at == 0:
            return False
        self._show(self._pages[at - 1].id)
        return True

    def open_last(self) -> None:
        """Show the last question (the way back from "Check your answers")."""
        self._changing = False
        if self._pages:
            self._show(self._pages[-1].id)

    def change(self, page_id: str, found: tuple[AnswerError, ...] = ()) -> None:
        """Show a question to be changed; Continue then leads back to "Check your answers"."""
        if any(page.id == page_id for page in self._pages):
            self._changing = True
            self._show(page_id, found)

    def stop_changing(self) -> None:
        self._changing = False
        self.refresh()

    def check_all(self) -> tuple[AnswerError, ...]:
        """Everything that is wrong with the visible answers."""
        if self._form is None:
            return ()
        return self._form.check(self._answers, self._visit.language, self._visit.today())

    def page_of(self, pointer: str) -> str:
        """The id of the visible page that asks for this answer, or for the list it stands in; or ""."""
        return next(
            (
                page.id
                for page in self._pages
                if any(f"{pointer}/".startswith(f"{field.pointer}/") for field in page.fields)
            ),
            "",
        )

    def files(self) -> tuple[Any, ...]:
        """The files that visible answers refer to, for Desk.submit."""
        if self._form is None:
            return ()
        outgoing = self._form.outgoing(self._answers)
        ids = [id_ for page in self._pages for field in page.fields for id_ in _ids(outgoing, field.pointer)]
        return tuple(self._files[id_] for id_ in ids if id_ in self._files)

    def summary(self) -> tuple[SummaryGroup, ...]:
        return self._form.summary(self._answers, self._visit.language) if self._form else ()

    def refresh(self) -> None:
        """Say it again (new language); errors too."""
        if self._form is None:
            return
        self._pages = self._form.pages(self._answers, self._visit.language)
        if self._found:
            wrong = {error.pointer for error in self._found}
            self._found = tuple(error for error in self._check_here() if error.pointer in wrong)
        self._fill()

    def wipe(self) -> None:
        """Forget the form and every answer."""
        self._service, self._form = None, None
        self._answers, self._dates = {}, {}
        self._pages, self._page, self._found = (), "", ()
        self._reached, self._changing = set(), False
        self._item, self._fresh, self._files, self._busy = "", False, {}, False
        self._profile, self._filled_in = None, set()
        self._filled = object()
        for rows in (self._fields, self._errors, self._steps):
            rows.set_rows([])
        self.pageChanged.emit()
        self.changed.emit()

    def _current(self) -> Page:
        if self._item and self._form is not None:
            return self._form.item_page(self._item, self._answers, self._visit.language)
        return self._pages[self.stepIndex]

    def _check_here(self) -> tuple[AnswerError, ...]:
        """What is wrong with the item that is open, or on the page."""
        if self._form is None:
            return ()
        language, today = self._visit.language, self._visit.today()
        if self._item:
            return self._form.check_item(self._item, self._answers, language, today)
        return self._form.check_page(self._page, self._answers, language, today)

    def _field(self, pointer: str) -> Field | None:
        """The field of an answer: of the item that is open, or of a visible page."""
        if self._item:
            found = form_answers.field_at((self._current(),), pointer)
            if found is not None:
                return found
        return form_answers.field_at(self._pages, pointer)

    def _is_item(self, pointer: str) -> bool:
        where, _, number = pointer.rpartition("/")
        field = self._field(where)
        if self._form is None or field is None or field.kind != "list" or not number.isdigit():
            return False
        return int(number) < len(self._form.items(where, self._answers, self._visit.language))

    def _leave_item(self) -> None:
        """Out of the item that is open; a new one that was not added is given up."""
        if self._fresh:
            self._forget_dates(self._item)
            self._answers = form_answers.put(self._answers, self._item, None)
            if self._form is not None:
                self._pages = self._form.pages(self._answers, self._visit.language)
        self._item, self._fresh = "", False

    def _forget_dates(self, within: str) -> None:
        """Parts of dates as typed, of an item or of a whole list whose numbers move."""
        self._dates = {pointer: parts for pointer, parts in self._dates.items() if not pointer.startswith(f"{within}/")}

    def _take_typed_names(self) -> None:
        """A name of a lookup that was typed in full counts as chosen."""
        if self._form is None:
            return
        for field in self._current().fields:
            if field.kind == "lookup":
                value = form_answers.meant(self._form, field, self._answers, self._visit.language)
                if value is not None:
                    self._answers = form_answers.put(self._answers, field.pointer, value)

    def _file_ids(self, pointer: str) -> list[str]:
        return _ids(self._answers, pointer)

    def _attached(self, pointer: str, taken: Any, error: BaseException | None) -> None:
        self._busy = False
        if self._form is None:
            return
        if taken is None:
            self._found = (*(one for one in self._found if one.pointer != pointer), self._refusal(pointer, error))
            self._fill()
            self.refused.emit()
            return
        self._files[taken.reference["id"]] = taken.file
        before = form_answers.get(self._answers, pointer)
        self._put(pointer, [*(before if isinstance(before, list) else ()), taken.reference])
        self._found += tuple(one for one in self._check_here() if one.pointer == pointer)
        if any(one.pointer == pointer for one in self._found):
            self._fill()
            self.refused.emit()

    def _refusal(self, pointer: str, error: BaseException | None) -> AnswerError:
        told = getattr(error, "errors", ())
        words = told[0].message if told else self._visit.t(getattr(error, "visitor", "error.general"))
        return AnswerError(pointer, told[0].code if told else "attachment.unreadable", words)

    def _remove_file(self, pointer: str, id_: str) -> None:
        self._files.pop(id_, None)
        left = [one for one in form_answers.get(self._answers, pointer) or () if one["id"] != id_]
        self._put(pointer, left or None)

    def _show(self, page_id: str, found: tuple[AnswerError, ...] = ()) -> None:
        if page_id != self._page:
            self._leave_item()
        self._page, self._found = page_id, found
        if page_id not in self._reached:
            self._fill_in(page_id)
        self._reached.add(page_id)
        self._fill()
        self.pageChanged.emit()

    def _fill_in(self, page_id: str) -> None:
        """What the account knows, once: an answer that the visitor takes away stays away."""
        if self._form is None or self._profile is None:
            return
        answers = form_answers.filled_in(self._form, page_id, self._answers, self._profile, self._visit.today())
        if answers is not self._answers:
            self._answers = answers
            self._filled_in.add(page_id)
            self._pages = self._form.pages(answers, self._visit.language)

    def _put(self, pointer: str, value: Any) -> None:
        if self._form is None or self._field(pointer) is None:
            return
        self._answers = form_answers.put(self._answers, pointer, value)
        self._changed(pointer)

    def _changed(self, pointer: str) -> None:
        """An answer is another one: what was wrong with it is taken back, pages are seen anew."""
        if self._form is None:
            return
        self._found = tuple(
            error
            for error in self._found
            if error.pointer != pointer and (self._item or not error.pointer.startswith(f"{pointer}/"))
        )
        self._pages = self._form.pages(self._answers, self._visit.language)
        self._fill()

    def _fill(self) -> None:
        if self._form is None:
            return
        errors = {error.pointer: error for error in self._found}
        self._fields.set_rows(
            [
                form_answers.field_row(
                    self._form, field, self._answers, self._dates, errors.get(field.pointer), self._visit.language
                )
                for field in self._current().fields
            ]
        )
        self._errors.set_rows([{"pointer": error.pointer, "message": error.message} for error in self._found])
        check = self._visit.t("check.title")
        self._steps.set_rows(form_answers.step_rows(self._pages, self._page, self._reached, check))
        self.changed.emit()


def _ids(answers: Answers, pointer: str) -> list[str]:
    """The files that an answer refers to."""
    answer = form_answers.get(answers, pointer)
    return [one["id"] for one in answer if isinstance(one, dict) and "id" in one] if isinstance(answer, list) else []
