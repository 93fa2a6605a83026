"""A form with every kind of field beyond single answers, for tests of the interface."""

from __future__ import annotations

from typing import Any

from kiosk.forms.attachments import schema_of
from kiosk.forms.definition import Form, compile_form
from kiosk.model.form import FormDefinition
from kiosk.model.lookup import Lookup, LookupEntry
from kiosk.model.text import Text

COUNTRIES = Lookup(
    "countries",
    "made up",
    (
        LookupEntry("UZ", Text("Узбекистан", "Uzbekistan")),
        LookupEntry("DE", Text("Германия", "Germany"), ("ФРГ",)),
        LookupEntry("KR", Text("Южная Корея", "South Korea")),
    ),
)
LABELS = {
    "p_list": ("Кто едет с вами?", "Who travels with you?"),
    "people": ("Спутники", "Companions"),
    "name": ("Имя спутника", "Companion's name"),
    "born": ("Дата рождения", "Date of birth"),
    "p_where": ("Куда едете?", "Where do you go?"),
    "country": ("Страна", "Country"),
    "p_money": ("Сколько это стоит?", "How much is it?"),
    "each": ("Билет, рублей", "Ticket, roubles"),
    "free": ("Едете бесплатно", "You travel free"),
    "half": ("Половина цены", "Half the price"),
    "p_papers": ("Какие есть документы?", "Which papers do you have?"),
    "photo": ("Фотография", "Photo"),
    "ticket": ("Билет", "Ticket"),
}


def _control(name: str, inside: str = "", **more: Any) -> dict[str, Any]:
    return {"type": "Control", "scope": f"#/properties/{name}", "i18n": name, **more}


def _page(name: str, *elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Category", "i18n": name, "elements": list(elements)}


def rich_form() -> Form:
    """Companions (2 at most), a country, a price that may be disabled and one that is worked out, papers."""
    person = {
        "type": "object",
        "additionalProperties": False,
        "required": ["name"],
        "properties": {
            "name": {"type": "string", "minLength": 2, "maxLength": 20},
            "born": {"type": "string", "format": "date", "x-dateLimit": "birth"},
        },
    }
    detail = {"type": "VerticalLayout", "elements": [_control("name"), _control("born")]}
    unless_free = {
        "effect": "DISABLE",
        "condition": {"scope": "#/properties/free", "schema": {"const": True}},
    }
    texts = {f"{name}.label": Text(*said) for name, said in LABELS.items()}
    texts |= {f"{name}.group": Text(*said) for name, said in LABELS.items() if name.startswith("p_")}
    texts |= {
        "people.item": Text("Спутник", "Companion"),
        "free.true": Text("Да", "Yes"),
        "free.false": Text("Нет", "No"),
    }
    return compile_form(
        FormDefinition(
            id="lost-passport",
            version=1,
            title=Text("Поездка", "Journey"),
            schema={
                "$schema": "https://json-schema.org/draft/2020-12/schema",
                "type": "object",
                "additionalProperties": False,
                "required": ["people", "country", "free", "ticket"],
                "properties": {
                    "people": {"type": "array", "minItems": 1, "maxItems": 2, "items": person},
                    "country": {"type": "string", "x-lookup": "countries"},
                    "free": {"type": "boolean"},
                    "each": {"type": "integer", "minimum": 2, "maximum": 90000},
                    "half": {"type": "number", "x-calculated": "each / 2"},
                    "photo": schema_of(("photo",), 1),
                    "ticket": schema_of(("scan",), 2),
                },
            },
            ui={
                "type": "Categorization",
                "elements": [
                    _page("p_list", _control("people", options={"detail": detail})),
                    _page("p_where", _control("country")),
                    _page("p_money", _control("free"), _control("each", rule=unless_free), _control("half")),
                    _page("p_papers", _control("photo"), _control("ticket")),
                ],
            },
            texts=texts,
            examples=(),
        ),
        {"countries": COUNTRIES},
    )
