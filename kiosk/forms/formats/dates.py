"""Dates of the Gregorian calendar: stored "YYYY-MM-DD" (RFC 3339 full-date), typed as day, month and year.

Rules. What three fields hold arrives as "31.11.2026"; a field left empty is empty between its points ("31..2026") or
a dash
("--11-2026"). `check` names the first thing to mend: which part is missing, a month above 12, a day that this month
does not have. Years run
from 1800 to 2199. Today is not known here: limits in time are in rules.py.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

from kiosk.forms.formats.format import Format

_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_TYPED = re.compile(r"([0-9]{0,4}|-)[.\-/ ]([0-9]{0,4}|-)[.\-/ ]([0-9]{0,6}|-)")
FIRST_YEAR, LAST_YEAR = 1800, 2199


def parts(value: str) -> tuple[str, str, str] | None:
    """Day, month and year as typed, "" for a missing one; None if the text is no date at all."""
    text = value.strip()
    if match := _ISO.fullmatch(text):
        return str(int(match[3])), str(int(match[2])), match[1]
    if match := _TYPED.fullmatch(text):
        day, month, year = (part.strip("-") for part in match.groups())
        return day, month, year
    return None


def _stored(value: str) -> date | None:
    """The day of a text that is stored already, the way nearly all are: quick."""
    if len(value) != 10 or not _ISO.fullmatch(value):
        return None
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None


def check(value: str) -> str | None:
    if _stored(value) is not None:
        return None
    typed = parts(value)
    if typed is None:
        return "date.form"
    for name, part in zip(("day", "month", "year"), typed, strict=True):
        if not part:
            return f"date.no_{name}"
    day, month, year = (int(part) for part in typed)
    if not 1 <= month <= 12:
        return "date.month"
    if len(typed[2]) != 4 or not FIRST_YEAR <= year <= LAST_YEAR:
        return "date.year"
    if 1 <= day <= monthrange(year, month)[1]:
        return None
    return "date.leap" if (day, month) == (29, 2) else "date.day"


def read(value: str) -> date | None:
    """The day that `value` names, None where there is no such day."""
    stored = _stored(value)
    if stored is not None:
        return stored
    typed = parts(value) if check(value) is None else None
    return date(int(typed[2]), int(typed[1]), int(typed[0])) if typed else None


def days_in(value: str) -> tuple[int, int, int]:
    """Year, month and its number of days, for the message about a day that the month does not have."""
    typed = parts(value)
    year, month = (int(typed[2]), int(typed[1])) if typed else (FIRST_YEAR, 1)
    return year, month, monthrange(year, month)[1]


def normalise(value: str) -> str:
    day = read(value)
    return day.isoformat() if day else value


DATE = Format("date", check, normalise, normalise, keyboard="date")
