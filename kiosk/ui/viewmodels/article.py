"""An article: the page that is read, whatever it is about.

Rules. What stands in it is made by kiosk.ui.articles, anew when the language changes. Where a block leads is a target
for SessionModel.follow.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Property, QObject, Signal
from PySide6.QtQml import QmlElement, QmlUncreatable

from kiosk.ui.articles import Article, city, events, guide
from kiosk.ui.models.blocks_list import BlocksList
from kiosk.ui.visit import Visit

QML_IMPORT_NAME = "Kiosk.ViewModels"
QML_IMPORT_MAJOR_VERSION = 1

MAKERS: dict[str, Callable[[Visit, str], Article]] = {
    "Guide": guide.guide,
    "Event": events.event,
    "Events": lambda visit, subject: events.events(visit, subject) if subject else events.categories(visit),
    "Resources": lambda visit, _: city.resources(visit),
    "Resource": city.resource,
    "News": lambda visit, _: city.news(visit),
    "Centres": lambda visit, _: city.centres(visit),
    "Places": city.places,
}
"""Page -> what makes its article from the page's subject."""


@QmlElement
@QmlUncreatable("belongs to the session")
class ArticleModel(QObject):
    """One article; empty until one is opened."""

    changed = Signal()

    def __init__(self, visit: Visit, parent: Any = None) -> None:
        super().__init__(parent)
        self._visit = visit
        self._page, self._subject = "", ""
        self._article = Article("", "", ())
        self._blocks = BlocksList(self)

    @Property(str, notify=changed)
    def title(self) -> str:
        return self._article.title

    @Property(str, notify=changed)
    def lead(self) -> str:
        """A sentence below the title; may be ""."""
        return self._article.lead

    @Property(str, notify=changed)
    def label(self) -> str:
        """Whom it is for: «Для граждан»; may be ""."""
        return self._article.label

    @Property(str, notify=changed)
    def labelIcon(self) -> str:
        return self._article.label_icon

    @Property(str, notify=changed)
    def emptyText(self) -> str:
        """What to say where there is nothing; "" otherwise."""
        return "" if self._article.blocks or not self._page else self._visit.t("city.empty")

    @Property(BlocksList, constant=True)
    def blocks(self) -> BlocksList:
        return self._blocks

    def open(self, page: str, subject: str) -> None:
        """Show an article. Raises ContentMissing."""
        article = MAKERS[page](self._visit, subject)
        self._page, self._subject, self._article = page, subject, article
        self._blocks.set_rows(
            [
                {
                    "key": f"{page}/{subject}/{number}",
                    "kind": block.kind,
                    "text": block.text,
                    "note": block.note,
                    "icon": block.icon,
                    "number": block.number,
                    "target": block.target,
                    "audience": block.audience,
                    "audienceIcon": block.audience_icon,
                    "last": number + 1 == len(article.blocks) or article.blocks[number + 1].kind != block.kind,
                }
                for number, block in enumerate(article.blocks)
            ]
        )
        self.changed.emit()

    def refresh(self) -> None:
        """Say it again (new language, new content)."""
        if self._page:
            self.open(self._page, self._subject)
