"""E-mail addresses, as far as a form can judge them: name, @, a domain with a dot.

Source: RFC 5321 section 4.5.3.1 (254 characters, 64 before the @); letters of any script are let through (RFC 6531).
Whether the address
exists is not asked. The domain is stored in small letters.
"""

from __future__ import annotations

import re

from kiosk.forms.formats.format import Format

_NAME = re.compile(r"[^\s@\"(),:;<>\[\\\]]{1,64}")
_DOMAIN = re.compile(r"(?:[^\W_](?:(?:[^\W_]|-){0,61}[^\W_])?\.)+[^\W\d_]{2,63}")


def check(value: str) -> str | None:
    text = value.strip()
    if len(text) > 254:
        return "email.length"
    if text.count("@") != 1:
        return "email.at"
    name, domain = text.split("@")
    if not _NAME.fullmatch(name) or name[0] == "." or name[-1] == "." or ".." in name:
        return "email.name"
    return None if _DOMAIN.fullmatch(domain.lower()) else "email.domain"


def normalise(value: str) -> str:
    if check(value) is not None:
        return value
    name, domain = value.strip().split("@")
    return f"{name}@{domain.lower()}"


EMAIL = Format("email", check, normalise, normalise, keyboard="email")
