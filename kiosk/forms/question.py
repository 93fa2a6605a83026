"""One question of a compiled form: where its answer goes, what kind it is, in no language yet.

Rules. The kind follows from the schema: x-attachment -> attachment, x-lookup -> lookup, enum -> choice, array of
objects -> list, any other array -> choices, boolean -> yes_no (const true: tick), a date, phone, email or reading
format -> that kind, any other format -> identifier, integer -> number; the hints `multi`, `money`, and `keyboard` in
the control's `options` decide the rest. The questions of one item of a list are its `items`; their pointers begin
there.
It does not check answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from kiosk.forms.attachments import limits_of
from kiosk.forms.expression import Expression
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
    if "x-attachment" in schema:
        return "attachment"
    if "x-lookup" in schema:
        return "lookup"
    match schema.get("type"):
        case "array":
            return "list" if "detail" in options else "choices"
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
    items: tuple[Question, ...] = ()

    @cached_property
    def expression(self) -> Expression | None:
        """What works the answer out, if it is calculated. Raises ValueError for what is no expression."""
        text = self.schema.get("x-calculated")
        return Expression(text) if isinstance(text, str) else None

    def of_item(self, number: int) -> tuple[Question, ...]:
        """The questions of one item of this list, with the pointers of the whole form."""
        known = self._of_items.get(number)
        if known is None:
            start = (*self.path, str(number))
            known = self._of_items[number] = tuple(
                replace(one, pointer=f"{self.pointer}/{number}{one.pointer}", path=(*start, *one.path))
                for one in self.items
            )
        return known

    @cached_property
    def _of_items(self) -> dict[int, tuple[Question, ...]]:
        return {}

    @property
    def lookup(self) -> str:
        return str(self.schema.get("x-lookup", ""))

    @cached_property
    def format(self) -> str:
        return str(self.schema.get("format", ""))

    @cached_property
    def values(self) -> tuple[str, ...]:
        """The values to choose from."""
        source = self.schema.get("items", {}) if self.kind == "choices" else self.schema
        return tuple(source.get("enum", ()))

    def field(self, texts: Mapping[str, Text], language: str) -> Field:
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
        if self.kind in ("text", "long_text", "lookup") and language == "en":
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
            calculated="x-calculated" in self.schema,
            lookup=self.lookup,
            item=text("item"),
            least=self.schema.get("minItems", 0),
            most=self.schema.get("maxItems", 0),
            fields=tuple(one.field(texts, language) for one in self.items),
            files=limits_of(self.schema) if self.kind == "attachment" else None,
        )


@dataclass(frozen=True)
class Sheet:
    """One page of a compiled form; `id` is the i18n key of its Category."""

    id: str
    rules: tuple[Rule, ...]
    questions: tuple[Question, ...]
