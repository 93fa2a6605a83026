"""The session process: one visitor, one process, one window.

Start: Qt, the house (given as a call, so that a store that does not open becomes an out-of-service page), the models,
the shell out of sight with Welcome drawn once, "ready". A spare waits for "show"; without a pipe it shows itself.
End: the models wipe answers and number, a kiosk empties the clipboard, "ended" goes out. A kiosk then stays on an empty
Welcome until the next session is in front ("quit") or a second has passed; a desktop hides its window. The process
exits: the QML engine dies first, then the worker is joined, then the house is closed. The engine process vanishing
(end of the pipe) ends the session as well. It leaves no core dump behind, and it never opens the network.
"""

from __future__ import annotations

import contextlib
import functools
import logging
import sys
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any

from msgspec import Struct
from PySide6.QtCore import QObject, QSize, QTimer, Signal, Slot
from PySide6.QtGui import QClipboard, QGuiApplication

from kiosk.config import Settings
from kiosk.errors import EnvironmentFault, KioskError
from kiosk.protocol import wire
from kiosk.ui.bridge import Bridge
from kiosk.ui.closed_house import ClosedHouse
from kiosk.ui.engine import QML, SIZES, Collector, Engine, application, arrange
from kiosk.ui.reader import Reader, Voice
from kiosk.ui.sources import House
from kiosk.ui.viewmodels.session import SessionModel
from kiosk.ui.visit import Visit

GRACE_MS = 1000
FAILED = 3
"""Exit code of a session that has met a fault of the store and wants another in its place."""
log = logging.getLogger(__name__)


class SessionOptions(Struct, frozen=True):
    """How a session process runs.

    `reading`/`writing` are the descriptors of the engine's pipe (None: no engine, shows itself); `driving` is the
    descriptor of a test driver (None: no driver); `width` and `height` override the mode's size in pixels; `imports`
    is the folder of the QML module.
    """

    offscreen: bool = False
    full_screen: bool = False
    reading: int | None = None
    writing: int | None = None
    driving: int | None = None
    width: int = 0
    height: int = 0
    imports: Path = QML


class SessionProcess(QObject):
    """Wires models, engine and bridge; `exit_code` after `finished`."""

    finished = Signal()

    def __init__(
        self,
        make_house: Callable[[], House],
        settings: Settings,
        options: SessionOptions,
        voice: Voice | None = None,
        now: Callable[[], float] | None = None,
        parent: Any = None,
    ) -> None:
        super().__init__(parent)
        self._options = options
        self._in_front = False
        self._closed = False
        self.exit_code = 0
        error: KioskError | None = None
        try:
            house = make_house()
        except KioskError as failure:
            error, house = failure, ClosedHouse(failure)
        self._house = house
        self.model = SessionModel(Visit(house, settings, now or house.now), parent=self)
        self.model.troubled.connect(self._troubled)
        if error is not None:
            self.model.out_of_service(error)
        self.engine = Engine(self.model, size=_size(settings, options), imports=options.imports, parent=self)
        self.engine.firstFrame.connect(self._shown)
        self._reader = Reader(voice, self.model, self.engine.window, self) if voice is not None else None
        self.model.ended.connect(self._ended)
        self.model.started.connect(self._started)
        self.model.submitted.connect(self._submitted)
        self._bridge = self._connected()
        self._driven = self._driver()
        self.model.failed.connect(self._failed)
        if error is None and self.model.outOfServiceText:
            self._troubled()  # while it was made

    def begin(self) -> None:
        """Draw once out of sight and say "ready"; show at once where nobody waits in front, or no engine is there."""
        if self._bridge is None:
            self.show()
            return
        self._bridge.catch_up()
        if self._closed:
            return  # told to go before it came up
        if not self._in_front:
            self.engine.warm()
        self._bridge.report(wire.Ready())

    @Slot()
    def show(self) -> None:
        """Come to the front."""
        self._in_front = True
        self.model.woken()
        self.engine.show(full_screen=self._options.full_screen and not self._options.offscreen)

    def close(self) -> None:
        """Stop in order: pipes, QML, worker, house. Nothing runs afterwards; calling it again does nothing."""
        if self._closed:
            return
        self._closed = True
        if self._bridge is not None:
            self._bridge.close()
        if self._driven is not None:
            self._driven.close()
        if self._reader is not None:
            self._reader.hush()
        self.engine.close()
        self.model.shut()
        self._house.close()

    def _connected(self) -> Bridge | None:
        reading, writing = self._options.reading, self._options.writing
        if reading is None or writing is None:
            return None
        bridge = Bridge(reading, writing, self)
        bridge.showAsked.connect(self.show)
        bridge.woken.connect(self.model.woken)
        bridge.linkChanged.connect(self.model.link.set_online)
        bridge.quitAsked.connect(self.finished)
        return bridge

    def _driver(self) -> Any:
        if self._options.driving is None:
            return None
        from kiosk.ui.driven import Driven

        return Driven(self._options.driving, self.engine.window, self.model, self)

    def _report(self, message: Struct) -> None:
        if self._bridge is not None:
            self._bridge.report(message)

    @Slot()
    def _shown(self) -> None:
        self._report(wire.Shown())

    @Slot()
    def _started(self) -> None:
        self._report(wire.Started())

    @Slot()
    def _submitted(self) -> None:
        self._report(wire.Submitted())

    @Slot()
    def _failed(self) -> None:
        self.exit_code = FAILED
        self.finished.emit()

    @Slot()
    def _troubled(self) -> None:
        self._report(wire.Trouble())

    def fault(self, fault: EnvironmentFault) -> None:
        """A fault of store or disk that nobody has caught, out of Qt's event loop."""
        if not self._closed:
            self.model.trouble(fault)

    @Slot()
    def _ended(self) -> None:
        if self._closed:
            return
        kiosk = self.model.mode == "kiosk"
        if kiosk:
            _empty_clipboard()
        else:
            self.engine.window.hide()
        self._report(wire.Ended())
        QTimer.singleShot(GRACE_MS if kiosk and self._bridge is not None else 0, self.finished)


def run_session(
    make_house: Callable[[], House],
    settings: Settings,
    options: SessionOptions,
    voice: Voice | None = None,
    now: Callable[[], float] | None = None,
) -> int:
    """The main of a session process; returns its exit code.

    `make_house` opens the store and may raise KioskError; without a `voice` reading aloud is shown as not available.
    """
    sys.excepthook = functools.partial(_log_bug, None)
    _no_core_dump()
    arrange(offscreen=options.offscreen)
    app = application()
    Collector(app)
    process = SessionProcess(make_house, settings, options, voice, now)
    sys.excepthook = functools.partial(_log_bug, process)
    process.finished.connect(app.quit)
    app.setQuitOnLastWindowClosed(False)
    app.lastWindowClosed.connect(process.model.end)
    app.aboutToQuit.connect(process.close)
    QTimer.singleShot(0, process.begin)
    code = app.exec()
    process.close()
    return code or process.exit_code


def _size(settings: Settings, options: SessionOptions) -> QSize:
    if options.width > 0 and options.height > 0:
        return QSize(options.width, options.height)
    if settings.mode == "desktop":
        return SIZES["desktop"]
    return SIZES["landscape" if settings.landscape else "portrait"]


def _empty_clipboard() -> None:
    clipboard = QGuiApplication.clipboard()
    clipboard.clear()
    if clipboard.supportsSelection():
        clipboard.clear(QClipboard.Mode.Selection)


def _log_bug(
    process: SessionProcess | None, kind: type[BaseException], bug: BaseException, trace: TracebackType | None
) -> None:
    if process is not None and isinstance(bug, EnvironmentFault):
        process.fault(bug)
        return
    log.critical("a bug", exc_info=(kind, bug, trace))


def _no_core_dump() -> None:
    with contextlib.suppress(ImportError, OSError, ValueError):  # not on Windows, not where it is forbidden
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
