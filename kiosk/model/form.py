"""Forms: the published definition, and what the engine makes of it for a page."""

from __future__ import annotations

from typing import Any, Literal

from msgspec import Struct

from kiosk.model.text import Text

Answers = dict[str, Any]

FieldKind = Literal[
    "text",
    "long_text",
    "number",
    "money",
    "date",
    "choice",
    "choices",
    "yes_no",
    "tick",
    "phone",
    "email",
    "identifier",
    "reading",
    "list",
    "lookup",
    "attachment",
]
Keyboard = Literal["ru", "en", "digits", "phone", "email", "date", "plate"]


class FormDefinition(Struct, frozen=True):
    """A form as published. Document id `form/<id>`.

    `schema` is JSON Schema 2020-12 of the answers, complete (shared blocks already inlined as `$defs`);
    `ui` is a JSON Forms UI schema (Categorization > Category > Control | Group, `rule`), every Control and Category
    with an `i18n` key; `texts` maps `<i18n>.label`, `<i18n>.description`, `<i18n>.<enum value>` to words;
    `examples` are complete valid answers. `own` is True for a form of one service, False for a general one.
    """

    id: str
    version: int
    title: Text
    schema: dict[str, Any]
    ui: dict[str, Any]
    texts: dict[str, Text]
    examples: tuple[Answers, ...]
    own: bool = True


class Option(Struct, frozen=True):
    value: str
    label: str


class FileLimits(Struct, frozen=True):
    """Which files an attachment takes: `kinds` says what they are ("photo", "scan"), `media_types` how they may be
    written, `most` how many they may be, `most_bytes` how big each.
    """

    kinds: tuple[str, ...]
    media_types: tuple[str, ...]
    most: int
    most_bytes: int


class Field(Struct, frozen=True):
    """One thing that is asked, in one language. `pointer` is the JSON Pointer of its answer; `recent` says that a date
    is likely to be today or a few days ago.

    `enabled` False: shown, and not to be changed now. `calculated`: worked out from other answers, shown only.
    `lookup` names the list that a lookup is searched in (Form.find). A list repeats `fields` (their pointers begin at
    one item) `least` to `most` times; `item` is the name of one. `files` are the limits of an attachment.
    """

    pointer: str
    kind: FieldKind
    label: str
    hint: str
    required: bool
    keyboard: Keyboard
    options: tuple[Option, ...] = ()
    max_length: int = 0
    format: str = ""
    example: str = ""
    recent: bool = False
    enabled: bool = True
    calculated: bool = False
    lookup: str = ""
    item: str = ""
    least: int = 0
    most: int = 0
    fields: tuple[Field, ...] = ()
    files: FileLimits | None = None


class Page(Struct, frozen=True):
    """One question or one small group. `title` is the question; `group` its short name for steps."""

    id: str
    title: str
    hint: str
    group: str
    fields: tuple[Field, ...]


class AnswerError(Struct, frozen=True):
    """What is wrong with one answer and how to mend it, in plain words of one language. `code` is stable."""

    pointer: str
    code: str
    message: str


class SummaryRow(Struct, frozen=True):
    """One answer on the check page. `calculated`: worked out, so there is nothing to change."""

    pointer: str
    page: str
    label: str
    value: str
    calculated: bool = False


class ListItem(Struct, frozen=True):
    """One item of a list, in a row with Change and Remove. `title` is "Child 2", `words` what was answered."""

    pointer: str
    title: str
    words: str


class SummaryGroup(Struct, frozen=True):
    title: str
    rows: tuple[SummaryRow, ...]
