"""Services as result rows."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtQml import QmlElement, QmlUncreatable

from kiosk.ui.models.rows import RowsModel

QML_IMPORT_NAME = "Kiosk.ViewModels"
QML_IMPORT_MAJOR_VERSION = 1


@QmlElement
@QmlUncreatable("a list belongs to its view-model")
class ServicesList(RowsModel):
    """One service.

    `titleMarked` is the title as rich text with the matched words in `<b>`, everything else escaped; `audienceIcon`
    is an icon name; `costText` and `termText` are "" where they are not known.
    """

    ROLES: ClassVar[tuple[str, ...]] = (
        "serviceId",
        "title",
        "titleMarked",
        "audience",
        "audienceLabel",
        "audienceIcon",
        "costText",
        "termText",
    )
