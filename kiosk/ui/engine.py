"""Qt: the application, its fonts, the QML engine and the one window.

Rules. `arrange` sets what Qt reads from the environment and comes before any Qt object. The QML engine is deleted
before the view-models, by `close`. Qt's and QML's messages go to logging ("qt"). Python's cyclic garbage collector
runs on the main thread only, from a timer: on a worker thread it would destroy QObjects there. Nothing heavy is
imported before the first frame (network, typesetter, cryptography); a test holds it.
"""

from __future__ import annotations

import gc
import logging
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QObject, QSize, QTimer, QtMsgType, Signal, Slot, qInstallMessageHandler
from PySide6.QtGui import QFont, QFontDatabase, QGuiApplication
from PySide6.QtQml import QQmlApplicationEngine
from PySide6.QtQuick import QQuickWindow
from shiboken6 import delete

from kiosk import resources
from kiosk.ui.icons import IconProvider
from kiosk.ui.scanner import ScannerWatch
from kiosk.ui.viewmodels.idle import IdleModel
from kiosk.ui.viewmodels.session import SessionModel

QML = Path(__file__).parent / "qml"
FAMILY = "Golos Text"
SIZES: Mapping[str, QSize] = {
    "portrait": QSize(1080, 1920),
    "landscape": QSize(1920, 1080),
    "desktop": QSize(1280, 800),
}
SMALLEST_DESKTOP = QSize(1024, 700)
COLLECT_MS = 2000

log = logging.getLogger("qt")
_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}
_TOUCHES = frozenset({QEvent.Type.MouseButtonPress, QEvent.Type.TouchBegin, QEvent.Type.KeyPress, QEvent.Type.Wheel})


def arrange(*, offscreen: bool) -> None:
    """Environment for Qt: the plain controls style; offscreen also without a screen, drawn in software."""
    os.environ.setdefault("QT_QUICK_CONTROLS_STYLE", "Basic")
    os.environ.setdefault("QML_DISABLE_DISK_CACHE", "0")
    if offscreen:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        os.environ["QT_QUICK_BACKEND"] = "software"
        os.environ["QT_SCALE_FACTOR"] = "1"


def application(arguments: list[str] | None = None) -> QGuiApplication:
    """The one QGuiApplication, with our fonts and our log. Calling it again gives the same one."""
    known = QGuiApplication.instance()
    app = known if isinstance(known, QGuiApplication) else QGuiApplication(arguments or ["kiosk"])
    app.setApplicationName("mydocuments-kiosk")
    qInstallMessageHandler(_to_log)
    load_fonts()
    font = QFont(FAMILY)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    app.setFont(font)
    return app


def load_fonts() -> None:
    """Register the bundled fonts; the system's are not relied on."""
    if FAMILY in QFontDatabase.families():
        return
    for path in sorted((resources.root() / "fonts").glob("*.ttf")):
        if QFontDatabase.addApplicationFont(str(path)) < 0:
            log.error("the font %s cannot be read", path.name)


class Collector(QObject):
    """Cyclic garbage collection on the main thread, for as long as this object lives (pass it a parent)."""

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(COLLECT_MS)
        self._timer.timeout.connect(self.collect)
        self._timer.start()

    @Slot()
    def collect(self) -> None:
        """The youngest generation each time, an older one when Python's own thresholds say that it is due."""
        counts, thresholds = gc.get_count(), gc.get_threshold()
        gc.collect(max((age for age in (1, 2) if counts[age] > thresholds[age]), default=0))


class TouchWatch(QObject):
    """Tells the idle countdown of every key, press, touch and wheel turn on a window."""

    def __init__(self, idle: IdleModel, window: QQuickWindow, parent: Any = None) -> None:
        super().__init__(parent)
        self._idle = idle
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _TOUCHES:
            self._idle.touched()
        return False


class Engine(QObject):
    """The QML engine and the window of one session."""

    firstFrame = Signal()
    """The first frame after `show` is on the screen."""

    def __init__(self, session: SessionModel, *, size: QSize, imports: Path = QML, parent: Any = None) -> None:
        """Load the shell of the module `Kiosk` under `imports`, out of sight.

        Raises RuntimeError with QML's own words if it does not load.
        """
        super().__init__(parent)
        self._complaints: list[str] = []
        self._told = True
        self._qml: QQmlApplicationEngine | None = QQmlApplicationEngine()
        self._qml.warnings.connect(self._complain)
        self._qml.addImportPath(str(imports))
        self._qml.addImageProvider("icon", IconProvider())
        self._qml.setInitialProperties({"session": session, "visible": False})
        self._qml.loadFromModule("Kiosk", "DesktopShell" if session.mode == "desktop" else "KioskShell")
        roots = self._qml.rootObjects()
        if not roots or not isinstance(roots[0], QQuickWindow):
            raise RuntimeError("the shell does not load: " + ("; ".join(self._complaints) or "no window"))
        self._window: QQuickWindow | None = roots[0]
        self._window.resize(size)
        if session.mode == "desktop":
            self._window.setMinimumSize(SMALLEST_DESKTOP)
        # Filters hear an event in the order of their making, the last one first: a swallowed key is a touch as well.
        self._scanner = ScannerWatch(session, self._window, self) if session.mode == "kiosk" else None
        self._watch = TouchWatch(session.idle, self._window, self)

    @property
    def window(self) -> QQuickWindow:
        """The window; raises RuntimeError after `close`."""
        if self._window is None:
            raise RuntimeError("the engine is closed")
        return self._window

    def warm(self) -> None:
        """Draw once out of sight, so that `show` has glyphs and pictures ready."""
        self.window.create()
        self.window.grabWindow()

    def show(self, *, full_screen: bool = False) -> None:
        """Put the window on the screen; `firstFrame` follows."""
        # frameSwapped may come from the render thread; a slot of a main-thread QObject runs on the main thread.
        self._told = False
        self.window.frameSwapped.connect(self._swapped)
        if full_screen:
            self.window.showFullScreen()
        else:
            self.window.show()
        self.window.requestActivate()

    def close(self) -> None:
        """Delete window and QML engine, before the view-models go."""
        if self._qml is not None:
            self.window.hide()
            self._window = None
            delete(self._qml)
            self._qml = None

    @Slot()
    def _swapped(self) -> None:
        # More frames may be on their way from the render thread by the time the first one is heard of.
        if self._window is not None and not self._told:
            self._told = True
            self._window.frameSwapped.disconnect(self._swapped)
            self.firstFrame.emit()

    def _complain(self, warnings: list[Any]) -> None:
        self._complaints += [warning.toString() for warning in warnings]


def _to_log(kind: QtMsgType, context: Any, message: str) -> None:
    where = f" ({context.file}:{context.line})" if context.file else ""
    log.log(_LEVELS.get(kind, logging.WARNING), "%s%s", message, where)
