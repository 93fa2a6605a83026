"""A text that exists in every language of the interface."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Language = Literal["ru", "en"]
LANGUAGES: tuple[Language, ...] = ("ru", "en")


class Text(Struct, frozen=True):
    """The same words in Russian and English; both are always there."""

    ru: str
    en: str

    def of(self, language: str) -> str:
        return self.en if language == "en" else self.ru
