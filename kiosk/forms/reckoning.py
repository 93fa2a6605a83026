"""What expressions can do besides the operators of CEL: days between dates, sums of lists, shares.

    days(from, until)   whole days between two dates "YYYY-MM-DD": 0 for the same day, negative if `until` is earlier
    later(day, count)   the date so many days after another
    sum(numbers)        all numbers of a list together, 0 for an empty list
    percent(part, all)  the share in whole per cent, halves up
    roubles(count)      a sum of money: answers in money are kopecks

Rules. A function never raises: the library writes what is raised on stderr, and with it an answer. What cannot be
reckoned is None, and an expression with it has no value. Whole numbers only, as answers are.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from kiosk.forms.formats import dates

_GREATEST = 2**53


def days(since: Any, until: Any) -> int | None:
    first, last = _day(since), _day(until)
    return (last - first).days if first is not None and last is not None else None


def later(day: Any, count: Any) -> str | None:
    start = _day(day)
    if start is None or not _whole(count):
        return None
    try:
        moved = (start + timedelta(days=count)).isoformat()
    except OverflowError:
        return None
    return moved if dates.check(moved) is None else None


def total(numbers: Any) -> int | None:
    if not isinstance(numbers, list | tuple) or not all(_whole(one) for one in numbers):
        return None
    found = sum(numbers)
    return found if abs(found) <= _GREATEST else None


def percent(part: Any, whole: Any) -> int | None:
    if not _whole(part) or not _whole(whole) or whole == 0:
        return None
    found = (200 * part + whole) // (2 * whole)
    return found if abs(found) <= _GREATEST else None


def roubles(count: Any) -> int | None:
    return count * 100 if _whole(count) and abs(count) <= _GREATEST // 100 else None


def _quiet(function: Callable[..., Any]) -> Callable[..., Any]:
    """The same with None for a wrong number of arguments."""
    count = function.__code__.co_argcount
    return lambda *given: function(*given) if len(given) == count else None


FUNCTIONS = {
    "days": _quiet(days),
    "later": _quiet(later),
    "sum": _quiet(total),
    "percent": _quiet(percent),
    "roubles": _quiet(roubles),
}
"""By the name that expressions use."""


def _day(value: Any) -> Any:
    return dates.read(value) if isinstance(value, str) else None


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
