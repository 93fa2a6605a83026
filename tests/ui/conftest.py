"""Qt offscreen, an in-memory house, and a session to test with."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from functools import partialmethod

import pytest

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["QT_QUICK_BACKEND"] = "software"

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from kiosk.config import Settings
from kiosk.ui.viewmodels.session import SessionModel
from kiosk.ui.visit import Visit
from tests.helpers.patience import PATIENCE_S
from tests.ui.house import NOON, Clock, MemoryHouse


@pytest.fixture(scope="module", autouse=True)
def _no_garbage_left() -> Iterator[None]:
    """The thread that talks to the other test processes must never meet a QObject in its garbage."""
    yield
    gc.collect()
    gc.enable()


@pytest.fixture(autouse=True)
def _garbage_is_collected_here() -> Iterator[None]:
    """Cyclic garbage goes on the main thread only, as in a session (kiosk.ui.engine.Collector)."""
    gc.disable()
    yield
    gc.collect(1)


@pytest.fixture(scope="session")
def qapp_cls() -> type[QCoreApplication]:
    return QGuiApplication


class PatientBot(QtBot):
    """Waits as long as it takes: a bound against hanging, never a measure of speed."""

    waitUntil = partialmethod(QtBot.waitUntil, timeout=int(PATIENCE_S * 1000))
    waitSignal = partialmethod(QtBot.waitSignal, timeout=int(PATIENCE_S * 1000))
    waitSignals = partialmethod(QtBot.waitSignals, timeout=int(PATIENCE_S * 1000))


@pytest.fixture
def qtbot(qapp: QCoreApplication, request: pytest.FixtureRequest) -> QtBot:
    return PatientBot(request)


@pytest.fixture
def house() -> MemoryHouse:
    return MemoryHouse()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def make_session(qapp: object, house: MemoryHouse, clock: Clock) -> Iterator[Callable[..., SessionModel]]:
    """Sessions over the in-memory house; stopped after the test."""
    made: list[SessionModel] = []

    def make(**settings: object) -> SessionModel:
        session = SessionModel(Visit(house, Settings(**settings), now=lambda: NOON), monotonic=clock)
        made.append(session)
        return session

    yield make
    for session in made:
        session.shut()


@pytest.fixture
def session(make_session: Callable[..., SessionModel]) -> SessionModel:
    return make_session()
