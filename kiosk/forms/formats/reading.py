"""The reading of a water meter: NNNNN.NN, up to five digits of cubic metres and up to two after the point.

Source: the visible face of household meters (five black drums, red ones for litres); the city's form takes two of the
red ones. A comma counts as a point.
Stored without leading zeros and with two decimals ("00045,3" -> "45.30"). Whether it fits the last reading is a rule
between answers.
"""

from __future__ import annotations

import re

from kiosk.forms.formats.format import LONGEST, Format, squeeze

_SHAPE = re.compile(r"([0-9]{1,5})(?:[.,]([0-9]{1,2}))?")
_LONG = re.compile(r"[0-9]+(?:[.,][0-9]*)?")


def check(value: str) -> str | None:
    text = squeeze(value[: LONGEST + 1])
    if _SHAPE.fullmatch(text):
        return None
    return "meter-reading.length" if _LONG.fullmatch(text) else "meter-reading.form"


def normalise(value: str) -> str:
    match = _SHAPE.fullmatch(squeeze(value[: LONGEST + 1]))
    return f"{int(match[1])}.{(match[2] or '').ljust(2, '0')}" if match else value


METER_READING = Format("meter-reading", check, normalise, normalise)
