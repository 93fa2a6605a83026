"""The words of the interface, for screen, paper and command line alike.

Rules. Flat JSON files in resources/i18n/<language>/, one per area, in the i18next v4 form: dotted keys, `{{name}}`
for arguments, and the CLDR plural categories as suffixes `_one`, `_few`, `_many`, `_other` chosen by the
argument `count`. A missing key is a bug of ours and raises KeyError: a test walks every use.
Words are looked up when they are shown, never at import. Source of the plural rules: CLDR, "ru" and "en".
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import msgspec

from kiosk import resources

_ARGUMENT = re.compile(r"\{\{(\w+)\}\}")


@cache
def _table(language: str) -> dict[str, str]:
    table: dict[str, str] = {}
    for path in sorted((resources.root() / "i18n" / language).glob("*.json")):
        table |= msgspec.json.decode(path.read_bytes(), type=dict[str, str])
    return table


def plural(language: str, count: int) -> str:
    """The CLDR cardinal category of a whole number."""
    count = abs(count)
    if language != "ru":
        return "one" if count == 1 else "other"
    if count % 10 == 1 and count % 100 != 11:
        return "one"
    if 2 <= count % 10 <= 4 and not 12 <= count % 100 <= 14:
        return "few"
    return "many"


def t(language: str, key: str, **arguments: Any) -> str:
    """The words for `key`; with `count` among the arguments, in its plural form."""
    table = _table(language)
    text = table.get(key)
    if text is None:
        text = table[f"{key}_{plural(language, int(arguments['count']))}"]
    return _ARGUMENT.sub(lambda match: str(arguments[match[1]]), text) if arguments else text


def keys(language: str) -> frozenset[str]:
    """Every key of a language, plural suffixes included."""
    return frozenset(_table(language))
