"""Save for later, and continue: the code of a saved application, and what becomes of a code that is shown.

Rules. The code is the visitor's alone: it is on the screen, on paper if the visitor asks, and nowhere else, and `wipe`
drops it. Of an application only the service goes on paper, never an answer. What is not at this kiosk is asked for and
looked for again until it comes, is nowhere, or the visitor gave up. An application is continued only in the version of
its form that was saved; once it is sent, its draft is ended everywhere.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from PySide6.QtCore import Property, QObject, QTimer, Signal, Slot
from PySide6.QtQml import QmlElement, QmlUncreatable

from kiosk.errors import DraftRefused, KioskError
from kiosk.model.draft import Draft, DraftSlip
from kiosk.ui import codes
from kiosk.ui.errands import Errands
from kiosk.ui.paperwork import Paperwork
from kiosk.ui.viewmodels.form import FormModel
from kiosk.ui.visit import Visit

QML_IMPORT_NAME = "Kiosk.ViewModels"
QML_IMPORT_MAJOR_VERSION = 1

log = logging.getLogger(__name__)

RECEIPT = "MDR1:"
"""How the code of a receipt begins: one who holds it to the scanner has nothing to continue."""
LOOK_MS = 500
LOOKS = 40
"""So often a draft that is being fetched is looked for before the visitor is told that it did not come."""


@QmlElement
@QmlUncreatable("belongs to the session")
class DraftModel(QObject):
    """An application that is saved (page Saved), or looked for by its code (page Resume)."""

    changed = Signal()
    told = Signal()
    """`problemText` is new: say it."""
    scanned = Signal()
    """A scanner typed a code: what stands in the field is not it."""

    def __init__(
        self,
        visit: Visit,
        form: FormModel,
        errands: Errands,
        large: Callable[[], bool],
        online: Callable[[], bool],
        resumed: Callable[[], None],
        parent: Any = None,
    ) -> None:
        super().__init__(parent)
        self._visit = visit
        self._form = form
        self._large = large
        self._online = online
        self._resumed = resumed
        self._paper = Paperwork(visit, errands, self.changed.emit, "draft.printed", unprinted="draft.not_printed")
        self._saved = ""
        self._spelled = ""
        self._code = codes.Code()
        self._taken_up = ""
        self._sought = ""
        self._looks = 0
        self._problem = ""
        self._until = None
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self._look)

    @Property(str, notify=changed)
    def service(self) -> str:
        """What was saved, in a few words."""
        return str(self._form.title)

    @Property(str, notify=changed)
    def codeSource(self) -> str:
        """The code: data: URL of a PNG, one pixel a module, quiet zone included; "" before anything is saved."""
        return self._code.source

    @Property(int, notify=changed)
    def codeModules(self) -> int:
        return self._code.modules

    @Property(str, notify=changed)
    def codeText(self) -> str:
        """The code as it can be typed, in groups."""
        return self._spelled

    @Property(str, notify=changed)
    def untilText(self) -> str:
        """«Код действует до 24.12.2026»."""
        return self._visit.t("draft.until", date=f"{self._until:%d.%m.%Y}") if self._until else ""

    @Property(bool, notify=changed)
    def printAvailable(self) -> bool:
        return self._visit.house.desk.can_print()

    @Property(bool, notify=changed)
    def printing(self) -> bool:
        return self._paper.busy

    @Property(str, notify=changed)
    def printNotice(self) -> str:
        """What became of printing; "" before."""
        return self._paper.notice

    @Property(bool, notify=changed)
    def printFailed(self) -> bool:
        """The notice is of a printer that did not print."""
        return self._paper.failed

    @Property(bool, notify=changed)
    def busy(self) -> bool:
        """The application is being looked for elsewhere."""
        return self._sought != ""

    @Property(str, notify=changed)
    def problemText(self) -> str:
        """Why it cannot be continued; "" while nothing is wrong."""
        return self._visit.t(self._problem) if self._problem else ""

    @Slot(str)
    def resume(self, text: str) -> None:
        """Continue what a code leads to: typed, or by a scanner that types."""
        self._problem, self._sought, self._looks = "", text.strip().upper(), 0
        self._look()

    def take_scanned(self, code: str) -> None:
        """A code was held to the scanner while page Resume is open."""
        self.scanned.emit()
        self.resume(code)

    @Slot()
    def print(self) -> None:
        """Print the code in a worker; the outcome is in printNotice."""
        service, until = self._form.service, self._until
        if service is None or until is None or not self.printAvailable:
            return
        name = service.short_title or service.title
        language, large = self._visit.language, self._large()
        slip = DraftSlip(self._saved, self._spelled, name, until.isoformat(), language, large)
        desk = self._visit.house.desk
        self._paper.print(lambda: desk.print_draft(slip))

    @Slot()
    def giveUp(self) -> None:
        """Stop looking."""
        self._stop("")

    def save(self) -> bool:
        """Keep the form as it stands under a new code; False without a form. Raises KioskError."""
        form, service = self._form.form, self._form.service
        if form is None or service is None:
            return False
        visit = self._visit
        saved = visit.house.desk.save_draft(form, service.id, self._form.answers, self._form.page_id, visit.language)
        if self._taken_up:
            visit.house.desk.forget_draft(self._taken_up)
        self._saved = self._taken_up = saved
        self._spelled = codes.spelled(saved)
        self._code = codes.code(saved)
        self._paper.forget()
        self._until = visit.today() + timedelta(days=int(visit.settings.drafts_kept_days))
        self.changed.emit()
        return True

    def sent(self) -> None:
        """The application is sent: its draft is not needed any more."""
        if self._taken_up:
            self._visit.house.desk.forget_draft(self._taken_up)
        self.wipe()

    def arrive(self) -> None:
        """Page Resume is opened."""
        self._stop("")

    def refresh(self) -> None:
        """Say it again (new language)."""
        self.changed.emit()

    def wipe(self) -> None:
        """Forget every code."""
        self._saved = self._taken_up = self._spelled = ""
        self._code, self._until = codes.Code(), None
        self._paper.forget()
        self._stop("")

    def _look(self) -> None:
        try:
            found = self._visit.house.desk.resume_draft(self._sought)
        except DraftRefused:
            self._stop(self._refusal())
            return
        except KioskError as error:
            log.warning("%s", error.engineer)
            self._stop(error.visitor)
            return
        if found.state == "gone":
            self._stop("draft.gone")
        elif found.draft is not None:
            self._take_up(found.draft)
        elif not self._online():
            self._stop("draft.offline")
        elif self._looks >= LOOKS:
            self._stop("draft.late")
        else:
            self._looks += 1
            self._timer.start()
            self.changed.emit()

    def _refusal(self) -> str:
        """Why a code opens nothing: it is another one, or it was not read well."""
        if self._sought.startswith(RECEIPT):
            return "draft.receipt_code"
        return "draft.damaged" if codes.is_draft(self._sought) else "draft.not_ours"

    def _take_up(self, draft: Draft) -> None:
        code = self._sought
        try:
            service = self._visit.house.catalogue.service(draft.service)
            form = self._visit.house.forms.form(draft.form)
        except KioskError as error:
            log.warning("%s", error.engineer)
            self._stop("draft.changed")
            return
        if form.definition.version != draft.form_version or service.form != draft.form:
            self._stop("draft.changed")
            return
        self._stop("")
        self._form.resume(service, form, draft.answers, draft.page)
        self._taken_up = code
        self._resumed()

    def _stop(self, problem: str) -> None:
        self._timer.stop()
        self._sought, self._problem = "", problem
        self.changed.emit()
        if problem:
            self.told.emit()
