"""Check your answers: what was answered, in groups, as the language writes it.

Rules. Pages that follow each other with the same group name make one group. The answers of a joined group (a name, an
address) make one
row that leads to its first answer's page; so do those of one item of a list. What is needed and missing stands as "not
given"; what is left out freely does not stand there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from kiosk.forms.answers import get
from kiosk.forms.lookup import Lookups
from kiosk.forms.question import Question, Sheet
from kiosk.forms.shown import shown
from kiosk.model.form import Answers, SummaryGroup, SummaryRow
from kiosk.model.text import Text
from kiosk.words import t


@dataclass(frozen=True)
class Words:
    """What answers are put into words with."""

    texts: Mapping[str, Text]
    lookups: Lookups

    def label(self, name: str, language: str) -> str:
        return self.texts[f"{name}.label"].of(language)

    def of(self, question: Question, value: Any, language: str) -> str:
        """One answer in words, with what stands before it; "" for none."""
        prefix = self.texts.get(f"{question.i18n}.before")
        text = shown(question, value, self.texts, self.lookups, language)
        return f"{prefix.of(language)}\u00a0{text}" if text and prefix else text

    def item(self, question: Question, number: int, language: str) -> str:
        """What one item of a list is called: "Child 2"."""
        return f"{self.texts[f'{question.i18n}.item'].of(language)} {number + 1}"


def groups(
    words: Words, sheets: tuple[tuple[Sheet, tuple[Question, ...]], ...], answers: Answers, language: str
) -> tuple[SummaryGroup, ...]:
    found: list[tuple[str, list[SummaryRow]]] = []
    for sheet, questions in sheets:
        rows = _rows(words, sheet.id, questions, answers, language)
        title = words.texts[f"{sheet.id}.group"].of(language)
        if rows and found and found[-1][0] == title:
            found[-1][1].extend(rows)
        elif rows:
            found.append((title, rows))
    return tuple(SummaryGroup(title, tuple(rows)) for title, rows in found)


def item_words(words: Words, question: Question, item: Any, language: str) -> str:
    """One item of a list in one line."""
    values = (words.of(one, get(item, one.pointer), language) for one in question.items)
    return ", ".join(text for text in values if text) or t(language, "form.not_given")


def _rows(
    words: Words, page: str, questions: tuple[Question, ...], answers: Answers, language: str
) -> list[SummaryRow]:
    rows: list[SummaryRow] = []
    done: set[str] = set()
    inside = tuple(f"{question.pointer}/" for question in questions if question.kind == "list")
    for question in questions:
        if question.joined in done or (inside and question.pointer.startswith(inside)):
            continue
        if question.kind == "list":
            rows += _items(words, page, question, get(answers, question.pointer) or (), language)
            continue
        members = [one for one in questions if one.joined == question.joined] if question.joined else [question]
        done.add(question.joined or question.pointer)
        values = [text for one in members if (text := words.of(one, get(answers, one.pointer), language))]
        if not values and not any(one.required for one in members):
            continue
        value = question.joint.join(values) if values else t(language, "form.not_given")
        label = words.label(question.joined or question.i18n, language)
        calculated = all(one.expression is not None for one in members)
        rows.append(SummaryRow(question.pointer, page, label, value, calculated))
    return rows


def _items(words: Words, page: str, question: Question, items: Iterable[Any], language: str) -> list[SummaryRow]:
    rows = [
        SummaryRow(
            f"{question.pointer}/{number}",
            page,
            words.item(question, number, language),
            item_words(words, question, item, language),
        )
        for number, item in enumerate(items)
    ]
    if not rows and question.required:
        missing = t(language, "form.not_given")
        rows.append(SummaryRow(question.pointer, page, words.label(question.i18n, language), missing))
    return rows
