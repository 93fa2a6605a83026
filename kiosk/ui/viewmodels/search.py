"""Search as the visitor types.

Rules. Runs at once on every change (2 ms budget), never in a thread. A query is cut to 200 characters and one line:
nobody types more, and a scanner or a stuck key may send 10,000. An empty query shows what people often look for.
It does not rank, stem or correct: kiosk.catalogue does.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement, QmlUncreatable

from kiosk.errors import KioskError
from kiosk.ui import facets
from kiosk.ui.models.facets_list import FacetsList
from kiosk.ui.models.services_list import ServicesList
from kiosk.ui.service_words import service_row
from kiosk.ui.sources import SearchFound
from kiosk.ui.visit import Visit

QML_IMPORT_NAME = "Kiosk.ViewModels"
QML_IMPORT_MAJOR_VERSION = 1

LONGEST = 200
PORTION = 20
MOST = 200


@QmlElement
@QmlUncreatable("belongs to the session")
class SearchModel(QObject):
    """The query and its results."""

    changed = Signal()
    queryChanged = Signal()

    def __init__(self, visit: Visit, parent: Any = None) -> None:
        super().__init__(parent)
        self._visit = visit
        self._results = ServicesList(self)
        self._facets = FacetsList(self)
        self._on: frozenset[str] = frozenset()
        self._query = ""
        self._shown = PORTION
        self._answer = SearchFound((), 0)
        self._popular: list[str] = []

    @Property(str, notify=queryChanged)
    def query(self) -> str:
        return self._query

    @Property(ServicesList, constant=True)
    def results(self) -> ServicesList:
        return self._results

    @Property(FacetsList, constant=True)
    def facets(self) -> FacetsList:
        """For whom and what is done: what the results can be narrowed to."""
        return self._facets

    @Property(str, notify=changed)
    def narrowText(self) -> str:
        """What opens the choices, where they do not stand open: what the results are narrowed to."""
        on = [row["label"] for row in self._facets.rows() if row["on"]]
        return self._visit.t("results.narrowed", what=", ".join(on)) if on else self._visit.t("results.narrow")

    @Property(str, notify=changed)
    def summary(self) -> str:
        """«Нашлось 7 услуг. Ищем также «утрата»»; "" for an empty query."""
        visit, answer = self._visit, self._answer
        if not self._query.strip():
            return ""
        if not answer.total:
            return visit.t("results.nothing_narrowed" if self._on else "results.nothing")
        text = visit.t("results.found", count=answer.total)
        if answer.also:
            quoted = ", ".join(visit.t("results.quoted", word=word) for word in answer.also[:2])
            text = visit.t("results.also", found=text, words=quoted)
        return text

    @Property(str, notify=changed)
    def didYouMean(self) -> str:
        """A better spelling of the query, "" if there is none."""
        return self._answer.did_you_mean

    @Property(str, notify=changed)
    def didYouMeanText(self) -> str:
        """«Может быть, «паспорт»?»; "" if there is nothing to offer."""
        meant = self._answer.did_you_mean
        return self._visit.t("results.did_you_mean", text=meant) if meant else ""

    @Property(int, notify=changed)
    def total(self) -> int:
        """How many services can be shown."""
        return min(self._answer.total, MOST)

    @Property(str, notify=changed)
    def moreText(self) -> str:
        """«Ещё 2 услуги»; "" when everything is shown."""
        left = self.total - self._results.count
        return self._visit.t("results.more", count=left) if left > 0 else ""

    @Property(bool, notify=changed)
    def nothing(self) -> bool:
        """Something was asked and nothing was found."""
        return bool(self._query.strip()) and not self._answer.total

    @Property(str, notify=changed)
    def nothingHint(self) -> str:
        """What to try when nothing was found."""
        return self._visit.t("results.nothing_hint") if self.nothing else ""

    @Property("QStringList", notify=changed)
    def popular(self) -> list[str]:
        """What people often look for: shown while the query is empty or found nothing."""
        return self._popular

    @Slot(str)
    def setQuery(self, text: str) -> None:
        """Search for this. Never raises."""
        query = " ".join(text[:LONGEST].splitlines())
        if query != self._query:
            self._query = query
            self.queryChanged.emit()
            self._shown = PORTION
            if not query.strip():
                self._on = frozenset()
            self.refresh()

    @Slot(str)
    def toggle(self, facet: str) -> None:
        """Narrow the results to a facet, or no more."""
        on = facets.toggled(self._on, facet)
        if on != self._on:
            self._on, self._shown = on, PORTION
            self.refresh()

    @Slot()
    def useDidYouMean(self) -> None:
        if self._answer.did_you_mean:
            self.setQuery(self._answer.did_you_mean)

    @Slot()
    def clear(self) -> None:
        self.setQuery("")

    @Slot()
    def more(self) -> None:
        """Show the next portion."""
        self._shown += PORTION
        self.refresh()

    def refresh(self) -> None:
        """Search again (new content, new language)."""
        catalogue = self._visit.house.catalogue
        try:
            self._popular = [self._visit.of(text) for text in catalogue.popular()]
            empty = not self._query.strip()
            narrow = facets.narrow(self._on)
            answer = SearchFound((), 0)
            if not empty:
                answer = catalogue.search(self._query, self._visit.language, self._shown, narrow)
        except KioskError:
            self._popular, answer = [], SearchFound((), 0)
        self._answer = answer
        self._facets.set_rows(facets.rows(self._visit, answer, self._on))
        self._results.set_rows([service_row(self._visit, found.service, found.marks) for found in answer.found])
        self.changed.emit()
