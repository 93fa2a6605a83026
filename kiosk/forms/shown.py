"""An answer as a person reads it, in one language.

Rules. Dates "4 марта 1951 года" / "4 March 1951", with the weekday where the control asks for it ("21 ноября 2026,
суббота" / "Saturday 21 November 2026");
sums "1 500,50 ₽" / "1,500.50 ₽" from kopecks; choices by their labels; identifiers in groups. What cannot be
understood is shown as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kiosk.forms.attachments import BRING
from kiosk.forms.formats import FORMATS, dates
from kiosk.forms.lookup import Lookups, name_of
from kiosk.forms.question import Question
from kiosk.model.text import Text
from kiosk.words import t

_NBSP = "\u00a0"


def day(value: str, language: str, weekday: bool = False) -> str:
    """A stored date in words; anything else unchanged."""
    found = dates.read(value)
    if found is None:
        return value
    month = t(language, f"form.month.of.{found.month}")
    if not weekday:
        return t(language, "form.date", day=found.day, month=month, year=found.year)
    name = t(language, f"form.weekday.{found.isoweekday()}")
    return t(language, "form.date_weekday", day=found.day, month=month, year=found.year, weekday=name)


def grouped(number: int, language: str) -> str:
    """Thousands apart, from five digits on in Russian."""
    if language == "ru":
        return f"{number:,}".replace(",", _NBSP) if abs(number) >= 10_000 else str(number)
    return f"{number:,}" if abs(number) >= 1_000 else str(number)


def money(kopecks: int, language: str) -> str:
    """A sum with its currency sign; kopecks only where there are any."""
    sign, kopecks = ("−" if kopecks < 0 else ""), abs(kopecks)
    whole, rest = divmod(kopecks, 100)
    text = f"{whole:,}".replace(",", _NBSP if language == "ru" else ",")
    if rest:
        text += ("," if language == "ru" else ".") + f"{rest:02d}"
    return f"{sign}{text}{_NBSP}₽"


def shown(question: Question, value: Any, texts: Mapping[str, Text], lookups: Lookups, language: str) -> str:
    """One answer in words; "" for none, and for a list of things, which has a row of its own for each."""
    if value is None or isinstance(value, dict) or question.kind == "list":
        return ""
    if question.kind == "attachment":
        return _files(value, language)
    if question.kind == "lookup" and isinstance(value, str):
        return name_of(lookups[question.lookup], value, language)
    if isinstance(value, bool):
        own = texts.get(f"{question.i18n}.{'true' if value else 'false'}")
        return own.of(language) if own else t(language, "form.yes" if value else "form.no")
    if isinstance(value, list):
        return ", ".join(_label(question, one, texts, language) for one in value)
    text = _plain(question, value, texts, language)
    unit = texts.get(f"{question.i18n}.unit")
    return f"{text}{_NBSP}{unit.of(language)}" if unit else text


def _files(value: Any, language: str) -> str:
    if not isinstance(value, list):
        return t(language, "form.attachment.bring") if value == BRING else ""
    return ", ".join(str(one.get("name", "")) for one in value if isinstance(one, dict))


def _plain(question: Question, value: Any, texts: Mapping[str, Text], language: str) -> str:
    match question.kind:
        case "choice" | "choices":
            return _label(question, value, texts, language)
        case "date" if isinstance(value, str):
            return day(value, language, bool(question.options.get("weekday")))
        case "money" if isinstance(value, int):
            return money(value, language)
        case "number" if isinstance(value, int):
            return grouped(value, language)
        case "reading" if isinstance(value, str):
            return value.replace(".", ",") if language == "ru" else value
    known = FORMATS.get(question.format)
    return known.show(value) if known and isinstance(value, str) else str(value)


def _label(question: Question, value: Any, texts: Mapping[str, Text], language: str) -> str:
    found = texts.get(f"{question.i18n}.{value}") if isinstance(value, str) else None
    return found.of(language) if found else str(value)
