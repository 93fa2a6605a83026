"""Applications sent from here: numbers and states, never answers."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtQml import QmlElement, QmlUncreatable

from kiosk.ui.models.rows import RowsModel

QML_IMPORT_NAME = "Kiosk.ViewModels"
QML_IMPORT_MAJOR_VERSION = 1


@QmlElement
@QmlUncreatable("a list belongs to its view-model")
class ApplicationsList(RowsModel):
    """`state` is a SubmissionState value; `attention` is true where somebody must look."""

    ROLES: ClassVar[tuple[str, ...]] = ("number", "serviceTitle", "timeText", "state", "stateText", "attention")
