"""The session's side of the driver: obeys requests by pressing and typing on the real window.

Rules. Made only when a session is started with a `driving` descriptor (demo and tests), never in service. A tap is a
mouse press and release at the middle of what the accessible tree says, delivered through the window system, so that
whatever covers the control gets it instead; it waits until the control has stood still for two looks with a drawn
frame between them, which lays out what is new. Waiting never blocks the event loop.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable
from typing import Any

import msgspec
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, QPointF, QSocketNotifier, Qt, QTimer, Slot
from PySide6.QtGui import QAccessible, QAccessibleInterface, QKeyEvent
from PySide6.QtQuick import QQuickItem, QQuickWindow
from PySide6.QtTest import QTest

from kiosk.ui import accessible_tree as tree
from kiosk.ui.viewmodels.session import SessionModel

LOOK_MS = 30
PERSON_MS, SCANNER_MS = 100, 4
"""Time between two keys, as their events tell it: nothing waits so long."""
Answer = dict[str, Any]


class Driven(QObject):
    """Reads requests from a descriptor and answers each with one line."""

    def __init__(self, descriptor: int, window: QQuickWindow, session: SessionModel | None, parent: Any = None) -> None:
        super().__init__(parent)
        self._descriptor = descriptor
        self._window = window
        self._session = session
        self._rest = b""
        self._look: Callable[[], Answer | None] | None = None
        self._until = 0.0
        self._seen_at: tuple[int, int, int, int] | None = None
        self._drawn = False
        self._what = ""
        self._typed_at = 0
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self._again)
        if session is not None:
            session.accessibility.keep_still()
        window.frameSwapped.connect(self._frame)
        os.set_blocking(descriptor, False)
        self._notifier = QSocketNotifier(descriptor, QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._read)

    def close(self) -> None:
        """Obey no more."""
        self._notifier.setEnabled(False)
        self._timer.stop()

    @Slot()
    def _frame(self) -> None:
        self._drawn = True

    def _read(self) -> None:
        data = b""
        with contextlib.suppress(ConnectionError):
            try:
                data = os.read(self._descriptor, 65_536)
            except BlockingIOError:
                return
        if not data:
            self.close()
            return
        self._rest += data
        while b"\n" in self._rest:
            line, self._rest = self._rest.split(b"\n", 1)
            self._obey(msgspec.json.decode(line))

    def _obey(self, request: dict[str, Any]) -> None:
        name, role = request.get("name", ""), request.get("role", "")
        match request["do"]:
            case "find":
                self._wait(lambda: self._found(name, role), 0.0, f"no {role} {name!r}")
            case "wait":
                self._wait(lambda: self._found(name, role), request["timeout"], f"no {role} {name!r}")
            case "tap":
                self._wait(lambda: self._tapped(name, role), request["timeout"], f"no {role} {name!r} to tap")
            case "wait_page":
                page = request["page"]
                self._wait(lambda: {} if self._page() == page else None, request["timeout"], f"not on page {page}")
            case "type":
                for character in request["text"]:
                    self._press(Qt.Key.Key_unknown, character)
                self._answer({})
            case "scan":
                for character in request["text"]:
                    self._press(Qt.Key.Key_unknown, character, SCANNER_MS)
                self._press(Qt.Key.Key_Return, "\r", SCANNER_MS)
                self._answer({})
            case "key":
                self._press(Qt.Key[f"Key_{name}"], "\r" if name == "Return" else "")
                self._answer({})
            case "names":
                self._answer({"controls": [tree.control(one, self._window) for one in tree.walk(self._window)]})
            case "page":
                self._answer({})
            case "intend":
                self._intend(request["intent"], request["arguments"])
                self._answer({})
            case "grab":
                saved = self._window.grabWindow().save(request["path"])
                self._answer({} if saved else {"error": f"no picture at {request['path']}"})
            case other:
                self._answer({"error": f"nobody can {other}"})

    def _found(self, name: str, role: str) -> Answer | None:
        one = tree.find(self._window, name, role)
        return {"control": tree.control(one, self._window)} if one is not None else None

    def _tapped(self, name: str, role: str) -> Answer | None:
        one = tree.find(self._window, name, role)
        if one is None or one.state().disabled:
            return None
        reveal(one)
        control = tree.control(one, self._window)
        x, y, width, height = control.rect
        if width <= 0 or height <= 0:
            return None
        if control.rect != self._seen_at:
            self._seen_at, self._drawn = control.rect, False  # still moving, perhaps: look again before pressing
        if not self._drawn:
            self._window.update()
            return None
        middle = QPoint(x + width // 2, y + height // 2)
        QTest.mousePress(self._window, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, middle)
        QTest.mouseRelease(self._window, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, middle)
        return {"control": control}

    def _intend(self, intent: str, arguments: list[str]) -> None:
        """Call an intent of the session, where a walk is about a page and not about the way to it."""
        assert self._session is not None
        owner: Any = self._session
        *path, name = intent.split(".")
        for part in path:
            owner = getattr(owner, part)
        getattr(owner, name)(*arguments)

    def _press(self, key: Qt.Key, text: str, after_ms: int = PERSON_MS) -> None:
        self._typed_at = max(self._typed_at + after_ms, int(time.monotonic() * 1000) if after_ms == PERSON_MS else 0)
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, text)
            event.setTimestamp(self._typed_at)
            QCoreApplication.sendEvent(self._window, event)

    def _page(self) -> str:
        return self._session.page if self._session is not None else ""

    def _wait(self, look: Callable[[], Answer | None], timeout_s: float, what: str) -> None:
        self._look, self._until, self._what = look, time.monotonic() + timeout_s, what
        self._seen_at = None
        self._drawn = False
        self._again()

    def _again(self) -> None:
        if self._look is None:
            return
        found = self._look()
        if found is not None:
            self._look = None
            self._timer.stop()
            self._answer(found)
        elif time.monotonic() >= self._until:
            self._look = None
            self._timer.stop()
            names = [tree.plain(one.text(QAccessible.Text.Name)) for one in tree.walk(self._window)]
            listed = " | ".join(name for name in names if name)
            self._answer({"error": f"{self._what}; page {self._page()!r} shows: {listed}"})
        else:
            self._timer.start()

    def _answer(self, answer: Answer) -> None:
        data = msgspec.json.encode({"ok": "error" not in answer, "page": self._page(), **answer}) + b"\n"
        os.set_blocking(self._descriptor, True)
        with contextlib.suppress(ConnectionError):
            while data:
                data = data[os.write(self._descriptor, data) :]
        os.set_blocking(self._descriptor, False)


def reveal(one: QAccessibleInterface) -> None:
    """Scroll every list around an item so far that the item is in view."""
    item = one.object()
    if not isinstance(item, QQuickItem):
        return
    around = item.parentItem()
    while around is not None:
        if around.inherits("QQuickFlickable"):
            _scroll(around, item, "contentY", "contentHeight", around.height(), item.height())
        around = around.parentItem()


def _scroll(list_: QQuickItem, item: QQuickItem, at: str, length: str, view: float, size: float) -> None:
    top = item.mapToItem(list_, QPointF(0, 0)).y()
    if top >= 0 and top + size <= view:
        return
    now = float(list_.property(at))
    most = max(0.0, float(list_.property(length)) - view)
    list_.setProperty(at, min(most, max(0.0, now + top - max(0.0, (view - size) / 2))))
