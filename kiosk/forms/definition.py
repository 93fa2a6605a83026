"""A form, compiled once and used by many visitors: its pages, what is wrong with answers, what is sent, what is shown.

Rules. A Form never changes and holds no answers. What is hidden keeps its answers in `answers`, but it is not
checked, not
summarised and never in `outgoing`. Any JSON value may come as answers: the result is errors, never an exception.
What no question of the form asks for is refused with the code "unknown". One error at most for one answer.
Source: JSON Schema 2020-12 (jsonschema-rs), JSON Forms (jsonforms.io), our own keywords of limits.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property
from typing import Any

from msgspec.structs import replace

from kiosk.errors import SourceRefused
from kiosk.forms import attachments, lists, lookup, messages, summary, validator
from kiosk.forms.answers import get, put
from kiosk.forms.faults import PairRules, faults
from kiosk.forms.layout import LayoutReader
from kiosk.forms.question import Question, Sheet
from kiosk.forms.seen import Fault, Look, Seen, shape, strays
from kiosk.model.attachment import Attachment
from kiosk.model.form import AnswerError, Answers, FormDefinition, ListItem, Option, Page, SummaryGroup
from kiosk.model.lookup import Lookup


def compile_form(definition: FormDefinition, lookups: Mapping[str, Lookup] | None = None) -> Form:
    """The form of a definition, with the lists that its lookups are searched in.

    Raises SourceRefused with every problem: ("form/<id>", JSON Pointer into the definition, message).
    """
    known = dict(lookups or {})
    reader = LayoutReader(definition, frozenset(known))
    problems = reader.problems
    if not problems:
        form = Form(definition, tuple(reader.sheets), known)
        try:
            form.prepare()
        except ValueError as error:
            problems = [("/schema", f"not a JSON Schema 2020-12: {error}")]
        else:
            return form
    name = f"form/{definition.id}"
    raise SourceRefused(
        f"{name}: {problems[0][0]}: {problems[0][1]} ({len(problems)} in all)",
        tuple((name, pointer, message) for pointer, message in problems),
    )


class Form:
    """A compiled form. Make it with `compile_form`."""

    def __init__(self, definition: FormDefinition, sheets: tuple[Sheet, ...], lookups: Mapping[str, Lookup]) -> None:
        self.definition = definition
        self.sheets = sheets
        self._lookups = lookups
        self._pages: dict[tuple[str, str], Page] = {}
        self._shape = shape(question for sheet in sheets for question in sheet.questions)
        self._words = summary.Words(definition.texts, lookups)

    @cached_property
    def _validator(self) -> Any:
        return validator.compiled(self.definition.schema)

    @cached_property
    def _pairs(self) -> PairRules:
        return PairRules(self.definition.schema)

    def prepare(self) -> None:
        """Compile the validator now, rather than at the first check. Raises ValueError if the schema is none."""
        self._validator.is_valid({})

    def title(self, language: str) -> str:
        return self.definition.title.of(language)

    def pages(self, answers: Answers, language: str) -> tuple[Page, ...]:
        """The visible pages in order, each with its visible fields."""
        seen = self._see(answers)
        return tuple(self._page(sheet, questions, seen, language) for sheet, questions in seen.sheets)

    def check_page(self, page_id: str, answers: Answers, language: str, today: date) -> tuple[AnswerError, ...]:
        """What is wrong on one page, in the order of its fields; nothing if the page is hidden. Raises
        KeyError for a page that the form does not have.
        """
        if all(sheet.id != page_id for sheet in self.sheets):
            raise KeyError(page_id)
        seen = self._see(answers)
        asked = [question for sheet, questions in seen.sheets if sheet.id == page_id for question in questions]
        return self._errors(asked, self._faults(seen, today), language) if asked else ()

    def look(self, answers: Answers) -> Seen:
        """One look at the answers, for who asks several things about them (`seen`): it is the dearest part of each."""
        return self._see(answers)

    def check(self, answers: Answers, language: str, today: date, seen: Seen | None = None) -> tuple[AnswerError, ...]:
        """What is wrong anywhere, in the order of the pages, then what does not belong to the form."""
        if not isinstance(answers, dict):
            return (messages.stray("", "type", language),)
        seen = seen or self._see(answers)
        found = self._errors(list(seen.questions()), self._faults(seen, today), language)
        return found + tuple(messages.stray(pointer, code, language) for pointer, code in strays(answers, self._shape))

    def items(self, pointer: str, answers: Answers, language: str) -> tuple[ListItem, ...]:
        """The items of a list, as rows with Change and Remove. Raises KeyError if `pointer` is no list."""
        question = self._list(pointer)
        return lists.items(question, self._see(answers).answers, self._words, language)

    def item_page(self, pointer: str, answers: Answers, language: str) -> Page:
        """The page that asks for one item of a list: pointer "/children/1"; the number after the last adds one.
        Its fields have the pointers of the whole form. Raises KeyError if it is no item of a list.
        """
        question, number = self._item(pointer)
        seen = self._see(lists.opened(pointer, answers))
        return lists.page(question, number, self.page_of(pointer), seen, self._words, language)

    def check_item(self, pointer: str, answers: Answers, language: str, today: date) -> tuple[AnswerError, ...]:
        """What is wrong with one item of a list. Raises KeyError if it is no item of a list."""
        self._item(pointer)
        seen = self._see(lists.opened(pointer, answers))
        asked = [question for question in seen.questions() if question.pointer.startswith(f"{pointer}/")]
        return self._errors(asked, self._faults(seen, today), language)

    def find(self, pointer: str, typed: str, language: str, limit: int = 20) -> tuple[Option, ...]:
        """What fits a lookup, best first; the beginning of its list while nothing is typed. Raises KeyError."""
        question = self._question(pointer)
        return lookup.find(self._lookups[question.lookup], typed, language, limit)

    def shown(self, pointer: str, answers: Answers, language: str) -> str:
        """One answer as people read it: the name of what was chosen, a sum, a date. Raises KeyError."""
        return self._words.of(self._question(pointer), get(self._see(answers).answers, pointer), language)

    def outgoing(self, answers: Answers, seen: Seen | None = None) -> Answers:
        """What is sent: visible answers only, in the stored spelling, calculated ones worked out anew. Sending it
        through again changes nothing.
        """
        return (seen or self._see(answers)).answers

    def for_later(self, answers: Answers) -> Answers:
        """The answers as they stand, hidden ones too, but without references to files: what a draft keeps."""
        for sheet in self.sheets:
            for question in sheet.questions:
                if question.kind == "attachment" and isinstance(get(answers, question.pointer), list):
                    answers = put(answers, question.pointer, None)
        return answers

    def miscalculated(self, answers: Answers, seen: Seen | None = None) -> tuple[str, ...]:
        """The pointers of calculated answers that are not what they come to: they were changed on their way."""
        seen = seen or self._see(answers)
        calculated = (question.pointer for question in seen.questions() if question.expression is not None)
        return tuple(pointer for pointer in calculated if get(answers, pointer) != get(seen.answers, pointer))

    def files_differ(self, answers: Answers, files: tuple[Attachment, ...], seen: Seen | None = None) -> bool:
        """Whether the visible answers name a file that is not among these; more files than are named are fine."""
        return attachments.mismatch((one for _, one in self._named_files(seen or self._see(answers))), files)

    def check_files(
        self, answers: Answers, ids: Iterable[str], language: str, seen: Seen | None = None
    ) -> tuple[AnswerError, ...]:
        """An error for every visible answer that names a file which is not among those with these ids."""
        there, seen = set(ids), seen or self._see(answers)
        lost = [question for question, one in self._named_files(seen) if one["id"] not in there]
        return self._errors(lost, {question.pointer: ("attachment.missing", {}) for question in lost}, language)

    def _named_files(self, seen: Seen) -> list[tuple[Question, dict[str, Any]]]:
        asked = [question for question in seen.questions() if question.kind == "attachment"]
        values = {question.pointer: get(seen.answers, question.pointer) for question in asked}
        return list(attachments.references(asked, values))

    def summary(self, answers: Answers, language: str) -> tuple[SummaryGroup, ...]:
        """The check-your-answers page: a group per page, neighbours of one name together."""
        seen = self._see(answers)
        return summary.groups(self._words, seen.sheets, seen.answers, language)

    def asked(self, answers: Answers) -> tuple[Question, ...]:
        """The visible questions in order."""
        return tuple(self._see(answers).questions())

    def schema_accepts(self, answers: Answers) -> bool:
        """Whether the JSON Schema alone, without limits in time and rules between answers, accepts what is sent."""
        return bool(self._validator.is_valid(answers))

    def page_of(self, pointer: str) -> str:
        """The page that asks for a pointer, or for a part of its answer. Raises KeyError if none does."""
        for sheet in self.sheets:
            if any(f"{pointer}/".startswith(f"{question.pointer}/") for question in sheet.questions):
                return sheet.id
        raise KeyError(pointer)

    def _question(self, pointer: str) -> Question:
        for sheet in self.sheets:
            for question in sheet.questions:
                if question.pointer == pointer:
                    return question
                if question.kind == "list" and pointer.startswith(f"{question.pointer}/"):
                    number, _, inner = pointer[len(question.pointer) + 1 :].partition("/")
                    found = next((one for one in question.items if one.pointer == f"/{inner}"), None)
                    if found is not None and number.isdigit():
                        return found
        raise KeyError(pointer)

    def _list(self, pointer: str) -> Question:
        question = self._question(pointer)
        if question.kind != "list":
            raise KeyError(pointer)
        return question

    def _item(self, pointer: str) -> tuple[Question, int]:
        where, _, number = pointer.rpartition("/")
        if not number.isdigit():
            raise KeyError(pointer)
        return self._list(where), int(number)

    def _see(self, answers: Any) -> Seen:
        return Look(self.sheets, answers).seen

    def _faults(self, seen: Seen, today: date) -> dict[str, Fault]:
        return faults(seen, self._validator, self._pairs, self._lookups, today)

    def _errors(self, questions: list[Question], faults: dict[str, Fault], language: str) -> tuple[AnswerError, ...]:
        texts = self.definition.texts
        return tuple(
            messages.error(question, *faults[question.pointer], texts, language)
            for question in questions
            if question.pointer in faults
        )

    def _page(self, sheet: Sheet, asked: tuple[Question, ...], seen: Seen, language: str) -> Page:
        page = self._pages.get((sheet.id, language))
        if page is None:
            texts = self.definition.texts
            hint = texts.get(f"{sheet.id}.description")
            page = self._pages[sheet.id, language] = Page(
                id=sheet.id,
                title=texts[f"{sheet.id}.label"].of(language),
                hint=hint.of(language) if hint else "",
                group=texts[f"{sheet.id}.group"].of(language),
                fields=tuple(question.field(texts, language) for question in sheet.questions),
            )
        shown = {question.pointer for question in asked}
        if all(field.pointer in shown for field in page.fields):
            return page
        fields = tuple(
            field if field.pointer in shown else replace(field, enabled=False)
            for field in page.fields
            if field.pointer in shown or field.pointer in seen.disabled
        )
        return Page(page.id, page.title, page.hint, page.group, fields)
