"""The published catalogue as a visitor meets it: themes, events, services, search.

Rules. Everything is answered from the store; what is kept in memory is content, never a query, and is dropped when the
content version changes. Belongs to the thread that opened the store.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from msgspec import Struct

from kiosk.catalogue import browse
from kiosk.catalogue.ports import EVERYTHING, Narrow, ServiceRow
from kiosk.catalogue.search import Search
from kiosk.errors import ContentMissing
from kiosk.model.guide import Body, Guide
from kiosk.model.service import Audience, EventCategory, Kind, LifeEvent, Popular, Service, Synonyms, Theme
from kiosk.model.text import LANGUAGES, Language, Text
from kiosk.store import documents
from kiosk.store.database import Store
from kiosk.store.search_index import StoreCandidates


class Found(Struct, frozen=True):
    """One search result and the spans of its title that matched."""

    service: ServiceRow
    marks: tuple[tuple[int, int], ...] = ()
    score: float = 0.0


class SearchFound(Struct, frozen=True):
    """An answer: at most `limit` results of `total`, what was probably meant, synonyms that helped.

    `audiences` and `kinds` count what matches before it is narrowed.
    """

    found: tuple[Found, ...]
    total: int
    did_you_mean: str = ""
    also: tuple[str, ...] = ()
    audiences: tuple[tuple[Audience, int], ...] = ()
    kinds: tuple[tuple[Kind, int], ...] = ()


class StoreCatalogue:
    """The services of one store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._candidates = StoreCandidates(store)
        self._search: Search | None = None
        self._version = -1

    def themes(self) -> Sequence[browse.ThemeCount]:
        """Themes with their counts, in the editors' order. Raises ContentMissing while the store is empty."""
        found = documents.every(self._store, "theme", Theme)
        if not found:
            raise ContentMissing("the store holds no services yet; sync once")
        return browse.themes(found, self._candidates.rows())

    def events(self) -> Sequence[LifeEvent]:
        """Life events, in the editors' order."""
        return sorted(documents.every(self._store, "event", LifeEvent), key=lambda event: (event.order, event.id))

    def popular(self) -> Sequence[Text]:
        """Queries to begin with; none where editors give none."""
        with suppress(ContentMissing):
            return documents.get(self._store, "popular/home", Popular).queries
        return ()

    def of_theme(self, theme_id: str, language: Language = "ru") -> Sequence[ServiceRow]:
        return browse.of_theme(theme_id, self._candidates.rows(), language)

    def of_event(self, event_id: str) -> Sequence[ServiceRow]:
        """Raises ContentMissing for an event that is not published."""
        return browse.of_event(documents.get(self._store, f"event/{event_id}", LifeEvent), self._candidates.rows())

    def theme(self, theme_id: str) -> Theme:
        """Raises ContentMissing."""
        return documents.get(self._store, f"theme/{theme_id}", Theme)

    def service(self, service_id: str) -> Service:
        """Raises ContentMissing."""
        return documents.get(self._store, f"service/{service_id}", Service)

    def guide(self, service_id: str) -> Guide | None:
        """What the card answers beyond the facts of the service; None where editors have not written it."""
        with suppress(ContentMissing):
            return documents.get(self._store, f"guide/{service_id}", Guide)
        return None

    def body(self, body_id: str) -> Body | None:
        """Who is responsible; None where it is not published."""
        with suppress(ContentMissing):
            return documents.get(self._store, f"body/{body_id}", Body)
        return None

    def event_categories(self) -> Sequence[EventCategory]:
        """The kinds of life events, in the editors' order."""
        found = documents.every(self._store, "event-category", EventCategory)
        return sorted(found, key=lambda category: (category.order, category.id))

    def row(self, service_id: str) -> ServiceRow | None:
        return self._candidates.rows().get(service_id)

    def warm(self) -> None:
        """Prepare the search, so that the first keystroke is as quick as the others."""
        self._ready().warm()

    def search(self, text: str, language: Language, limit: int = 20, narrow: Narrow = EVERYTHING) -> SearchFound:
        """The best services for a visitor's words; an empty or senseless query finds nothing."""
        with self._candidates.steady():
            answer = self._ready().find(text, language, limit, narrow)
            rows = self._candidates.rows()
        # An update between the two looks may have taken a service away.
        found = tuple(Found(rows[hit.id], hit.marks, hit.score) for hit in answer.results if hit.id in rows)
        return SearchFound(found, answer.total, answer.did_you_mean, answer.also, answer.audiences, answer.kinds)

    def _ready(self) -> Search:
        version = self._candidates.version()
        if self._search is None or version != self._version:
            synonyms: dict[Language, Synonyms] = {}
            for language in LANGUAGES:
                with suppress(ContentMissing):
                    synonyms[language] = documents.get(self._store, f"synonyms/{language}", Synonyms)
            steps = frozenset(service for event in self.events() for service in event.services)
            self._search = Search(self._candidates, synonyms, steps)
            self._version = version
        return self._search
