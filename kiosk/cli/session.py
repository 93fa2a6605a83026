"""A session process. Started by the engine, which says on standard input what to open; not for people."""

from __future__ import annotations

import os
import sys
from typing import Any

import msgspec


def add_arguments(parser: Any) -> None:
    pass


def run(arguments: Any = None) -> int:
    from kiosk import app
    from kiosk.protocol import wire

    try:
        opened = msgspec.json.decode(_first_line(), type=wire.Open)
    except (msgspec.DecodeError, UnicodeDecodeError):
        print("kiosk: a session is started by the engine (kiosk run), not by hand", file=sys.stderr)
        return 2
    writing = os.dup(1)
    os.dup2(2, 1)  # whatever prints must not speak on the engine's pipe
    return app.run_session(opened, 0, writing)


def _first_line() -> bytes:
    """Byte by byte: what follows belongs to the bridge."""
    line = bytearray()
    while (byte := os.read(0, 1)) not in (b"", b"\n") and len(line) < 65_536:
        line += byte
    return bytes(line)
