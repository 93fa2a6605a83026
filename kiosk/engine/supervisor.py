"""Sessions: one in front, one warm spare behind (kiosk); one and no spare (desktop).

Rules. A visitor's session ends by its process exiting; a crash is the same path. The spare is shown on the word
"ending", before the old process has gone, and a new spare is started only once the shown one has drawn itself, so that
the two cores work for the visitor first. A session that dies before it was ever ready is started again after a growing
pause: a broken display must not become a storm of processes. A session that does not come up, does not go within its
time, or does not answer any more (pulse.py) is killed. `renew` changes sessions over to what the engine says now, but
never takes one away from a visitor. It owns no data and never touches the store.
"""

from __future__ import annotations

import selectors
import time
from collections.abc import Callable
from contextlib import suppress

from msgspec import Struct

from kiosk.engine.process import SessionProcess
from kiosk.engine.pulse import Pulse
from kiosk.log import logger
from kiosk.protocol import wire

_log = logger("engine")
LONGEST_PAUSE_S = 30.0
READY_S, GONE_S = 60.0, 10.0
"""How long a session may take to become ready, and to exit once it has ended."""


class Supervisor:
    """Keeps sessions running.

    `start` makes a session process; `on_wake` is called when one has committed a submission, `on_crash` when one
    ended badly, or was of the time before a `renew`, `on_trouble` when one met a fault of the store; `once` (desktop):
    a session that ends well is the last, and `finished` becomes true. `hang_s`: how long a session may not answer.
    """

    def __init__(
        self,
        start: Callable[[], SessionProcess],
        *,
        spare: bool,
        on_wake: Callable[[], None],
        on_crash: Callable[[], None],
        on_trouble: Callable[[], None] = lambda: None,
        once: bool = False,
        hang_s: float = 20.0,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._monotonic = monotonic
        self._deadlines: dict[int, float] = {}
        self._start = start
        self._with_spare = spare
        self._on_wake = on_wake
        self._on_crash = on_crash
        self._on_trouble = on_trouble
        self._once = once
        self._pulse = Pulse(hang_s)
        self._selector = selectors.DefaultSelector()
        self._ready: set[int] = set()
        self._shown: set[int] = set()
        self._ended: set[int] = set()
        self._visited: set[int] = set()
        self._outdated: set[int] = set()
        self._dismissed: set[int] = set()
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

    def forget(self, descriptor: int) -> None:
        """Listen to a descriptor no more; after `stop` nothing is listened to."""
        with suppress(KeyError):
            self._selector.unregister(descriptor)

    def renew(self) -> None:
        """What sessions stand on has changed: others take their place, but not before a visitor's end."""
        self._outdated = set(self._sessions)
        for session in self._sessions.values():
            if session is not self._front and session.pid not in self._ended:
                self._dismiss(session)

    def tell(self, message: Struct) -> None:
        """Tell every session; the state of the link is told to later ones too."""
        if isinstance(message, wire.Link):
            self._online = message.online
        for session in self._sessions.values():
            session.send(message)

    def turn(self, timeout_s: float) -> None:
        """Start what is missing, then deal with what happens within `timeout_s`."""
        self._end_the_hung()
        self._change_over()
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
        warm = [one for one in self._sessions.values() if one.pid in self._ready and one.pid not in self._ended]
        for session in self._pulse.look(warm, now):
            _log.error("a session does not answer and is killed", pid=session.pid, in_front=session is self._front)
            self._pulse.heard(session.pid)
            session.kill()

    def _change_over(self) -> None:
        """An outdated session in front that nobody uses gives way to a new one."""
        front = self._front
        if front is None or front.pid not in self._outdated or front.pid in self._visited:
            return
        if self._once and not front.closed:
            return
        if not self._with_spare or any(pid not in self._outdated | self._ended for pid in self._ready):
            self._dismiss(front)

    def _dismiss(self, session: SessionProcess) -> None:
        self._dismissed.add(session.pid)
        if session is self._front:
            self._step_down(session)
            if self._front is not None:
                return  # it goes once the other is on the screen
        self._ended.add(session.pid)
        self._deadlines[session.pid] = self._monotonic() + GONE_S
        session.send(wire.Quit())

    def _fill(self) -> None:
        if self._monotonic() < self._not_before or (self._once and self._ended - self._dismissed):
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
        self._pulse.heard(session.pid)
        for report in reports:
            match report:
                case wire.Ready():
                    self._ready.add(session.pid)
                    self._deadlines.pop(session.pid, None)
                    self._failures = 0
                    if self._front is None and session.pid not in self._ended:
                        self._show(session)
                case wire.Shown():
                    self._shown.add(session.pid)
                    self._retire()
                case wire.Ended():
                    self._step_down(session)
                case wire.Submitted():
                    self._on_wake()
                case wire.Started():
                    self._visited.add(session.pid)
                case wire.Trouble():
                    self._on_trouble()
                case wire.Pong():
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
        dismissed, outdated = session.pid in self._dismissed, session.pid in self._outdated
        for known in (
            self._ready, self._shown, self._ended, self._visited, self._outdated, self._dismissed,
        ):  # fmt: skip
            known.discard(session.pid)
        self._pulse.forget(session.pid)
        self._deadlines.pop(session.pid, None)
        del self._sessions[session.pid]
        if code:
            _log.error("a session ended badly", pid=session.pid, code=code, was_ready=was_ready)
        if code or outdated:
            self._on_crash()
        self.finished |= self._once and code == 0 and not dismissed
        if not was_ready and not dismissed:
            self._failures += 1
            self._not_before = self._monotonic() + min(0.5 * 2 ** min(self._failures, 16), LONGEST_PAUSE_S)
