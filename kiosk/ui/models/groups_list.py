"""Check your answers: groups of rows."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtQml import QmlElement, QmlUncreatable

from kiosk.ui.models.rows import RowsModel

QML_IMPORT_NAME = "Kiosk.ViewModels"
QML_IMPORT_MAJOR_VERSION = 1


@QmlElement
@QmlUncreatable("a list belongs to its view-model")
class GroupsList(RowsModel):
    """`rows` is a list of {label, value, pointer, page, calculated}."""

    ROLES: ClassVar[tuple[str, ...]] = ("title", "rows")
