"""Sessions: one in front, one warm spare behind (kiosk); one and no spare (desktop).

Rules. A visitor's session ends by its process exiting; a crash is the same path. The spare is shown on the word
"ending", before the old process has gone, and a new spare is started only once the shown one has drawn itself, so that
the two cores work for the visitor first. A session that dies before it was ever ready is started again after a growing
pause: a broken display must not become a storm of processes. A session that does not come up, or does not go, within
its time is killed. It owns no data and never touches the store.
"""

from __future__ import annotations

import selectors
import time
from collections.abc import Callable

from msgspec import Struct

from kiosk.engine.process import SessionProcess
from kiosk.log import logger
from kiosk.protocol import wire

_log = logger("engine")
LONGEST_PAUSE_S = 30.0
READY_S, GONE_S = 60.0, 10.0
"""How long a session may take to become ready, and to exit once it has ended."""


class Supervisor:
    """Keeps sessions running.

    `start` makes a session process; `on_wake` is called when one has committed a submission, `on_crash` when one
    ended badly; `once` (desktop): a session that ends well is the last, and `finished` becomes true.
    """

    def __init__(
        self,
        start: Callable[[], SessionProcess],
        *,
        spare: bool,
        on_wake: Callable[[], None],
        on_crash: Callable[[], None],
        once: bool = False,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._monotonic = monotonic
        self._deadlines: dict[int, float] = {}
        self._start = start
        self._with_spare = spare
        self._on_wake = on_wake
        self._on_crash = on_crash
        self._once = once
        self._selector = selectors.DefaultSelector()
        self._ready: set[int] = set()
        self._shown: set[int] = set()
        self._ended: set[int] = set()
        self._sessions: dict[int, SessionProcess] = {}
        self._front: SessionProcess | None = None
        self._online = False
        self._failures = 0
        self._not_before = 0.0
        self.sessions_ended = 0
        self.finished = False

    @property
    def front(self) -> SessionProcess | None:
        return self._front

    @property
    def ready(self) -> frozenset[int]:
        """Process ids of sessions that are warm, shown or not."""
        return frozenset(self._ready)

    @property
    def shown(self) -> frozenset[int]:
        """Process ids of sessions that have drawn themselves on the screen."""
        return frozenset(self._shown)

    def listen(self, descriptor: int, called: Callable[[], None]) -> None:
        """Call `called` when another descriptor becomes readable."""
        self._selector.register(descriptor, selectors.EVENT_READ, called)

    def tell(self, message: Struct) -> None:
        """Tell every session; the state of the link is told to later ones too."""
        if isinstance(message, wire.Link):
            self._online = message.online
        for session in self._sessions.values():
            session.send(message)

    def turn(self, timeout_s: float) -> None:
        """Start what is missing, then deal with what happens within `timeout_s`."""
        self._end_the_hung()
        self._fill()
        for key, _ in self._selector.select(timeout_s):
            if isinstance(key.fileobj, SessionProcess):
                self._hear(key.fileobj)
            else:
                key.data()

    def stop(self) -> None:
        """End every session."""
        for session in list(self._sessions.values()):
            self._selector.unregister(session)
            session.quit()
        self._sessions.clear()
        self._front = None
        self._selector.close()

    def _end_the_hung(self) -> None:
        now = self._monotonic()
        for pid, deadline in list(self._deadlines.items()):
            if now >= deadline:
                del self._deadlines[pid]
                _log.error("a session hangs and is killed", pid=pid)
                self._sessions[pid].kill()

    def _fill(self) -> None:
        if self._monotonic() < self._not_before or (self._once and self._ended):
            return
        calm = self._front is not None and self._front.pid in self._shown
        wanted = 2 if self._with_spare and calm else 1
        while len(self._sessions) - len(self._ended) < wanted:
            session = self._start()
            self._sessions[session.pid] = session
            self._deadlines[session.pid] = self._monotonic() + READY_S
            self._selector.register(session, selectors.EVENT_READ)
            session.send(wire.Link(self._online))
            if self._front is None:
                # Nobody is on the screen: it need not draw itself out of sight first.
                self._show(session)

    def _hear(self, session: SessionProcess) -> None:
        reports = session.hear()
        if reports is None:
            self._gone(session)
            return
        for report in reports:
            match report:
                case wire.Ready():
                    self._ready.add(session.pid)
                    self._deadlines.pop(session.pid, None)
                    self._failures = 0
                    if self._front is None:
                        self._show(session)
                case wire.Shown():
                    self._shown.add(session.pid)
                    self._retire()
                case wire.Ended():
                    self._step_down(session)
                case wire.Submitted():
                    self._on_wake()
                case wire.Started():
                    pass

    def _retire(self) -> None:
        """The new session is on the screen: those that have ended may go."""
        for pid in self._ended:
            self._sessions[pid].send(wire.Quit())

    def _step_down(self, session: SessionProcess) -> None:
        if session is not self._front:
            return
        self._front = None
        self._ended.add(session.pid)
        self._deadlines[session.pid] = self._monotonic() + GONE_S
        self.sessions_ended += 1
        spare = next((s for s in self._sessions.values() if s.pid in self._ready and s.pid not in self._ended), None)
        if spare is not None:
            self._show(spare)

    def _show(self, session: SessionProcess) -> None:
        self._front = session
        session.send(wire.Show())

    def _gone(self, session: SessionProcess) -> None:
        self._selector.unregister(session)
        code = session.reap()
        was_ready = session.pid in self._ready
        self._step_down(session)
        for known in (self._ready, self._shown, self._ended):
            known.discard(session.pid)
        self._deadlines.pop(session.pid, None)
        del self._sessions[session.pid]
        if code:
            _log.error("a session ended badly", pid=session.pid, code=code, was_ready=was_ready)
            self._on_crash()
        self.finished |= self._once and code == 0
        if not was_ready:
            self._failures += 1
            self._not_before = self._monotonic() + min(0.5 * 2 ** min(self._failures, 16), LONGEST_PAUSE_S)
