"""Whether a text can be read by everybody: reading ease, length of sentences, office words, strange letters, terms.

Rules. A rule is a function of a text in both languages that yields what is wrong with it, in a sentence for the
editor. Reading ease is Flesch's with the constants of I. V. Oborneva for Russian (2005), 206.835 - 1.3 words a
sentence - 60.1 syllables a word; a figure on a line of a few words says nothing, so that only texts over 100 characters
are judged. Stems are those of Snowball, as in the search. Which words are wrong is data:
resources/catalogue/wording.json.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any

import msgspec
import Stemmer
from msgspec import Struct

from kiosk.model.text import Text

EASE = 60.0
JUDGED_FROM = 100
LONGEST_SENTENCE = 20

_SENTENCE = re.compile(r"(?<=[.!?…])[»\")]*\s+")
_RUSSIAN = re.compile(r"[а-яё]+(?:-[а-яё]+)*", re.IGNORECASE)
_ENGLISH = re.compile(r"[a-z]+(?:['’-][a-z]+)*", re.IGNORECASE)
_LATIN = re.compile(r"[A-Za-z][A-Za-z'’.-]*[A-Za-z]|[A-Za-z]")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_VOWELS = frozenset("аеёиоуыэюя")


class Term(Struct, frozen=True):
    """One term of the glossary: where `ru` (words, in any form) stands, the English has one of `en`.

    `unless` are Russian phrases in which it means something else.
    """

    ru: str
    en: tuple[str, ...]
    unless: tuple[str, ...] = ()


class Wording(Struct, frozen=True):
    """The editors' lists. `office` are Russian phrases with what to write instead, a `*` ending a word that goes on in
    any way; `latin` are Latin words that Russian texts may have; `cyrillic` are Cyrillic words that English texts may
    have; `terms` is the glossary.
    """

    office: dict[str, str]
    latin: tuple[str, ...]
    terms: tuple[Term, ...]
    cyrillic: tuple[str, ...] = ()


def sentences(text: str) -> list[str]:
    """The sentences of a text."""
    return [one for one in _SENTENCE.split(text.strip()) if one]


def syllables(word: str) -> int:
    """The syllables of a Russian word: its vowels, at least one."""
    return max(1, sum(letter in _VOWELS for letter in word.casefold()))


def reading_ease(text: str) -> float:
    """Flesch's reading ease of a Russian text, with Oborneva's constants; 100 for a text without words."""
    words = _RUSSIAN.findall(text)
    if not words:
        return 100.0
    return 206.835 - 1.3 * len(words) / max(1, len(sentences(text))) - 60.1 * sum(map(syllables, words)) / len(words)


def can_be_read(text: Text, _: Wording) -> Iterator[str]:
    """Body text over 100 characters reads as a book for the seventh form."""
    if len(text.ru) > JUDGED_FROM and (ease := reading_ease(text.ru)) < EASE:
        yield f"the text is hard to read: {ease:.0f} of {EASE:.0f}; write shorter words and sentences"


def sentences_are_short(text: Text, _: Wording) -> Iterator[str]:
    """At most 20 words a sentence, in both languages."""
    for words, given in ((_RUSSIAN, text.ru), (_ENGLISH, text.en)):
        for sentence in sentences(given):
            if (count := len(words.findall(sentence))) > LONGEST_SENTENCE:
                yield f"a sentence has {count} words, {LONGEST_SENTENCE} are enough: {sentence[:60]}…"


def no_office_words(text: Text, wording: Wording) -> Iterator[str]:
    """None of the words that only offices use."""
    if not _any_of(tuple(wording.office)).search(text.ru):
        return
    for phrase, better in wording.office.items():
        if _pattern(phrase).search(text.ru):
            yield f"«{phrase}» is a word of offices; write «{better}»"


def languages_are_apart(text: Text, wording: Wording) -> Iterator[str]:
    """No Latin words in Russian but those that nobody translates, and no Cyrillic in English."""
    strange = [word for word in _LATIN.findall(text.ru) if word not in wording.latin]
    if strange:
        yield f"the Russian text has words that are not translated: {', '.join(strange)}"
    english = text.en
    for word in wording.cyrillic:
        english = english.replace(word, "")
    if _CYRILLIC.search(english):
        yield "the English text has Cyrillic letters"


def terms_are_kept(text: Text, wording: Wording) -> Iterator[str]:
    """A term of the glossary is always translated by the same words."""
    russian = _stems("russian", tuple(_RUSSIAN.findall(text.ru.casefold())))
    english: tuple[str, ...] | None = None
    for found, term in _glossary(wording.terms):
        if found[0] not in russian or not _stands_in(found, russian):
            continue
        if any(_stands_in(_stems("russian", tuple(_RUSSIAN.findall(one.casefold()))), russian) for one in term.unless):
            continue
        if english is None:
            english = _stems("english", tuple(_ENGLISH.findall(text.en.casefold())))
        choices = (_stems("english", tuple(_ENGLISH.findall(one.casefold()))) for one in term.en)
        if not any(_stands_in(choice, english) for choice in choices):
            yield f"«{term.ru}» is {' or '.join(term.en)!r} in English, by the glossary"


BODY_RULES: tuple[Callable[[Text, Wording], Iterator[str]], ...] = (
    can_be_read,
    sentences_are_short,
    no_office_words,
    languages_are_apart,
    terms_are_kept,
)


def wording_problems(text: Text, wording: Wording) -> Iterator[str]:
    """What every rule finds in a body text."""
    for rule in BODY_RULES:
        yield from rule(text, wording)


def parse(data: bytes) -> Wording:
    """The editors' lists. Raises msgspec.ValidationError or DecodeError."""
    return msgspec.json.decode(data, type=Wording)


@cache
def _pattern(phrase: str) -> re.Pattern[str]:
    return _any_of((phrase,))


@cache
def _any_of(phrases: tuple[str, ...]) -> re.Pattern[str]:
    ways = "|".join(
        r"\s+".join(re.escape(word.rstrip("*")) + ("[а-яё]*" if word.endswith("*") else "") for word in phrase.split())
        for phrase in phrases
    )
    return re.compile(rf"(?<![а-яё-])(?:{ways or '(?!)'})(?![а-яё-])", re.IGNORECASE)


@cache
def _glossary(terms: tuple[Term, ...]) -> tuple[tuple[tuple[str, ...], Term], ...]:
    """Each term after the stems of its Russian words."""
    return tuple((_stems("russian", tuple(_RUSSIAN.findall(term.ru.casefold()))), term) for term in terms)


@cache
def _stemmer(language: str) -> Any:
    return Stemmer.Stemmer(language)


@cache
def _stems(language: str, words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(_stemmer(language).stemWords([word.replace("ё", "е") for word in words]))


def _stands_in(phrase: Sequence[str], text: Sequence[str]) -> bool:
    """The stems of a phrase stand in a text, one after the other."""
    size = len(phrase)
    return any(tuple(text[at : at + size]) == tuple(phrase) for at in range(len(text) - size + 1))
