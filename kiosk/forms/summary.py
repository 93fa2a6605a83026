"""Check your answers: what was answered, in groups, as the language writes it.

Rules. Pages that follow each other with the same group name make one group. The answers of a joined group (a name, an
address) make one
row that leads to its first answer's page. What is needed and missing stands as "not given"; what is left out freely
does not stand there.
"""

from __future__ import annotations

from typing import Any

from kiosk.forms.answers import get
from kiosk.forms.question import Question, Sheet
from kiosk.forms.shown import shown
from kiosk.model.form import Answers, SummaryGroup, SummaryRow
from kiosk.model.text import Text
from kiosk.words import t

Texts = dict[str, Text]


def groups(
    texts: Texts, sheets: tuple[tuple[Sheet, tuple[Question, ...]], ...], answers: Answers, language: str
) -> tuple[SummaryGroup, ...]:
    found: list[tuple[str, list[SummaryRow]]] = []
    for sheet, questions in sheets:
        rows = _rows(texts, sheet.id, questions, answers, language)
        title = texts[f"{sheet.id}.group"].of(language)
        if rows and found and found[-1][0] == title:
            found[-1][1].extend(rows)
        elif rows:
            found.append((title, rows))
    return tuple(SummaryGroup(title, tuple(rows)) for title, rows in found)


def _rows(
    texts: Texts, page: str, questions: tuple[Question, ...], answers: Answers, language: str
) -> list[SummaryRow]:
    rows: list[SummaryRow] = []
    done: set[str] = set()
    for question in questions:
        if question.joined in done:
            continue
        members = [one for one in questions if one.joined == question.joined] if question.joined else [question]
        done.add(question.joined or question.pointer)
        values = [text for one in members if (text := _value(texts, one, answers, language))]
        if not values and not any(one.required for one in members):
            continue
        name = question.joined or question.i18n
        value = question.joint.join(values) if values else t(language, "form.not_given")
        rows.append(SummaryRow(question.pointer, page, texts[f"{name}.label"].of(language), value))
    return rows


def _value(texts: Texts, question: Question, answers: Answers, language: str) -> str:
    value: Any = get(answers, question.pointer)
    prefix = texts.get(f"{question.i18n}.before")
    text = shown(question, value, texts, language)
    return f"{prefix.of(language)}\u00a0{text}" if text and prefix else text
