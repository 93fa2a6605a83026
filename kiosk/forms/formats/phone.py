"""Telephone numbers: a Russian one is stored +7 and ten digits, one of another country + and 8 to 15 digits (ITU-T
E.164).

Rules. Spaces, brackets, dots and dashes are accepted. In "phone-ru" the number may begin with 8, 7 or +7 or with none
of them; the first of
the ten digits is 3 to 9 or 0 (the 000 numbers of examples). "phone-any" also takes + and a foreign country code, for
guests of the city.
"""

from __future__ import annotations

import re

from kiosk.forms.formats.format import LONGEST, Format, ascii_digits, squeeze

_MARKS = re.compile(r"[().]")


def _plain(value: str) -> str:
    return squeeze(_MARKS.sub("", value[: LONGEST + 1]))


def _ten(value: str) -> str:
    text = _plain(value)
    if text.startswith("+7"):
        return text[2:]
    return text[1:] if len(text) == 11 and text[0] in "78" else text


def check_russian(value: str) -> str | None:
    text = _plain(value)
    digits = text.removeprefix("+")
    if digits and not ascii_digits(digits):
        return "phone-ru.letters"
    if text.startswith("+") and not text.startswith("+7"):
        return "phone-ru.country"
    ten = _ten(value)
    if len(ten) != 10:
        return "phone-ru.length"
    return "phone-ru.check" if ten[0] in "12" else None


def normalise_russian(value: str) -> str:
    return "+7" + _ten(value) if check_russian(value) is None else value


def show_russian(value: str) -> str:
    if check_russian(value) is not None:
        return value
    ten = _ten(value)
    return f"+7 {ten[:3]} {ten[3:6]}-{ten[6:8]}-{ten[8:]}"


def _foreign(value: str) -> bool:
    text = _plain(value)
    return text.startswith("+") and not text.startswith("+7")


def check_any(value: str) -> str | None:
    if not _foreign(value):
        fault = check_russian(value)
        return fault and fault.replace("phone-ru", "phone-any")
    digits = _plain(value)[1:]
    if digits and not ascii_digits(digits):
        return "phone-any.letters"
    if digits.startswith("0"):
        return "phone-any.check"
    return None if 8 <= len(digits) <= 15 else "phone-any.length"


def normalise_any(value: str) -> str:
    if check_any(value) is not None:
        return value
    return _plain(value) if _foreign(value) else normalise_russian(value)


def show_any(value: str) -> str:
    return normalise_any(value) if _foreign(value) else show_russian(value)


PHONE_RU = Format("phone-ru", check_russian, normalise_russian, show_russian, keyboard="phone")
PHONE_ANY = Format("phone-any", check_any, normalise_any, show_any, keyboard="phone")
