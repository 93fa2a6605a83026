"""Answers: a tree of JSON values, read and changed by JSON Pointer, and what people type turned into them.

Rules. Answers are never changed in place: `put` gives a new tree that shares what did not change. An answer that
cannot be
understood is kept as it was typed, so that Back shows it again and the check can say what is wrong with it. Sums of
money are whole
kopecks, dates "YYYY-MM-DD" (see formats/dates.py for half-typed ones), yes and no are booleans.
It does not judge: that is definition.py. Pointers follow RFC 6901.
"""

from __future__ import annotations

import re
from typing import Any

from kiosk.forms.formats import dates
from kiosk.forms.formats.format import ascii_digits, squeeze
from kiosk.model.form import Answers, Field

_MONEY = re.compile(r"([0-9]{1,12})(?:[.,]([0-9]{1,2}))?")


def tokens(pointer: str) -> tuple[str, ...]:
    """The names along a pointer: "/a/b~1c" -> ("a", "b/c")."""
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:])


def pointer_of(names: tuple[str, ...]) -> str:
    return "".join("/" + name.replace("~", "~0").replace("/", "~1") for name in names)


def get(answers: Any, pointer: str) -> Any:
    """The answer at `pointer`, None where there is none."""
    return reach(answers, tokens(pointer))


def reach(answers: Any, path: tuple[str, ...]) -> Any:
    """The answer at the end of `path`, None where there is none."""
    for name in path:
        if isinstance(answers, list):
            number = _number(name)
            answers = answers[number] if number is not None and number < len(answers) else None
        elif isinstance(answers, dict):
            answers = answers.get(name)
        else:
            return None
    return answers


def put(answers: Answers, pointer: str, value: Any) -> Answers:
    """New answers with `value` at `pointer`; None takes the answer away, an item of a list too: those after it move
    up. A number beyond the end of a list adds an item.
    """
    changed: Answers = _put(answers, tokens(pointer), value)
    return changed


def _put(node: Any, names: tuple[str, ...], value: Any) -> Any:
    if not names:
        return value
    if isinstance(node, list) or (node is None and _number(names[0]) is not None):
        return _put_item(node or [], names, value)
    changed = dict(node) if isinstance(node, dict) else {}
    inner = _put(changed.get(names[0]), names[1:], value)
    if inner is None or (len(names) > 1 and inner in ({}, [])):
        changed.pop(names[0], None)
    else:
        changed[names[0]] = inner
    return changed


def _put_item(items: list[Any], names: tuple[str, ...], value: Any) -> list[Any]:
    number = _number(names[0])
    if number is None:
        return items
    old = items[number] if number < len(items) else None
    inner = _put(old if old is not None or len(names) == 1 else {}, names[1:], value)
    rest = items[number + 1 :]
    return [*items[:number], *rest] if inner is None else [*items[:number], inner, *rest]


def _number(name: str) -> int | None:
    return int(name) if name.isascii() and name.isdigit() and len(name) < 6 else None


def date_from_parts(day: str, month: str, year: str) -> str:
    """What three fields hold, as one answer: "2026-11-30", or as typed ("31.11.2026", "..2026") where that is no
    date; "" for three empty fields.

    `formats.dates.check` says what is wrong with it; the check of the page turns that into words.
    """
    typed = ".".join(part.strip() for part in (day, month, year))
    return "" if typed == ".." else dates.normalise(typed)


def date_parts(value: object) -> tuple[str, str, str]:
    """Day, month and year to show again in three fields."""
    return (dates.parts(value) if isinstance(value, str) else None) or ("", "", "")


def typed(field: Field, text: str) -> Any:
    """The answer that `text`, typed into `field` or the value of a chosen option, stands for. Not understood: the
    text itself. Empty: None.
    """
    clean = text.strip()
    if not clean:
        return None
    match field.kind:
        case "number":
            return int(squeeze(clean)) if ascii_digits(squeeze(clean)) and len(squeeze(clean)) < 16 else text
        case "money":
            money = _MONEY.fullmatch(squeeze(clean.rstrip("₽").rstrip()))
            return int(money[1]) * 100 + int((money[2] or "0").ljust(2, "0")) if money else text
        case "yes_no" | "tick":
            return {"true": True, "false": False}.get(clean, text)
        case _:
            return text


def entry(field: Field, value: Any) -> str:
    """An answer as it stands in its field when the page is opened again."""
    if value is None or isinstance(value, dict | list):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if field.kind == "money" and isinstance(value, int):
        return f"{value // 100}" if value % 100 == 0 else f"{value // 100},{value % 100:02d}"
    return str(value)
