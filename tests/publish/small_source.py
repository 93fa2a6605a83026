"""A source folder as small as one can be, for the tests beside."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

SERVICES = "catalogue/services/family.json"
EVENTS = "catalogue/events/birth.json"


def text(ru: str, en: str) -> dict[str, str]:
    return {"ru": ru, "en": en}


def files() -> dict[str, Any]:
    """File -> its JSON; without forms."""
    common = {"theme": "family", "audience": "citizen", "provenance": "editorial"}
    return {
        SERVICES: {
            "theme": {
                "id": "family",
                "title": text("Семья", "Family"),
                "drawing": "family",
                "order": 1,
                "audience": "citizen",
            },
            "services": [
                {"id": "S0001", "title": text("Рождение", "Birth"), "kind": "apply", **common},
                {"id": "S0002", "title": text("Выплаты", "Payments"), "kind": "view", **common},
                {
                    "id": "S0003",
                    "title": text("Пропуск 2020", "Pass 2020"),
                    "kind": "info",
                    **common,
                    "historical": True,
                },
            ],
        },
        EVENTS: {
            "category": {"id": "birth", "icon": "baby", "order": 1, "title": text("Дети", "Children")},
            "events": [
                {
                    "id": "child-born",
                    "category": "birth",
                    "icon": "baby",
                    "order": 1,
                    "title": text("Родился ребёнок", "A child is born"),
                    "steps": [
                        {"title": text("Запишите", "Register"), "services": ["S0001"]},
                        {"title": text("Попросите", "Ask"), "services": ["S0002"]},
                    ],
                }
            ],
        },
        "catalogue/synonyms/ru.json": {"language": "ru", "groups": [["роды", "рождение"]]},
        "catalogue/synonyms/en.json": {"language": "en", "groups": [["birth", "born"]]},
        "catalogue/popular.json": {"queries": [text("Рождение", "Birth")]},
        "catalogue/centres/moscow.json": {
            "centres": [
                {
                    "id": "sokol",
                    "name": text("МФЦ Сокол", "My Documents, Sokol"),
                    "address": text("Чапаевский пер., 16", "Chapaevsky pereulok 16"),
                    "hours": text("8:00–20:00", "8:00 to 20:00"),
                }
            ]
        },
    }


def write(folder: Path, made: dict[str, Any]) -> Path:
    """Write the files; a value of bytes goes as it is."""
    for name, value in made.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(value if isinstance(value, bytes) else json.dumps(value, ensure_ascii=False).encode())
    return folder
