"""Between the process pipe and the session's models.

Rules. Reads commands from a socket or pipe as they come, on the main thread, and writes reports at once. The other
end closing means that the engine is gone: the session must not stay behind alone, so that is `quitAsked`. A line
that is no message is logged and ends the session too; it never raises into Qt's event loop.
"""

from __future__ import annotations

import contextlib
import logging
import os
from typing import Any

from msgspec import Struct
from PySide6.QtCore import QObject, QSocketNotifier, Signal

from kiosk.protocol import wire

log = logging.getLogger(__name__)


class Bridge(QObject):
    """The session's end of the pipe. `reading` and `writing` may be the same descriptor (a socket)."""

    showAsked = Signal()
    woken = Signal()
    linkChanged = Signal(bool)
    quitAsked = Signal()

    def __init__(self, reading: int, writing: int, parent: Any = None) -> None:
        super().__init__(parent)
        self._reading, self._writing = reading, writing
        self._lines: wire.Lines[wire.Command] = wire.Lines(wire.Command)
        os.set_blocking(reading, False)
        self._notifier = QSocketNotifier(reading, QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._read)

    def report(self, message: Struct) -> None:
        """Write a report. An engine that is gone does not hear it."""
        data = wire.encode(message)
        with contextlib.suppress(BrokenPipeError, ConnectionError):
            while data:
                try:
                    data = data[os.write(self._writing, data) :]
                except BlockingIOError:
                    log.error("the engine does not read; a report is lost")
                    return

    def catch_up(self) -> None:
        """Obey at once what has already been said."""
        self._read()

    def close(self) -> None:
        """Read no more."""
        self._notifier.setEnabled(False)

    def _read(self) -> None:
        try:
            data = os.read(self._reading, 4096)
            commands = self._lines.feed(data)
        except BlockingIOError:
            return
        except (ConnectionError, wire.WireFault) as error:
            log.error("the pipe to the engine: %s", error)
            data, commands = b"", []
        if not data:
            self.close()
            self.quitAsked.emit()
        for command in commands:
            if not self._notifier.isEnabled():
                return  # closed by the command before
            self._obey(command)

    def _obey(self, command: wire.Command) -> None:
        match command:
            case wire.Show():
                self.showAsked.emit()
            case wire.Wake():
                self.woken.emit()
            case wire.Ping():
                self.report(wire.Pong())
            case wire.Link(online):
                self.linkChanged.emit(online)
            case wire.Quit():
                self.quitAsked.emit()
