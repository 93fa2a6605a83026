"""One answer made clean before it is judged: trimmed, in the stored spelling, and harmless.

Rules. Text is NFC, trimmed, without line breaks unless the field has several lines; identifiers take the spelling of
their format; empty text and
empty lists are no answer. What no field can hold is named by a code: "type" (an object, a list of numbers ...),
"characters" (control or
direction marks, halves of a surrogate pair), "too_long" (beyond 20,000 characters), "number" (not finite, or beyond
2^53).
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from kiosk.forms.formats import FORMATS, dates
from kiosk.forms.question import Question

LONGEST = 20_000
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
_GREATEST = 2**53
_MOST_FILES = 100


def clean(question: Question, value: Any) -> tuple[Any, str | None]:
    """(clean value, None), (None, None) for no answer, or (value as it was, code)."""
    if value is None or value == "" or value == []:
        return None, None
    if isinstance(value, bool):
        return value, None
    if isinstance(value, str):
        return _text(question, value)
    if question.kind == "attachment":
        return _references(value)
    if isinstance(value, int | float):
        return (value, None) if abs(value) <= _GREATEST else (value, "number")
    if (
        isinstance(value, list)
        and all(isinstance(one, str) and not _UNFIT.search(one) for one in value)
        and len(value) < 1000
    ):
        return value, None
    return value, "type"


def fits(question: Question, value: Any) -> bool:
    """Whether what an expression came to is an answer of this kind. A visitor cannot mend it, so what does not fit is
    no answer rather than a wrong one.
    """
    match question.kind:
        case "number" | "money":
            whole = isinstance(value, int) and not isinstance(value, bool)
            return (whole or (isinstance(value, float) and question.schema.get("type") == "number")) and (
                abs(value) <= _GREATEST
            )
        case "date":
            return isinstance(value, str) and dates.check(value) is None
        case "yes_no":
            return isinstance(value, bool)
        case _:
            return isinstance(value, str) and clean(question, value) == (value, None)


def _references(value: Any) -> tuple[Any, str | None]:
    """References to files are written by the program: they are taken as they are, or not at all."""
    if not isinstance(value, list) or len(value) > _MOST_FILES:
        return value, "type"
    known = all(isinstance(one, dict) and all(_plain(part) for part in one.values()) for one in value)
    return (value, None) if known else (value, "type")


def _plain(part: Any) -> bool:
    if isinstance(part, str):
        return len(part) <= LONGEST and not _UNFIT.search(part)
    return type(part) is int and 0 <= part <= _GREATEST


def _text(question: Question, value: str) -> tuple[Any, str | None]:
    if len(value) > LONGEST:
        return value, "too_long"
    if _UNFIT.search(value):
        return value, "characters"
    known = FORMATS.get(question.format)
    if known:
        return known.normalise(value) if value.strip() else None, None
    if question.kind == "long_text":
        text = unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n")).strip()
    else:
        text = " ".join(unicodedata.normalize("NFC", value).split())
    return text or None, None
