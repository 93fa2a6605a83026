"""One question of a compiled form: where its answer goes, what kind it is, in no language yet.

Rules. The kind follows from the schema: enum -> choice, array -> choices, boolean -> yes_no (const true: tick), a
date, phone, email or reading format ->
that kind, any other format -> identifier, integer -> number; the hints `multi`, `money`, and `keyboard` in the
control's `options` decide the rest.
It does not check answers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kiosk.forms.formats import FORMATS
from kiosk.forms.schema import Schema
from kiosk.forms.visibility import Rule
from kiosk.model.form import Field, FieldKind, Keyboard, Option
from kiosk.model.text import Text
from kiosk.words import t

_KIND_OF_FORMAT: dict[str, FieldKind] = {
    "date": "date",
    "phone-ru": "phone",
    "phone-any": "phone",
    "email": "email",
    "meter-reading": "reading",
}
_KEYBOARD_OF_KIND: dict[FieldKind, Keyboard] = {"number": "digits", "money": "digits"}


def kind_of(schema: Schema, options: dict[str, Any]) -> FieldKind:
    match schema.get("type"):
        case "array":
            return "choices"
        case "boolean":
            return "tick" if schema.get("const") is True else "yes_no"
        case "integer" | "number":
            return "money" if options.get("money") else "number"
    if "enum" in schema:
        return "choice"
    name = schema.get("format")
    if name:
        return _KIND_OF_FORMAT.get(name, "identifier")
    return "long_text" if options.get("multi") else "text"


@dataclass(frozen=True)
class Question:
    """`rules` are those of its page, its groups and its own: all must show. `joined` is the group whose answers
    make one row.
    """

    pointer: str
    path: tuple[str, ...]
    schema: Schema
    i18n: str
    kind: FieldKind
    options: dict[str, Any]
    required: bool
    rules: tuple[Rule, ...]
    joined: str
    joint: str

    @property
    def format(self) -> str:
        return str(self.schema.get("format", ""))

    @property
    def values(self) -> tuple[str, ...]:
        """The values to choose from."""
        source = self.schema.get("items", {}) if self.kind == "choices" else self.schema
        return tuple(source.get("enum", ()))

    def field(self, texts: dict[str, Text], language: str) -> Field:
        def text(suffix: str) -> str:
            found = texts.get(f"{self.i18n}.{suffix}")
            return found.of(language) if found else ""

        options = tuple(Option(value, text(value)) for value in self.values)
        if self.kind == "yes_no":
            options = (
                Option("true", text("true") or t(language, "form.yes")),
                Option("false", text("false") or t(language, "form.no")),
            )
        known = FORMATS.get(self.format)
        keyboard: Keyboard = known.keyboard if known else _KEYBOARD_OF_KIND.get(self.kind, "ru")
        if self.kind in ("text", "long_text") and language == "en":
            keyboard = "en"
        examples = self.schema.get("examples", ("",))
        return Field(
            pointer=self.pointer,
            kind=self.kind,
            label=text("label"),
            hint=text("description"),
            required=self.required,
            keyboard=self.options.get("keyboard", keyboard),
            options=options,
            max_length=self.schema.get("maxLength", 0),
            format=self.format,
            example=str(examples[0]),
            recent=self.schema.get("x-dateLimit") == "past" and "x-maxDays" in self.schema,
        )


@dataclass(frozen=True)
class Sheet:
    """One page of a compiled form; `id` is the i18n key of its Category."""

    id: str
    rules: tuple[Rule, ...]
    questions: tuple[Question, ...]
