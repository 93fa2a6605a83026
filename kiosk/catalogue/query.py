"""Understand a query: words, their terms, what may stand for them, and what was probably meant.

A query is a row of concepts. One concept is what one word (or one known phrase) may be found by: its own
term with weight 1, a prefix while it is still being typed, synonyms from content, or the nearest known
word where nobody ever wrote such a word. Function words are no concepts.

It does not ask the index for services and does not rank; see search.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from msgspec import Struct

from kiosk.catalogue.analysis import analyse, script, term, words
from kiosk.catalogue.ports import Word
from kiosk.catalogue.readings import RussianInLatin
from kiosk.model.service import Synonyms
from kiosk.model.text import Language

LONGEST_QUERY = 200
"""Characters of a query that are read; the rest is a pasted text, not a question."""

MOST_CONCEPTS = 12
SYNONYM_WEIGHT = 0.65
FORM_WEIGHT = 0.97
"""A synonym that begins as the word itself is a form of it that the stemmer told apart: замена, заменить."""
PREFIX_WEIGHT = 0.8
CORRECTION_WEIGHT = 0.85

_FUNCTION_WORDS = frozenset(
    """
    а без бы в во вот где для до его ее если же за и из или им их как какой какие к ко когда кто куда ли мне мой мою
    моя мы на над надо нам наш не него нее нет ни но ну нужен нужна нужно о об он она они от по под при про с со так
    там то тоже только у уже хочу хотим чем что чтобы эта это этот я есть могу можно сделать
    a an and am are at be by can do does for from get how i in is it me my need of on or our the to want what where
    with you your
    """.split()
)


class Alternative(Struct, frozen=True):
    """What stands for a concept: terms that must all be there, or one prefix; `word` is how to say it."""

    terms: tuple[str, ...]
    weight: float
    word: str
    prefix: bool = False
    synonym: bool = False


class Concept(Struct, frozen=True):
    """One thing the visitor asked for. `services`: how many services its best-known alternative occurs in."""

    word: str
    alternatives: tuple[Alternative, ...]
    services: int


class Query(Struct, frozen=True):
    """What was understood. `corrected` is the text with corrections, "" where none were made."""

    text: str
    language: Language
    concepts: tuple[Concept, ...]
    corrected: str


class Reading(Struct, frozen=True):
    """One way to read what was typed. `known` of its `asked` meaning words are known, a slip counting half."""

    text: str
    language: Language
    known: float
    asked: int


class Lexicon:
    """The words of one language of one content version, with its synonyms, prepared for queries."""

    def __init__(self, vocabulary: Sequence[Word], synonyms: Synonyms | None) -> None:
        self.sorted_words = [entry.word for entry in vocabulary]
        self._services: dict[str, int] = {}
        self._by_length: dict[int, list[str]] = {}
        for entry in vocabulary:
            self._services[entry.term] = max(self._services.get(entry.term, 0), entry.services)
            self._by_length.setdefault(len(entry.word), []).append(entry.word)
        self.groups: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
        for group in synonyms.groups if synonyms else ():
            keys = [tuple(analyse(phrase)) for phrase in group]
            for key in keys:
                others = self.groups.setdefault(key, [])
                others.extend(phrase for phrase, other in zip(_split(group), keys, strict=True) if other != key)
        self.longest_phrase = max((len(key) for key in self.groups), default=1)
        self._corrections: dict[str, str | None] = {}
        self._in_latin: RussianInLatin | None = None

    def in_latin(self) -> RussianInLatin:
        """The words by how they are written in Latin letters; made at the first call."""
        if self._in_latin is None:
            often = self._services
            known = [*self.sorted_words, *(word for word in _FUNCTION_WORDS if not word.isascii())]
            self._in_latin = RussianInLatin(known, lambda word: often.get(term(word), 0))
        return self._in_latin

    def services(self, term_: str) -> int:
        return self._services.get(term_, 0)

    def begins(self, prefix: str) -> bool:
        """Whether any known word starts with `prefix`."""
        at = bisect_left(self.sorted_words, prefix)
        return at < len(self.sorted_words) and self.sorted_words[at].startswith(prefix)

    def knows(self, word: str) -> bool:
        return term(word) in self._services or (term(word),) in self.groups

    def nearest(self, word: str) -> str | None:
        """The known word nearest to an unknown one: one slip up to 6 letters, two from 7 on, three from 12 on."""
        if word not in self._corrections:
            if len(self._corrections) > 2048:
                self._corrections.clear()
            self._corrections[word] = self._nearest(word)
        return self._corrections[word]

    def _nearest(self, word: str) -> str | None:
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        if len(word) < 4 or word.isdigit():
            return None
        slips = 1 if len(word) <= 6 else 2 if len(word) < 12 else 3
        best: tuple[float, int, str] | None = None
        for length in range(len(word) - slips, len(word) + slips + 1):
            choices = self._by_length.get(length)
            if not choices:
                continue
            for choice, distance, _ in process.extract(word, choices, scorer=OSA.distance, score_cutoff=slips, limit=4):
                key = (distance + (0.5 if choice[0] != word[0] else 0.0), -self.services(term(choice)), choice)
                if best is None or key < best:
                    best = key
        return best[2] if best else None


def _split(group: Sequence[str]) -> list[tuple[str, ...]]:
    return [tuple(words(phrase)) for phrase in group]


def reading(text: str, lexicon: Lexicon, language: Language) -> Reading:
    """How well a text is understood as it stands."""
    found = words(text[:LONGEST_QUERY])
    typing = bool(found) and text[-1:].isalnum()
    known, asked = 0.0, 0
    for at, word in enumerate(found):
        if word in _FUNCTION_WORDS:
            continue
        asked += 1
        last = typing and at == len(found) - 1
        if lexicon.knows(word) or (last and len(word) > 1 and lexicon.begins(word)):
            known += 1.0
        elif lexicon.nearest(word) is not None:
            known += 0.5
    return Reading(text, language, known, asked)


def out_of_latin(text: str, lexicon: Lexicon) -> Reading:
    """Russian written in Latin letters, by the Russian `lexicon`."""
    spoken: list[str] = []
    known, asked = 0.0, 0
    found = words(text[:LONGEST_QUERY])
    typing = bool(found) and text[-1:].isalnum()
    latin = lexicon.in_latin()
    for at, word in enumerate(found):
        last = typing and at == len(found) - 1
        if lexicon.services(term(word)) or word.isdigit():
            russian, worth = word, 1.0
        else:
            russian, worth = latin.word(word) or "", 1.0
            if not russian and last and len(word) > 2:
                russian = latin.beginning(word) or ""
            if not russian:
                russian, worth = latin.nearest(word) or word, 0.5
            if russian == word:
                worth = 0.0
        spoken.append(russian)
        if russian not in _FUNCTION_WORDS:
            asked += 1
            known += worth
    return Reading(" ".join(spoken) + ("" if typing else " "), "ru", known, asked)


def understand(text: str, lexicon: Lexicon, language: Language) -> Query:
    """What a visitor's text asks for. Any text is understood, the empty one as no concepts."""
    text = text[:LONGEST_QUERY]
    found = words(text)
    typing = bool(found) and not text.endswith((" ", ".", ",", "?", "!"))
    meaning = [i for i, word in enumerate(found) if word not in _FUNCTION_WORDS]
    if not meaning:
        meaning = list(range(len(found)))
    spoken = list(found)
    concepts: list[Concept] = []
    for at in meaning[:MOST_CONCEPTS]:
        last = typing and at == len(found) - 1
        concept, said = _concept(found, at, last, lexicon)
        concepts.append(concept)
        spoken[at] = said
    corrected = " ".join(spoken) if spoken != found else ""
    return Query(text, language, tuple(concepts), corrected)


def _concept(found: list[str], at: int, last: bool, lexicon: Lexicon) -> tuple[Concept, str]:
    word = said = found[at]
    alternatives = [Alternative((term(word),), 1.0, word)]
    if last and len(word) >= 2:
        alternatives.append(Alternative((word,), PREFIX_WEIGHT, word, prefix=True))
    if not lexicon.knows(word) and not (last and lexicon.begins(word)):
        nearest = lexicon.nearest(word)
        if nearest is not None:
            said = nearest
            alternatives.append(Alternative((term(nearest),), CORRECTION_WEIGHT, nearest))
    seen = {alternative.terms for alternative in alternatives}
    for length in range(1, lexicon.longest_phrase + 1):
        for start in range(max(0, at - length + 1), at + 1):
            phrase = found[start : start + length]
            if len(phrase) < length or at >= start + length:
                continue
            key = tuple(term(said if part == word else part) for part in phrase)
            for other in lexicon.groups.get(key, ()):
                terms = tuple(term(part) for part in other if part not in _FUNCTION_WORDS)
                if terms and terms not in seen:
                    seen.add(terms)
                    form = length == 1 and len(other) == 1 and _same_word(said, other[0])
                    weight = FORM_WEIGHT if form else SYNONYM_WEIGHT
                    alternatives.append(Alternative(terms, weight, " ".join(other), synonym=not form))
    services = max((lexicon.services(a.terms[0]) for a in alternatives if not a.synonym), default=0)
    return Concept(word, tuple(alternatives), services), said


def _same_word(one: str, other: str) -> bool:
    size = max(4, min(len(one), len(other)) - 3)
    return one[:size] == other[:size]


def language_of(text: str) -> Language:
    return script(text)
