"""Small forms for the tests of the engine, built as an editor would write them."""

from __future__ import annotations

from typing import Any

from kiosk.model.form import FormDefinition
from kiosk.model.text import Text


def text(words: str) -> Text:
    return Text(f"{words} (ру)", words)


def control(name: str, **more: Any) -> dict[str, Any]:
    path = name.split(".")
    return {"type": "Control", "scope": "#/properties/" + "/properties/".join(path), "i18n": name, **more}


def shown_if(name: str, schema: dict[str, Any], effect: str = "SHOW") -> dict[str, Any]:
    return {"effect": effect, "condition": {"scope": control(name)["scope"], "schema": schema}}


def page(name: str, *controls: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "Category", "i18n": name, "elements": list(controls), **more}


def definition(
    properties: dict[str, Any],
    pages: list[dict[str, Any]],
    required: tuple[str, ...] = (),
    rules: tuple[dict[str, Any], ...] = (),
    **texts: str,
) -> FormDefinition:
    """A definition whose texts are made up from its keys, so that a test names only what it is about."""
    schema: dict[str, Any] = {
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
        "required": list(required),
    }
    if rules:
        schema["x-rules"] = list(rules)
    made: dict[str, Text] = {}

    def walk(elements: list[dict[str, Any]]) -> None:
        for element in elements:
            key = element["i18n"]
            made[f"{key}.label"] = text(key)
            if element["type"] == "Category":
                made[f"{key}.group"] = text(f"{key} group")
            walk(element.get("elements", []))

    walk(pages)
    for name, one in properties.items():
        for value in one.get("enum", one.get("items", {}).get("enum", ())):
            made[f"{name}.{value}"] = text(f"{value} of {name}")
    made |= {key.replace("__", "."): text(words) for key, words in texts.items()}
    return FormDefinition("small", 1, text("Small"), schema, {"type": "Categorization", "elements": pages}, made, ())
