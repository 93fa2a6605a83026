"""Limits in time and rules between answers, which JSON Schema cannot say: our own keywords.

    x-dateLimit  on a date: "past" (today or earlier), "future" (today or later), "birth" (past, at most 125 years ago)
    x-ageMin     on a birth date: at least so many full years today
    x-ageMax     on a birth date: at most so many full years today
    x-maxDays    on a date: at most so many days away from today, in the direction that x-dateLimit allows
    x-rules      on the root, a list of rules between two answers; the fault is reported at `at`:
        {"rule": "account-bic", "at": account, "with": bic}       the key of the account fits the bank
        {"rule": "not-before", "at": date, "with": date}          the first is the same day or later
        {"rule": "later-month", "at": date, "with": date}         the first is in a later month of the calendar
        {"rule": "not-more", "at": number, "with": number}        the first is the same or less
        {"rule": "not-less", "at": number, "with": number}        the first is the same or more (readings,
        sums, numbers)
        {"rule": "at-most-more", "at": number, "with": number, "limit": n}   the first exceeds the second by at most n
        {"rule": "different", "at": value, "with": value}         the two are not the same
        {"rule": "says", "at": value, "that": expression, "name": name}   what the expression (CEL) says is true;
        the words of the fault are the form's text "<i18n>.rule.<name>" (faults.py)

Rules. A rule is silent where one of its answers is absent or hidden. Other validators ignore these keywords (JSON
Schema core, section 6.5).
The day today comes in from outside.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from kiosk.forms.formats import account, dates
from kiosk.forms.schema import Schema

DATE_LIMITS = ("past", "future", "birth")
PAIR_RULES = ("account-bic", "not-before", "later-month", "not-more", "not-less", "at-most-more", "different")
_OLDEST = 125


def years_between(birth: date, today: date) -> int:
    """Full years on the day `today`."""
    return today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day))


def date_fault(schema: Schema, value: str, today: date) -> tuple[str, dict[str, Any]] | None:
    """The code of the limit that a valid date oversteps, with the arguments of its message."""
    day = dates.read(value)
    if day is None:
        return None
    limit = schema.get("x-dateLimit")
    if limit in ("past", "birth") and day > today:
        return "date.past", {}
    if limit == "future" and day < today:
        return "date.future", {}
    age = years_between(day, today)
    if limit == "birth" and age > _OLDEST:
        return "date.too_old", {}
    if age < schema.get("x-ageMin", age):
        return "age.min", {"count": schema["x-ageMin"]}
    if age > schema.get("x-ageMax", age):
        return "age.max", {"count": schema["x-ageMax"]}
    if abs((day - today).days) > schema.get("x-maxDays", 10**6):
        return "date.far", {"count": schema["x-maxDays"]}
    return None


def pair_fault(rule: dict[str, Any], value: Any, other: Any) -> str | None:
    """The code of a rule between two valid answers that is broken."""
    match rule["rule"]:
        case "account-bic":
            return None if account.belong_together(str(value), str(other)) else "account.bic"
        case "not-before":
            return "rule.before" if str(value) < str(other) else None
        case "later-month":
            return "rule.same_month" if str(value)[:7] <= str(other)[:7] else None
        case "not-more":
            return "rule.more" if _number(value) > _number(other) else None
        case "not-less":
            return "rule.less" if _number(value) < _number(other) else None
        case "at-most-more":
            return "rule.much_more" if _number(value) - _number(other) > rule["limit"] else None
        case "different":
            return "rule.same" if value == other else None
    raise ValueError(f"unknown rule {rule['rule']}")


def _number(value: Any) -> float:
    return float(value)
