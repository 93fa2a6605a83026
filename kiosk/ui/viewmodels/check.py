"""Check your answers, consent, send.

Rules. Nothing is sent without consent given on this very page. Sealing and committing run in a worker thread, one at
a time; the window never waits for them. If it fails, the answers stay where they are and the visitor is told what
happened in plain words; pressing Send again tries again. The order is built on the main thread from a copy.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement, QmlUncreatable

from kiosk.errors import EnvironmentFault, KioskError
from kiosk.model.receipt import Receipt
from kiosk.model.service import Service
from kiosk.ui.errands import Errands
from kiosk.ui.models.groups_list import GroupsList
from kiosk.ui.sources import Order
from kiosk.ui.viewmodels.accessibility import AccessibilityModel
from kiosk.ui.viewmodels.form import FormModel
from kiosk.ui.visit import Visit

QML_IMPORT_NAME = "Kiosk.ViewModels"
QML_IMPORT_MAJOR_VERSION = 1


@QmlElement
@QmlUncreatable("belongs to the session")
class CheckModel(QObject):
    """The answers once more, and the button that sends them."""

    changed = Signal()
    troubled = Signal()
    """Store or disk did not take an application."""

    def __init__(
        self,
        visit: Visit,
        form: FormModel,
        accessibility: AccessibilityModel,
        errands: Errands,
        accepted: Callable[[Receipt, Service], None],
        open_form: Callable[[], None],
        parent: Any = None,
    ) -> None:
        super().__init__(parent)
        self._visit = visit
        self._form = form
        self._accessibility = accessibility
        self._errands = errands
        self._accepted = accepted
        self._open_form = open_form
        self._groups = GroupsList(self)
        self._consent = False
        self._busy = False
        self._problem: str | None = None

    @Property(GroupsList, constant=True)
    def groups(self) -> GroupsList:
        return self._groups

    @Property(str, notify=changed)
    def title(self) -> str:
        """«Проверьте ответы»."""
        return self._visit.t("check.title")

    @Property(str, notify=changed)
    def serviceTitle(self) -> str:
        return self._form.title

    @Property(str, notify=changed)
    def leftText(self) -> str:
        """«Осталось отправить»."""
        return self._visit.t("check.left")

    @Property(bool, notify=changed)
    def consent(self) -> bool:
        return self._consent

    @Property(str, notify=changed)
    def consentText(self) -> str:
        return self._visit.t("check.consent")

    @Property(str, notify=changed)
    def sealedText(self) -> str:
        """«Ответы шифруются. На терминале их не прочитать»."""
        return self._visit.t("check.sealed" if self._visit.settings.mode == "kiosk" else "check.sealed_desktop")

    @Property(str, notify=changed)
    def sendText(self) -> str:
        """The words of the main button; while it works, what it is doing."""
        return self._visit.t("check.sending" if self._busy else "check.send")

    @Property(bool, notify=changed)
    def canSend(self) -> bool:
        """Consent is given and nothing is under way. The button stays pressable: pressed early, it says why."""
        return self._consent and not self._busy

    @Property(bool, notify=changed)
    def busy(self) -> bool:
        return self._busy

    @Property(str, notify=changed)
    def problemText(self) -> str:
        """What went wrong and what to do; "" otherwise."""
        return self._visit.t(self._problem) if self._problem else ""

    @Slot(bool)
    def setConsent(self, consent: bool) -> None:
        self._consent = consent
        if consent and self._problem == "check.consent_missing":
            self._problem = None
        self.changed.emit()

    @Slot(str)
    def change(self, page: str) -> None:
        """Change one answer (`page` of its row); Continue leads back here."""
        if not self._busy:
            self._form.change(page)
            self._open_form()

    @Slot()
    def submit(self) -> None:
        """Send. Does nothing while a sending is under way."""
        service, form = self._form.service, self._form.form
        if self._busy or service is None or form is None:
            return
        if not self._consent:
            self._say("check.consent_missing")
            return
        wrong = self._form.check_all()
        page = next((page for error in wrong if (page := self._form.page_of(error.pointer))), "")
        if wrong:
            if not page:
                self._say("error.answers_refused")
                return
            here = tuple(error for error in wrong if self._form.page_of(error.pointer) == page)
            self._form.change(page, here)
            self._open_form()
            return
        order = Order(
            service=service,
            form=form.definition.id,
            form_version=form.definition.version,
            answers=form.outgoing(self._form.answers),
            language=self._visit.language,
            consent=True,
            large_print=self._accessibility.textScale > 1,
        )
        desk = self._visit.house.desk
        self._busy, self._problem = True, None
        self.changed.emit()
        files = self._form.files()
        self._errands.run(lambda: desk.submit(order, files), self._done)

    def refresh(self) -> None:
        """Read the answers again (an answer changed, new language)."""
        self._groups.set_rows(
            [
                {
                    "title": group.title,
                    "rows": [
                        {
                            "label": row.label,
                            "value": row.value,
                            "pointer": row.pointer,
                            "page": row.page,
                            "calculated": row.calculated,
                        }
                        for row in group.rows
                    ],
                }
                for group in self._form.summary()
            ]
        )
        self.changed.emit()

    def arrive(self) -> None:
        """The page is opened: consent belongs to the answers as they now stand."""
        self._consent, self._problem = False, None
        self.refresh()

    def wipe(self) -> None:
        self._consent, self._problem = False, None
        self._groups.set_rows([])
        self.changed.emit()

    def _say(self, key: str) -> None:
        self._problem = key
        self.changed.emit()

    def _done(self, receipt: Receipt | None, error: BaseException | None) -> None:
        self._busy = False
        if receipt is not None and self._form.service is not None:
            self._accepted(receipt, self._form.service)
            return
        if isinstance(error, EnvironmentFault):
            self.troubled.emit()
        self._say(error.visitor if isinstance(error, KioskError) else "error.general")
