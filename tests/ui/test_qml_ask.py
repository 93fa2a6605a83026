"""The form, check, receipt, code and applications pages, and the controls they are made of, without a screen.

Any message of QML or Qt fails. Controls are found by what they are named for assistive technology.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import zxingcpp
from PySide6.QtCore import QCoreApplication, QSize, Qt, QUrl
from PySide6.QtGui import QColor, QImage
from PySide6.QtQml import QQmlComponent, QQmlEngine
from PySide6.QtQuick import QQuickItem
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kiosk import resources
from kiosk.ui import engine, icons
from kiosk.ui.viewmodels.session import SessionModel
from tests.ui.house import MemoryHouse
from tests.ui.stillness import settle

SIZES = {"portrait": QSize(1080, 1920), "landscape": QSize(1920, 1080), "desktop": QSize(1280, 800)}
LOOKS = [
    ("kiosk", "portrait", 1.0, False, False),
    ("kiosk", "portrait", 1.5, False, False),
    ("kiosk", "portrait", 2.0, True, False),
    ("kiosk", "portrait", 1.0, False, True),
    ("kiosk", "landscape", 1.0, False, False),
    ("desktop", "desktop", 1.0, False, False),
    ("desktop", "desktop", 2.0, True, False),
]

ALONE = [
    "PageTitle",
    "SectionHeading",
    "FactStrip",
    "FactCell",
    "DocumentRow",
    "NextSteps",
    "NumberPlate",
    "CodeFrame",
    "PassFacts",
    "ValidityTag",
    "StepBar",
    "DateField",
    "TextField",
    "ChoiceList",
    "RadioRow",
    "TickRow",
    "FieldError",
    "ErrorSummary",
    "ConsentBox",
    "AnswerGroup",
    "AnswerRow",
    "CountdownRing",
    "CityDrawing",
    "ThemeDrawing",
    "ProblemCard",
    "ApplicationCard",
    "QuestionPage",
    "DesktopQuestion",
]


class Bench:
    """A session in a window."""

    def __init__(self, session: SessionModel, size: QSize, bot: QtBot) -> None:
        self.session = session
        self.bot = bot
        self.engine = engine.Engine(session, size=size)
        self.engine.show()
        session.start()

    def settle(self) -> None:
        settle(self.engine.window)

    def items(self) -> list[QQuickItem]:
        found: list[QQuickItem] = []
        todo = [self.engine.window.contentItem()]
        while todo:
            item = todo.pop()
            if item.isVisible():
                found.append(item)
                todo += item.childItems()
        return found

    def labelled(self, label: str) -> QQuickItem:
        """The visible control that carries these words, once it is there."""
        self.bot.waitUntil(lambda: any(item.property("label") == label for item in self.items()))
        self.settle()
        return next(item for item in self.items() if item.property("label") == label)

    def texts(self) -> str:
        return " | ".join(str(item.property("text")) for item in self.items() if item.property("text"))

    def press(self, label: str) -> None:
        """Touch the middle of a control."""
        item = self.labelled(label)
        at = item.mapToScene(item.boundingRect().center()).toPoint()
        QTest.mouseClick(self.engine.window, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
        self.settle()

    def focused(self) -> QQuickItem:
        item = self.engine.window.activeFocusItem()
        assert item is not None
        return item

    def to_form(self, *, answers: int = 0) -> None:
        self.session.openService("S0005")
        self.session.startForm()
        form = self.session.form
        if answers > 0:
            form.setAnswer("/what", "lost")
            form.next()
        if answers > 1:
            self.date("21", "11", "2026")
            form.next()
        if answers > 2:
            form.setAnswer("/name", "Соколова Анна Петровна")
            form.next()
        self.settle()

    def date(self, day: str, month: str, year: str) -> None:
        for part, text in (("day", day), ("month", month), ("year", year)):
            self.session.form.setDatePart("/when", part, text)

    def sent(self) -> None:
        self.to_form(answers=3)
        self.session.check.setConsent(True)
        self.session.check.submit()
        self.bot.waitUntil(lambda: self.session.page == "Receipt")
        self.settle()


@pytest.fixture
def complaints(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Fails on anything that Qt or QML says."""
    with caplog.at_level(logging.WARNING, logger="qt"):
        yield
    said = [record.getMessage() for record in caplog.records if record.name == "qt"]
    assert said == []


@pytest.fixture
def bench(make_session: Callable[..., SessionModel], qtbot: QtBot, complaints: None) -> Iterator[Callable[..., Bench]]:
    engine.application()
    made: list[Bench] = []

    def make(mode: str = "kiosk", size: str = "portrait", **settings: object) -> Bench:
        one = Bench(make_session(mode=mode, **settings), SIZES[size], qtbot)
        made.append(one)
        return one

    yield make
    for one in made:
        one.engine.close()
    QCoreApplication.processEvents()


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize(("mode", "size", "scale", "contrast", "low"), LOOKS)
def test_every_page_is_drawn_in_every_look_without_a_complaint(
    bench: Callable[..., Bench],
    house: MemoryHouse,
    language: str,
    mode: str,
    size: str,
    scale: float,
    contrast: bool,
    low: bool,
) -> None:
    house.desk.printer = "ready"
    one = bench(mode, size, language=language)
    look = one.session.accessibility
    look.setTextScale(scale)
    if contrast:
        look.toggleContrast()
    if low:
        look.toggleLowReach()
    pages = []
    one.to_form()
    one.session.form.next()
    one.settle()
    pages.append(one.texts())
    one.to_form(answers=1)
    one.date("31", "11", "2026")
    one.session.form.next()
    one.settle()
    one.date("21", "11", "2026")
    one.session.form.next()
    one.session.form.setAnswer("/name", "Соколова")
    one.session.form.next()
    one.settle()
    one.session.check.submit()
    one.settle()
    pages.append(one.texts())
    one.session.check.setConsent(True)
    one.session.check.submit()
    one.bot.waitUntil(lambda: one.session.page == "Receipt")
    one.session.receipt.print()
    one.settle()
    one.session.showCode()
    one.settle()
    pages.append(one.texts())
    one.session.openApplications()
    one.settle()
    pages.append(one.texts())
    assert "16-004127-3" in pages[2] and "16-004127-3" in pages[3]
    assert one.session.form.pageTitle == ""
    assert all("«pages." not in page and "undefined" not in page for page in pages)


@pytest.mark.parametrize(("scale", "low"), [(1.0, False), (1.5, False), (2.0, False), (1.0, True)])
def test_no_words_leave_the_screen_sideways(bench: Callable[..., Bench], scale: float, low: bool) -> None:
    one = bench()
    one.session.accessibility.setTextScale(scale)
    if low:
        one.session.accessibility.toggleLowReach()
    for walk in (lambda: one.to_form(answers=1), lambda: one.to_form(answers=2), one.sent):
        walk()
        for item in one.items():
            if item.property("text") and item.inherits("QQuickText"):
                left = item.mapToScene(item.boundingRect().topLeft()).x()
                assert left >= 0, item.property("text")
                assert left + float(item.property("contentWidth")) <= 1081, item.property("text")


def test_low_reach_keeps_every_control_of_the_form_in_the_band(bench: Callable[..., Bench]) -> None:
    one = bench()
    one.session.accessibility.toggleLowReach()
    for answers in (0, 1, 2, 3):
        one.to_form(answers=answers)
        controls = [item for item in one.items() if item.isEnabled() and item.activeFocusOnTab()]
        assert controls
        assert min(item.mapToScene(item.boundingRect().topLeft()).y() for item in controls) >= 710
        one.session.form.wipe()
        one.session.goHome()


def test_the_error_summary_takes_the_focus_and_leads_to_the_field(bench: Callable[..., Bench]) -> None:
    one = bench()
    one.to_form(answers=1)
    one.date("31", "11", "2026")
    one.session.form.next()
    one.settle()
    message = one.session.form.errors.rows()[0]["message"]
    assert str(one.focused().property("title")) == one.session.form.errorTitle
    said = [item for item in one.items() if message in (item.property("text"), item.property("label"))]
    assert len(said) >= 2
    QTest.keyClick(one.engine.window, Qt.Key.Key_Return)
    assert one.focused().property("text") == "31"


def test_the_keypad_writes_the_date_and_walks_its_parts(bench: Callable[..., Bench]) -> None:
    one = bench()
    one.to_form(answers=1)
    for key, day, month in (("2", "2", ""), ("1", "21", ""), ("1", "21", "1")):
        one.press(key)
        row = one.session.form.fields.rows()[0]
        assert (row["day"], row["month"]) == (day, month)
    one.press("Дальше")
    assert one.focused().property("name").startswith("Год")
    for key in "2026":
        one.press(key)
    row = one.session.form.fields.rows()[0]
    assert (row["day"], row["month"], row["year"]) == ("21", "1", "2026")
    one.press("Стереть")
    assert one.session.form.fields.rows()[0]["year"] == "202"
    one.press("Вчера")
    row = one.session.form.fields.rows()[0]
    assert (int(row["day"]), int(row["month"]), int(row["year"])) == (23, 11, 2026)


def test_choices_are_radio_buttons_that_keep_the_focus(bench: Callable[..., Bench]) -> None:
    one = bench()
    one.to_form()
    lost = one.labelled("Потерян")
    lost.forceActiveFocus()
    QTest.keyClick(one.engine.window, Qt.Key.Key_Space)
    assert one.labelled("Потерян").property("chosen") is True
    assert one.focused() is lost
    assert one.labelled("Украден").property("chosen") is False


def test_sending_without_consent_says_why_and_takes_the_focus(bench: Callable[..., Bench]) -> None:
    one = bench()
    one.to_form(answers=3)
    one.press("Отправить заявление")
    one.settle()
    assert one.focused().property("text") == one.session.check.problemText
    assert one.session.page == "Check"


@pytest.mark.parametrize("larger", [0, 2])
def test_what_was_worked_out_cannot_be_changed(bench: Callable[..., Bench], larger: int) -> None:
    one = bench()
    for _ in range(larger):
        one.session.accessibility.larger()
    one.to_form(answers=3)
    row = {"label": "Стоит", "value": "5 ₽", "pointer": "/a", "page": "p", "calculated": False}
    worked_out = {**row, "label": "Вместе", "calculated": True}
    one.session.check.groups.set_rows([{"title": "Деньги", "rows": [row, worked_out]}])
    one.settle()
    spoken = [item.property("spoken") for item in one.items() if item.property("label") == "Изменить"]
    assert [words for words in spoken if words] == ["Изменить: Стоит"]
    assert "Вместе" in one.texts() and one.texts().count("5 ₽") == 2


def test_a_full_disk_keeps_the_answers_and_says_so(bench: Callable[..., Bench], house: MemoryHouse) -> None:
    house.desk.full = True
    one = bench()
    one.to_form(answers=3)
    one.session.check.setConsent(True)
    one.session.check.submit()
    one.bot.waitUntil(lambda: one.session.check.problemText != "")
    one.settle()
    assert one.session.check.problemText in one.texts()
    assert "Соколова Анна Петровна" in one.texts()


def test_the_code_has_whole_pixels_its_quiet_zone_and_fifty_millimetres(bench: Callable[..., Bench]) -> None:
    one = bench()
    one.sent()
    for page in ("Receipt", "Code"):
        frame = next(item for item in one.items() if item.property("modules"))
        modules, scaling = int(frame.property("modules")), int(frame.property("scaling"))
        assert scaling >= 3
        assert (modules - 8) * scaling >= 50 * 4.03
        corner = frame.mapToScene(frame.boundingRect().topLeft())
        edge = (int(frame.property("width")) - modules * scaling) // 2
        left, top = round(corner.x()) + edge, round(corner.y()) + edge
        # The page fades in; then every module is flat.
        one.bot.waitUntil(lambda at=(left, top, modules, scaling): _is_code(one.engine.window.grabWindow(), *at))
        assert one.session.page == page
        assert one.session.receipt.receipt is not None
        assert one.session.receipt.receipt.code in _decoded(one.engine.window.grabWindow())
        one.session.showCode()
        one.settle()


def test_the_question_whether_somebody_is_there_hides_answers_and_waits_on_yes(bench: Callable[..., Bench]) -> None:
    one = bench()
    one.to_form(answers=1)
    one.date("21", "11", "2026")
    one.session.idle._warned_at = one.session.idle._clock()
    one.session.idle.tick()
    one.settle()
    assert one.session.idle.warning
    one.bot.waitUntil(lambda: one.focused().property("label") == "Да, я здесь")
    assert all(
        item.property("color") == QColor("transparent") for item in one.items() if item.property("text") == "2026"
    )
    QTest.keyClick(one.engine.window, Qt.Key.Key_Return)
    one.settle()
    assert not one.session.idle.warning


def test_every_theme_has_a_drawing_in_two_colours(qapp: object) -> None:
    drawings = sorted((resources.root() / "icons" / "themes").glob("*.svg"))
    assert len(drawings) == 32
    for path in drawings:
        image = icons.draw(f"themes/{path.stem}", ("00ff00", "0000ff"), QSize(96, 96))
        seen = {
            image.pixelColor(x, y).name() for x in range(96) for y in range(96) if image.pixelColor(x, y).alpha() == 255
        }
        assert {"#00ff00", "#0000ff"} <= seen, path.stem
        assert not {"#1b1b1f", "#a3161c"} & seen, path.stem


def test_the_city_is_drawn_in_the_colours_asked_for(qapp: object) -> None:
    image = icons.draw("city", ("ffffff", "888888", "ffd600", "000000"), QSize(1080, 480))
    seen = {image.pixelColor(x, y).name() for x in range(0, 1080, 2) for y in range(0, 480, 2)}
    assert {"#ffffff", "#888888", "#ffd600"} <= seen
    assert not {"#a79d90", "#ddd7cd", "#a3161c"} & seen


def test_every_control_of_reading_and_asking_loads_alone(qapp: object, complaints: None) -> None:
    engine.application()
    qml = QQmlEngine()
    qml.addImportPath(str(engine.QML))
    qml.addImageProvider("icon", icons.IconProvider())
    controls = engine.QML / "Kiosk" / "controls"
    for name in ALONE:
        component = QQmlComponent(qml, QUrl.fromLocalFile(str(Path(controls) / f"{name}.qml")))
        made = component.create()
        assert made is not None, component.errorString()
        made.deleteLater()
        QCoreApplication.processEvents()
    del qml


def _decoded(shot: QImage) -> list[str]:
    """The text of every code that a reader finds on the screen."""
    grey = shot.convertToFormat(QImage.Format.Format_Grayscale8)
    rows = b"".join(bytes(grey.constScanLine(y))[: grey.width()] for y in range(grey.height()))
    picture = memoryview(rows).cast("B", (grey.height(), grey.width()))
    return [found.text for found in zxingcpp.read_barcodes(picture)]


def _is_code(shot: QImage, left: int, top: int, modules: int, scaling: int) -> bool:
    """Every module is one flat black or white square, and the four outermost ones are white all around."""
    for row in range(modules):
        for column in range(modules):
            x, y = left + column * scaling, top + row * scaling
            first = shot.pixelColor(x, y).name()
            last = shot.pixelColor(x + scaling - 1, y + scaling - 1).name()
            quiet = min(row, column, modules - 1 - row, modules - 1 - column) < 4
            if first != last or first not in (("#ffffff",) if quiet else ("#ffffff", "#000000")):
                return False
    return True
