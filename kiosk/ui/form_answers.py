"""Rows of a form page, its steps and its dates, from pages and answers: plain values, no Qt.

Rules. What answers mean is kiosk.forms' business; this only lays them out as rows. The parts of a date are kept as
typed while the visitor types ("3", not "03"), and joined by kiosk.forms. That package is imported when a form is
opened: its formats take 25 ms that the first frame need not wait for.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from kiosk.model.form import AnswerError, Answers, Field, Page
from kiosk.model.profile import Profile
from kiosk.ui.sources import Form

MOST_FOUND = 4
"""How many entries of a lookup are offered at once: they stand above a keyboard."""
DATE_PARTS = ("day", "month", "year")
DateParts = Mapping[str, str]


def field_at(pages: tuple[Page, ...], pointer: str) -> Field | None:
    """The visible field of an answer, None if no visible page asks for it."""
    return next((field for page in pages for field in page.fields if field.pointer == pointer), None)


def date_parts(answers: Answers, typed: Mapping[str, DateParts], pointer: str) -> dict[str, str]:
    """The day, month and year of an answer: as typed during this visit, or from the answer."""
    from kiosk.forms import answers as forms

    if pointer in typed:
        return dict(typed[pointer])
    return dict(zip(DATE_PARTS, forms.date_parts(forms.get(answers, pointer)), strict=True))


def join_date(parts: DateParts) -> str | None:
    """The answer that three parts make; None for three empty ones."""
    from kiosk.forms import answers as forms

    return forms.date_from_parts(*(parts[part] for part in DATE_PARTS)) or None


def get(answers: Answers, pointer: str) -> Any:
    """The value at a pointer, None where there is none."""
    from kiosk.forms import answers as forms

    return forms.get(answers, pointer)


def put(answers: Answers, pointer: str, value: Any) -> Answers:
    """New answers with a value at a pointer; None takes the answer away."""
    from kiosk.forms import answers as forms

    return forms.put(answers, pointer, value)


def filled_in(form: Form, page_id: str, answers: Answers, profile: Profile, today: date) -> Answers:
    """The answers with what the account knows of a page's questions; the same object where that is nothing."""
    from kiosk.forms import prefill

    return prefill.prefilled(form, page_id, answers, profile, today)


def typed(field: Field, text: str) -> Any:
    """The answer that a text stands for, or the text itself where it is not understood."""
    from kiosk.forms import answers as forms

    return forms.typed(field, text)


def toggled(answers: Answers, field: Field, value: str) -> list[str] | None:
    """The chosen values with one chosen or unchosen, in the order of the options; None when none is left."""
    chosen = set(_chosen(answers, field)) ^ {value}
    return [option.value for option in field.options if option.value in chosen] or None


def wrong_part(error: AnswerError | None) -> str:
    """The part of a date that an error is about: "day" of "date.day" and "date.no_day"; "" for all of it."""
    code = error.code.removeprefix("date.").removeprefix("no_") if error else ""
    return "day" if code == "leap" else code if code in DATE_PARTS else ""


def field_row(
    form: Form,
    field: Field,
    answers: Answers,
    typed: Mapping[str, DateParts],
    error: AnswerError | None,
    language: str,
) -> dict[str, Any]:
    """A row of FieldsList."""
    from kiosk.forms import answers as forms
    from kiosk.forms.spacing import spaced

    answer = forms.get(answers, field.pointer)
    parts = date_parts(answers, typed, field.pointer) if field.kind == "date" else dict.fromkeys(DATE_PARTS, "")
    options, value = _options(form, field, answers, language), ""
    if field.calculated:
        value = form.shown(field.pointer, answers, language)
    elif field.kind == "lookup":
        value = form.shown(field.pointer, answers, language) if answer else ""
    elif field.kind == "attachment":
        value = answer if isinstance(answer, str) else ""
    elif field.kind != "list":
        value = spaced(field.format, forms.entry(field, answer))
    return {
        "pointer": field.pointer,
        "kind": "shown" if field.calculated else field.kind,
        "label": field.label,
        "hint": field.hint,
        "mandatory": field.required,
        "active": field.enabled,
        "item": field.item,
        "canAdd": _can_add(field, answer),
        "keyboard": field.keyboard,
        "options": options,
        "value": value,
        "error": error.message if error else "",
        "wrongPart": wrong_part(error),
        "maxLength": field.max_length,
        "example": field.example,
        "format": field.format,
        "recent": field.recent,
        **parts,
    }


def _options(form: Form, field: Field, answers: Answers, language: str) -> list[dict[str, Any]]:
    """What a field offers: choices; what fits a lookup as typed; the items of a list; the files that were added."""
    from kiosk.forms import answers as forms

    answer = forms.get(answers, field.pointer)
    if field.kind == "list":
        items = form.items(field.pointer, answers, language)
        return [{"value": one.pointer, "label": one.title, "chosen": False, "note": one.words} for one in items]
    if field.kind == "attachment":
        files = answer if isinstance(answer, list) else ()
        return [{"value": one["id"], "label": one["name"], "chosen": True, "note": ""} for one in files]
    if field.kind == "lookup":
        said = form.shown(field.pointer, answers, language) if answer else ""
        if not answer or said != answer:
            return []
        found = form.find(field.pointer, str(answer), language, MOST_FOUND)
        return [{"value": one.value, "label": one.label, "chosen": False, "note": ""} for one in found]
    chosen = _chosen(answers, field)
    return [
        {"value": option.value, "label": option.label, "chosen": option.value in chosen, "note": ""}
        for option in field.options
    ]


def _can_add(field: Field, answer: Any) -> bool:
    """Another item of a list, or another file, may be added."""
    count = len(answer) if isinstance(answer, list) else 0
    if field.kind == "attachment":
        return count < (field.files.most if field.files else 0)
    return field.kind == "list" and count < field.most


def meant(form: Form, field: Field, answers: Answers, language: str) -> str | None:
    """The entry of a lookup whose name was typed in full; None where there is none."""
    from kiosk.forms import answers as forms

    typed = str(forms.get(answers, field.pointer) or "").strip().casefold()
    found = form.find(field.pointer, typed, language, 2) if typed else ()
    names = [one for one in found if one.label.casefold() == typed or one.label.partition(" (")[0].casefold() == typed]
    return names[0].value if len(names) == 1 else None


def items_above(pointer: str) -> list[str]:
    """The pointers over one that may be items of a list, the nearest first: /children/1 of /children/1/name."""
    parts = pointer.split("/")
    return ["/".join(parts[:at]) for at in range(len(parts), 1, -1) if parts[at - 1].isdigit()]


def groups(pages: tuple[Page, ...]) -> list[tuple[str, list[Page]]]:
    """Pages that follow each other with the same group name, together."""
    found: list[tuple[str, list[Page]]] = []
    for page in pages:
        if found and found[-1][0] == page.group:
            found[-1][1].append(page)
        else:
            found.append((page.group, [page]))
    return found


def step_rows(pages: tuple[Page, ...], current: str, reached: set[str], last: str) -> list[dict[str, Any]]:
    """Rows of StepsList: a step for each group and one more, `last`, for the check."""
    rows: list[dict[str, Any]] = []
    for number, (title, members) in enumerate(groups(pages), start=1):
        ids = {page.id for page in members}
        state = "now" if current in ids else "done" if ids & reached else "later"
        rows.append({"number": number, "title": title, "state": state})
    return [*rows, {"number": len(rows) + 1, "title": last, "state": "later"}] if rows else []


def _chosen(answers: Answers, field: Field) -> list[str]:
    from kiosk.forms import answers as forms

    value = forms.get(answers, field.pointer)
    if isinstance(value, list):
        return [str(one) for one in value]
    return [] if value is None else [forms.entry(field, value)]
