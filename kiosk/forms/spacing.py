"""Long numbers as people read them, while they are being typed: 112-233-445 95, 4509 123456, +7 916 000-12-34.

Rules. Only digits are grouped, and a sign stands between two groups only once the next one has begun, so that erasing
goes through it. What holds anything but digits, spaces, dashes and brackets, or more digits than the format has, is
left as it was typed: the check says what is wrong with it. It changes nothing that a format reads: separators are
squeezed out again. Groups are those of the documents themselves (`show` of each format); an account is read as balance
account, currency, key, branch and number.
"""

from __future__ import annotations

from kiosk.forms.formats.format import ascii_digits, squeeze

_Groups = tuple[tuple[int, str], ...]
"""Digits of each group, and the sign after it."""

_GROUPS: dict[str, _Groups] = {
    "snils": ((3, "-"), (3, "-"), (3, " "), (2, "")),
    "passport-rf": ((4, " "), (6, "")),
    "division-code": ((3, "-"), (3, "")),
    "travel-passport": ((2, " "), (7, "")),
    "oms-policy": ((4, " "), (4, " "), (4, " "), (4, "")),
    "account": ((5, " "), (3, " "), (1, " "), (4, " "), (7, "")),
    "troika": ((4, " "), (3, " "), (3, "")),
    "uin": ((5, " "),) * 4 + ((5, ""),),
}
_RUSSIAN_PHONE: _Groups = ((3, " "), (3, "-"), (2, "-"), (2, ""))
_PHONES = ("phone-ru", "phone-any")


def spaced(name: str, text: str) -> str:
    """A text typed into a field of the format `name`, with its groups apart."""
    if name in _PHONES:
        return _phone(text)
    groups = _GROUPS.get(name)
    digits = squeeze(text)
    return text if groups is None or not ascii_digits(digits) else _apart(digits, groups, text)


def _phone(text: str) -> str:
    """A Russian number that was begun with +7 or 8; others are grouped in too many ways."""
    plain = squeeze(text.translate({ord(sign): None for sign in "()."}))
    for begin in ("+7", "8"):
        rest = plain.removeprefix(begin)
        if rest != plain and ascii_digits(rest):
            grouped = _apart(rest, _RUSSIAN_PHONE, "")
            return f"{begin} {grouped}" if grouped else text
    return text


def _apart(digits: str, groups: _Groups, otherwise: str) -> str:
    if len(digits) > sum(size for size, _ in groups):
        return otherwise
    parts: list[str] = []
    for size, sign in groups:
        parts.append(digits[:size])
        digits = digits[size:]
        if not digits:
            break
        parts.append(sign)
    return "".join(parts)
