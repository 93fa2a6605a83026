"""The peer of start and memory: an empty QML window of the kiosk's size, offscreen, drawn in software.

`python -m bench.empty_window` prints "shown" after its first frame and stays until its standard input ends.
"""

from __future__ import annotations

import os
import sys

WIDTH, HEIGHT = 1080, 1920
QML = f"import QtQuick\nWindow {{ width: {WIDTH}; height: {HEIGHT}; visible: true }}\n"


def main() -> int:
    os.environ.update(QT_QPA_PLATFORM="offscreen", QT_QUICK_BACKEND="software", QT_SCALE_FACTOR="1")
    from PySide6.QtCore import QSocketNotifier
    from PySide6.QtGui import QGuiApplication
    from PySide6.QtQml import QQmlApplicationEngine

    app = QGuiApplication(["empty"])
    engine = QQmlApplicationEngine()
    engine.loadData(QML.encode())
    window = engine.rootObjects()[0]
    told: list[bool] = []

    def swapped() -> None:
        if not told:
            told.append(True)
            print("shown", flush=True)

    window.frameSwapped.connect(swapped)
    ended = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read)
    ended.activated.connect(app.quit)
    code = app.exec()
    del engine
    return code


if __name__ == "__main__":
    sys.exit(main())
