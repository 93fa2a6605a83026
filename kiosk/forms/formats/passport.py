"""Russian passports: the inner one (4 and 6 digits), its division code (3-3) and the travel passport (2 and 7 digits).

Source: government decree 828 of 1997; order of the Interior Ministry 851 of 2020 on travel passports. They have no
check digit; all zeros are refused.
Stored as shown: "4509 123456", "770-045", "75 1234567".
"""

from __future__ import annotations

from kiosk.forms.formats.format import Format, digits_fault, squeeze


def _spaced(name: str, length: int, split: int, mark: str) -> Format:
    def check(value: str) -> str | None:
        fault = digits_fault(name, value, length)
        if fault is None and set(squeeze(value)[split:]) == {"0"}:
            return f"{name}.zeros"
        return fault

    def show(value: str) -> str:
        digits = squeeze(value)
        return f"{digits[:split]}{mark}{digits[split:]}" if check(value) is None else value

    return Format(name, check, show, show)


PASSPORT_RF = _spaced("passport-rf", 10, 4, " ")
DIVISION_CODE = _spaced("division-code", 6, 3, "-")
TRAVEL_PASSPORT = _spaced("travel-passport", 9, 2, " ")
