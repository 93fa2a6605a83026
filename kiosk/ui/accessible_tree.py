"""The accessible tree of a window, read in process: what a screen reader would get.

Rules. Read through Qt's own QAccessible bridge, never through QML internals, so that what a test finds is what
assistive technology finds. Invisible items and what they hold are left out. Names are compared with no-break spaces
as spaces and runs of white space as one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from PySide6.QtCore import QRect
from PySide6.QtGui import QAccessible, QAccessibleInterface, QWindow

from kiosk.ui.driver import Control

STATES = (
    "checkable", "checked", "disabled", "editable", "expandable", "expanded", "focusable", "focused", "offscreen",
    "passwordEdit", "pressed", "readOnly", "selectable", "selected",
)  # fmt: skip


def plain(name: str) -> str:
    """A name for comparing."""
    return " ".join(name.split())


def walk(window: QWindow, skip: Collection[QAccessible.Role] = ()) -> Iterator[QAccessibleInterface]:
    """Every visible interface of a window, parents before children, in reading order; `skip` leaves whole parts out."""
    QAccessible.setActive(True)
    root = QAccessible.queryAccessibleInterface(window)
    stack = [root] if root is not None else []
    while stack:
        one = stack.pop()
        if one is not root and (one.state().invisible or one.role() in skip):
            continue
        yield one
        children = [one.child(at) for at in range(one.childCount())]
        stack.extend(child for child in reversed(children) if child is not None and child.isValid())


def control(one: QAccessibleInterface, window: QWindow) -> Control:
    """An interface as a value."""
    state = one.state()
    rect: QRect = one.rect()
    at = window.mapFromGlobal(rect.topLeft())
    return Control(
        role=one.role().name,
        name=one.text(QAccessible.Text.Name),
        states=tuple(name for name in STATES if getattr(state, name)),
        rect=(at.x(), at.y(), rect.width(), rect.height()),
        value=one.text(QAccessible.Text.Value),
        description=one.text(QAccessible.Text.Description),
    )


def find(window: QWindow, name: str, role: str = "") -> QAccessibleInterface | None:
    """The interface of that name: the whole name first, then the beginning, then a part; enabled ones first."""
    wanted = plain(name).casefold()
    best: tuple[int, QAccessibleInterface] | None = None
    for one in walk(window):
        if role and one.role().name != role:
            continue
        here = plain(one.text(QAccessible.Text.Name)).casefold()
        if not here or wanted not in here:
            continue
        rank = 0 if here == wanted else 2 if here.startswith(wanted) else 4
        rank += 1 if one.state().disabled else 0
        rank += 6 if one.role() == QAccessible.Role.StaticText and rank > 1 else 0
        if best is None or rank < best[0]:
            best = (rank, one)
    return best[1] if best else None


def focused(window: QWindow) -> QAccessibleInterface | None:
    """What has the keyboard focus and a name."""
    found = [one for one in walk(window) if one.state().focused and one.text(QAccessible.Text.Name)]
    return found[-1] if found else None
