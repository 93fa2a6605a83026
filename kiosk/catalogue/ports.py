"""What the catalogue asks of whoever keeps the search index.

Rules. Values and one Protocol, no behaviour. Terms are what an `Analyse` function made of words (stems, lower
case); the keeper of the index never stems by itself, so that index and query always agree. The keeper finds
candidates and says where each term was found; it does not rank, correct or expand: that is the catalogue's work.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Literal, Protocol

from msgspec import Struct

from kiosk.model.service import Audience, Fee, Kind
from kiosk.model.text import Language, Text

Analyse = Callable[[str, Language], list[str]]
"""The index terms of a text in one language, one for each of its words (analysis.words), in order, without spaces."""

TITLE = 1
SUMMARY = 2
KEYWORDS = 4
THEME = 8
DOCUMENTS = 16


class ServiceRow(Struct, frozen=True):
    """A service as lists show it, without decoding its document."""

    id: str
    title: Text
    short_title: Text | None
    theme: str
    audience: Audience
    kind: Kind
    fees: tuple[Fee, ...]
    form: str | None
    historical: bool
    term_days: int | None = None


class Candidate(Struct, frozen=True, gc=False):
    """A service that holds at least one of the terms.

    `score` is BM25 with column weights, larger is better. `hits` has one number for each term asked, prefixes
    after terms: the sum of TITLE, SUMMARY, KEYWORDS, THEME, DOCUMENTS where it was found, 0 for nowhere.
    `title` is the analysed title, its terms divided by single spaces.
    """

    id: str
    score: float
    hits: tuple[int, ...]
    title: str


class Narrow(Struct, frozen=True):
    """Only services of this `audience` ("": any) and of one of these `kinds` (none: any)."""

    audience: Audience | Literal[""] = ""
    kinds: tuple[Kind, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.audience or self.kinds)


EVERYTHING = Narrow()


class Word(Struct, frozen=True, gc=False):
    """A word as editors wrote it (lower case), the term it is indexed under, and how many services have it."""

    word: str
    term: str
    services: int


class Candidates(Protocol):
    """The index of one content version at a time; what it returns may be kept until `version()` changes."""

    def version(self) -> int:
        """The content version that answers come from; 0 while there is none."""
        ...

    def by_terms(
        self,
        terms: Sequence[str],
        language: Language,
        limit: int,
        prefixes: Sequence[str] = (),
        narrow: Narrow = EVERYTHING,
    ) -> list[Candidate]:
        """The `limit` best services with any of the terms, or any term that starts with one of the prefixes."""
        ...

    def vocabulary(self, language: Language) -> Sequence[Word]:
        """Every word of the index in alphabetical order, for corrections. Kept until the content changes."""
        ...

    def completions(self, prefix: str, language: Language, limit: int) -> list[Word]:
        """Words that start with `prefix` (lower case), most frequent first."""
        ...

    def rows(self) -> Mapping[str, ServiceRow]:
        """Every service by id, in order of ids. Kept until the content changes."""
        ...
