"""Choosing one of hundreds: search in a lookup, and the words of what was chosen.

Rules. Every typed word must begin a word of the entry, in any order and any language, a small slip allowed from five
letters on; what is called so as a whole comes first, then what begins so, then that of which a word begins so. Nothing
typed: the list in its own order. The schema keyword is `x-lookup`, with the id of the list; an answer is the id of an
entry. An open list takes answers of one's own as well (a bank that is not one of the biggest).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from kiosk.model.form import Option
from kiosk.model.lookup import Lookup, LookupEntry

Lookups = Mapping[str, Lookup]
_WORD = re.compile(r"[^\W_]+")
_SLIP_FROM = 5


def named(schema: Any) -> frozenset[str]:
    """The ids of the lists that a schema names."""
    found: set[str] = set()
    waiting = [schema]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            if isinstance(node.get("x-lookup"), str):
                found.add(node["x-lookup"])
            waiting += node.values()
        elif isinstance(node, list):
            waiting += node
    return frozenset(found)


def accepts(lookup: Lookup, value: str) -> bool:
    """Whether an answer is one of the list, or may be one of its own."""
    return lookup.open or value in _names(lookup)


def name_of(lookup: Lookup, value: str, language: str) -> str:
    """The words of an answer; itself where the list does not know it."""
    entry = _names(lookup).get(value)
    return _label(entry, language) if entry else value


def find(lookup: Lookup, typed: str, language: str, limit: int = 20) -> tuple[Option, ...]:
    """The entries that fit what was typed, best first."""
    words = _words(typed)
    if not words:
        return tuple(Option(entry.id, _label(entry, language)) for entry in lookup.entries[:limit])
    ranked = []
    for place, (entry, known, phrases) in enumerate(_index(lookup)):
        rank = _rank(words, known, phrases)
        if rank is not None:
            ranked.append((rank, place, entry))
    ranked.sort(key=lambda one: one[:2])
    return tuple(Option(entry.id, _label(entry, language)) for _, _, entry in ranked[:limit])


def _label(entry: LookupEntry, language: str) -> str:
    name = entry.name.of(language)
    return f"{name} ({entry.group.of(language)})" if entry.group else name


def _rank(typed: list[str], known: tuple[str, ...], phrases: tuple[str, ...]) -> int | None:
    if all(any(one.startswith(word) for one in known) for word in typed):
        whole = " ".join(typed)
        return 0 if whole in phrases else 1 if any(one.startswith(whole) for one in phrases) else 2
    return 3 if all(_close(word, known) for word in typed) else None


def _close(word: str, known: tuple[str, ...]) -> bool:
    from rapidfuzz.distance import DamerauLevenshtein

    if len(word) < _SLIP_FROM:
        return any(one.startswith(word) for one in known)
    return any(
        DamerauLevenshtein.distance(word, one[:length], score_cutoff=1) <= 1
        for one in known
        for length in (len(word) - 1, len(word), len(word) + 1)
    )


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", text).casefold().replace("ё", "е")
    return _WORD.findall(plain[:200])


@lru_cache(maxsize=32)
def _names(lookup: Lookup) -> dict[str, LookupEntry]:
    return {entry.id: entry for entry in lookup.entries}


@lru_cache(maxsize=32)
def _index(lookup: Lookup) -> list[tuple[LookupEntry, tuple[str, ...], tuple[str, ...]]]:
    """Every entry with its words, and with what it is called as a whole."""
    found = []
    for entry in lookup.entries:
        names = [_words(text) for text in (entry.id, entry.name.ru, entry.name.en, *entry.also)]
        words = tuple(word for name in names for word in name)
        found.append((entry, words, tuple(" ".join(name) for name in names)))
    return found
