"""From words to index terms: lower case, ё as е, Snowball stems (PyStemmer) by the script of each word.

Rules. The index and every query go through `analyse`, so they always agree. A word of Cyrillic letters is
stemmed as Russian, a word of Latin letters as English, whatever the language of the text: titles mix them.
Numbers stay as they are. It drops nothing: what a word is worth is decided when ranking.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any

from kiosk.model.text import Language

_WORD = re.compile(r"[0-9a-zа-я]+")
_CYRILLIC = re.compile(r"[а-я]")


_FEW = 64
"""Words of a query or a title; an index brings thousands."""


@cache
def _stemmer(name: str) -> Any:
    import Stemmer

    return Stemmer.Stemmer(name)


def fold(text: str) -> str:
    """Lower case, with ё as е: the form in which words are compared."""
    return text.lower().replace("ё", "е")


def words(text: str) -> list[str]:
    """The words of a text in order, folded."""
    return _WORD.findall(fold(text))


def words_of(texts: Sequence[str]) -> list[list[str]]:
    """The words of each of many texts; as `words`, but folded together."""
    lines = fold("\n".join(texts)).split("\n")
    if len(lines) != len(texts):
        return [words(text) for text in texts]
    return [_WORD.findall(line) for line in lines]


@lru_cache(maxsize=65536)
def term(word: str) -> str:
    """The index term of one folded word."""
    if word.isdigit():
        return word
    return str(_stemmer(_language(word)).stemWord(word))


def analyse(text: str, language: Language = "ru") -> list[str]:
    """The index terms of a text, one for each word, in order. The script of each word decides, not the `language`."""
    found = words(text)
    return [term(word) for word in found] if len(found) <= _FEW else _terms(found)


def _terms(found: list[str]) -> list[str]:
    """Many words at once: the stemmer is asked twice."""
    stems: dict[str, str] = {}
    different = dict.fromkeys(found)
    latin = [word for word in different if word.isascii() and not word.isdigit()]
    for name, some in (("english", latin), ("russian", [word for word in different if not word.isascii()])):
        stems.update(zip(some, _stemmer(name).stemWords(some), strict=True))
    return [stems.get(word, word) for word in found]


def _language(word: str) -> str:
    # A folded word has Latin letters, Cyrillic letters and digits only.
    return "english" if word.isascii() else "russian"


def script(text: str) -> Language:
    """The language a query is written in: Russian as soon as it has one Cyrillic letter."""
    return "ru" if _CYRILLIC.search(fold(text)) else "en"
