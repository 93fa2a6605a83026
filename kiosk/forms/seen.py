"""What of the answers is asked now: visible pages and questions, clean answers, and what cannot be cleaned.

Rules. Questions are gone through in order, and a rule looks only at what was asked before and is visible: hiding goes
on down a chain. The items of a list are gone through one by one; a rule within an item looks at that item alone. A
calculated answer is worked out here from the visible answers before it; what was handed in for it is not looked at.
Answers may be any JSON: nothing here raises.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from kiosk.forms.answers import pointer_of, reach
from kiosk.forms.question import Question, Sheet
from kiosk.forms.values import clean, fits
from kiosk.forms.visibility import Rule
from kiosk.model.form import Answers

Fault = tuple[str, dict[str, Any]]
MOST_ITEMS = 100
"""Items of a list beyond this many are not looked at: no form allows so many."""


@dataclass(frozen=True)
class Seen:
    """The asked questions of each visible page (items of lists follow their list), the clean answers as they are sent,
    what could not be cleaned, and the pointers that are shown and disabled.
    """

    sheets: tuple[tuple[Sheet, tuple[Question, ...]], ...]
    answers: Answers
    faults: dict[str, Fault]
    disabled: frozenset[str]

    def questions(self) -> Iterator[Question]:
        for _, questions in self.sheets:
            yield from questions


class Look:
    """One look at some answers."""

    def __init__(self, sheets: tuple[Sheet, ...], answers: Any) -> None:
        self._given = answers
        self._visible: Answers = {}
        self._faults: dict[str, Fault] = {}
        self._disabled: set[str] = set()
        self._met: dict[Rule, bool] = {}
        found: list[tuple[Sheet, tuple[Question, ...]]] = []
        for sheet in sheets:
            asked: list[Question] = []
            for question in sheet.questions:
                if not question.rules or self._is_asked(question, self._visible, self._met):
                    asked.append(question)
                    asked += self._take(question)
            if asked:
                found.append((sheet, tuple(asked)))
        self.seen = Seen(tuple(found), self._visible, self._faults, frozenset(self._disabled))

    def _is_asked(self, question: Question, visible: Answers, met: dict[Rule, bool]) -> bool:
        """Whether all rules ask; what a rule looks at was asked before it, so its outcome stays (`met`)."""
        shut: list[Rule] = []
        for rule in question.rules:
            asked = met.get(rule)
            if asked is None:
                asked = met[rule] = rule.asked(visible)
            if not asked:
                shut.append(rule)
        if shut and not any(rule.hides for rule in shut):
            self._disabled.add(question.pointer)
        return not shut

    def _take(self, question: Question) -> Iterable[Question]:
        """Take the answer of one question in; the asked questions of its items."""
        if question.expression is not None:
            value = question.expression.value(self._visible)
            if value is not None and fits(question, value):
                place(self._visible, question.path, value)
        elif question.kind == "list":
            return self._items(question)
        else:
            self._put(question, reach(self._given, question.path), self._visible, question.path)
        return ()

    def _put(self, question: Question, given: Any, tree: Answers, path: tuple[str, ...]) -> None:
        value, code = clean(question, given)
        if code is not None:
            self._faults[question.pointer] = (code, {"count": 0, "typed": 0, "limit": ""})
        elif value is not None:
            place(tree, path, value)

    def _items(self, question: Question) -> Iterator[Question]:
        given = reach(self._given, question.path)
        if given is None or given == []:
            return
        if not isinstance(given, list) or not all(isinstance(one, dict) for one in given) or len(given) > MOST_ITEMS:
            self._faults[question.pointer] = ("type", {"count": 0, "typed": 0, "limit": ""})
            return
        items: list[Answers] = []
        for number, one in enumerate(given):
            item: Answers = {}
            met: dict[Rule, bool] = {}
            items.append(item)
            for inner, own in zip(question.of_item(number), question.items, strict=True):
                if self._is_asked(inner, item, met):
                    yield inner
                    self._put(inner, reach(one, own.path), item, own.path)
        place(self._visible, question.path, items)


def place(tree: Answers, path: tuple[str, ...], value: Any) -> None:
    for name in path[:-1]:
        tree = tree.setdefault(name, {})
    tree[path[-1]] = value


def shape(questions: Iterator[Question]) -> dict[str, Any]:
    """The tree of everything that may be answered: None for an answer, [tree] for a list."""
    tree: dict[str, Any] = {}
    for question in questions:
        place(tree, question.path, [shape(iter(question.items))] if question.kind == "list" else None)
    return tree


def strays(answers: dict[Any, Any], tree: dict[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    """What is in the answers and in no question: (pointer, "unknown"), or "type" where an object should be."""
    for name, value in answers.items():
        here = (*path, str(name))
        if name not in tree:
            yield pointer_of(here), "unknown"
            continue
        inner = tree[name]
        if isinstance(inner, list) and isinstance(value, list):
            for number, item in enumerate(value[:MOST_ITEMS]):
                if isinstance(item, dict):
                    yield from strays(item, inner[0], (*here, str(number)))
        elif isinstance(inner, dict):
            if isinstance(value, dict):
                yield from strays(value, inner, here)
            elif value is not None:
                yield pointer_of(here), "type"
