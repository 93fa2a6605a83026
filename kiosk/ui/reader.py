"""Read aloud: the page first, then whatever gets the focus.

Rules. What is spoken is what the accessible tree says: every name on the screen in reading order, the heading first,
the shell's own bars left out (they are spoken when the focus reaches them). Any press stops the voice at once; a new
page speaks anew. The voice is a port (kiosk.devices.speech) that never blocks. Nothing is spoken while speech is off,
and passwords never. It keeps no text.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

from PySide6.QtCore import QEvent, QObject, QTimer, Slot
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtQuick import QQuickWindow

from kiosk.ui import accessible_tree as tree
from kiosk.ui.viewmodels.session import SessionModel

SETTLE_MS = 250
"""A page is read once it has been laid out and its first control has the focus."""
_STATES = (("checked", "session.spoken_on"), ("disabled", "session.spoken_disabled"))
_SILENT = frozenset({QAccessible.Role.Window, QAccessible.Role.ToolBar, QAccessible.Role.MenuBar})


class Voice(Protocol):
    """kiosk.devices.speech.Voice."""

    def available(self) -> bool: ...
    def speak(self, text: str, language: str) -> None: ...
    def stop(self) -> None: ...


class Reader(QObject):
    """Speaks one session's window."""

    def __init__(self, voice: Voice, session: SessionModel, window: QQuickWindow, parent: Any = None) -> None:
        super().__init__(parent)
        self._voice = voice
        self._session = session
        self._window = window
        self._on = False
        self._settling = QTimer(self)
        self._settling.setInterval(SETTLE_MS)
        self._settling.setSingleShot(True)
        self._settling.timeout.connect(self.read_page)
        session.accessibility.set_speech_available(voice.available())
        session.accessibility.changed.connect(self._switched)
        for changed in (session.pageChanged, session.languageChanged, session.form.pageChanged, session.form.refused):
            changed.connect(self._turned)
        session.announced.connect(self._announce)
        session.ended.connect(self.hush)
        window.activeFocusItemChanged.connect(self._focused)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.MouseButtonPress, QEvent.Type.TouchBegin) and self._on:
            self._voice.stop()
        return False

    @Slot()
    def read_page(self) -> None:
        """Speak the page that is on the screen."""
        if self._on:
            self._say(". ".join(page_words(self._window)))

    @Slot()
    def hush(self) -> None:
        """Be silent."""
        self._settling.stop()
        self._voice.stop()

    def _say(self, text: str) -> None:
        if text:
            self._voice.speak(text, self._session.language)

    @Slot()
    def _switched(self) -> None:
        if self._session.accessibility.speech != self._on:
            self._on = not self._on
            if self._on:
                self._settling.start()
            else:
                self.hush()

    @Slot()
    def _turned(self) -> None:
        if self._on:
            self._voice.stop()
            self._settling.start()

    @Slot(str)
    def _announce(self, words: str) -> None:
        if self._on:
            self._say(words)

    @Slot()
    def _focused(self) -> None:
        if not self._on or self._settling.isActive():
            return
        one = tree.focused(self._window)
        if one is not None:
            self._say(self._control_words(one))

    def _control_words(self, one: QAccessibleInterface) -> str:
        state = one.state()
        parts = [tree.plain(one.text(QAccessible.Text.Name))]
        if not state.passwordEdit:
            parts.append(tree.plain(one.text(QAccessible.Text.Value)))
        parts += [self._session.text(key, {}) for name, key in _STATES if getattr(state, name)]
        return ". ".join(part for part in parts if part)


def page_words(window: QQuickWindow) -> Iterator[str]:
    """The names of a page in reading order, each once in a row: no bars, no passwords."""
    last = ""
    for one in tree.walk(window, skip=_SILENT - {QAccessible.Role.Window}):
        if one.role() in _SILENT or one.state().passwordEdit:
            continue
        words = tree.plain(one.text(QAccessible.Text.Name))
        if words and words != last:
            yield words
            last = words
