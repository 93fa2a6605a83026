"""Reads the guides of services, and puts the phrases that several of them share into their places.

    catalogue/guides/<theme>.json   {"texts": {name: Text}, "guides": [Guide, where "@name" may stand for a Text]}

Rules. A phrase that nobody uses and a name that nobody knows are problems. What comes out holds no names any more.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kiosk.model.guide import Guide
from kiosk.model.text import Text
from kiosk.publish.source import Placed, Reader


def read(reader: Reader, path: Path) -> list[Placed[Guide]]:
    """The guides of one file; its problems go to the reader."""
    given = reader.json(path)
    if given is None:
        return []
    if not isinstance(given, dict) or set(given) - {"texts"} != {"guides"} or not isinstance(given["guides"], list):
        reader.problem(path, "", 'the file holds a list named "guides", and "texts" that they share, and nothing else')
        return []
    texts = shared(reader, path, given.get("texts", {}))
    used: set[str] = set()
    found = []
    for number, one in enumerate(given["guides"]):
        pointer = f"/guides/{number}"
        found += reader.value(path, resolved(reader, path, one, texts, used, pointer), Guide, pointer)
    for name in texts.keys() - used:
        reader.problem(path, f"/texts/{name}", "no guide uses this text")
    return found


def shared(reader: Reader, path: Path, given: Any) -> dict[str, Any]:
    """The shared texts of a file, each checked."""
    if not isinstance(given, dict):
        reader.problem(path, "/texts", "the shared texts stand under their names")
        return {}
    return {name: text for name, text in given.items() if reader.value(path, text, Text, f"/texts/{name}")}


def resolved(reader: Reader, path: Path, given: Any, texts: dict[str, Any], used: set[str], pointer: str) -> Any:
    """`given` with every "@name" replaced by its text; `used` gathers the names."""
    if isinstance(given, str) and given.startswith("@"):
        if given[1:] in texts:
            used.add(given[1:])
            return texts[given[1:]]
        reader.problem(path, pointer, f'there is no shared text "{given[1:]}"')
        return {"ru": given, "en": given}
    if isinstance(given, dict):
        return {key: resolved(reader, path, one, texts, used, f"{pointer}/{key}") for key, one in given.items()}
    if isinstance(given, list):
        return [resolved(reader, path, one, texts, used, f"{pointer}/{n}") for n, one in enumerate(given)]
    return given
