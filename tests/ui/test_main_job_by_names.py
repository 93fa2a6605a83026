"""The main job in the real kiosk shell, walked by accessible names alone: search, card, form, a mistake, send, end."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.ui.driven import Driven
from kiosk.ui.driver import Driver
from kiosk.ui.engine import SIZES, Engine, load_fonts
from kiosk.ui.viewmodels.session import SessionModel
from tests.helpers.patience import PATIENCE_S
from tests.ui.house import CANARY, MemoryHouse
from tests.ui.walker import Walker


@pytest.fixture
def walked(session: SessionModel, qtbot) -> Iterator[Walker]:
    load_fonts()
    engine = Engine(session, size=SIZES["portrait"])
    with qtbot.waitSignal(engine.firstFrame):
        engine.show()
    here, there = socket.socketpair()
    driven = Driven(here.fileno(), engine.window, session)
    yield Walker(Driver(there, PATIENCE_S), qtbot)
    driven.close()
    engine.close()
    here.close()
    there.close()


def search_and_open(driver: Driver) -> None:
    driver.tap("Коснитесь, чтобы начать")
    driver.wait_page("Home")
    driver.tap("Поиск")
    driver.wait_page("Results")
    driver.type("паспорт")
    driver.tap("Выдача паспорта гражданина РФ взамен утраченного")
    driver.wait_page("Service")
    driver.tap("Начать заявление")
    driver.wait_page("Form")


def make_a_mistake_and_mend_it(driver: Driver) -> None:
    driver.tap("Потерян")
    driver.tap("Продолжить")
    driver.wait("Когда пропал паспорт?", role="Heading")
    for part, text in (("День", "31"), ("Месяц", "11"), ("Год", "2026")):
        driver.tap(part, role="EditableText")
        driver.type(text)
    driver.tap("Продолжить")
    driver.wait("Исправьте один ответ")
    driver.tap("Вчера")
    driver.tap("Продолжить")
    driver.wait("Как вас зовут?", role="Heading")


def name_and_send(driver: Driver) -> None:
    driver.tap("Фамилия, имя", role="EditableText")
    driver.type(CANARY)
    driver.tap("Готово")
    driver.tap("Продолжить")
    driver.wait_page("Check")
    driver.wait(CANARY)
    driver.tap("Всё верно", role="CheckBox")
    driver.tap("Отправить заявление")
    driver.wait_page("Receipt")


def test_a_visitor_leaves_with_a_receipt_and_leaves_nothing(
    walked: Walker, house: MemoryHouse, session: SessionModel, tmp_path: Path
) -> None:
    walked(search_and_open)
    walked(make_a_mistake_and_mend_it)
    walked(name_and_send)
    assert house.desk.orders[0].answers["name"] == CANARY
    walked(lambda driver: driver.wait("16-004127-3"))
    walked(lambda driver: driver.grab(tmp_path / "receipt.png"))
    assert (tmp_path / "receipt.png").stat().st_size > 10_000
    walked(lambda driver: driver.tap("Выход"))
    assert session.page == "Welcome"
    names = walked(lambda driver: driver.names())
    assert not any(CANARY in control.name + control.value for control in names)


def test_the_receipt_code_is_read_from_the_screen(walked: Walker, session: SessionModel, tmp_path: Path, qtbot) -> None:
    zxingcpp = pytest.importorskip("zxingcpp", reason="decoding a picture needs the extra 'demo'")
    image = pytest.importorskip("PIL.Image", reason="reading a picture needs Pillow")
    walked(search_and_open)
    walked(make_a_mistake_and_mend_it)
    walked(name_and_send)
    picture = tmp_path / "receipt.png"

    def decoded() -> list[str]:
        walked(lambda driver: driver.grab(picture))
        return [code.text for code in zxingcpp.read_barcodes(image.open(picture))]

    qtbot.waitUntil(lambda: bool(decoded()))
    assert decoded() == [session.receipt.receipt.code]
