"""A sheet: what is on paper or read aloud, as a row of blocks, in one language.

Rules. One sheet serves every kind of paper: PDF, text, later ESC/POS and speech. A block says what a thing is,
never how it looks. A sheet never holds a visitor's answers.
"""

from __future__ import annotations

from msgspec import Struct


class Heading(Struct, frozen=True, tag="heading"):
    text: str


class Paragraph(Struct, frozen=True, tag="paragraph"):
    text: str


class Plate(Struct, frozen=True, tag="plate"):
    """A number to read from afar, with its label above."""

    label: str
    number: str


class Facts(Struct, frozen=True, tag="facts"):
    """Labels with their values."""

    rows: tuple[tuple[str, str], ...]


class Numbered(Struct, frozen=True, tag="numbered"):
    """Steps in order: (what happens, where and how)."""

    items: tuple[tuple[str, str], ...]


class Checklist(Struct, frozen=True, tag="checklist"):
    """Things to tick: (what, note)."""

    items: tuple[tuple[str, str], ...]


class Code(Struct, frozen=True, tag="code"):
    """A QR code with the words beside it; `alternative` says for a screen reader what it is."""

    text: str
    caption: str
    alternative: str


Block = Heading | Paragraph | Plate | Facts | Numbered | Checklist | Code


class Sheet(Struct, frozen=True):
    """`title` is the one heading of first level; `language` "ru" or "en"; `footer` one quiet line."""

    title: str
    language: str
    blocks: tuple[Block, ...]
    footer: str = ""
    large_print: bool = False
