"""Search: a visitor's words -> services in order, what was meant, what was also looked for, what to mark.

The order. A service is worth the sum over the concepts it answers of (rarity of the concept x how well it
is answered: by which word, in which column), times the share of the asked concepts that it answers at all; BM25
decides among equals, and what can be done here or is a step of a life event comes a little before the rest; what an
editor marked historical comes last. The order is the same for the same index and query: ties go by id.

It keeps nothing of a visitor: the caches hold words of the content and corrections of single words.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Set
from functools import lru_cache

import msgspec
from msgspec import Struct

from kiosk.catalogue.analysis import fold, term, words
from kiosk.catalogue.ports import (
    DOCUMENTS,
    EVERYTHING,
    KEYWORDS,
    SUMMARY,
    THEME,
    TITLE,
    Candidate,
    Candidates,
    Narrow,
)
from kiosk.catalogue.query import (
    Concept,
    Lexicon,
    Query,
    Reading,
    language_of,
    out_of_latin,
    reading,
    understand,
)
from kiosk.catalogue.readings import as_english_keys, as_russian_keys
from kiosk.model.service import Audience, Kind, Synonyms
from kiosk.model.text import Language

CANDIDATES = 60
WORTH_SHOWING = 0.3
_PRIOR = {"apply": 0.15, "book": 0.1, "pay": 0.05}
"""Among services that answer equally well, what can be done here comes before what can only be looked at."""
_STEP_PRIOR = 0.15
"""What editors chose for a life event is what most people mean by its words."""
MOST_TERMS = 20
_COLUMN_WORTH = ((TITLE, 1.0), (KEYWORDS, 0.95), (SUMMARY, 0.5), (THEME, 0.3), (DOCUMENTS, 0.25))
_WORTH = tuple(max((worth for bit, worth in _COLUMN_WORTH if hit & bit), default=0.0) for hit in range(32))


class Hit(Struct, frozen=True):
    """One service that was found; `marks` are [start, end) positions of matched words in its title."""

    id: str
    score: float
    marks: tuple[tuple[int, int], ...] = ()


class SearchAnswer(Struct, frozen=True):
    """What a search says. `total` counts all that match; `also` are synonyms that found something.

    `audiences` and `kinds` count what matches before it was narrowed, in the order of their first service.
    """

    results: tuple[Hit, ...]
    total: int
    did_you_mean: str
    also: tuple[str, ...]
    audiences: tuple[tuple[Audience, int], ...] = ()
    kinds: tuple[tuple[Kind, int], ...] = ()


NOTHING = SearchAnswer((), 0, "", ())
_Scored = list[tuple[bool, float, str]]
"""Historical, minus the score, id: the best first."""


class Search:
    """Searches one index. Not for several threads at once."""

    def __init__(
        self,
        candidates: Candidates,
        synonyms: Mapping[Language, Synonyms] | None = None,
        steps: Set[str] = frozenset(),
    ) -> None:
        """`steps` are the ids of services that stand in life events."""
        self._candidates = candidates
        self._steps = steps
        self._synonyms = dict(synonyms or {})
        self._lexicons: dict[Language, Lexicon] = {}
        self._version = -1

    def warm(self) -> None:
        """Prepare both lexicons, so that the first keystroke is as quick as the others."""
        self._lexicon("ru").in_latin()
        self._lexicon("en")

    def find(self, text: str, language: Language, limit: int = 20, narrow: Narrow = EVERYTHING) -> SearchAnswer:
        """The best `limit` services for `text`; marks refer to the titles in `language`.

        Narrowed, the counts of `audiences` and `kinds` are still those of everything that matches.
        """
        read = self._read(text, language)
        written = read.language
        query = understand(read.text, self._lexicon(written), written)
        if read.text is not text and not query.corrected:
            query = msgspec.structs.replace(query, corrected=read.text.strip())
        terms, prefixes = _terms(query)
        if not terms and not prefixes:
            return NOTHING
        found = self._candidates.by_terms(terms, written, CANDIDATES, prefixes)
        if not found:
            return SearchAnswer((), 0, query.corrected, ())
        asked = (*terms, *(f"{prefix}*" for prefix in prefixes))
        places = {asked_term: place for place, asked_term in enumerate(asked)}
        top = max(candidate.score for candidate in found) or 1.0
        everything = self._scored(query, places, found, top)
        floor = WORTH_SHOWING * everything[0][1]
        scored = [one for one in everything if one[1] <= floor]
        counted = self._counted(scored)
        if narrow:
            # Judged by the best of all, narrowed or not: what is not worth showing beside it never is.
            found = self._candidates.by_terms(terms, written, CANDIDATES, prefixes, narrow)
            scored = [one for one in self._scored(query, places, found, top) if one[1] <= floor]
        answer = self._answer(query, places, found, scored[:limit], language)
        return msgspec.structs.replace(answer, total=len(scored), audiences=counted[0], kinds=counted[1])

    def _read(self, text: str, language: Language) -> Reading:
        """The text as it was meant: as it stands, on the other keyboard layout, or Russian in Latin letters.

        Another reading is taken only where it makes more words known.
        """
        if not words(text) and not as_russian_keys(text).isalpha():
            return Reading(text, language, 0.0, 0)
        written = language_of(text)
        best = reading(text, self._lexicon(written), written)
        if best.known == best.asked and best.asked:
            return best
        others: list[Reading] = []
        if written == "en":
            russian = self._lexicon("ru")
            others.append(reading(as_russian_keys(text), russian, "ru"))
            others.append(out_of_latin(text, russian))
        else:
            others.append(reading(as_english_keys(text), self._lexicon("en"), "en"))
        for other in others:
            if words(other.text) != words(text) and other.known * max(1, best.asked) > best.known * max(1, other.asked):
                best = other
        return best

    def _lexicon(self, language: Language) -> Lexicon:
        version = self._candidates.version()
        if version != self._version:
            self._version = version
            self._lexicons.clear()
        lexicon = self._lexicons.get(language)
        if lexicon is None:
            lexicon = Lexicon(self._candidates.vocabulary(language), self._synonyms.get(language))
            self._lexicons[language] = lexicon
        return lexicon

    def _scored(self, query: Query, places: Mapping[str, int], found: list[Candidate], top: float) -> _Scored:
        """The candidates, the best first; `top` is the highest BM25 of all that match."""
        rows = self._candidates.rows()
        plan = [(_rarity(concept, len(rows)), *_answers(concept, places)) for concept in query.concepts]
        asked_for = sum(rarity for rarity, _, _ in plan)
        scored: _Scored = []
        prior, steps = _PRIOR.get, self._steps
        for candidate in found:
            hits = candidate.hits
            worth, answered = 0.0, 0.0
            # The innermost loop of a keystroke: most terms are not in most candidates.
            for rarity, terms, phrases in plan:
                best = 0.0
                for place, weight in terms:
                    if (hit := hits[place]) and (value := weight * _WORTH[hit]) > best:
                        best = value
                for at, weight in phrases:
                    if (value := weight * min([_WORTH[hits[place]] for place in at])) > best:
                        best = value
                if best:
                    worth += rarity * best
                    answered += rarity
            length = candidate.title.count(" ") + 1
            score = worth * (answered / asked_for) + 0.35 * candidate.score / top - 0.01 * length
            row = rows.get(candidate.id)
            if row is not None:
                score += prior(row.kind, 0.0)
            if candidate.id in steps:
                score += _STEP_PRIOR
            scored.append((bool(row and row.historical), -score, candidate.id))
        scored.sort()
        return scored

    def _counted(self, scored: _Scored) -> tuple[tuple[tuple[Audience, int], ...], tuple[tuple[Kind, int], ...]]:
        rows = self._candidates.rows()
        known = [row for _, _, id_ in scored if (row := rows.get(id_)) is not None]
        return tuple(Counter(row.audience for row in known).items()), tuple(Counter(row.kind for row in known).items())

    def _answer(
        self, query: Query, places: Mapping[str, int], found: list[Candidate], shown: _Scored, language: Language
    ) -> SearchAnswer:
        rows = self._candidates.rows()
        matched = _matched(query, places, found, {id_ for _, _, id_ in shown})
        prefixes = tuple(a.terms[0] for c in query.concepts for a in c.alternatives if a.prefix)
        results = tuple(
            Hit(id_, round(-negative, 4), _marks(rows[id_].title.of(language), matched, prefixes))
            for _, negative, id_ in shown
            if id_ in rows
        )
        also: dict[str, None] = {}
        for concept in query.concepts:
            for alternative in concept.alternatives:
                if alternative.synonym and matched.issuperset(alternative.terms):
                    also[alternative.word] = None
        return SearchAnswer(results, len(results), query.corrected, tuple(also)[:3])


def _rarity(concept: Concept, services: int) -> float:
    return math.log(1.0 + services / (1 + concept.services))


def _answers(
    concept: Concept, places: Mapping[str, int]
) -> tuple[list[tuple[int, float]], list[tuple[tuple[int, ...], float]]]:
    """Where to look for what answers a concept, with its weight: single terms, and phrases of several."""
    terms: list[tuple[int, float]] = []
    phrases: list[tuple[tuple[int, ...], float]] = []
    for alternative in concept.alternatives:
        keys = (f"{alternative.terms[0]}*",) if alternative.prefix else alternative.terms
        at = tuple([places[key] for key in keys if key in places])
        if len(at) == len(keys) == 1:
            terms.append((at[0], alternative.weight))
        elif len(at) == len(keys):
            phrases.append((at, alternative.weight))
    return terms, phrases


def _terms(query: Query) -> tuple[list[str], list[str]]:
    """Every term asked for, once, and every prefix; own words before synonyms."""
    terms: dict[str, None] = {}
    prefixes: dict[str, None] = {}
    for synonyms in (False, True):
        for concept in query.concepts:
            for alternative in concept.alternatives:
                if alternative.synonym is synonyms:
                    for one in alternative.terms:
                        (prefixes if alternative.prefix else terms)[one] = None
    return list(terms)[:MOST_TERMS], list(prefixes)


def _matched(query: Query, places: Mapping[str, int], found: list[Candidate], shown: set[str]) -> frozenset[str]:
    by_place: set[int] = set()
    for candidate in found:
        if candidate.id in shown:
            by_place.update(place for place, hit in enumerate(candidate.hits) if hit & (TITLE | KEYWORDS))
    return frozenset(
        term_
        for concept in query.concepts
        for alternative in concept.alternatives
        if not alternative.prefix and all(places.get(term_) in by_place for term_ in alternative.terms)
        for term_ in alternative.terms
    )


def _marks(title: str, matched: frozenset[str], prefixes: tuple[str, ...]) -> tuple[tuple[int, int], ...]:
    return tuple(
        [
            (start, end)
            for start, end, word, term_ in _title_words(title)
            if term_ in matched or (prefixes and word.startswith(prefixes))
        ]
    )


@lru_cache(maxsize=1024)
def _title_words(title: str) -> tuple[tuple[int, int, str, str], ...]:
    """Start, end, word and term of each word of a title. The same titles come with every keystroke."""
    found: list[tuple[int, int, str, str]] = []
    folded, end = fold(title), 0
    for word in words(title):
        start = folded.index(word, end)
        end = start + len(word)
        found.append((start, end, word, term(word)))
    return tuple(found)
