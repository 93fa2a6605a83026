"""SNILS, the number of the pension account: 11 digits, shown XXX-XXX-XXX YY.

Source: resolution of the Pension Fund 9п of 2016: sum of d[i] * (9 - i) over nine digits, modulo 101, where 100
counts as 00.
Numbers up to 001-001-998 carry no check digits. python-stdnum has no SNILS.
"""

from __future__ import annotations

from kiosk.forms.formats.format import digits_format

_LAST_WITHOUT_CHECK = 1_001_998


def _sums(digits: str) -> bool:
    number, control = int(digits[:9]), int(digits[9:])
    if number <= _LAST_WITHOUT_CHECK:
        return number > 0
    return sum(int(digit) * (9 - place) for place, digit in enumerate(digits[:9])) % 101 % 100 == control


def _show(digits: str) -> str:
    return f"{digits[:3]}-{digits[3:6]}-{digits[6:9]} {digits[9:]}"


SNILS = digits_format("snils", (11,), _sums, _show)
