"""What names a vehicle and its driver: plate, taxi plate, VIN, registration certificate (STS) and driving licence.

Source: GOST R 50577-2018 (plates: the twelve letters that exist in both alphabets, 000 is not issued), ISO 3779 (VIN:
17 characters without I, O and Q;
the check digit is not used in Russia), orders of the Interior Ministry 267 of 2019 and 365 of 2009 (STS and licence:
99 XX 999999).
Letters are stored as Cyrillic, in VIN as Latin. The licence of another country has another shape and is not checked
here.
"""

from __future__ import annotations

import re

from kiosk.forms.formats.format import LONGEST, Format, cyrillic_capitals, squeeze

_LETTERS = "АВЕКМНОРСТУХ"
_PLATE = re.compile(rf"([{_LETTERS}])([0-9]{{3}})([{_LETTERS}]{{2}})([0-9]{{2,3}})")
_TAXI = re.compile(rf"([{_LETTERS}]{{2}})([0-9]{{3}})([0-9]{{2,3}})")
_SERIES = re.compile(r"([0-9]{2})([0-9А-Я]{2})([0-9]{6})")
_VIN = re.compile(r"[A-HJ-NPR-Z0-9]{17}")
_TO_LATIN = str.maketrans("АВЕКМНРСТУХ", "ABEKMHPCTYX")


def _matching(name: str, pattern: re.Pattern[str], mark: str, number: int) -> Format:
    """A format of Cyrillic capitals and digits; group `number` must not be all zeros."""

    def check(value: str) -> str | None:
        match = pattern.fullmatch(cyrillic_capitals(value)) if len(value) <= LONGEST else None
        if match is None:
            return f"{name}.form"
        return f"{name}.zeros" if set(match[number]) == {"0"} else None

    def normalise(value: str) -> str:
        return cyrillic_capitals(value) if check(value) is None else value

    def show(value: str) -> str:
        match = pattern.fullmatch(cyrillic_capitals(value))
        return mark.join(match.groups()) if match and check(value) is None else value

    return Format(name, check, normalise, show, keyboard="plate")


def _vin_text(value: str) -> str:
    return squeeze(value[:LONGEST]).upper().translate(_TO_LATIN)


def check_vin(value: str) -> str | None:
    text = _vin_text(value)
    if len(text) != 17:
        return "vin.length"
    return None if _VIN.fullmatch(text) else "vin.letters"


def normalise_vin(value: str) -> str:
    return _vin_text(value) if check_vin(value) is None else value


PLATE = _matching("plate", _PLATE, " ", 2)
PLATE_TAXI = _matching("plate-taxi", _TAXI, " ", 2)
STS = _matching("sts", _SERIES, " ", 3)
DRIVING_LICENCE = _matching("driving-licence", _SERIES, " ", 3)
VIN = Format("vin", check_vin, normalise_vin, normalise_vin, keyboard="en")
