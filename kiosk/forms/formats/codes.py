"""Codes without check digits: KPP, OKTMO, Troika card, EPD payer code, postcode.

Source: order of the Federal Tax Service ММВ-7-6/435@ (KPP: 4 digits, 2 digits or Latin capitals, 3 digits), OK
033-2013 (OKTMO, 8 or 11 digits), the Troika card
(10 digits, no more than 4294967295, shown 4-3-3), the EPD of Moscow (10 digits), Russian Post (6 digits).
"""

from __future__ import annotations

import re

from kiosk.forms.formats.format import LONGEST, Format, digits_fault, digits_format, squeeze

_KPP = re.compile(r"[0-9]{4}[0-9A-Z]{2}[0-9]{3}")
_LAST_TROIKA = 4_294_967_295


def check_kpp(value: str) -> str | None:
    text = squeeze(value[:LONGEST]).upper()
    if len(text) != 9:
        return "kpp.length"
    return None if _KPP.fullmatch(text) else "kpp.letters"


def normalise_kpp(value: str) -> str:
    return squeeze(value).upper() if check_kpp(value) is None else value


def _troika_exists(digits: str) -> bool:
    return int(digits) <= _LAST_TROIKA


def _troika_shown(digits: str) -> str:
    return f"{digits[:4]} {digits[4:7]} {digits[7:]}"


def _not_zeros(digits: str) -> bool:
    return set(digits) != {"0"}


def check_postcode(value: str) -> str | None:
    fault = digits_fault("postcode", value, 6)
    return fault or ("postcode.check" if squeeze(value)[:3] == "000" else None)


def normalise_postcode(value: str) -> str:
    return squeeze(value) if check_postcode(value) is None else value


KPP = Format("kpp", check_kpp, normalise_kpp, normalise_kpp)
OKTMO = digits_format("oktmo", (8, 11), _not_zeros)
TROIKA = digits_format("troika", (10,), _troika_exists, _troika_shown)
EPD_PAYER = digits_format("epd-payer", (10,), _not_zeros)
POSTCODE = Format("postcode", check_postcode, normalise_postcode, normalise_postcode)
