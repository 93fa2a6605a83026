"""A house in memory: a small catalogue, one real compiled form, a desk whose disk can be full.

The form goes through kiosk.forms itself; only the store and the sealing are replaced.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from threading import Event, current_thread

from kiosk.catalogue.browse import ThemeCount
from kiosk.catalogue.ports import EVERYTHING, Narrow
from kiosk.desk.attachments import FileOffered, FileTaken
from kiosk.desk.drafts import Resumed
from kiosk.errors import AnswersRefused, ContentMissing, DeviceFault, DraftRefused, StorageFull
from kiosk.forms.definition import Form, compile_form
from kiosk.model.city import CityResource, News, Okrug, Place, PlaceKind, PlaceList
from kiosk.model.content import Centre
from kiosk.model.draft import Draft, DraftSlip
from kiosk.model.form import AnswerError, Answers, FormDefinition
from kiosk.model.guide import Body, Guide
from kiosk.model.receipt import Receipt, Step
from kiosk.model.service import EventCategory, EventStep, Fee, LifeEvent, RequiredDocument, Service, Theme
from kiosk.model.submission import SubmissionState
from kiosk.model.text import Language, Text
from kiosk.protocol import draft as sealing
from kiosk.ui.sources import ContentAge, Found, Order, Progress, SearchFound, Sent
from tests.helpers.patience import PATIENCE_S

NOON = datetime(2026, 11, 24, 12, 0).timestamp()
CANARY = "Соколова-Канарейкина"


class Clock:
    """A monotonic clock that a test turns by hand."""

    def __init__(self) -> None:
        self.time = 1000.0

    def __call__(self) -> float:
        return self.time

    def turn(self, seconds: float) -> None:
        self.time += seconds


def _text(ru: str, en: str) -> Text:
    return Text(ru, en)


LOST = Service(
    id="S0005",
    theme="documents",
    audience="citizen",
    title=_text("Выдача паспорта гражданина РФ взамен утраченного", "Replacement of a lost Russian passport"),
    kind="apply",
    provenance="source",
    fees=(Fee(150_000, "2021-01-01"),),
    term_days=5,
    summary=_text("Вы получите новый паспорт.", "You get a new passport."),
    documents=(
        RequiredDocument(
            _text("2 фотографии 35×45 мм", "2 photos 35×45 mm"), _text("Можно сделать здесь", "Made here")
        ),
    ),
    form="lost-passport",
    short_title=_text("Паспорт взамен утраченного", "Lost passport"),
)
BILLS = Service(
    id="S0300",
    theme="housing",
    audience="citizen",
    title=_text("Счета за квартиру", "Bills for a flat"),
    kind="view",
    provenance="source",
    fees=(Fee(0, "2020-01-01"),),
    phone_link="https://www.mos.ru/bills/",
)
FACADE = Service(
    id="S0700",
    theme="housing",
    audience="organisation",
    title=_text("Паспорт фасада <здания>", "Passport of a <building> facade"),
    kind="info",
    provenance="source",
)
SERVICES = {service.id: service for service in (LOST, BILLS, FACADE)}
THEMES = (
    Theme("documents", _text("Документы", "Documents"), "documents", 1),
    Theme("housing", _text("Жильё, ЖКУ, двор", "Housing"), "housing", 2),
)
EVENTS = (
    LifeEvent(
        "loss",
        _text("Утрата документов", "Lost documents"),
        "file-x",
        1,
        "papers",
        (EventStep(_text("Начните с паспорта", "Begin with the passport"), ("S0005",)),),
    ),
)

DEFINITION = FormDefinition(
    id="lost-passport",
    version=3,
    title=_text("Паспорт взамен утраченного", "Lost passport"),
    schema={
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "additionalProperties": False,
        "required": ["what", "when", "name"],
        "properties": {
            "what": {"type": "string", "enum": ["lost", "stolen"]},
            "ticket": {"type": "string", "minLength": 3, "maxLength": 20},
            "when": {"type": "string", "format": "date", "x-dateLimit": "past", "x-maxDays": 3650},
            "name": {"type": "string", "minLength": 2, "maxLength": 60},
            "extras": {
                "type": "array",
                "items": {"type": "string", "enum": ["sms", "letter"]},
                "uniqueItems": True,
            },
        },
    },
    ui={
        "type": "Categorization",
        "elements": [
            {
                "type": "Category",
                "i18n": "page_what",
                "elements": [{"type": "Control", "scope": "#/properties/what", "i18n": "what"}],
            },
            {
                "type": "Category",
                "i18n": "page_ticket",
                "rule": {
                    "effect": "SHOW",
                    "condition": {"scope": "#/properties/what", "schema": {"const": "stolen"}},
                },
                "elements": [{"type": "Control", "scope": "#/properties/ticket", "i18n": "ticket"}],
            },
            {
                "type": "Category",
                "i18n": "page_when",
                "elements": [{"type": "Control", "scope": "#/properties/when", "i18n": "when"}],
            },
            {
                "type": "Category",
                "i18n": "page_name",
                "elements": [
                    {"type": "Control", "scope": "#/properties/name", "i18n": "name"},
                    {"type": "Control", "scope": "#/properties/extras", "i18n": "extras"},
                ],
            },
        ],
    },
    texts={
        "page_what.label": _text("Что случилось с паспортом?", "What happened to your passport?"),
        "page_what.group": _text("Что случилось", "What happened"),
        "what.label": _text("Что с паспортом", "Your passport is"),
        "what.lost": _text("Потерян", "Lost"),
        "what.stolen": _text("Украден", "Stolen"),
        "page_ticket.label": _text("Какой номер талона?", "What is the number of the ticket?"),
        "page_ticket.group": _text("Что случилось", "What happened"),
        "ticket.label": _text("Номер талона", "Number of the ticket"),
        "page_when.label": _text("Когда пропал паспорт?", "When did your passport go missing?"),
        "page_when.description": _text("Укажите примерный день.", "Give the nearest day."),
        "page_when.group": _text("Когда", "When"),
        "when.label": _text("Когда пропал", "When it went missing"),
        "page_name.label": _text("Как вас зовут?", "What is your name?"),
        "page_name.group": _text("О вас", "About you"),
        "name.label": _text("Фамилия, имя", "Name"),
        "extras.label": _text("Как сообщить", "How to tell you"),
        "extras.sms": _text("СМС", "Text message"),
        "extras.letter": _text("Письмо", "Letter"),
    },
    examples=({"what": "lost", "when": "2026-11-21", "name": "Соколова Анна"},),
)


CATEGORIES = (EventCategory("papers", _text("Документы", "Documents"), "file-text", 1),)
GUIDES = {
    "S0005": Guide(
        "S0005",
        _text("Вы получите новый паспорт.", "You get a new passport."),
        (_text("Гражданин России.", "A Russian citizen."),),
        ("online", "centre"),
        (
            _text("Заполните заявление.", "Fill in the application."),
            _text("Заберите паспорт.", "Collect the passport."),
        ),
        _text("Придёт SMS.", "You get an SMS."),
        (_text("Плохое фото.", "A bad photo."),),
        "migration",
        related=("S0300", "S9999"),
        cost=_text("Пошлину платят один раз.", "The fee is paid once."),
    )
}
RESOURCES = (
    CityResource(
        "troika",
        "ticket",
        1,
        "https://transport.mos.ru/troika",
        _text("Карта «Тройка»", "The Troika card"),
        _text("Проезд по одной карте.", "Travel with one card."),
        _text("Пополните карту.", "Top up the card."),
        ("S0300",),
    ),
)
NEWS = (
    News(
        "one", "news", "2026-11-01", _text("Новость", "A piece of news"), _text("Стало удобнее.", "It is easier now.")
    ),
)
OKRUGS = {"sao": Okrug("sao", _text("Северный округ", "Northern okrug"), _text("САО", "North"), 1, {})}
PLACES = PlaceList(
    "library",
    2013,
    "data.mos.ru",
    (
        Place("lib-1", _text("Библиотека № 1", "Library 1"), _text("Банный пер., 4", "Banny 4"), "sao"),
        Place("lib-2", _text("Библиотека № 2", "Library 2"), _text("Новая ул., 2", "Novaya 2")),
    ),
)


class MemoryCatalogue:
    """Finds services whose title holds the query; `empty` is a store before its first sync."""

    def __init__(self) -> None:
        self.empty = False

    def _there(self) -> None:
        if self.empty:
            raise ContentMissing("nothing published yet")

    def themes(self) -> Sequence[ThemeCount]:
        self._there()
        return tuple(ThemeCount(theme, len(self.of_theme(theme.id, "ru"))) for theme in THEMES)

    def events(self) -> Sequence[LifeEvent]:
        self._there()
        return EVENTS

    def popular(self) -> Sequence[Text]:
        self._there()
        return (_text("Загранпаспорт", "Passport for travel"),)

    def of_theme(self, theme_id: str, language: Language) -> Sequence[Service]:
        return tuple(service for service in SERVICES.values() if service.theme == theme_id)

    def of_event(self, event_id: str) -> Sequence[Service]:
        return tuple(SERVICES[id_] for event in EVENTS if event.id == event_id for id_ in event.services)

    def service(self, service_id: str) -> Service:
        self._there()
        if service_id not in SERVICES:
            raise ContentMissing(f"no service {service_id}")
        return SERVICES[service_id]

    def guide(self, service_id: str) -> Guide | None:
        return GUIDES.get(service_id)

    def body(self, body_id: str) -> Body | None:
        return Body(body_id, _text("Вопросы миграции", "Migration office"))

    def event_categories(self) -> Sequence[EventCategory]:
        self._there()
        return CATEGORIES

    def search(self, text: str, language: Language, limit: int, narrow: Narrow = EVERYTHING) -> SearchFound:
        self._there()
        wanted = text.strip().casefold()
        if wanted == "паспрт":
            return SearchFound((), 0, did_you_mean="паспорт")
        found = []
        for service in SERVICES.values():
            at = service.title.of(language).casefold().find(wanted)
            if at >= 0:
                found.append(Found(service, ((at, at + len(wanted)),)))
        audiences = tuple(Counter(one.service.audience for one in found).items())
        kinds = tuple(Counter(one.service.kind for one in found).items())
        found = [one for one in found if narrow.audience in ("", one.service.audience)]
        found = [one for one in found if not narrow.kinds or one.service.kind in narrow.kinds]
        also = ("утрата",) if "паспорт" in wanted else ()
        return SearchFound(tuple(found[:limit]), len(found), also=also, audiences=audiences, kinds=kinds)


class MemoryCity:
    """One of everything."""

    def __init__(self) -> None:
        self.alerts: tuple[News, ...] = ()

    def resources(self) -> Sequence[CityResource]:
        return RESOURCES

    def resource(self, resource_id: str) -> CityResource:
        for one in RESOURCES:
            if one.id == resource_id:
                return one
        raise ContentMissing(f"no resource {resource_id}")

    def news(self, today: date) -> Sequence[News]:
        return self.alerts + NEWS

    def okrugs(self) -> Mapping[str, Okrug]:
        return OKRUGS

    def centres(self) -> Sequence[Centre]:
        return (
            Centre(
                "sokol",
                _text("МФЦ района Сокол", "My Documents Sokol"),
                _text("Чапаевский пер., д. 16", "16 Chapaevsky"),
                _text("8:00–20:00", "8:00–20:00"),
                "+74951234567",
                "sao",
                "sokol",
            ),
        )

    def kinds(self) -> Mapping[PlaceKind, int]:
        return {"library": 1}

    def places(self, kind: str) -> PlaceList:
        if kind != "library":
            raise ContentMissing(f"no places of the kind {kind}")
        return PLACES


class MemoryForms:
    def __init__(self) -> None:
        self._form = compile_form(DEFINITION)

    def form(self, form_id: str) -> Form:
        if form_id != DEFINITION.id:
            raise ContentMissing(f"no form {form_id}")
        return self._form


def draft_code(number: int) -> str:
    """The code of the draft that is saved after so many others: a real one, and always the same."""
    return sealing._ticket(bytes([number + 1]) * 20).code()


class MemoryDesk:
    """Takes orders into a list. `full` is a disk without room, `gate` holds a submission back until it is set."""

    def __init__(self) -> None:
        self.orders: list[Order] = []
        self.threads: list[str] = []
        self.full = False
        self.gate: Event | None = None
        self.state = Progress(SubmissionState.WAITING)
        self.printer = "none"
        self.files: tuple[FileOffered, ...] = ()
        self.drafts: dict[str, Resumed] = {}
        self.checklists: list[tuple[str, str, bool]] = []
        self.slips: list[DraftSlip] = []

    def save_draft(self, form: Form, service: str, answers: Answers, page: str, language: str) -> str:
        code = draft_code(len(self.drafts))
        version = form.definition.version
        self.drafts[code] = Resumed(
            "here", Draft(service, form.definition.id, version, language, page, answers, "2026-11-24T09:00:00Z")
        )
        return code

    def resume_draft(self, code: str) -> Resumed:
        if code not in self.drafts:
            raise DraftRefused("no such code")
        return self.drafts[code]

    def forget_draft(self, code: str) -> None:
        self.drafts[code] = Resumed("gone")

    def take_in(self, path: Path, kinds: Sequence[str], language: str) -> FileTaken:
        if not path.name.endswith(".pdf"):
            wrong = AnswerError("/attachments/0", "attachment.kind", "Выберите PDF")
            raise AnswersRefused("not a PDF", (wrong,))
        id_ = f"01990000-0000-7000-8000-{len(path.name):012d}"
        reference = {"id": id_, "name": path.name, "media_type": "application/pdf", "size": 1000}
        return FileTaken(FileOffered(path.name, b"%PDF-1.7", id_), reference)

    def submit(self, order: Order, attachments: Sequence[FileOffered] = ()) -> Receipt:
        self.files = tuple(attachments)
        self.threads.append(current_thread().name)
        if self.gate is not None:
            assert self.gate.wait(PATIENCE_S)
        if self.full:
            raise StorageFull("no space left on device")
        self.orders.append(order)
        return Receipt(
            number="16-004127-3",
            submission=f"id-{len(self.orders)}",
            created_at="2026-11-24T14:36:00+03:00",
            language=order.language,
            service=order.service.title,
            centre=_text("МФЦ района Сокол", "My Documents Sokol"),
            address=_text("Чапаевский пер., д. 16", "16 Chapaevsky"),
            next_steps=(Step("Заявление уйдёт", "Само", sending=True), Step("Подойдите к окнам 4–9")),
            code="MDR1:" + "ABCDEF0123456789" * 20,
        )

    def progress(self, submission_id: str) -> Progress:
        return self.state

    def sent(self) -> Sequence[Sent]:
        mine = [
            Sent("16-004127-3", "2026-11-24T11:36:00Z", self.state.state, self.state.number, order.service.title)
            for order in self.orders
        ]
        return [*mine, Sent("16-004119-8", "2026-11-24T08:00:00Z", SubmissionState.RECEIVED)]

    def waiting(self) -> int:
        return len(self.orders) if self.state.state is SubmissionState.WAITING else 0

    def pdf(self, receipt: Receipt) -> bytes:
        return b"%PDF-1.7 " + receipt.number.encode()

    def checklist_pdf(self, service: Service, language: str, large_print: bool) -> bytes:
        return f"%PDF-1.7 {service.id} {language} {large_print}".encode()

    def can_print(self) -> bool:
        return self.printer != "none"

    def print_receipt(self, receipt: Receipt) -> None:
        if self.printer == "no paper":
            raise DeviceFault("the printer is out of paper")

    def print_draft(self, slip: DraftSlip) -> None:
        if self.printer == "no paper":
            raise DeviceFault("the printer is out of paper")
        self.slips.append(slip)

    def print_checklist(self, service: Service, language: str, large_print: bool = False) -> None:
        self.checklists.append((service.id, language, large_print))


class MemoryHouse:
    def __init__(self) -> None:
        self.closed = False
        self.catalogue = MemoryCatalogue()
        self.city = MemoryCity()
        self.forms = MemoryForms()
        self.desk = MemoryDesk()
        self.age = ContentAge("fresh")
        self.centre: Centre | None = Centre(
            "sokol",
            _text("МФЦ района Сокол", "My Documents Sokol"),
            _text("Чапаевский пер., д. 16", "16 Chapaevsky"),
            _text("8:00–20:00", "8:00–20:00"),
        )

    def now(self) -> float:
        return time.time()

    def content_age(self, warning_days: float) -> ContentAge:
        return self.age

    def close(self) -> None:
        self.closed = True
