"""The catalogue's candidates, out of the FTS5 index of the store.

Rules. Implements catalogue.ports.Candidates and nothing more: it finds and says where; it neither ranks nor corrects.
Terms go into the query as quoted strings, so nothing a visitor types has a meaning for FTS5. What it keeps in
memory belongs to one content version and is dropped when that changes; it asks the store at every call.
Source of the query language: sqlite.org/fts5.html, sections 3 and 5.1.1 (bm25).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import msgspec

from kiosk.catalogue.ports import EVERYTHING, Candidate, Narrow, ServiceRow, Word
from kiosk.model.service import Fee
from kiosk.model.text import LANGUAGES, Language, Text
from kiosk.store.database import Store

WEIGHTS = (10.0, 3.0, 6.0, 1.5, 1.0)
"""BM25 weights of title, summary, keywords, theme, documents."""

_NOWHERE = "\0"
"""A needle that no column holds."""

_FEES = msgspec.json.Decoder(tuple[Fee, ...])
_FOUND = "found.title, found.summary, found.keywords, found.theme, found.documents"
_QUERY = """SELECT rowid, -rank, title, summary, keywords, theme, documents FROM services_{language}
    WHERE services_{language} MATCH ? AND rank MATCH 'bm25({weights})' ORDER BY rank LIMIT ?"""
_NARROWED = f"""SELECT found.rowid, -found.rank, {_FOUND}
    FROM services_{{language}} AS found JOIN service_card_rows AS card ON card.number = found.rowid
    WHERE found.services_{{language}} MATCH ? AND found.rank MATCH 'bm25({{weights}})' AND {{narrow}}
    ORDER BY found.rank LIMIT ?"""
_WEIGHTS = ", ".join(map(str, WEIGHTS))
_QUERIES: dict[Language, str] = {language: _QUERY.format(language=language, weights=_WEIGHTS) for language in LANGUAGES}


class StoreCandidates:
    """Candidates of one open store; use it on the store's thread only."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._kept_version = -1
        self._rows: Mapping[str, ServiceRow] | None = None
        self._numbers: Mapping[int, str] | None = None
        self._words: dict[Language, tuple[Word, ...]] = {}
        self._steady = False

    @contextmanager
    def steady(self) -> Iterator[None]:
        """One look at the version for everything that is asked inside: a keystroke asks many times."""
        self.version()
        self._steady = True
        try:
            yield
        finally:
            self._steady = False

    def version(self) -> int:
        """The content version of the index; 0 while there is none."""
        if self._steady:
            return self._kept_version
        row = self._store.row("SELECT version FROM content")
        current = int(row[0]) if row else 0
        if current != self._kept_version:
            self._kept_version = current
            self._rows = self._numbers = None
            self._words = {}
        return current

    def by_terms(
        self,
        terms: Sequence[str],
        language: Language,
        limit: int,
        prefixes: Sequence[str] = (),
        narrow: Narrow = EVERYTHING,
    ) -> list[Candidate]:
        """The `limit` best services with any of the terms or prefixes, best first. Raises DamagedStore.

        Fewer where the next one is exactly as good as the last: which of them comes in must not depend on the order in
        which services came into the store.
        """
        whole = [term.strip() for term in terms]
        starts = [prefix.strip() for prefix in prefixes]
        match = " OR ".join([*(_quoted(term) for term in whole if term), *(f"{_quoted(p)} *" for p in starts if p)])
        if not match or limit <= 0:
            return []
        needles = [f" {term} " if term else _NOWHERE for term in whole] + [f" {p}" if p else _NOWHERE for p in starts]
        candidates = []
        ids = self._ids()
        query, values = _narrowed(language, narrow) if narrow else (_QUERIES[language], ())
        for found in _apart(self._store.rows(query, (match, *values, limit + 1)), limit):
            columns = found[2:]
            everything = "".join(columns)
            hits = tuple([_hits(needle, columns) if needle in everything else 0 for needle in needles])
            if (id_ := ids.get(found[0])) is not None:  # an update has come since the version was looked at
                candidates.append(Candidate(id_, found[1], hits, found[2].strip()))
        candidates.sort(key=lambda one: (-one.score, one.id))
        return candidates

    def _ids(self) -> Mapping[int, str]:
        """The id of each row of the index: looking them up with every keystroke would take a twentieth of it."""
        self.version()
        if self._numbers is None:
            self._numbers = dict(self._store.rows("SELECT number, id FROM service_card_rows"))
        return self._numbers

    def vocabulary(self, language: Language) -> Sequence[Word]:
        """Every word of the index in alphabetical order."""
        self.version()
        if language not in self._words:
            found = self._store.rows(
                "SELECT word, term, services FROM words WHERE language = ? ORDER BY word", (language,)
            )
            self._words[language] = tuple([Word(*row) for row in found])
        return self._words[language]

    def completions(self, prefix: str, language: Language, limit: int) -> list[Word]:
        """Words that start with `prefix` (folded), most frequent first, then alphabetically."""
        return [
            Word(*row)
            for row in self._store.rows(
                "SELECT word, term, services FROM words WHERE language = ? AND word >= ? AND word < ? "
                "ORDER BY services DESC, word LIMIT ?",
                (language, prefix, f"{prefix}\U0010ffff", limit),
            )
        ]

    def rows(self) -> Mapping[str, ServiceRow]:
        """Every service by id, in order of ids."""
        self.version()
        if self._rows is None:
            self._rows = {row.id: row for row in service_rows(self._store)}
        return self._rows


def service_rows(store: Store) -> list[ServiceRow]:
    """Every service as lists show it, in order of ids. Raises DamagedStore."""
    return [
        ServiceRow(
            id=id_,
            title=Text(title_ru, title_en),
            short_title=None if short_ru is None else Text(short_ru, short_en),
            theme=theme,
            audience=audience,
            kind=kind,
            fees=_FEES.decode(fees) if fees != "[]" else (),
            term_days=term_days,
            form=form,
            historical=bool(historical),
        )
        for (
            id_,
            title_ru,
            title_en,
            short_ru,
            short_en,
            theme,
            audience,
            kind,
            fees,
            term_days,
            form,
            historical,
        ) in store.rows(
            "SELECT id, title_ru, title_en, short_ru, short_en, theme, audience, kind, fees, term_days, form, "
            "historical FROM service_card_rows ORDER BY id"
        )
    ]


def _narrowed(language: Language, narrow: Narrow) -> tuple[str, tuple[str, ...]]:
    """The query of a narrowed search, and its values."""
    parts = ["card.audience = ?"] if narrow.audience else []
    if narrow.kinds:
        parts.append(f"card.kind IN ({', '.join('?' * len(narrow.kinds))})")
    values = (narrow.audience, *narrow.kinds) if narrow.audience else narrow.kinds
    return _NARROWED.format(language=language, narrow=" AND ".join(parts), weights=_WEIGHTS), values


def _apart(rows: list[tuple[Any, ...]], limit: int) -> list[tuple[Any, ...]]:
    """The rows that are better than the one after the `limit`, if there is one; all of them equal: the first."""
    if len(rows) <= limit:
        return rows
    best = [row for row in rows if row[1] > rows[limit][1]]
    return best or rows[:limit]


def _quoted(term: str) -> str:
    return '"' + term.replace('"', '""').replace("\0", "") + '"'


def _hits(needle: str, columns: tuple[str, ...]) -> int:
    """The columns that hold the needle, as catalogue.ports numbers them."""
    title, summary, keywords, theme, documents = columns
    return (
        (needle in title)
        + 2 * (needle in summary)
        + 4 * (needle in keywords)
        + 8 * (needle in theme)
        + 16 * (needle in documents)
    )
