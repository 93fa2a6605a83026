"""One refresh of published content. Started by the engine, which says on standard input what to open."""

from __future__ import annotations

import sys
from typing import Any

import msgspec

from kiosk import app
from kiosk.cli import output
from kiosk.errors import UsageError
from kiosk.protocol import wire


def add_arguments(parser: Any) -> None:
    pass


def run(arguments: Any) -> int:
    try:
        opened = msgspec.json.decode(sys.stdin.buffer.readline(), type=wire.Open)
    except msgspec.DecodeError as error:
        raise UsageError("a refresh is started by the engine (kiosk run); by hand it is kiosk sync") from error
    output.line(app.refresh(opened))
    return 0
