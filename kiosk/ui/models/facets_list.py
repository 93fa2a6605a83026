"""What the results can be narrowed to."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtQml import QmlElement, QmlUncreatable

from kiosk.ui.models.rows import RowsModel

QML_IMPORT_NAME = "Kiosk.ViewModels"
QML_IMPORT_MAJOR_VERSION = 1


@QmlElement
@QmlUncreatable("a list belongs to its view-model")
class FacetsList(RowsModel):
    """`facet` is for SearchModel.toggle; `label` its words; `on`: the results are narrowed to it."""

    ROLES: ClassVar[tuple[str, ...]] = ("facet", "label", "on")
