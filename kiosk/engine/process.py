"""One session process, as the engine sees it: a pipe of messages each way, and an exit.

Rules. Messages are those of protocol/wire.py, on the session's standard input and output. A session that says what is
no message is ended: it is our own code and it is broken. Writing never raises and never waits: a dead session shows by
its exit, and one that has stopped reading is not told any more.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

from kiosk.config import Settings
from kiosk.log import logger
from kiosk.protocol import wire

_log = logger("engine")
COMMAND = (sys.executable, "-m", "kiosk", "session")


class SessionProcess:
    """Started by its constructor. Belongs to the engine's main thread."""

    def __init__(
        self,
        profile: Path,
        key: bytes,
        settings: Settings,
        *,
        offscreen: bool = False,
        full_screen: bool = False,
        driving: int = -1,
        closed: str = "",
        command: Sequence[str] = COMMAND,
    ) -> None:
        self.driving = driving
        self.closed = closed
        self._process = subprocess.Popen(
            command,
            bufsize=0,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            pass_fds=(driving,) if driving >= 0 else (),
        )
        assert self._process.stdin is not None and self._process.stdout is not None
        self._in = self._process.stdin
        self._out = self._process.stdout
        os.set_blocking(self._in.fileno(), False)
        self._lines: wire.Lines[wire.Report] = wire.Lines(wire.Report)
        self.send(wire.Open(str(profile), key.hex(), settings, offscreen, full_screen, driving, closed))

    @property
    def pid(self) -> int:
        return self._process.pid

    def fileno(self) -> int:
        """The descriptor that becomes readable when the session has said something, or ended."""
        return self._out.fileno()

    def send(self, message: Struct) -> None:
        """Say something; a session that is gone is not told."""
        with suppress(OSError, ValueError):
            self._in.write(wire.encode(message))

    def hear(self) -> list[wire.Report] | None:
        """What the session has said since the last call; None when its pipe has closed."""
        data = os.read(self.fileno(), wire.LONGEST)
        if not data:
            return None
        try:
            return self._lines.feed(data)
        except wire.WireFault as fault:
            _log.error("a session is broken and ended", pid=self.pid, fault=str(fault))
            self.kill()
            return []

    def kill(self) -> None:
        """End it now; its pipe closes by that."""
        self._process.kill()

    def quit(self, wait_s: float = 5.0) -> int:
        """Ask it to end, then make it; its exit code."""
        self.send(wire.Quit())
        return self.reap(wait_s)

    def reap(self, wait_s: float = 5.0) -> int:
        """Wait for the end of a session; its exit code."""
        with suppress(OSError):
            self._in.close()
        try:
            code = self._process.wait(wait_s)
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = self._process.wait()
        self._out.close()
        return code
