"""The kiosk over the in-memory house in a real window, for a walk by an assistive technology. Ends on SIGTERM."""

from __future__ import annotations

import signal
import sys

from kiosk.config import Settings
from kiosk.ui import session
from tests.ui.house import NOON, MemoryHouse

if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    options = session.SessionOptions(width=1080, height=1920)
    sys.exit(session.run_session(MemoryHouse, Settings(), options, now=lambda: NOON))
