"""A form, compiled once and used by many visitors: its pages, what is wrong with answers, what is sent, what is shown.

Rules. A Form never changes and holds no answers. What is hidden keeps its answers in `answers`, but it is not
checked, not
summarised and never in `outgoing`. Any JSON value may come as answers: the result is errors, never an exception.
What no question of the form asks for is refused with the code "unknown". One error at most for one answer.
Source: JSON Schema 2020-12 (jsonschema-rs), JSON Forms (jsonforms.io), our own keywords of limits.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from kiosk.errors import SourceRefused
from kiosk.forms import limits, messages, summary
from kiosk.forms.answers import get, pointer_of
from kiosk.forms.formats import FORMATS
from kiosk.forms.layout import LayoutReader
from kiosk.forms.question import Question, Sheet
from kiosk.forms.values import clean
from kiosk.model.form import AnswerError, Answers, FormDefinition, Page, SummaryGroup

Fault = tuple[str, dict[str, Any]]


def compile_form(definition: FormDefinition) -> Form:
    """The form of a definition. Raises SourceRefused with every problem: ("form/<id>", JSON Pointer into the
    definition, message).
    """
    reader = LayoutReader(definition)
    problems = reader.problems
    if not problems:
        form = Form(definition, tuple(reader.sheets))
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


@dataclass(frozen=True)
class Seen:
    """What of the answers is asked: the visible questions of each visible page, the clean answers, what cannot be
    cleaned.
    """

    sheets: tuple[tuple[Sheet, tuple[Question, ...]], ...]
    answers: Answers
    faults: dict[str, Fault]

    def questions(self) -> Iterator[Question]:
        for _, questions in self.sheets:
            yield from questions


class Form:
    """A compiled form. Make it with `compile_form`."""

    def __init__(self, definition: FormDefinition, sheets: tuple[Sheet, ...]) -> None:
        self.definition = definition
        self.sheets = sheets
        self._pages: dict[tuple[str, str], Page] = {}
        self._tree = _tree(question.path for sheet in sheets for question in sheet.questions)

    @cached_property
    def _validator(self) -> Any:
        import jsonschema_rs

        known = {name: _passes(name) for name in FORMATS}
        return jsonschema_rs.Draft202012Validator(self.definition.schema, formats=known, validate_formats=True)

    def prepare(self) -> None:
        """Compile the validator now, rather than at the first check. Raises ValueError if the schema is none."""
        self._validator.is_valid({})

    def title(self, language: str) -> str:
        return self.definition.title.of(language)

    def pages(self, answers: Answers, language: str) -> tuple[Page, ...]:
        """The visible pages in order, each with its visible fields."""
        return tuple(self._page(sheet, questions, language) for sheet, questions in self._see(answers).sheets)

    def check_page(self, page_id: str, answers: Answers, language: str, today: date) -> tuple[AnswerError, ...]:
        """What is wrong on one page, in the order of its fields; nothing if the page is hidden. Raises
        KeyError for a page that the form does not have.
        """
        if all(sheet.id != page_id for sheet in self.sheets):
            raise KeyError(page_id)
        seen = self._see(answers)
        asked = [question for sheet, questions in seen.sheets if sheet.id == page_id for question in questions]
        return self._errors(asked, self._faults(seen, today), language) if asked else ()

    def check(self, answers: Answers, language: str, today: date) -> tuple[AnswerError, ...]:
        """What is wrong anywhere, in the order of the pages, then what does not belong to the form."""
        if not isinstance(answers, dict):
            return (messages.stray("", "type", language),)
        seen = self._see(answers)
        found = self._errors(list(seen.questions()), self._faults(seen, today), language)
        strays = tuple(messages.stray(pointer, code, language) for pointer, code in _strays(answers, self._tree, ()))
        return found + strays

    def outgoing(self, answers: Answers) -> Answers:
        """What is sent: visible answers only, in the stored spelling. Sending it through again changes nothing."""
        return self._see(answers).answers

    def summary(self, answers: Answers, language: str) -> tuple[SummaryGroup, ...]:
        """The check-your-answers page: a group per page, neighbours of one name together."""
        seen = self._see(answers)
        return summary.groups(self.definition.texts, seen.sheets, seen.answers, language)

    def asked(self, answers: Answers) -> tuple[Question, ...]:
        """The visible questions in order."""
        return tuple(self._see(answers).questions())

    def schema_accepts(self, answers: Answers) -> bool:
        """Whether the JSON Schema alone, without limits in time and rules between answers, accepts what is sent."""
        return bool(self._validator.is_valid(answers))

    def page_of(self, pointer: str) -> str:
        """The page that asks for a pointer. Raises KeyError if none does."""
        for sheet in self.sheets:
            if any(question.pointer == pointer for question in sheet.questions):
                return sheet.id
        raise KeyError(pointer)

    def _see(self, answers: Any) -> Seen:
        visible: Answers = {}
        faults: dict[str, Fault] = {}
        sheets: list[tuple[Sheet, tuple[Question, ...]]] = []
        for sheet in self.sheets:
            asked: list[Question] = []
            for question in sheet.questions:
                if question.rules and not all(rule.shown(visible) for rule in question.rules):
                    continue
                asked.append(question)
                value, code = clean(question, get(answers, question.pointer))
                if code is not None:
                    faults[question.pointer] = (code, {"count": 0, "typed": 0, "limit": ""})
                elif value is not None:
                    _place(visible, question.path, value)
            if asked:
                sheets.append((sheet, tuple(asked)))
        return Seen(tuple(sheets), visible, faults)

    def _faults(self, seen: Seen, today: date) -> dict[str, Fault]:
        """Every fault of the visible answers by pointer: what is missing, what the schema refuses, limits in
        time, rules between answers.
        """
        faults = dict(seen.faults)
        by_pointer = {question.pointer: question for question in seen.questions()}
        for problem in self._validator.iter_errors(seen.answers):
            names = tuple(str(name) for name in problem.instance_path)
            question = _owner(by_pointer, names)
            if question is not None:
                value = get(seen.answers, question.pointer)
                faults.setdefault(question.pointer, messages.fault_of(question, problem.kind, value))
        for pointer, question in by_pointer.items():
            if pointer in faults:
                continue
            value = get(seen.answers, pointer)
            if value is None:
                if question.required:
                    faults[pointer] = ("required", {})
            elif question.kind == "date" and (late := limits.date_fault(question.schema, value, today)):
                faults[pointer] = late
        for rule in self.definition.schema.get("x-rules", ()):
            value, other = get(seen.answers, rule["at"]), get(seen.answers, rule["with"])
            if value is None or other is None or rule["at"] in faults or rule["with"] in faults:
                continue
            if code := limits.pair_fault(rule, value, other):
                faults[rule["at"]] = (code, {"limit": rule.get("limit", "")})
        return faults

    def _errors(self, questions: list[Question], faults: dict[str, Fault], language: str) -> tuple[AnswerError, ...]:
        texts = self.definition.texts
        return tuple(
            messages.error(question, *faults[question.pointer], texts, language)
            for question in questions
            if question.pointer in faults
        )

    def _page(self, sheet: Sheet, questions: tuple[Question, ...], language: str) -> Page:
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
        if len(questions) == len(sheet.questions):
            return page
        shown = {question.pointer for question in questions}
        fields = tuple(field for field in page.fields if field.pointer in shown)
        return Page(page.id, page.title, page.hint, page.group, fields)


def _passes(name: str) -> Any:
    check = FORMATS[name].check
    return lambda value: check(value) is None


def _place(tree: Answers, path: tuple[str, ...], value: Any) -> None:
    for name in path[:-1]:
        tree = tree.setdefault(name, {})
    tree[path[-1]] = value


def _tree(paths: Iterator[tuple[str, ...]]) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for path in paths:
        _place(tree, path, None)
    return tree


def _strays(answers: dict[Any, Any], tree: dict[str, Any], path: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """What is in the answers and in no question: ("pointer", "unknown"), or "type" where an object should be."""
    for name, value in answers.items():
        here = (*path, str(name))
        if name not in tree:
            yield pointer_of(here), "unknown"
        elif isinstance(tree[name], dict):
            if isinstance(value, dict):
                yield from _strays(value, tree[name], here)
            elif value is not None:
                yield pointer_of(here), "type"


def _owner(by_pointer: dict[str, Question], names: tuple[str, ...]) -> Question | None:
    """The question whose answer holds the place of an error."""
    for length in range(len(names), 0, -1):
        if question := by_pointer.get(pointer_of(names[:length])):
            return question
    return None
