"""Question sets: what editors write for a service that is applied for, in the fewest words.

    <folder>/services/<theme>.json   {"texts": {name: Text}, "forms": [QuestionSet]}

Rules. A set holds a service's own questions alone; the person, the contact and the like are added by assembly.py. In
every place of a text the string "@name" uses a text of the file. Read strictly: an unknown key, a text that is missing,
an id that stands twice ends in a problem (file, JSON Pointer, message), and all problems are found before anything is
refused. Ids are snake_case. It does not make forms.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import msgspec
from msgspec import Struct

from kiosk.model.text import Text

Problem = tuple[str, str, str]
Words = Text | str
"""A text, or "@name"."""
Applicant = Literal["citizen", "organisation", "foreigner", "anyone", "caller", "nobody"]
_SHARED_BLOCKS = Literal["address", "vehicle", "bank", "snils", "delivery"]


class When(Struct, frozen=True, forbid_unknown_fields=True):
    """Asked only when another answer is one of these."""

    field: str
    values: tuple[str | int | bool, ...] = msgspec.field(name="is")


class Asked(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind"):
    """What every question has."""

    id: str
    label: Words
    hint: Words | None = None
    optional: bool = False
    when: When | None = None


class Choice(Asked, frozen=True, forbid_unknown_fields=True, tag="choice"):
    choices: dict[str, Words] = {}


class Choices(Asked, frozen=True, forbid_unknown_fields=True, tag="choices"):
    choices: dict[str, Words] = {}


class Line(Asked, frozen=True, forbid_unknown_fields=True, tag="text"):
    most: int = 120
    example: str = "Как в документе"
    calculated: str = ""
    """An expression over other questions of the set: then the answer is worked out and not asked for."""


class Long(Asked, frozen=True, forbid_unknown_fields=True, tag="long"):
    most: int = 1000
    example: str = "Подробности расскажу на приёме"


class Number(Asked, frozen=True, forbid_unknown_fields=True, tag="number"):
    min: int = 0
    max: int = 1_000_000_000
    unit: Words | None = None
    example: int = 2
    calculated: str = ""


class Money(Asked, frozen=True, forbid_unknown_fields=True, tag="money"):
    """`min`, `max` and `example` are roubles."""

    min: int = 0
    max: int = 10_000_000_000
    example: int | float = 1500
    calculated: str = ""


class YesNo(Asked, frozen=True, forbid_unknown_fields=True, tag="yes-no"):
    pass


class Day(Asked, frozen=True, forbid_unknown_fields=True, tag="date"):
    limit: Literal["past", "future", "any", "birth"] = "any"
    example: str = ""
    calculated: str = ""


class Identifier(Asked, frozen=True, forbid_unknown_fields=True, tag="identifier"):
    format: str = ""


class Lookup(Asked, frozen=True, forbid_unknown_fields=True, tag="lookup"):
    list: str = ""


Simple = Choice | Choices | Line | Long | Number | Money | YesNo | Day | Identifier | Lookup


class Repeated(Asked, frozen=True, forbid_unknown_fields=True, tag="list"):
    least: int = 0
    most: int = 10
    item: Words = ""
    fields: tuple[Simple, ...] = ()


AnyQuestion = Simple | Repeated


class OwnPage(Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    title: Words
    fields: tuple[AnyQuestion, ...]
    group: Words | None = None
    hint: Words | None = None
    when: When | None = None


class Paper(Struct, frozen=True, forbid_unknown_fields=True):
    """A document that is asked for as a file."""

    id: str
    name: Words
    kinds: tuple[Literal["photo", "scan"], ...]
    hint: Words | None = None
    optional: bool = False
    most: int = 1
    when: When | None = None


class Rule(Struct, frozen=True, forbid_unknown_fields=True):
    """What answers must be to each other: `that` is an expression; while it is false, `says` stands at the answer of
    the question `at`.
    """

    at: str
    that: str
    says: Words


class QuestionSet(Struct, frozen=True, forbid_unknown_fields=True):
    """The own questions of one service, and which shared parts it needs besides."""

    service: str
    version: int
    applicant: Applicant
    about: Literal["self", "child", "other"]
    pages: tuple[OwnPage, ...]
    blocks: tuple[_SHARED_BLOCKS, ...] = ()
    attachments: tuple[Paper, ...] = ()
    held: tuple[Words, ...] = ()
    rules: tuple[Rule, ...] = ()

    def questions(self) -> Iterator[AnyQuestion]:
        for page in self.pages:
            yield from page.fields


def expression_of(question: AnyQuestion) -> str:
    """What a question is calculated by; "" for one that is asked."""
    return question.calculated if isinstance(question, Line | Number | Money | Day) else ""


class Placed(Struct, frozen=True):
    """A set and where it stands; its texts are all resolved."""

    file: str
    pointer: str
    set: QuestionSet


def read(folder: Path) -> tuple[list[Placed], list[Problem]]:
    """The sets of a source folder in the order of their files, and everything that keeps one from being read."""
    placed: list[Placed] = []
    problems: list[Problem] = []
    for path in sorted((folder / "services").glob("*.json")):
        try:
            given = msgspec.json.decode(path.read_bytes())
        except OSError as error:
            problems.append((str(path), "", f"cannot be read: {error.strerror}"))
            continue
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            problems.append((str(path), "", f"is no JSON: {error}"))
            continue
        if not isinstance(given, dict) or given.keys() != {"texts", "forms"} or not isinstance(given["forms"], list):
            problems.append((str(path), "", 'the file holds "texts" and a list "forms", and nothing else'))
            continue
        texts, wrong = _texts(given["texts"])
        problems += [(str(path), pointer, message) for pointer, message in wrong]
        used: set[str] = set()
        for number, one in enumerate(given["forms"]):
            try:
                found = msgspec.convert(_resolved(one, texts, used), QuestionSet)
            except msgspec.ValidationError as error:
                pointer, message = _place(error)
                problems.append((str(path), f"/forms/{number}{pointer}", message))
            else:
                placed.append(Placed(str(path), f"/forms/{number}", found))
        problems += [(str(path), f"/texts/{name}", "nothing uses this text") for name in texts if name not in used]
    return placed, problems


def _texts(given: Any) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    try:
        msgspec.convert(given, dict[str, Text])
    except msgspec.ValidationError as error:
        pointer, message = _place(error)
        return {}, [(f"/texts{pointer}", message)]
    return given, []


def _resolved(node: Any, texts: dict[str, Any], used: set[str]) -> Any:
    """The same with the texts of the file in their places; "@name" stays where there is none."""
    if isinstance(node, str) and node.startswith("@"):
        used.add(node[1:])
        return texts.get(node[1:], node)
    if isinstance(node, dict):
        return {key: _resolved(value, texts, used) for key, value in node.items()}
    return [_resolved(value, texts, used) for value in node] if isinstance(node, list) else node


def _place(error: msgspec.ValidationError) -> tuple[str, str]:
    message, _, place = str(error).partition(" - at `$")
    parts = [part for part in re.split(r"[.\[\]]+", place.rstrip("`")) if part]
    return "".join(f"/{part}" for part in parts), message
