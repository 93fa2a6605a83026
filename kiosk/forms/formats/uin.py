"""UIN, the number of a charge of the state: 20 or 25 digits, or "0" where there is none.

Source: order of the Treasury 107н, annex: weights 1 to 10 in turn from the left, sum modulo 11; a remainder of 10
means once more with
weights from 3 on; 10 again means 0. The last digit is the key.
"""

from __future__ import annotations

from kiosk.forms.formats.format import Format, digits_fault, squeeze

NONE = "0"


def _key(digits: str) -> int:
    for first in (0, 2):
        remainder = sum(int(digit) * ((place + first) % 10 + 1) for place, digit in enumerate(digits)) % 11
        if remainder < 10:
            return remainder
    return 0


def check(value: str) -> str | None:
    text = squeeze(value)
    if text == NONE:
        return None
    fault = digits_fault("uin", value, 20, 25)
    if fault is None and (set(text) == {"0"} or _key(text[:-1]) != int(text[-1])):
        return "uin.check"
    return fault


def normalise(value: str) -> str:
    return squeeze(value) if check(value) is None else value


UIN = Format("uin", check, normalise, normalise)
