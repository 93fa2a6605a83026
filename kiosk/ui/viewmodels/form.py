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

from kiosk.model.form import AnswerError, Answers, Page, SummaryGroup
from kiosk.model.service import Service
from kiosk.ui import form_answers
from kiosk.ui.models.errors_list import ErrorsList
from kiosk.ui.models.fields_list import FieldsList
from kiosk.ui.models.steps_list import StepsList
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

    def __init__(self, visit: Visit, finished: Callable[[], None], parent: Any = None) -> None:
        super().__init__(parent)
        self._visit = visit
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
        return self._page

    @Property(str, notify=changed)
    def pageTitle(self) -> str:
        return self._current().title if self._pages else ""

    @Property(str, notify=changed)
    def pageHint(self) -> str:
        return self._current().hint if self._pages else ""

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
        return self._visit.t("common.back_to_check" if self._changing else "common.continue")

    @Slot(str, str)
    def setAnswer(self, pointer: str, value: str) -> None:
        """An answer as text: typed words, an option's value, "true"/"false" of a tick or a yes-no question."""
        field = form_answers.field_at(self._pages, pointer)
        if field is not None:
            self._put(pointer, form_answers.typed(field, value))

    @Slot(str, str, str)
    def setDatePart(self, pointer: str, part: str, text: str) -> None:
        """One part ("day", "month", "year") of a date as typed."""
        if part in form_answers.DATE_PARTS and form_answers.field_at(self._pages, pointer) is not None:
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
        field = form_answers.field_at(self._pages, pointer)
        if field is not None:
            self._put(pointer, form_answers.toggled(self._answers, field, value))

    @Slot()
    def next(self) -> None:
        """Continue: to the next question, or to "Check your answers" after the last one."""
        if self._form is None:
            return
        visit = self._visit
        self._found = self._form.check_page(self._page, self._answers, visit.language, visit.today())
        if self._found:
            self._fill()
            self.refused.emit()
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

    def start(self, service: Service, form: Form) -> None:
        """Begin a form, or go on with the one begun for the same service."""
        if self._service is not None and self._service.id == service.id and self._form is not None:
            self._changing = False
            self.refresh()
            return
        self.wipe()
        self._service, self._form = service, form
        self._pages = form.pages(self._answers, self._visit.language)
        self._show(self._pages[0].id)

    def back(self) -> bool:
        """To the question before; False when this is the first one, or when the visitor is changing one answer."""
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
        """The id of the visible page that asks for this answer, or ""."""
        return next((page.id for page in self._pages if any(field.pointer == pointer for field in page.fields)), "")

    def summary(self) -> tuple[SummaryGroup, ...]:
        return self._form.summary(self._answers, self._visit.language) if self._form else ()

    def refresh(self) -> None:
        """Say it again (new language); errors too."""
        if self._form is None:
            return
        self._pages = self._form.pages(self._answers, self._visit.language)
        if self._found:
            wrong = {error.pointer for error in self._found}
            visit = self._visit
            again = self._form.check_page(self._page, self._answers, visit.language, visit.today())
            self._found = tuple(error for error in again if error.pointer in wrong)
        self._fill()

    def wipe(self) -> None:
        """Forget the form and every answer."""
        self._service, self._form = None, None
        self._answers, self._dates = {}, {}
        self._pages, self._page, self._found = (), "", ()
        self._reached, self._changing = set(), False
        for rows in (self._fields, self._errors, self._steps):
            rows.set_rows([])
        self.pageChanged.emit()
        self.changed.emit()

    def _current(self) -> Page:
        return self._pages[self.stepIndex]

    def _show(self, page_id: str, found: tuple[AnswerError, ...] = ()) -> None:
        self._page, self._found = page_id, found
        self._reached.add(page_id)
        self._fill()
        self.pageChanged.emit()

    def _put(self, pointer: str, value: Any) -> None:
        if self._form is None or form_answers.field_at(self._pages, pointer) is None:
            return
        self._answers = form_answers.put(self._answers, pointer, value)
        self._found = tuple(error for error in self._found if error.pointer != pointer)
        self._pages = self._form.pages(self._answers, self._visit.language)
        self._fill()

    def _fill(self) -> None:
        errors = {error.pointer: error for error in self._found}
        self._fields.set_rows(
            [
                form_answers.field_row(field, self._answers, self._dates, errors.get(field.pointer))
                for field in self._current().fields
            ]
        )
        self._errors.set_rows([{"pointer": error.pointer, "message": error.message} for error in self._found])
        check = self._visit.t("check.title")
        self._steps.set_rows(form_answers.step_rows(self._pages, self._page, self._reached, check))
        self.changed.emit()
