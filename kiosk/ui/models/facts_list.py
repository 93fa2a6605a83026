"""The three facts of a service: cost, term, place."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtQml import QmlElement, QmlUncreatable

from kiosk.ui.models.rows import RowsModel

QML_IMPORT_NAME = "Kiosk.ViewModels"
QML_IMPORT_MAJOR_VERSION = 1


@QmlElement
@QmlUncreatable("a list belongs to its view-model")
class FactsList(RowsModel):
    """`icon` is an icon name; `note` may be empty."""

    ROLES: ClassVar[tuple[str, ...]] = ("label", "value", "note", "icon")
