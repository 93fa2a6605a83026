"""Help: one place, one tap away, with a way that works when nobody comes."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Property, QObject, Signal
from PySide6.QtQml import QmlElement, QmlUncreatable

from kiosk.ui.models.hints_list import HintsList
from kiosk.ui.visit import Visit

QML_IMPORT_NAME = "Kiosk.ViewModels"
QML_IMPORT_MAJOR_VERSION = 1

HINTS = (("person", "user"), ("phone", "phone"), ("screen", "letter-case"), ("private", "lock"))
"""Names of the hints (`help.<name>_title`, `help.<name>_text`) and their icons, in order."""


@QmlElement
@QmlUncreatable("belongs to the session")
class HelpModel(QObject):
    """Ways to get help, the nearest first."""

    changed = Signal()

    def __init__(self, visit: Visit, parent: Any = None) -> None:
        super().__init__(parent)
        self._visit = visit
        self._hints = HintsList(self)

    @Property(str, notify=changed)
    def title(self) -> str:
        return self._visit.t("help.title")

    @Property(str, notify=changed)
    def text(self) -> str:
        return self._visit.t("help.text")

    @Property(str, notify=changed)
    def phone(self) -> str:
        """The number to call, as it is written."""
        return self._visit.settings.help_phone

    @Property(HintsList, constant=True)
    def hints(self) -> HintsList:
        return self._hints

    def refresh(self) -> None:
        """Say it again (new language)."""
        t, place = self._visit.t, "" if self._visit.settings.mode == "kiosk" else "_desktop"
        self._hints.set_rows(
            [
                {
                    "title": t(f"help.{name}{place if name != 'phone' else ''}_title"),
                    "text": t(f"help.{name}{place if name != 'phone' else ''}_text", phone=self.phone),
                    "icon": icon,
                }
                for name, icon in HINTS
            ]
        )
        self.changed.emit()
