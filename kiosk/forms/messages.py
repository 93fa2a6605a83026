"""From a fault to words: what is wrong and how to mend it.

Rules. A code is stable (docs/forms.md lists all); its words are `form.error.<code>` in resources/i18n, unless the
form has better ones
of its own under `<i18n>.error.<code>` in its texts. Words never repeat what was typed, only how many characters it had.
"""

from __future__ import annotations

import re
from typing import Any

from kiosk.forms.formats import FORMATS, dates
from kiosk.forms.formats.format import squeeze
from kiosk.forms.question import Question
from kiosk.model.form import AnswerError
from kiosk.model.text import Text
from kiosk.words import t

_ARGUMENT = re.compile(r"\{\{(\w+)\}\}")
_REQUIRED = {
    "choice": "required_choice",
    "choices": "required_choice",
    "yes_no": "required_choice",
    "date": "required_date",
    "tick": "required_tick",
    "list": "required_list",
    "attachment": "required_attachment",
    "lookup": "required_choice",
}

CODE_OF_KIND = {
    "Enum": "choice",
    "Constant": "choice",
    "Pattern": "pattern",
    "MinLength": "too_short",
    "MaxLength": "too_long",
    "Minimum": "too_small",
    "ExclusiveMinimum": "too_small",
    "Maximum": "too_large",
    "ExclusiveMaximum": "too_large",
    "MultipleOf": "multiple",
    "MinItems": "choose_more",
    "MaxItems": "choose_fewer",
    "UniqueItems": "twice",
    "Type": "type",
    "AdditionalProperties": "unknown",
}
"""Names of jsonschema-rs' error kinds -> our codes. Required is not here: what is missing is found per visible
question.
"""


def fault_of(question: Question, kind: Any, value: Any) -> tuple[str, dict[str, Any]]:
    """Code and message arguments of one jsonschema-rs error at a question."""
    name = type(kind).__name__
    if name == "Format" and isinstance(value, str):
        code = FORMATS[question.format].check(value) or "invalid"
        return code, _format_arguments(code, value)
    code = CODE_OF_KIND.get(name, "invalid")
    if question.kind == "tick":
        return "required", {}
    if question.kind == "list" and code in ("choose_more", "choose_fewer"):
        return ("list.few" if code == "choose_more" else "list.many"), {"count": kind.limit}
    if code == "type" and question.kind in ("number", "money"):
        return "number", {}
    arguments: dict[str, Any] = {"limit": getattr(kind, "limit", "")}
    if code in ("too_long", "too_short") and isinstance(value, str):
        arguments |= {"count": kind.limit, "typed": len(value)}
    if code in ("too_small", "too_large") and question.kind == "money":
        arguments["limit"] = f"{kind.limit // 100} ₽"
    return code, arguments


def _format_arguments(code: str, value: str) -> dict[str, Any]:
    if code in ("date.day", "date.leap"):
        year, month, days = dates.days_in(value)
        return {"year": year, "month": month, "count": days}
    text = squeeze(value)
    return {"typed": len(text), "digits": sum(character in "0123456789" for character in text)}


def error(
    question: Question, code: str, arguments: dict[str, Any], texts: dict[str, Text], language: str
) -> AnswerError:
    """The error in words; the label of the question is always an argument."""
    label = texts[f"{question.i18n}.label"].of(language)
    arguments = {"label": label, **arguments}
    if "month" in arguments:
        arguments["month"] = t(language, f"form.month.in.{arguments['month']}")
    said = f"rule.{arguments.get('name')}" if code == "rule.says" else f"error.{code}"
    own = texts.get(f"{question.i18n}.{said}")
    if own:
        message = _ARGUMENT.sub(lambda match: str(arguments.get(match[1], "")), own.of(language))
    else:
        key = _REQUIRED.get(question.kind, "required") if code == "required" else code
        message = t(language, f"form.error.{key}", **arguments)
    return AnswerError(question.pointer, code, message)


def stray(pointer: str, code: str, language: str) -> AnswerError:
    """An error at something that is no question of the form."""
    return AnswerError(pointer, code, t(language, f"form.error.{code}", label=""))
