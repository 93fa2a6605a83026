"""Read aloud: what is spoken is what is on the screen, and any press stops it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtTest import QTest

from kiosk.ui.engine import Engine
from kiosk.ui.reader import Reader
from kiosk.ui.viewmodels.session import SessionModel


class MemoryVoice:
    """Remembers what it said; speaks until it is stopped."""

    def __init__(self, there: bool = True) -> None:
        self.there = there
        self.said: list[tuple[str, str]] = []
        self.speaking = False

    def available(self) -> bool:
        return self.there

    def speak(self, text: str, language: str) -> None:
        self.said.append((text, language))
        self.speaking = True

    def stop(self) -> None:
        self.speaking = False


@pytest.fixture
def voice() -> MemoryVoice:
    return MemoryVoice()


@pytest.fixture
def engine(session: SessionModel, voice: MemoryVoice, qtbot) -> Iterator[Engine]:
    engine = Engine(session, size=QSize(400, 600), imports=Path(__file__).parent / "qml")
    with qtbot.waitSignal(engine.firstFrame):
        engine.show()
    engine.reader = Reader(voice, session, engine.window, engine)
    yield engine
    engine.reader.hush()
    engine.close()


def test_silence_until_speech_is_on(engine: Engine, session: SessionModel, voice: MemoryVoice) -> None:
    session.start()
    QTest.keyClick(engine.window, Qt.Key.Key_Tab)
    session.announced.emit("слова")
    engine.reader.read_page()
    assert voice.said == []


def test_the_page_is_read_heading_first(engine: Engine, session: SessionModel, voice: MemoryVoice, qtbot) -> None:
    session.accessibility.toggleSpeech()
    qtbot.waitUntil(lambda: bool(voice.said))
    text, language = voice.said[-1]
    assert text.startswith("Страница Welcome. Коснитесь, чтобы начать")
    assert "невидимое" not in text
    assert language == "ru"
    session.setLanguage("en")
    session.start()
    qtbot.waitUntil(lambda: voice.said[-1][0].startswith("Страница Home"))
    assert voice.said[-1][1] == "en"


def test_the_focused_control_is_spoken_with_what_it_holds(
    engine: Engine, session: SessionModel, voice: MemoryVoice, qtbot
) -> None:
    session.accessibility.toggleSpeech()
    qtbot.waitUntil(lambda: bool(voice.said))
    QTest.keyClick(engine.window, Qt.Key.Key_Tab)
    qtbot.waitUntil(lambda: voice.said[-1][0] == "Коснитесь, чтобы начать")
    QTest.keyClick(engine.window, Qt.Key.Key_Tab)
    qtbot.waitUntil(lambda: voice.said[-1][0].startswith("Поиск"))


def test_a_press_stops_the_voice(engine: Engine, session: SessionModel, voice: MemoryVoice, qtbot) -> None:
    session.accessibility.toggleSpeech()
    qtbot.waitUntil(lambda: voice.speaking)
    QTest.mousePress(engine.window, Qt.MouseButton.LeftButton, pos=QPoint(390, 590))
    assert not voice.speaking


def test_switching_off_and_ending_are_silent(engine: Engine, session: SessionModel, voice: MemoryVoice, qtbot) -> None:
    session.accessibility.toggleSpeech()
    qtbot.waitUntil(lambda: voice.speaking)
    session.accessibility.toggleSpeech()
    assert not voice.speaking
    session.accessibility.toggleSpeech()
    qtbot.waitUntil(lambda: voice.speaking)
    session.end()
    assert not voice.speaking


def test_a_machine_without_a_voice_says_so(engine: Engine, session: SessionModel) -> None:
    Reader(MemoryVoice(there=False), session, engine.window, engine)
    assert not session.accessibility.speechAvailable
