"""One visit: which page is shown, in which language, and the models of every page.

Rules. The page and the way back are decided here (kiosk.ui.nav), never in QML. A kiosk begins on Welcome, a desktop on
Home. A language change is heard at once by every model. Something the store does not have is told where the visitor
stands, never a crash. A fault of the store or its disk is `troubled`: where the visitor has answers or a receipt on the
screen they stay there; elsewhere the page says that the machine is out of service, and soon the visit ends. `end` wipes
everything of the visitor and says `ended`; the process then exits (kiosk.ui.session). It does not know of processes or
pipes.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from functools import partial
from typing import Any, get_args

from PySide6.QtCore import Property, QObject, QTimer, Signal, Slot
from PySide6.QtQml import QmlElement, QmlUncreatable

from kiosk import words
from kiosk.errors import EnvironmentFault, KioskError
from kiosk.model.receipt import Receipt
from kiosk.model.service import Service
from kiosk.model.text import Language
from kiosk.ui.errands import Errands
from kiosk.ui.nav import Place, Way
from kiosk.ui.viewmodels.accessibility import AccessibilityModel
from kiosk.ui.viewmodels.applications import ApplicationsModel
from kiosk.ui.viewmodels.article import MAKERS, ArticleModel
from kiosk.ui.viewmodels.check import CheckModel
from kiosk.ui.viewmodels.draft import DraftModel
from kiosk.ui.viewmodels.form import FormModel
from kiosk.ui.viewmodels.help import HelpModel
from kiosk.ui.viewmodels.home import HomeModel
from kiosk.ui.viewmodels.idle import IdleModel
from kiosk.ui.viewmodels.link import LinkModel
from kiosk.ui.viewmodels.phone import PhoneModel
from kiosk.ui.viewmodels.receipt import ReceiptModel
from kiosk.ui.viewmodels.search import SearchModel
from kiosk.ui.viewmodels.service import ServiceModel
from kiosk.ui.viewmodels.theme import ThemeModel
from kiosk.ui.viewmodels.themes import ThemesModel
from kiosk.ui.visit import Visit

QML_IMPORT_NAME = "Kiosk.ViewModels"
QML_IMPORT_MAJOR_VERSION = 1

CLOCK_MS = 1000
OUT_MS = 20_000
"""How long a visitor is told that the machine has failed before the visit ends by itself."""
TARGETS = {
    "service": "Service",
    "event": "Event",
    "events": "Events",
    "resource": "Resource",
    "resources": "Resources",
    "news": "News",
    "centres": "Centres",
    "places": "Places",
}
"""Where a target of an article leads: kind -> page."""
VIEW_MS = 120_000
"""How long a view that somebody chose stays on the page that says so, where no visit ends."""
KEPT = ("Form", "Check", "Receipt", "Code")
log = logging.getLogger(__name__)


@QmlElement
@QmlUncreatable("the program makes one and hands it to the shell")
class SessionModel(QObject):
    """The root that QML gets: `required property SessionModel session`."""

    pageChanged = Signal()
    languageChanged = Signal()
    clockChanged = Signal()
    changed = Signal()
    started = Signal()
    submitted = Signal()
    ended = Signal()
    failed = Signal()
    """A desktop that has met a fault: the process exits badly, and the engine starts another."""
    troubled = Signal()
    """Store or disk failed: the engine should look."""
    announced = Signal(str)
    """Words for Accessible.announce (assertive)."""

    def __init__(self, visit: Visit, monotonic: Callable[[], float] = time.monotonic, parent: Any = None) -> None:
        super().__init__(parent)
        self._visit = visit
        self._way = Way()
        if visit.settings.mode == "desktop":
            self._way.open("Home")
        self._clock = ""
        self._reason = ""
        self._over = False
        self._errands = Errands(self)
        self._accessibility = AccessibilityModel(visit, self)
        self._link = LinkModel(visit, self)
        self._home = HomeModel(visit, self)
        self._themes = ThemesModel(visit, self)
        self._theme = ThemeModel(visit, self)
        self._article = ArticleModel(visit, self)
        self._search = SearchModel(visit, self)
        self._service = ServiceModel(visit, self._accessibility, self._errands, self)
        self._form = FormModel(visit, self._errands, self._form_finished, self)
        self._check = CheckModel(
            visit, self._form, self._accessibility, self._errands, self._sent, self._open_form, self
        )
        self._draft = DraftModel(
            visit,
            self._form,
            self._errands,
            lambda: self._accessibility.textScale > 1,
            lambda: bool(self._link.online),
            self._form_resumed,
            self,
        )
        self._receipt = ReceiptModel(visit, self._link, self._errands, self)
        self._phone = PhoneModel(visit, self)
        self._idle = IdleModel(visit, self._accessibility, monotonic, self)
        self._help = HelpModel(visit, self)
        self._applications = ApplicationsModel(visit, self)
        self._check.troubled.connect(self.troubled)
        self._idle.ended.connect(self.end)
        self._idle.announced.connect(self.announced)
        self._link.changed.connect(self._link_changed)
        self._out = QTimer(self)
        self._out.setSingleShot(True)
        self._out.setInterval(OUT_MS)
        self._out.timeout.connect(self._give_up)
        self._view = QTimer(self)
        self._view.setSingleShot(True)
        self._view.setInterval(VIEW_MS)
        self._view.timeout.connect(self._restore_view)
        self._accessibility.changed.connect(self._view_chosen)
        self.languageChanged.connect(self._view_chosen)
        self._ticker = QTimer(self)
        self._ticker.setInterval(CLOCK_MS)
        self._ticker.timeout.connect(self._tick)
        self._ticker.start()
        self._tick()
        self.refresh()

    # What QML reads

    @Property(str, notify=pageChanged)
    def page(self) -> str:
        """One of kiosk.ui.nav.PAGES."""
        return self._way.here.page

    @Property(str, constant=True)
    def mode(self) -> str:
        """kiosk or desktop."""
        return self._visit.settings.mode

    @Property(bool, notify=pageChanged)
    def canGoBack(self) -> bool:
        return self._way.can_go_back

    @Property(str, notify=languageChanged)
    def brand(self) -> str:
        """«Мои документы»."""
        return self._visit.t("session.brand")

    @Property(str, notify=languageChanged)
    def centreName(self) -> str:
        """«МФЦ района Сокол»; "" at home."""
        try:
            centre = self._visit.house.centre
        except KioskError:
            return ""  # whoever reads more says so
        return self._visit.of(centre.name) if centre else ""

    @Property(str, notify=clockChanged)
    def clock(self) -> str:
        """«14:32»."""
        return self._clock

    @Property(str, notify=languageChanged)
    def language(self) -> str:
        """ru or en."""
        return self._visit.language

    @Property(str, notify=languageChanged)
    def otherLanguage(self) -> str:
        """The language that the bar's Language button switches to."""
        return "en" if self._visit.language == "ru" else "ru"

    @Property(str, notify=changed)
    def outOfServiceTitle(self) -> str:
        """«Терминал не работает»."""
        return self._visit.t("controls.out_title" if self.mode == "kiosk" else "closed.title_desktop")

    @Property(str, notify=changed)
    def outOfServiceText(self) -> str:
        """Why the machine cannot be used, and what to do instead; "" while it can."""
        if not self._reason:
            return ""
        return self._visit.t(f"closed.{self._reason}_text" if self.mode == "kiosk" else "closed.text_desktop")

    @Property(str, notify=changed)
    def outOfServiceStaff(self) -> str:
        """What staff should know and do: one line; "" while the machine can be used."""
        if not self._reason:
            return ""
        line = "closed.staff" if self.mode == "kiosk" else "closed.staff_desktop"
        return self._visit.t(line, what=self._visit.t(f"closed.{self._reason}_staff"))

    @Property(str, notify=changed)
    def outOfServicePhone(self) -> str:
        """Whom to call instead; "" while the machine can be used."""
        phone = self._visit.settings.help_phone.replace(" ", "\u00a0")
        return self._visit.t("closed.phone", phone=phone) if self._reason else ""

    @Property(AccessibilityModel, constant=True)
    def accessibility(self) -> AccessibilityModel:
        return self._accessibility

    @Property(LinkModel, constant=True)
    def link(self) -> LinkModel:
        return self._link

    @Property(HomeModel, constant=True)
    def home(self) -> HomeModel:
        return self._home

    @Property(ThemesModel, constant=True)
    def themes(self) -> ThemesModel:
        return self._themes

    @Property(ThemeModel, constant=True)
    def theme(self) -> ThemeModel:
        """The theme (page Theme) or life event (page Event) that is open."""
        return self._theme

    @Property(ArticleModel, constant=True)
    def article(self) -> ArticleModel:
        """What is read on the pages Guide, Event, Events, Resources, Resource, News, Centres and Places."""
        return self._article

    @Property(SearchModel, constant=True)
    def search(self) -> SearchModel:
        return self._search

    @Property(ServiceModel, constant=True)
    def service(self) -> ServiceModel:
        return self._service

    @Property(FormModel, constant=True)
    def form(self) -> FormModel:
        return self._form

    @Property(CheckModel, constant=True)
    def check(self) -> CheckModel:
        return self._check

    @Property(DraftModel, constant=True)
    def draft(self) -> DraftModel:
        """The application that is saved for later, or looked for."""
        return self._draft

    @Property(ReceiptModel, constant=True)
    def receipt(self) -> ReceiptModel:
        return self._receipt

    @Property(PhoneModel, constant=True)
    def phone(self) -> PhoneModel:
        return self._phone

    @Property(IdleModel, constant=True)
    def idle(self) -> IdleModel:
        return self._idle

    @Property(HelpModel, constant=True)
    def help(self) -> HelpModel:
        return self._help

    @Property(ApplicationsModel, constant=True)
    def applications(self) -> ApplicationsModel:
        return self._applications

    # What QML asks for

    @Slot(str, "QVariantMap", result=str)
    def text(self, key: str, arguments: dict[str, Any]) -> str:
        """Words for a key of resources/i18n; a missing one comes back as «key», and is logged."""
        try:
            return self._visit.t(key, **arguments)
        except KeyError:
            log.error("no words for %s in %s", key, self._visit.language)
            return f"«{key}»"

    @Slot()
    def start(self) -> None:
        """A visitor touched Welcome."""
        if self.page == "Welcome":
            self.goHome()

    @Slot()
    def goHome(self) -> None:
        """Home. A form begun stays until the session ends or another form is started."""
        self._search.setQuery("")
        self._carefully(self._link.refresh)
        self._open("Home")

    @Slot()
    def goBack(self) -> None:
        """One step back; inside a form to the question before."""
        if self.page == "Form":
            if self._form.back():
                return
            if self._form.changing:
                self._form.stop_changing()
                self._check.refresh()
                self._arrive(self._way.back_to("Check"))
                return
        if self.page == "Check":
            if self._check.busy:
                return
            self._form.open_last()
        if self._way.can_go_back:
            self._arrive(self._way.back())

    @Slot()
    def openThemes(self) -> None:
        self._open("Themes")

    @Slot(str)
    def openTheme(self, themeId: str) -> None:
        self._open("Theme", themeId)

    @Slot()
    def openEvents(self) -> None:
        self._open("Events")

    @Slot(str)
    def openEvent(self, eventId: str) -> None:
        self._open("Event", eventId)

    @Slot()
    def openGuide(self) -> None:
        """The guide of the open service."""
        if self._service.service is not None:
            self._open("Guide", self._service.service.id)

    @Slot()
    def openResources(self) -> None:
        self._open("Resources")

    @Slot()
    def openNews(self) -> None:
        self._open("News")

    @Slot()
    def openCentres(self) -> None:
        self._open("Centres")

    @Slot(str)
    def follow(self, target: str) -> None:
        """Go where a block of an article leads (kiosk.ui.articles); an unknown target leads nowhere."""
        kind, _, subject = target.partition(":")
        if kind == "phone":
            self.openPhone(subject)
        elif kind == "open":
            self.openPhone(f"resource:{subject}")
        elif kind in TARGETS:
            self._open(TARGETS[kind], subject)

    @Slot(str)
    def openSearch(self, text: str) -> None:
        """Results for a text; "" keeps the query as it is."""
        if text:
            self._search.setQuery(text)
        self._open("Results")

    @Slot(str)
    def openService(self, serviceId: str) -> None:
        self._open("Service", serviceId)

    @Slot()
    def startForm(self) -> None:
        """Begin the form of the open service, or go on with it; a service without a form is opened on the phone."""
        service = self._service.service
        if service is None:
            return
        if not self._service.canApply or service.form is None:
            self.openPhone(self._service.phoneTopic)
            return
        try:
            form = self._visit.house.forms.form(service.form)
        except KioskError as error:
            log.warning("%s", error.engineer)
            self.openPhone(self._service.phoneTopic)
            return
        self._form.start(service, form)
        self._open("Form", service.id)

    @Slot()
    def resumeForm(self) -> None:
        """Go on with the form that was begun; does nothing without one."""
        if self._form.service is not None:
            self._open("Form", self._form.service.id)

    @Slot()
    def saveForm(self) -> None:
        """Keep the form for later and show its code; it can be filled in further."""

        def save() -> None:
            if self._draft.save():
                self._open("Saved")

        self._carefully(save)

    @Slot()
    def openResume(self) -> None:
        """Ask for the code of a saved application; begins the visit where nobody has yet."""
        self.start()
        self._draft.arrive()
        self._open("Resume")

    @Slot(str)
    def scanned(self, code: str) -> None:
        """A code was held to the scanner: continue what it leads to, or say on page Resume why not."""
        if self._over or self._reason:
            return
        self.start()
        self._carefully(lambda: self._draft.take_scanned(code))
        if self.page != "Resume" and (self._draft.busy or self._draft.problemText):
            self._open("Resume")

    @Slot(str)
    def openPhone(self, topic: str) -> None:
        """`service:<id>`, `resource:<id>`, signin, passes, appointments, bills, records, centres, news, services."""
        self._open("Phone", topic)

    @Slot()
    def openHelp(self) -> None:
        self._open("Help")

    @Slot()
    def showCode(self) -> None:
        """The code of the receipt on the whole screen."""
        if self._receipt.number:
            self._open("Code")

    @Slot()
    def openApplications(self) -> None:
        self._carefully(self._applications.refresh)
        self._open("Applications")

    @Slot()
    def end(self) -> None:
        """End the visit: wipe what the visitor left, then say so. Once only; nobody starts here afterwards."""
        if self._over:
            return
        self._over = True
        self._idle.watch(False)
        self.wipe()
        self._way = Way()
        self.pageChanged.emit()
        self.ended.emit()

    @Slot(str)
    def setLanguage(self, code: str) -> None:
        """ru or en; anything else changes nothing."""
        for language in get_args(Language):
            if code == language and code != self._visit.language:
                self._visit.language = language
                self.languageChanged.emit()
                self.refresh()

    # What the program asks for

    def refresh(self) -> None:
        """Say everything again: new language, new content."""
        for model in (self._link, self._home, self._themes, self._theme, self._search, self._service, self._form):
            self._carefully(model.refresh)
        self._carefully(self._article.refresh)
        for model in (self._check, self._draft, self._receipt, self._phone, self._idle, self._help, self._applications):
            self._carefully(model.refresh)
        self.changed.emit()

    def woken(self) -> None:
        """Something changed in the store: states of applications, perhaps the content."""
        self._carefully(self._link.refresh)
        if self._receipt.receipt is not None:
            before = self._receipt.state
            self._carefully(self._receipt.refresh)
            if self._receipt.state != before and self.page == "Receipt":
                self.announced.emit(self._receipt.noticeTitle)
        if self.page == "Applications":
            self._carefully(self._applications.refresh)
        if self.page in ("Welcome", "Home"):
            self._carefully(self._home.refresh)

    def out_of_service(self, error: KioskError) -> None:
        """The machine cannot be used; the visitor is told why."""
        log.error("%s", error.engineer)
        name = error.visitor.partition(".")[2]
        self._reason = name if f"closed.{name}_text" in words.keys(self._visit.language) else "general"
        self._idle.watch(False)
        self.changed.emit()
        self._arrive(self._way.open("OutOfService"))

    def trouble(self, fault: EnvironmentFault) -> None:
        """Store or disk failed under this visit."""
        log.error("%s", fault.engineer)
        self.troubled.emit()
        if self.page in KEPT or self._reason or self._over:
            self.announced.emit(self._visit.t(fault.visitor))
        else:
            self.out_of_service(fault)
            self._out.start()

    def _view_chosen(self) -> None:
        if self._reason:
            self._view.start()

    def _restore_view(self) -> None:
        self.setLanguage(self._visit.settings.language)
        self._accessibility.restore()
        self._view.stop()

    def _give_up(self) -> None:
        if self._visit.settings.mode == "kiosk":
            self.end()
        else:
            self.failed.emit()

    def wipe(self) -> None:
        """Forget everything of the visitor."""
        self._form.wipe()
        self._check.wipe()
        self._draft.wipe()
        self._receipt.wipe()
        self._applications.wipe()
        self._search.setQuery("")

    def shut(self) -> None:
        """Stop timers and the worker; the last call before the program exits."""
        self._ticker.stop()
        self._out.stop()
        self._view.stop()
        self._idle.watch(False)
        self._errands.stop()

    # How pages follow each other

    def _open(self, page: str, subject: str = "") -> None:
        place = Place(page, subject)
        if self._over or self._reason or not self._prepared(place):
            return
        if self.page == "Welcome":
            # Whatever is touched first begins the visit: nobody may leave answers behind unwatched.
            self._idle.watch(self._visit.settings.mode == "kiosk")
            self.started.emit()
        self._way.open(page, subject)
        self.pageChanged.emit()

    def _arrive(self, place: Place) -> None:
        self._prepared(place)
        self.pageChanged.emit()

    def _prepared(self, place: Place) -> bool:
        """Fill the model of a page; False if the store does not have its subject."""
        openers: dict[str, Callable[[str], None]] = {
            "Theme": self._theme.open_theme,
            **{page: partial(self._article.open, page) for page in MAKERS},
            "Service": self._service.open,
            "Phone": self._phone.open,
        }
        opener = openers.get(place.page)
        if opener is None:
            return True
        try:
            opener(place.subject)
        except EnvironmentFault as fault:
            self.trouble(fault)
            return False
        except KioskError as error:
            log.warning("%s", error.engineer)
            self.announced.emit(self._visit.t(error.visitor))
            return False
        return True

    def _open_form(self) -> None:
        self._arrive(self._way.back_to("Form"))

    def _form_resumed(self) -> None:
        service = self._form.service
        if service is not None:
            self._service.open(service.id)
            self._open("Form", service.id)

    def _form_finished(self) -> None:
        self._check.arrive()
        self._open("Check")

    def _sent(self, receipt: Receipt, service: Service) -> None:
        # It is on the disk: nothing that fails from here on may keep the receipt from the visitor.
        self._carefully(self._link.refresh)
        self._carefully(lambda: self._receipt.show(receipt, service))
        self._carefully(lambda: self._applications.remember(receipt.number))
        self._carefully(self._draft.sent)
        self._form.wipe()
        self._check.wipe()
        self._open("Receipt", receipt.number)
        self.submitted.emit()

    def _link_changed(self) -> None:
        self._receipt.changed.emit()

    def _tick(self) -> None:
        text = f"{self._visit.local_time():%H:%M}"
        if text != self._clock:
            self._clock = text
            self.clockChanged.emit()

    def _carefully(self, call: Callable[[], None]) -> None:
        try:
            call()
        except EnvironmentFault as fault:
            self.trouble(fault)
        except KioskError as error:
            log.warning("%s", error.engineer)
