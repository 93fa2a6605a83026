"""Dates, times and money as a language writes them."""

from __future__ import annotations

from datetime import date, datetime

from kiosk import words


def long_date(language: str, day: date) -> str:
    """4 марта 1951 / 4 March 1951."""
    return f"{day.day} {words.t(language, f'paper.month_{day.month}')} {day.year}"


def date_time(language: str, moment: datetime) -> str:
    """24 ноября 2026, 14:36 in the moment's own zone."""
    return f"{long_date(language, moment.date())}, {moment:%H:%M}"


def rubles(kopecks: int) -> str:
    """1500 ₽, 1 234 567,50 ₽: groups of three from five digits on, no-break spaces."""
    whole, rest = divmod(kopecks, 100)
    digits = f"{whole:,}".replace(",", "\u00a0") if whole >= 10_000 else str(whole)
    return f"{digits}{f',{rest:02d}' if rest else ''}\u00a0₽"
