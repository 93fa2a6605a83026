"""The card of one service.

Rules. What is not known is left out or said to be unknown, never guessed. The first action follows the kind: an
application is started here, everything else is opened on the visitor's phone.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement, QmlUncreatable

from kiosk.model.service import Service
from kiosk.ui import documents as papers
from kiosk.ui.errands import Errands
from kiosk.ui.models.documents_list import DocumentsList
from kiosk.ui.models.facts_list import FactsList
from kiosk.ui.paperwork import Paperwork, path_of
from kiosk.ui.service_words import AUDIENCE_ICONS, cost_text, fee_today
from kiosk.ui.viewmodels.accessibility import AccessibilityModel
from kiosk.ui.visit import Visit

QML_IMPORT_NAME = "Kiosk.ViewModels"
QML_IMPORT_MAJOR_VERSION = 1


@QmlElement
@QmlUncreatable("belongs to the session")
class ServiceModel(QObject):
    """One service; empty until one is opened."""

    changed = Signal()

    def __init__(self, visit: Visit, accessibility: AccessibilityModel, errands: Errands, parent: Any = None) -> None:
        super().__init__(parent)
        self._visit = visit
        self._accessibility = accessibility
        self._paper = Paperwork(
            visit, errands, self.changed.emit, printed="receipt.list_printed", saved="receipt.list_saved"
        )
        self._service: Service | None = None
        self._drawing = ""
        self._guided = False
        self._facts = FactsList(self)
        self._documents = DocumentsList(self)

    @Property(str, notify=changed)
    def serviceId(self) -> str:
        return self._service.id if self._service else ""

    @Property(str, notify=changed)
    def title(self) -> str:
        return self._visit.of(self._service.title) if self._service else ""

    @Property(str, notify=changed)
    def shortTitle(self) -> str:
        """The title in a few words where an editor gave one, the title otherwise."""
        return self._visit.of(self._service.short_title or self._service.title) if self._service else ""

    @Property(str, notify=changed)
    def summary(self) -> str:
        """One sentence: what you get. May be ""."""
        return self._visit.of(self._service.summary) if self._service else ""

    @Property(str, notify=changed)
    def audience(self) -> str:
        """citizen, organisation or foreigner."""
        return self._service.audience if self._service else ""

    @Property(str, notify=changed)
    def audienceLabel(self) -> str:
        """«Для граждан»."""
        return self._visit.t(f"results.audience_{self._service.audience}") if self._service else ""

    @Property(str, notify=changed)
    def audienceIcon(self) -> str:
        return AUDIENCE_ICONS[self._service.audience] if self._service else ""

    @Property(str, notify=changed)
    def drawing(self) -> str:
        """The ThemeDrawing of its theme."""
        return self._drawing

    @Property(FactsList, constant=True)
    def facts(self) -> FactsList:
        """Three cells: cost today, term, where."""
        return self._facts

    @Property(str, notify=changed)
    def factsText(self) -> str:
        """Cost and term in one line: «1500 ₽ · 5 рабочих дней»."""
        if self._service is None:
            return ""
        term = self._service.term_days
        parts = [cost_text(self._visit, self._service.fees)]
        parts.append(self._visit.t("service.working_days", count=term) if term else "")
        return " · ".join(part for part in parts if part)

    @Property(DocumentsList, constant=True)
    def documents(self) -> DocumentsList:
        """What to bring; may be empty."""
        return self._documents

    @Property(str, notify=changed)
    def documentsNote(self) -> str:
        """What to say where the list of documents is not known; "" otherwise."""
        return "" if self._documents.count else self._visit.t("service.documents_unknown")

    @Property(bool, notify=changed)
    def hasGuide(self) -> bool:
        """There is more to read: session.openGuide()."""
        return self._guided

    @Property(bool, notify=changed)
    def canApply(self) -> bool:
        """An application can be filled in here."""
        return bool(self._service and self._service.kind == "apply" and self._service.form)

    @Property(str, notify=changed)
    def primaryText(self) -> str:
        """The words of the one main button. It calls session.startForm() if canApply, else session.openPhone()."""
        return self._visit.t("service.start" if self.canApply else "service.open_on_phone")

    @Property(str, notify=changed)
    def kindNote(self) -> str:
        """What is done where, for services that are not applied for here; "" otherwise."""
        if self._service is None or self.canApply:
            return ""
        kind = self._service.kind if self._service.kind != "apply" else "info"
        return self._visit.t(f"service.kind_{kind}")

    @Property(bool, notify=changed)
    def historical(self) -> bool:
        """The service is kept for reference and is no longer given."""
        return bool(self._service and self._service.historical)

    @Property(str, notify=changed)
    def historicalText(self) -> str:
        """What to say about a historical service; "" otherwise."""
        return self._visit.t("service.historical") if self.historical else ""

    @Property(str, notify=changed)
    def phoneTopic(self) -> str:
        """The topic for session.openPhone(): `service:<id>`."""
        return f"service:{self._service.id}" if self._service else ""

    @Property(bool, notify=changed)
    def printAvailable(self) -> bool:
        """The list of documents can be printed."""
        return self._visit.house.desk.can_print()

    @Property(bool, notify=changed)
    def printing(self) -> bool:
        return self._paper.busy

    @Property(str, notify=changed)
    def printNotice(self) -> str:
        """What became of printing or saving the list; "" before."""
        return self._paper.notice

    @Slot()
    def printChecklist(self) -> None:
        """Print what to bring, in a worker; the outcome is in printNotice."""
        if self._service is not None and self.printAvailable:
            service, desk, language = self._service, self._visit.house.desk, self._visit.language
            large = self._accessibility.textScale > 1
            self._paper.print(lambda: desk.print_checklist(service, language, large))

    @Slot(result=str)
    def checklistOffered(self) -> str:
        """The file that a save dialog offers, as a file: URL."""
        return papers.offered(self.title)

    @Slot(str)
    def saveChecklistTo(self, target: str) -> None:
        """Save what to bring as PDF (path or file: URL of a file dialog; desktop only)."""
        if self._service is not None and self._visit.settings.mode == "desktop":
            service, desk, language = self._service, self._visit.house.desk, self._visit.language
            large = self._accessibility.textScale > 1
            self._paper.save(lambda: desk.checklist_pdf(service, language, large), path_of(target))

    @property
    def service(self) -> Service | None:
        return self._service

    def open(self, service_id: str) -> None:
        """Show a service. Raises ContentMissing."""
        self._service = self._visit.house.catalogue.service(service_id)
        self._guided = self._visit.house.catalogue.guide(service_id) is not None
        self._paper.forget()
        self.refresh()

    def refresh(self) -> None:
        """Say it again (new language)."""
        visit, service = self._visit, self._service
        if service is None:
            return
        entries = visit.house.catalogue.themes()
        self._drawing = next((entry.theme.drawing for entry in entries if entry.theme.id == service.theme), "")
        self._facts.set_rows([self._cost(service), self._term(service), self._place()])
        bring = [document for document in service.documents if not document.held]
        self._documents.set_rows([{"name": visit.of(one.name), "note": visit.of(one.note)} for one in bring])
        self.changed.emit()

    def _cost(self, service: Service) -> dict[str, str]:
        visit = self._visit
        fee = fee_today(service.fees, visit.today())
        note = ""
        if fee is not None:
            year = int(fee.valid_from[:4])
            if year < visit.today().year:
                note = visit.t("service.tariff_year", year=year)
            elif fee.kopecks:
                note = visit.t("service.fee_note")
        value = cost_text(visit, service.fees) or visit.t("service.cost_unknown")
        return {"label": visit.t("service.cost"), "value": value, "note": note, "icon": "wallet"}

    def _term(self, service: Service) -> dict[str, str]:
        visit, days = self._visit, service.term_days
        value = visit.t("service.days", count=days) if days else visit.t("service.term_unknown")
        note = visit.t("service.working", count=days) if days else visit.t("service.term_unknown_note")
        return {"label": visit.t("service.term"), "value": value, "note": note, "icon": "clock"}

    def _place(self) -> dict[str, str]:
        visit, centre = self._visit, self._visit.house.centre
        if not self.canApply:
            label, value, note = "service.place", "service.online", ""
        elif centre is None:
            label, value, note = "service.place_apply", "service.any_centre", ""
        else:
            label, value, note = "service.place_apply", "service.here", visit.of(centre.name)
        return {"label": visit.t(label), "value": visit.t(value), "note": note, "icon": "map-pin"}
