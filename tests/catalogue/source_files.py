"""Read the editors' source files of resources/catalogue for the tests beside.

Rules. Files are read as they lie in the checkout, never through the program. `strict` decodes a value into a model
struct and refuses every key that the struct does not have, at any depth: msgspec alone would ignore it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

import msgspec

from kiosk.model.service import Service, Theme

CATALOGUE = Path(__file__).parents[2] / "resources" / "catalogue"
THEME_FILES = sorted((CATALOGUE / "services").glob("*.json"))

T = TypeVar("T")


class ThemeFile(msgspec.Struct, frozen=True):
    theme: Theme
    services: tuple[Service, ...]


def raw(path: Path) -> Any:
    return msgspec.json.decode(path.read_bytes())


def unknown_keys(given: Any, kept: Any, at: str = "") -> list[str]:
    """Pointers of the keys of `given` that are missing in `kept`, which is `given` decoded and encoded again."""
    if isinstance(given, dict):
        return [
            pointer
            for key, value in given.items()
            for pointer in (unknown_keys(value, kept[key], f"{at}/{key}") if key in kept else [f"{at}/{key}"])
        ]
    if isinstance(given, list):
        return [
            p
            for n, (one, other) in enumerate(zip(given, kept, strict=True))
            for p in unknown_keys(one, other, f"{at}/{n}")
        ]
    return []


def strict(given: Any, kind: type[T]) -> T:
    """`given` (decoded JSON) as a struct. Raises msgspec.ValidationError for a wrong shape or an unknown key."""
    value = msgspec.convert(given, kind)
    unknown = unknown_keys(given, msgspec.to_builtins(value))
    if unknown:
        raise msgspec.ValidationError(f"unknown keys: {', '.join(unknown)}")
    return value


def themes() -> list[ThemeFile]:
    return [strict(raw(path), ThemeFile) for path in THEME_FILES]


def services() -> dict[str, Service]:
    return {service.id: service for file in themes() for service in file.services}


def strings(value: Any, at: str = "") -> list[tuple[str, str]]:
    """Every string of decoded JSON with its pointer."""
    if isinstance(value, str):
        return [(at, value)]
    if isinstance(value, dict):
        return [found for key, inner in value.items() for found in strings(inner, f"{at}/{key}")]
    if isinstance(value, list):
        return [found for n, inner in enumerate(value) for found in strings(inner, f"{at}/{n}")]
    return []
