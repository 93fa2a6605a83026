"""When a window stands still: everything that was asked for is laid out and drawn.

Rules. No length of time decides: timers of the pages, layouts and the frame each get their turn, round by round, until
nothing has moved for some rounds. A slow machine takes longer and sees the same.
"""

from __future__ import annotations

from PySide6.QtQuick import QQuickItem, QQuickWindow
from PySide6.QtTest import QTest

ROUNDS = 3
MOST_ROUNDS = 1000
TURN_MS = 5


def settle(window: QQuickWindow) -> None:
    """Turn the event loop and draw until the window stands still. Raises AssertionError when it never does."""
    before: list[object] = []
    still = 0
    for _ in range(MOST_ROUNDS):
        QTest.qWait(TURN_MS)
        window.grabWindow()
        now = _looks(window)
        still = still + 1 if now == before else 0
        if still == ROUNDS:
            return
        before = now
    raise AssertionError("the window never stands still")


def _looks(window: QQuickWindow) -> list[object]:
    """Where everything stands, what it says, and what has the focus."""
    found: list[object] = [window.activeFocusItem()]
    todo: list[QQuickItem] = [window.contentItem()]
    while todo:
        item = todo.pop()
        if item.isVisible():
            corner = item.mapToScene(item.boundingRect().topLeft())
            found.append((corner.x(), corner.y(), item.width(), item.height(), item.property("text")))
            todo += item.childItems()
    return found
