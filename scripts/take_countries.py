"""Writes resources/lookups/countries.json anew: ISO 3166-1 with the names of Unicode CLDR.

Needs the packages Babel and pycountry, which nothing else does: `pip install babel pycountry` in an environment of its
own, then `python scripts/take_countries.py`. Entries are added and never taken away: forms filled months ago name them.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import babel
import pycountry
from babel import Locale

FILE = Path(__file__).parents[1] / "resources" / "lookups" / "countries.json"
FIRST = ("RU", "BY", "UZ", "TJ", "KG", "KZ", "AM", "AZ", "MD", "GE", "TM", "UA", "CN", "VN")
"""Where most visitors come from."""
BESIDES: tuple[dict[str, Any], ...] = (
    {"id": "AB", "name": {"ru": "Абхазия", "en": "Abkhazia"}},
    {"id": "OS", "name": {"ru": "Южная Осетия", "en": "South Ossetia"}},
    {"id": "XXA", "name": {"ru": "Без гражданства", "en": "Stateless"}, "also": ["апатрид", "нет гражданства", "none"]},
    {"id": "ZZ", "name": {"ru": "Другая страна", "en": "Another country"}, "also": ["нет в списке", "not in the list"]},
)


def entries(words: dict[str, list[str]]) -> list[dict[str, Any]]:
    """All countries, those of most visitors first; `words` are further words that people type, by code."""
    russian, english = Locale("ru").territories, Locale("en").territories
    codes = {country.alpha_2 for country in pycountry.countries}
    rest = sorted(codes - set(FIRST), key=lambda code: russian[code].replace("Ё", "Е"))
    made = []
    for code in (*FIRST, *rest):
        entry: dict[str, Any] = {"id": code, "name": {"ru": russian[code], "en": english[code]}}
        made.append(entry | ({"also": words[code]} if code in words else {}))
    return [*made, *BESIDES]


def main() -> None:
    old = json.loads(FILE.read_text(encoding="utf-8"))
    words = {entry["id"]: entry["also"] for entry in old["entries"] if "also" in entry}
    made = entries(words)
    gone = {entry["id"] for entry in old["entries"]} - {entry["id"] for entry in made}
    if gone:
        raise SystemExit(f"these would be taken away: {', '.join(sorted(gone))}")
    source = (
        f"ISO 3166-1 alpha-2 (pycountry), names of Unicode CLDR as in Babel {babel.__version__}; AB and OS are those "
        "of the Russian classification OKSM, XXA (stateless) of ICAO 9303, ZZ stands for any other"
    )
    lines = ",\n".join(f"    {json.dumps(entry, ensure_ascii=False)}" for entry in made)
    text = f'{{\n  "id": "countries",\n  "source": {json.dumps(source)},\n  "entries": [\n{lines}\n  ]\n}}\n'
    FILE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
