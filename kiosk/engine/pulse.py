"""Whether sessions still answer: a question over the pipe now and then, and patience for the answer.

Rules. The answer comes from the thread that serves the visitor, so a session that cannot answer cannot serve. Silence
is counted in turns of the engine, at most LONGEST_STEP_S each: an engine that was itself stopped, or a machine that
slept, is not held against a session. Time in which the kernel holds the session (waiting for a disk, or under a
debugger) does not count either. Only silence beyond the whole limit is a hang. It kills nobody.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from kiosk.engine.process import SessionProcess
from kiosk.protocol import wire

LONGEST_STEP_S = 1.0
_ASK_SHARE = 4.0


class Pulse:
    """Of many sessions. `limit_s` is how long one may be silent after it was asked."""

    def __init__(self, limit_s: float) -> None:
        self._limit_s = limit_s
        self._last: float | None = None
        self._quiet: dict[int, float] = {}
        self._asked: set[int] = set()

    def heard(self, pid: int) -> None:
        """A session has said something."""
        self._quiet[pid] = 0.0
        self._asked.discard(pid)

    def forget(self, pid: int) -> None:
        """A session is gone."""
        self._quiet.pop(pid, None)
        self._asked.discard(pid)

    def look(self, sessions: Iterable[SessionProcess], now: float) -> list[SessionProcess]:
        """Ask whoever was quiet for a while; answers the sessions that hang. `now` is monotonic seconds."""
        step = 0.0 if self._last is None else min(max(0.0, now - self._last), LONGEST_STEP_S)
        self._last = now
        hung = []
        for session in sessions:
            pid = session.pid
            if pid in self._asked and held(pid):
                continue
            self._quiet[pid] = self._quiet.get(pid, 0.0) + step
            if pid not in self._asked and self._quiet[pid] >= self._limit_s / _ASK_SHARE:
                self._asked.add(pid)
                self._quiet[pid] = 0.0
                session.send(wire.Ping())
            elif pid in self._asked and self._quiet[pid] >= self._limit_s:
                hung.append(session)
        return hung


def held(pid: int) -> bool:
    """Whether the kernel or a debugger keeps a process from running; False where that is not known."""
    with suppress(OSError, ValueError):
        fields = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text("utf-8").splitlines())
        return fields["State"].strip()[:1] in ("D", "t") or fields["TracerPid"].strip() != "0"
    return False
