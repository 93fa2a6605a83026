"""Dates, times and money as people write them."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from kiosk.paper.dates import date_time, long_date, rubles

NBSP = "\u00a0"


@pytest.mark.parametrize(
    ("language", "day", "written"),
    [
        ("ru", date(1951, 3, 4), "4 марта 1951"),
        ("en", date(1951, 3, 4), "4 March 1951"),
        ("ru", date(2026, 5, 31), "31 мая 2026"),
        ("en", date(2028, 2, 29), "29 February 2028"),
        ("ru", date(2026, 12, 1), "1 декабря 2026"),
    ],
)
def test_dates(language: str, day: date, written: str) -> None:
    assert long_date(language, day) == written


def test_every_month_has_its_own_words() -> None:
    for language in ("ru", "en"):
        assert len({long_date(language, date(2026, month, 1)) for month in range(1, 13)}) == 12


def test_a_moment_is_shown_in_its_own_zone() -> None:
    moment = datetime.fromisoformat("2026-11-24T00:05:59+03:00")
    assert date_time("ru", moment) == "24 ноября 2026, 00:05"
    assert date_time("en", moment) == "24 November 2026, 00:05"


@pytest.mark.parametrize(
    ("kopecks", "written"),
    [
        (0, "0 ₽"),
        (1, "0,01 ₽"),
        (30_000, "300 ₽"),
        (150_000, "1500 ₽"),
        (999_999, "9999,99 ₽"),
        (1_000_000, "10 000 ₽"),
        (123_456_750, "1 234 567,50 ₽"),
    ],
)
def test_rubles(kopecks: int, written: str) -> None:
    assert rubles(kopecks) == written.replace(" ", NBSP)
