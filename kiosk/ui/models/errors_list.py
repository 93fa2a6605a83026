"""The error summary of a form page."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtQml import QmlElement, QmlUncreatable

from kiosk.ui.models.rows import RowsModel

QML_IMPORT_NAME = "Kiosk.ViewModels"
QML_IMPORT_MAJOR_VERSION = 1


@QmlElement
@QmlUncreatable("a list belongs to its view-model")
class ErrorsList(RowsModel):
    """`message` are the same words as at the field."""

    ROLES: ClassVar[tuple[str, ...]] = ("pointer", "message")
