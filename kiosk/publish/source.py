"""Reads editors' source files strictly: an unknown key, a missing text or a repeated key is a problem with its place.

Rules. Nothing is repaired and nothing is guessed. Reading goes on after a problem, so that an editor sees them all at
once; each problem is (file, JSON Pointer of RFC 6901, message), the file relative to the source folder. It does not
compare files with each other (check.py does).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Generic, TypeVar

import msgspec
from msgspec import Struct

T = TypeVar("T")
Problem = tuple[str, str, str]

_PLACE = re.compile(r" - at `\$([^`]*)`$")
_MISSING = re.compile(r"Object missing required field `(\w+)`")


class Placed(Struct, Generic[T], frozen=True):
    """A value and where it stands."""

    file: str
    pointer: str
    value: T


class Reader:
    """Reads one source folder and gathers the problems."""

    def __init__(self, source: Path) -> None:
        self.source = source
        self.problems: list[Problem] = []

    def json(self, path: Path) -> Any:
        """The JSON of a file; None after a problem."""
        try:
            return json.loads(path.read_bytes(), object_pairs_hook=_once, parse_constant=_no_constant)
        except FileNotFoundError:
            self.problem(path, "", "the file is missing")
        except OSError as error:
            self.problem(path, "", f"the file cannot be read: {error.strerror}")
        except UnicodeDecodeError:
            self.problem(path, "", "the file is not UTF-8")
        except json.JSONDecodeError as error:
            self.problem(path, "", f"the file is not JSON: line {error.lineno}, column {error.colno}: {error.msg}")
        except (ValueError, RecursionError) as error:
            self.problem(path, "", f"the file is refused: {error}")
        return None

    def value(self, path: Path, given: Any, kind: type[T], pointer: str = "") -> list[Placed[T]]:
        """The value as a struct of a kind; empty after a problem."""
        try:
            value = msgspec.convert(given, kind)
        except msgspec.ValidationError as error:
            place = _PLACE.search(str(error))
            message = _PLACE.sub("", str(error))
            self.problem(path, pointer + _pointer(place[1] if place else ""), _plain(message))
            return []
        unknown = list(_unknown(given, msgspec.to_builtins(value), pointer))
        for where in unknown:
            self.problem(path, where, "nobody knows this key; is it misspelt?")
        return [] if unknown else [Placed(self.name(path), pointer, value)]

    def values(self, path: Path, key: str, kind: type[T]) -> list[Placed[T]]:
        """The list under the only key of a file."""
        given = self.json(path)
        if given is None:
            return []
        if not isinstance(given, dict) or list(given) != [key] or not isinstance(given[key], list):
            self.problem(path, "", f'the file holds one list named "{key}" and nothing else')
            return []
        return [one for n, item in enumerate(given[key]) for one in self.value(path, item, kind, f"/{key}/{n}")]

    def one(self, path: Path, kind: type[T]) -> list[Placed[T]]:
        """The only value of a file."""
        given = self.json(path)
        return [] if given is None else self.value(path, given, kind)

    def problem(self, path: Path, pointer: str, message: str) -> None:
        self.problems.append((self.name(path), pointer, message))

    def name(self, path: Path) -> str:
        """A file as problems call it."""
        return path.relative_to(self.source).as_posix() if path.is_relative_to(self.source) else path.name


def pointer_of(parts: Iterable[object]) -> str:
    """A JSON Pointer."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f'the key "{key}" stands twice in one object')
        found[key] = value
    return found


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not a number of JSON")


def _pointer(path: str) -> str:
    """msgspec's `.services[3].title` as `/services/3/title`."""
    return pointer_of(part for part in re.split(r"[.\[\]]+", path) if part)


def _plain(message: str) -> str:
    missing = _MISSING.fullmatch(message)
    if missing and missing[1] in ("ru", "en"):
        return f"the {'Russian' if missing[1] == 'ru' else 'English'} text is missing"
    return message


def _unknown(given: Any, kept: Any, pointer: str) -> Iterable[str]:
    """Pointers of keys that decoding dropped. `kept` is what was decoded, made plain again."""
    if isinstance(given, dict) and isinstance(kept, dict):
        for key, value in given.items():
            where = pointer + pointer_of([key])
            if key in kept:
                yield from _unknown(value, kept[key], where)
            else:
                yield where
    elif isinstance(given, list) and isinstance(kept, list | tuple):
        for number, (one, other) in enumerate(zip(given, kept, strict=True)):
            yield from _unknown(one, other, f"{pointer}/{number}")
