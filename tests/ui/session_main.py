"""A session process of a test: an in-memory house, the tiny shell, a pipe on descriptor argv[1], a driver on argv[2].

Prints one JSON line at its end: the heavy modules that were loaded by the first frame.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from PySide6.QtGui import QGuiApplication

from kiosk.config import Settings
from kiosk.errors import DamagedStore
from kiosk.ui import session
from tests.ui.house import CANARY, MemoryHouse

HEAVY = ("httpx", "tuf", "typst", "cryptography", "keyring", "jsonschema_rs", "qrcode", "nacl", "sqlalchemy", "PIL")


def closed_house() -> MemoryHouse:
    raise DamagedStore("page 3 is damaged")


class ProbingProcess(session.SessionProcess):
    """Notes what is loaded when the first frame is there."""

    loaded: list[str] | None = None
    clipboard = ""

    def _shown(self) -> None:
        QGuiApplication.clipboard().setText(CANARY)
        ProbingProcess.loaded = [name for name in HEAVY if name in sys.modules]
        super()._shown()

    def _ended(self) -> None:
        super()._ended()
        ProbingProcess.clipboard = QGuiApplication.clipboard().text()


def lazy_house() -> MemoryHouse:
    """A house whose form is compiled when it is asked for, as the real one's is."""
    import tests.ui.house as house

    class LazyForms(house.MemoryForms):
        def __init__(self) -> None:
            pass

        def form(self, form_id: str) -> object:
            super().__init__()
            return super().form(form_id)

    made = object.__new__(MemoryHouse)
    house.MemoryForms = LazyForms
    made.__init__()
    return made


if __name__ == "__main__":
    pipe, driving = int(sys.argv[1]), int(sys.argv[2])
    session.SessionProcess = ProbingProcess
    code = session.run_session(
        closed_house if "closed" in sys.argv else lazy_house,
        Settings(mode="desktop" if "desktop" in sys.argv else "kiosk"),
        session.SessionOptions(
            offscreen=True,
            reading=pipe,
            writing=pipe,
            driving=driving,
            width=400,
            height=600,
            imports=Path(__file__).parent / "qml",
        ),
    )
    print(json.dumps({"loaded": ProbingProcess.loaded, "clipboard": ProbingProcess.clipboard}), flush=True)
    sys.exit(code)
