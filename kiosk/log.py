"""The log: one JSON line an event, on standard error, by the standard library.

Rules. Numbers, ids and error sentences of ours; never an answer, a name or a query. Standard output belongs to
commands. A line is {"time", "level", "room", "event", ...fields}. It configures no global logging: whoever runs us as a
library keeps theirs. structlog would do the same for eight megabytes in every engine (docs/adr/0011).
"""

from __future__ import annotations

import json
import sys
import time
import traceback
from typing import Any

_LEVELS = ("info", "warning", "error")
_least = "info"


def keep_from(level: str) -> None:
    """Write only events of this level ("info", "warning", "error") and above."""
    global _least
    _least = level


class Logger:
    """Writes the events of one room."""

    def __init__(self, room: str) -> None:
        self._room = room

    def info(self, event: str, **fields: object) -> None:
        self._write("info", event, fields)

    def warning(self, event: str, **fields: object) -> None:
        self._write("warning", event, fields)

    def error(self, event: str, **fields: object) -> None:
        self._write("error", event, fields)

    def exception(self, event: str, **fields: object) -> None:
        """An error with the traceback of the exception that is being handled."""
        self._write("error", event, {**fields, "traceback": traceback.format_exc()})

    def _write(self, level: str, event: str, fields: dict[str, Any]) -> None:
        if _LEVELS.index(level) < _LEVELS.index(_least):
            return
        stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        line = {"time": stamp, "level": level, "room": self._room, "event": event, **fields}
        sys.stderr.write(json.dumps(line, ensure_ascii=False, default=str) + "\n")
        sys.stderr.flush()


def logger(room: str) -> Logger:
    """A logger that says which room speaks."""
    return Logger(room)
