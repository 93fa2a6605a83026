"""Codes that a scanner types on Welcome, Home and the pages that ask for one, wherever the focus is.

Rules. Only a kiosk listens, and only on PAGES: elsewhere a visitor may be typing, and a scanner is one more keyboard.
Times are those of the events, so that a busy program changes no rhythm. What is recognised goes to the session, which
says what it is; what is not recognised reaches the page as if nobody had listened.
"""

from __future__ import annotations

import time
from typing import Any

from PySide6.QtCore import QEvent, QObject, QTimer, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtQuick import QQuickWindow

from kiosk.ui.rhythm import PAUSE_MS, Rhythm
from kiosk.ui.viewmodels.session import SessionModel

PAGES = ("Welcome", "Home", "Help", "Resume")


class ScannerWatch(QObject):
    """Listens to the keys of one window."""

    def __init__(self, session: SessionModel, window: QQuickWindow, parent: Any = None) -> None:
        super().__init__(parent)
        self._session = session
        self._rhythm = Rhythm()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(int(PAUSE_MS))
        self._pause.timeout.connect(self._paused)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        if self._session.page not in PAGES or event.isAutoRepeat():
            return False
        heard = self._rhythm.press(event.text(), event.timestamp() or time.monotonic() * 1000)
        if self._rhythm.listening:
            self._pause.start()
        self._tell(heard.code)
        return heard.swallow

    @Slot()
    def _paused(self) -> None:
        self._tell(self._rhythm.pause(float("inf")))

    def _tell(self, code: str) -> None:
        if code:
            self._pause.stop()
            self._session.scanned(code)
