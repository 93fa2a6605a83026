"""The receipt on the screen, and how far the application has come.

Rules. The receipt is shown once the application is on the disk, network or not. Its state is read again when the
engine wakes us; it never goes backwards to "waiting" on the screen of a visitor who stays. A printer fault never
loses the receipt: the screen keeps number and code. It holds no answers.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement, QmlUncreatable

from kiosk.model.receipt import Receipt
from kiosk.model.service import Service
from kiosk.model.submission import SubmissionState
from kiosk.paper.receipt import accepted_at
from kiosk.ui import codes, documents
from kiosk.ui.errands import Errands
from kiosk.ui.models.next_steps_list import NextStepsList
from kiosk.ui.paperwork import Paperwork, path_of
from kiosk.ui.sources import Progress
from kiosk.ui.viewmodels.link import LinkModel
from kiosk.ui.visit import Visit

QML_IMPORT_NAME = "Kiosk.ViewModels"
QML_IMPORT_MAJOR_VERSION = 1

ON_ITS_WAY = (SubmissionState.WAITING, SubmissionState.SENDING)


@QmlElement
@QmlUncreatable("belongs to the session")
class ReceiptModel(QObject):
    """The latest receipt of this visit; empty until something was sent."""

    changed = Signal()

    def __init__(self, visit: Visit, link: LinkModel, errands: Errands, parent: Any = None) -> None:
        super().__init__(parent)
        self._visit = visit
        self._link = link
        self._paper = Paperwork(visit, errands, self.changed.emit)
        self._receipt: Receipt | None = None
        self._service: Service | None = None
        self._progress = Progress(SubmissionState.WAITING)
        self._code = codes.Code()
        self._steps = NextStepsList(self)

    @Property(str, notify=changed)
    def number(self) -> str:
        return self._receipt.number if self._receipt else ""

    @Property(str, notify=changed)
    def title(self) -> str:
        """«Мы приняли заявление»."""
        return self._visit.t("receipt.title")

    @Property(str, notify=changed)
    def serviceTitle(self) -> str:
        return self._visit.of(self._service.short_title or self._service.title) if self._service else ""

    @Property(str, notify=changed)
    def timeText(self) -> str:
        """«24 ноября 2026, 14:36»; where the clock was wrong, that too."""
        if self._receipt is None:
            return ""
        return accepted_at(self._receipt, self._visit.language)

    @Property(str, notify=changed)
    def state(self) -> str:
        """waiting, sending, received, registered or needs_attention."""
        return self._progress.state.value

    @Property(str, notify=changed)
    def stateText(self) -> str:
        """The state in a few words: «Ждёт отправки»."""
        return self._visit.t(f"receipt.state_{self.state}")

    @Property(str, notify=changed)
    def noticeTitle(self) -> str:
        """«Сейчас нет сети. Ждать не нужно.»"""
        return self._visit.t(f"receipt.notice_{self._notice_kind()}_title", number=self.registeredNumber)

    @Property(str, notify=changed)
    def noticeText(self) -> str:
        return self._visit.t(f"receipt.notice_{self._notice_kind()}_text", number=self.registeredNumber)

    @Property(str, notify=changed)
    def noticeIcon(self) -> str:
        """Name of the icon beside the notice."""
        return {"offline": "wifi-off", "waiting": "send", "needs_attention": "headset"}.get(
            self._notice_kind(), "circle-check"
        )

    @Property(str, notify=changed)
    def registeredNumber(self) -> str:
        """The official number, "" until the application is registered."""
        return self._progress.number

    @Property(NextStepsList, constant=True)
    def nextSteps(self) -> NextStepsList:
        return self._steps

    @Property(str, notify=changed)
    def codeSource(self) -> str:
        """The code as a data: URL of a PNG, one pixel a module, quiet zone of 4 modules included. Show unsmoothed."""
        return self._code.source

    @Property(int, notify=changed)
    def codeModules(self) -> int:
        """Pixels a side of codeSource; 0 while there is no code."""
        return self._code.modules

    @Property(bool, notify=changed)
    def printAvailable(self) -> bool:
        return self._visit.house.desk.can_print()

    @Property(bool, notify=changed)
    def printing(self) -> bool:
        return self._paper.busy

    @Property(str, notify=changed)
    def printNotice(self) -> str:
        """What became of printing or saving; "" before."""
        return self._paper.notice

    @Property(str, notify=changed)
    def speakText(self) -> str:
        """What is read aloud: the sentence, the number digit by digit, what happens next."""
        if self._receipt is None:
            return ""
        spoken = " ".join(self._receipt.number)
        steps = " ".join(f"{row['title']}. {row['note']}".strip() for row in self._steps.rows())
        return self._visit.t("receipt.speak", number=spoken, service=self.serviceTitle, steps=steps)

    @Slot()
    def print(self) -> None:
        """Print the receipt in a worker; the outcome is in printNotice."""
        if self._receipt is not None and self.printAvailable:
            receipt, desk = self._receipt, self._visit.house.desk
            self._paper.print(lambda: desk.print_receipt(receipt))

    @Slot(result=str)
    def pdfOffered(self) -> str:
        """The file that a save dialog offers, as a file: URL."""
        return documents.offered(self.number)

    @Slot()
    def savePdf(self) -> None:
        """Save the receipt as PDF to the person's documents (desktop only)."""
        self.savePdfTo("")

    @Slot(str)
    def savePdfTo(self, target: str) -> None:
        """Save the receipt as PDF to a file (path or file: URL of a file dialog; "" for the documents folder)."""
        if self._receipt is not None and self._visit.settings.mode == "desktop":
            receipt, desk = self._receipt, self._visit.house.desk
            path = path_of(target) if target else documents.folder() / documents.file_name(receipt.number)
            self._paper.save(lambda: desk.pdf(receipt), path)

    @property
    def receipt(self) -> Receipt | None:
        return self._receipt

    def show(self, receipt: Receipt, service: Service) -> None:
        """Show a receipt that was just given."""
        self._receipt, self._service = receipt, service
        self._progress = Progress(SubmissionState.WAITING)
        self._paper.forget()
        self._code = codes.code(receipt.code)
        self.refresh()

    def refresh(self) -> None:
        """Read the state again (woken by the engine, new language)."""
        try:
            if self._receipt is not None:
                self._progress = self._visit.house.desk.progress(self._receipt.submission)
        finally:
            # Without a store the receipt is whole all the same.
            self._fill()
            self.changed.emit()

    def wipe(self) -> None:
        self._receipt, self._service = None, None
        self._paper.forget()
        self._progress, self._code = Progress(SubmissionState.WAITING), codes.Code()
        self._steps.set_rows([])
        self.changed.emit()

    def _fill(self) -> None:
        steps = self._receipt.next_steps if self._receipt else ()
        left = [step for step in steps if not step.sending or self._progress.state in ON_ITS_WAY]
        self._steps.set_rows(
            [{"number": at, "title": step.title, "note": step.note} for at, step in enumerate(left, start=1)]
        )

    def _notice_kind(self) -> str:
        if self._progress.state in ON_ITS_WAY:
            return "waiting" if self._link.online else "offline"
        return self._progress.state.value
