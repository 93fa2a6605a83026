"""Life events as tiles."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtQml import QmlElement, QmlUncreatable

from kiosk.ui.models.rows import RowsModel

QML_IMPORT_NAME = "Kiosk.ViewModels"
QML_IMPORT_MAJOR_VERSION = 1


@QmlElement
@QmlUncreatable("a list belongs to its view-model")
class EventsList(RowsModel):
    """`icon` is an icon name."""

    ROLES: ClassVar[tuple[str, ...]] = ("eventId", "title", "icon")
