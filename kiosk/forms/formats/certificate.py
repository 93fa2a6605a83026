"""Birth certificate: a Roman numeral, a dash, two Cyrillic letters, six digits: "IV-МЮ 123456".

Source: order of the Ministry of Justice 167 of 2018. People type the numeral with what their keyboard has: Cyrillic
Х, С, У and І, the digit 1 or a small l
stand for X, C, V and I. The numeral must be one that exists (I to CXCIX), the number is not all zeros.
"""

from __future__ import annotations

import re

from kiosk.forms.formats.format import LONGEST, Format

_SHAPE = re.compile(r"([IVXLC]{1,9})-?([А-ЯЁ]{2})([0-9]{6})")
_ROMAN = re.compile(r"C?(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")
_NUMERAL = str.maketrans("ХСУІ1ЛVl", "XCVIILVI")
_SERIES = str.maketrans("ABEKMHOPCTYX", "АВЕКМНОРСТУХ")
_GAPS = re.compile(r"[\s№]|(?<![0-9A-ZА-ЯЁІ])N(?=[0-9])")


def _parts(value: str) -> tuple[str, str, str] | None:
    text = re.sub(r"[\u2010-\u2014\u2212]", "-", _GAPS.sub("", value[:LONGEST])).upper()
    if len(value) > LONGEST or len(text) < 9:
        return None
    head, number = text[:-6], text[-6:]
    numeral = head[:-2].rstrip("-").translate(_NUMERAL)
    match = _SHAPE.fullmatch(f"{numeral}-{head[-2:].translate(_SERIES)}{number}")
    return (match[1], match[2], match[3]) if match else None


def check(value: str) -> str | None:
    parts = _parts(value)
    if parts is None or not _ROMAN.fullmatch(parts[0]):
        return "birth-certificate.form"
    return "birth-certificate.zeros" if parts[2] == "000000" else None


def normalise(value: str) -> str:
    parts = _parts(value) if check(value) is None else None
    return f"{parts[0]}-{parts[1]} {parts[2]}" if parts else value


BIRTH_CERTIFICATE = Format("birth-certificate", check, normalise, normalise, keyboard="ru")
