"""One answer changed in a form of two hundred fields: put, pages, check of its page, as the interface does it."""

from __future__ import annotations

from datetime import date
from itertools import cycle
from typing import Any

from bench.measure import Figure, interleaved, median, percentile
from kiosk.forms.answers import put
from kiosk.forms.definition import Form, compile_form
from kiosk.model.form import FormDefinition
from kiosk.model.text import Text

TODAY = date(2026, 11, 23)
FIELDS_OF_A_PAGE = 4
_VALUES = ("yes", "112-233-445 95", "2020-02-02", "Слово")


def long_form(fields: int) -> FormDefinition:
    """Pages of four fields of different kinds; every second page stands under a rule, as long forms do."""
    properties: dict[str, Any] = {}
    texts: dict[str, Text] = {}
    pages: list[dict[str, Any]] = []
    for number in range(fields // FIELDS_OF_A_PAGE):
        schemas: tuple[dict[str, Any], ...] = (
            {"type": "string", "enum": ["yes", "no"]},
            {"type": "string", "format": "snils"},
            {"type": "string", "format": "date", "x-dateLimit": "past"},
            {"type": "string", "maxLength": 100, "pattern": "^\\p{L}+$"},
        )
        names = [f"f{number}_{kind}" for kind in range(FIELDS_OF_A_PAGE)]
        properties |= dict(zip(names, schemas, strict=True))
        keys = [f"{name}.label" for name in names] + [f"p{number}.label", f"p{number}.group"]
        texts |= dict.fromkeys([*keys, f"{names[0]}.yes", f"{names[0]}.no"], Text("Слово", "Word"))
        controls = [{"type": "Control", "scope": f"#/properties/{name}", "i18n": name} for name in names]
        page: dict[str, Any] = {"type": "Category", "i18n": f"p{number}", "elements": controls}
        if number % 2:
            condition = {"scope": "#/properties/f0_0", "schema": {"const": "yes"}}
            page["rule"] = {"effect": "SHOW", "condition": condition}
        pages.append(page)
    schema = {"type": "object", "additionalProperties": False, "properties": properties, "required": list(properties)}
    ui = {"type": "Categorization", "elements": pages}
    return FormDefinition("long", 1, Text("Слово", "Word"), schema, ui, texts, ())


def answers(fields: int) -> dict[str, Any]:
    """All answers of such a form."""
    return {f"f{n // FIELDS_OF_A_PAGE}_{n % FIELDS_OF_A_PAGE}": _VALUES[n % FIELDS_OF_A_PAGE] for n in range(fields)}


def change(form: Form, given: dict[str, Any], word: str) -> None:
    """What one change costs before the next frame."""
    changed = put(given, "/f7_3", word)
    form.pages(changed, "ru")
    assert not form.check_page("p7", changed, "ru", TODAY)


def form_change_figure() -> Figure:
    """The 95th percentile of a change, in milliseconds; a form of fifty fields beside it shows how it grows."""
    words = cycle(("Слово", "Другое", "Третье"))
    long, short = compile_form(long_form(200)), compile_form(long_form(52))
    many, few = answers(200), answers(52)
    mine, small = interleaved(lambda: change(long, many, next(words)), lambda: change(short, few, next(words)), 300)
    value = percentile(mine, 0.95) * 1e3
    detail = f"median {median(mine) * 1e3:.2f} ms at 200 fields, {median(small) * 1e3:.2f} ms at 52"
    return Figure("form_change", value, detail)
