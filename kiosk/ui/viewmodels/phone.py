"""Go on with your own phone: a code with an address, and what is behind it.

Rules. Every topic has a title, an explanation and a working mos.ru address, so that no tile is dead. The address is
from our own table or from the published service, never from what a visitor typed.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement, QmlUncreatable

from kiosk.model.city import CityResource
from kiosk.model.service import Service
from kiosk.ui import codes
from kiosk.ui.visit import Visit

QML_IMPORT_NAME = "Kiosk.ViewModels"
QML_IMPORT_MAJOR_VERSION = 1

LINKS = {
    "signin": "https://www.mos.ru/",
    "passes": "https://www.mos.ru/services/",
    "appointments": "https://www.mos.ru/services/",
    "bills": "https://www.mos.ru/services/",
    "records": "https://www.mos.ru/services/",
    "centres": "https://www.mos.ru/otvet-dokumenti/",
    "news": "https://www.mos.ru/news/",
    "services": "https://www.mos.ru/services/",
}

DESKTOP_WORDS = frozenset(
    {
        "phone.how_desktop",
        "phone.service_text_desktop",
        "phone.signin_title_desktop",
        "phone.signin_text_desktop",
        "phone.passes_text_desktop",
        "phone.bills_text_desktop",
        "phone.records_text_desktop",
    }
)


@QmlElement
@QmlUncreatable("belongs to the session")
class PhoneModel(QObject):
    """One topic to open on the phone."""

    changed = Signal()

    def __init__(self, visit: Visit, parent: Any = None) -> None:
        super().__init__(parent)
        self._visit = visit
        self._topic = ""
        self._service: Service | None = None
        self._resource: CityResource | None = None
        self._link = ""
        self._code = codes.Code()
        self._closed = False

    @Property(str, notify=changed)
    def topic(self) -> str:
        return self._topic

    @Property(str, notify=changed)
    def title(self) -> str:
        if self._service is not None:
            return self._visit.of(self._service.short_title or self._service.title)
        if self._resource is not None:
            return self._visit.of(self._resource.title)
        return self._say(f"phone.{self._topic}_title") if self._topic else ""

    @Property(str, notify=changed)
    def text(self) -> str:
        """What this is and what can be done there."""
        if self._service is not None:
            return self._say("phone.service_text")
        if self._resource is not None:
            return self._visit.of(self._resource.text)
        return self._say(f"phone.{self._topic}_text") if self._topic else ""

    @Property(str, notify=changed)
    def howText(self) -> str:
        """How to use the code."""
        return self._say("phone.how")

    @Property(str, notify=changed)
    def codeSource(self) -> str:
        """The address as a code: data: URL of a PNG, one pixel a module, quiet zone included."""
        return self._code.source

    @Property(int, notify=changed)
    def codeModules(self) -> int:
        return self._code.modules

    @Property(str, notify=changed)
    def link(self) -> str:
        return self._link

    @Property(str, notify=changed)
    def linkText(self) -> str:
        """The address to type, without https:// and a closing slash."""
        return self._link.removeprefix("https://").removeprefix("www.").rstrip("/")

    @Property(bool, notify=changed)
    def canOpenInBrowser(self) -> bool:
        """On a desktop only; a kiosk has no browser."""
        return self._visit.settings.mode == "desktop"

    @Property(str, notify=changed)
    def browserNotice(self) -> str:
        """What to do when the browser did not open; "" otherwise."""
        return self._visit.t("phone.no_browser") if self._closed else ""

    @Slot()
    def openInBrowser(self) -> None:
        """Open the address in the person's own browser (desktop)."""
        if self.canOpenInBrowser and self._link:
            from PySide6.QtCore import QUrl
            from PySide6.QtGui import QDesktopServices

            self._closed = not QDesktopServices.openUrl(QUrl(self._link))
            self.changed.emit()

    def open(self, topic: str) -> None:
        """Show a topic: `service:<id>`, `resource:<id>` or a name of LINKS; anything else leads to "services".

        Raises ContentMissing.
        """
        self._service, self._resource, self._closed = None, None, False
        kind, _, subject = topic.partition(":")
        if kind == "resource":
            self._resource = self._visit.house.city.resource(subject)
            self._topic, self._link = topic, self._resource.url
        elif kind == "service":
            self._service = self._visit.house.catalogue.service(subject)
            self._topic, self._link = topic, self._service.phone_link or LINKS["services"]
        else:
            self._topic = kind if kind in LINKS else "services"
            self._link = LINKS[self._topic]
        self._code = codes.code(self._link)
        self.changed.emit()

    def _say(self, key: str) -> str:
        """Words for a key; the desktop has some of its own, where there is no phone in the middle."""
        own = f"{key}_desktop" if self.canOpenInBrowser else ""
        return self._visit.t(own if own in DESKTOP_WORDS else key)

    def refresh(self) -> None:
        """Say it again (new language)."""
        self.changed.emit()
