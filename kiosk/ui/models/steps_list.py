"""The steps of a form."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtQml import QmlElement, QmlUncreatable

from kiosk.ui.models.rows import RowsModel

QML_IMPORT_NAME = "Kiosk.ViewModels"
QML_IMPORT_MAJOR_VERSION = 1


@QmlElement
@QmlUncreatable("a list belongs to its view-model")
class StepsList(RowsModel):
    """`state` is "done", "now" or "later"; `number` counts from 1."""

    ROLES: ClassVar[tuple[str, ...]] = ("number", "title", "state")
