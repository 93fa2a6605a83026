"""What a format is: one kind of identifier that people type and officials store.

Rules. A format looks at one string and nothing else. `check` accepts what people really type (spaces, dashes, small
letters,
a Latin letter that looks Cyrillic) and answers with a code of docs/forms.md, or None; it never raises. `normalise`
gives the
one spelling that is stored and sent, `show` the one that is read by people; both leave a string that `check` refuses
as it is.
For every value that passes: check(normalise(v)) is None and normalise(show(v)) == normalise(v).
It does not know about labels, languages or other answers: messages are in messages.py, rules between answers in
rules.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from kiosk.model.form import Keyboard

LONGEST = 200
"""No identifier is longer than this many characters, separators included."""

_SEPARATORS = re.compile(r"[ \t\u00a0\u2009\u202f\-\u2010-\u2014\u2212]")
_LOOK_ALIKES = str.maketrans("ABEKMHOPCTYX", "АВЕКМНОРСТУХ")


def unchanged(value: str) -> str:
    return value.strip()


@dataclass(frozen=True)
class Format:
    """`name` is the word in `"format"` of a schema; `keyboard` the keypad that suits it."""

    name: str
    check: Callable[[str], str | None]
    normalise: Callable[[str], str] = unchanged
    show: Callable[[str], str] = unchanged
    keyboard: Keyboard = "digits"


def squeeze(value: str) -> str:
    """Without spaces and dashes of any width."""
    return _SEPARATORS.sub("", value)


def ascii_digits(text: str) -> bool:
    """Whether all are 0 to 9; full-width and other scripts' digits are not."""
    return text.isascii() and text.isdigit()


def digits_fault(name: str, value: str, *lengths: int) -> str | None:
    """`<name>.letters` where something else than digits was typed, `<name>.length` where their number is wrong."""
    text = squeeze(value)
    if text and not ascii_digits(text[: LONGEST + 1]):
        return f"{name}.letters"
    return None if len(text) in lengths else f"{name}.length"


def cyrillic_capitals(value: str) -> str:
    """Capitals, with the twelve Latin letters that look Cyrillic made Cyrillic (GOST R 50577)."""
    return squeeze(value[:LONGEST]).upper().translate(_LOOK_ALIKES)


def digits_format(
    name: str,
    lengths: tuple[int, ...],
    sums: Callable[[str], bool] | None = None,
    show: Callable[[str], str] = unchanged,
) -> Format:
    """A format of digits alone; `sums` says whether its check digits are right."""

    def check(value: str) -> str | None:
        fault = digits_fault(name, value, *lengths)
        if fault is None and sums is not None and not sums(squeeze(value)):
            return f"{name}.check"
        return fault

    def normalise(value: str) -> str:
        return squeeze(value) if check(value) is None else value

    def shown(value: str) -> str:
        return show(squeeze(value)) if check(value) is None else value

    return Format(name, check, normalise, shown)
