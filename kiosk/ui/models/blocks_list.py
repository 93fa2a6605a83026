"""The blocks of an article."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtQml import QmlElement, QmlUncreatable

from kiosk.ui.models.rows import RowsModel

QML_IMPORT_NAME = "Kiosk.ViewModels"
QML_IMPORT_MAJOR_VERSION = 1


@QmlElement
@QmlUncreatable("a list belongs to its view-model")
class BlocksList(RowsModel):
    """One block: see kiosk.ui.articles.Block. `last`: the hairline below is left out."""

    ROLES: ClassVar[tuple[str, ...]] = (
        "key",
        "kind",
        "text",
        "note",
        "icon",
        "number",
        "target",
        "audience",
        "audienceIcon",
        "last",
    )
