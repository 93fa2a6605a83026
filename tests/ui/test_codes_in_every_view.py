"""The code of a saved application in every view: seen at once, read by a scanner, typed on keys that have its signs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product

import numpy
import pytest
import zxingcpp
from PySide6.QtCore import QSize
from PySide6.QtGui import QImage
from PySide6.QtQuick import QQuickItem

from kiosk.protocol.draft import SIGNS, read_code
from kiosk.ui.engine import SIZES, Engine, application
from kiosk.ui.viewmodels.session import SessionModel
from tests.ui.house import MemoryHouse, draft_code
from tests.ui.stillness import settle
from tests.ui.test_qml_controls import everything, named, operable, place, press

CODE = draft_code(0)
PX_PER_MM = 4.03
VIEWS = [
    pytest.param(size, scale, low, language, id=f"{size}-{scale}-{'low' if low else 'high'}-{language}")
    for size, scale, low, language in product(("portrait", "landscape"), (1.0, 1.5, 2.0), (False, True), ("ru", "en"))
    if not (low and language == "en" and size == "landscape")
]


@pytest.fixture
def show(make_session: Callable[..., SessionModel]) -> Iterator[Callable[..., tuple[Engine, SessionModel]]]:
    application()
    shown: list[Engine] = []

    def make(size: str, scale: float, low: bool, language: str) -> tuple[Engine, SessionModel]:
        session = make_session()
        session.setLanguage(language)
        session.accessibility.setTextScale(scale)
        if low:
            session.accessibility.toggleLowReach()
        shown.append(Engine(session, size=QSize(SIZES[size])))
        shown[-1].show()
        session.start()
        settle(shown[-1].window)
        return shown[-1], session

    yield make
    for engine in shown:
        engine.close()


def seen(engine: Engine, item: QQuickItem) -> bool:
    """All of it is on the screen, and nothing that clips cuts it."""
    left, top, right, bottom = place(item)
    whole = left >= 0 and top >= 0 and right <= engine.window.width() and bottom <= engine.window.height()
    above = item.parentItem()
    while above is not None and whole:
        if above.clip():
            _, first, _, last = place(above)
            whole = top >= first - 1 and bottom <= last + 1
        above = above.parentItem()
    return whole


def items(engine: Engine) -> list[QQuickItem]:
    return list(everything(engine.window.contentItem()))


def code_frame(engine: Engine) -> QQuickItem:
    return next(item for item in items(engine) if (item.property("modules") or 0) > 0)


def read(engine: Engine) -> list[str]:
    picture = engine.window.grabWindow().convertToFormat(QImage.Format.Format_Grayscale8)
    rows = numpy.frombuffer(picture.constBits(), dtype=numpy.uint8)
    pixels = rows.reshape(picture.height(), picture.bytesPerLine())[:, : picture.width()]
    return [found.text for found in zxingcpp.read_barcodes(pixels)]


@pytest.mark.parametrize(("size", "scale", "low", "language"), VIEWS)
def test_the_code_is_seen_at_once_and_stays_when_printing_fails(
    show: Callable[..., tuple[Engine, SessionModel]],
    house: MemoryHouse,
    qtbot,
    size: str,
    scale: float,
    low: bool,
    language: str,
) -> None:
    house.desk.printer = "no paper"
    engine, session = show(size, scale, low, language)
    session.openService("S0005")
    session.startForm()
    session.saveForm()
    settle(engine.window)
    frame = code_frame(engine)
    modules, quiet = frame.property("modules"), 8
    assert (modules - quiet) * frame.property("scaling") >= 50 * PX_PER_MM
    assert seen(engine, frame) and read(engine) == [CODE]
    printing = next(item for item in operable(engine) if item.property("iconBefore") == "printer")
    assert seen(engine, printing)
    if low and size == "portrait":
        assert place(printing)[1] >= 710
    press(engine, printing)
    qtbot.waitUntil(lambda: not session.draft.printing)
    settle(engine.window)
    notice = next(item for item in items(engine) if item.property("text") == session.draft.printNotice)
    assert session.draft.printFailed
    assert seen(engine, code_frame(engine)) and read(engine) == [CODE]
    assert seen(engine, notice)


@pytest.mark.parametrize(("size", "scale", "low", "language"), VIEWS)
def test_a_code_is_typed_above_keys_that_have_its_signs(
    show: Callable[..., tuple[Engine, SessionModel]], size: str, scale: float, low: bool, language: str
) -> None:
    engine, session = show(size, scale, low, language)
    session.openResume()
    settle(engine.window)
    box = engine.window.activeFocusItem()
    assert box is not None and box.property("keyboard") == "code" and seen(engine, box)
    keys = {item.property("label"): item for item in operable(engine) if item.property("wordy") is not None}
    least = 81 if size == "portrait" else 88
    assert all(key.width() >= least and seen(engine, key) for key in keys.values())
    wanted = read_code(CODE).spelled().replace(" ", "")
    if {"0", "9"} <= keys.keys():
        assert set(SIGNS) <= keys.keys()
        for sign in wanted[:5]:
            press(engine, keys[sign])
        assert box.property("text") == wanted[:5]
    else:
        assert set(SIGNS) - set("0123456789") <= keys.keys() and "123" in keys, "digits are behind their key"
    assert seen(engine, box)


@pytest.mark.parametrize(("size", "scale", "low", "language"), VIEWS)
def test_what_is_wrong_with_a_code_is_read_before_anything_is_touched(
    show: Callable[..., tuple[Engine, SessionModel]], size: str, scale: float, low: bool, language: str
) -> None:
    engine, session = show(size, scale, low, language)
    session.scanned("4607034171346")
    settle(engine.window)
    fault = next(item for item in items(engine) if item.property("text") == session.draft.problemText)
    assert session.page == "Resume" and seen(engine, fault)


@pytest.mark.parametrize("page", ["Welcome", "Home"])
@pytest.mark.parametrize(("size", "scale", "low", "language"), VIEWS)
def test_the_way_back_to_a_saved_application_is_where_visitors_begin(
    show: Callable[..., tuple[Engine, SessionModel]],
    qtbot,
    page: str,
    size: str,
    scale: float,
    low: bool,
    language: str,
) -> None:
    engine, session = show(size, scale, low, language)
    if page == "Welcome":
        session.end()
        settle(engine.window)
    elif scale > 1 or size == "landscape":
        return  # further down, as everything is there
    name = session.text("draft.continue", {})

    def ways() -> list[QQuickItem]:
        return [item for item in operable(engine) if str(item.property("spoken")) in (name, name.split()[0])]

    qtbot.waitUntil(lambda: len(ways()) == 1)
    settle(engine.window)
    (way,) = ways()
    assert seen(engine, way)
    if low and size == "portrait":
        assert place(way)[1] >= 710


def test_it_leads_there(show: Callable[..., tuple[Engine, SessionModel]], qtbot) -> None:
    engine, session = show("portrait", 1.0, False, "ru")
    qtbot.waitUntil(lambda: any(item.property("spoken") == "Продолжить" for item in operable(engine)))
    settle(engine.window)
    press(engine, named(engine, "Продолжить"))
    assert session.page == "Resume"
