"""Whoever brings the faults: one thread for each kiosk and one for the backend, each choosing what was rarest so far.

Rules. Every kind is known by a name; a name is one of the proxy's faults or one of PROCESSES. Windows are short and
follow each other with a breath between, so that work is done among the faults. Everything is undone when `run` returns.
"""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack

from tests.helpers.fault_proxy import BODIES, CUTS, LINES
from tests.soak.fleet import Fleet, Kiosk

KILL_CLIENT, KILL_BACKEND, PAUSE = "kill client", "kill backend", "pause"
PROCESSES = (KILL_CLIENT, KILL_BACKEND, PAUSE)
GROUPS = {"lines": LINES, "processes": PROCESSES, "bodies": BODIES}
KINDS = (*LINES, *PROCESSES, *BODIES)
LONGEST_CUT_S = 10.0


class Nemesis:
    """Faults of these kinds on a fleet for a while."""

    def __init__(self, fleet: Fleet, kinds: Sequence[str], seconds: float, seed: int = 0) -> None:
        self._fleet = fleet
        self._kinds = kinds
        self._end = time.monotonic() + seconds
        self._seconds = seconds
        self._seed = seed
        self._nap = threading.Event()
        self._failures: list[BaseException] = []

    def run(self) -> None:
        """Blocks until the time is over and every fault is undone."""
        of_kiosks = [kind for kind in self._kinds if kind != KILL_BACKEND]
        threads = [
            threading.Thread(
                target=self._guarded, args=(self._harass, kiosk, of_kiosks, random.Random(self._seed + at))
            )
            for at, kiosk in enumerate(self._fleet.kiosks)
            if of_kiosks
        ]
        if KILL_BACKEND in self._kinds:
            threads.append(threading.Thread(target=self._guarded, args=(self._kill_backend, random.Random(self._seed))))
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if self._failures:
            raise self._failures[0]

    def _guarded(self, work: object, *arguments: object) -> None:
        try:
            assert callable(work)
            work(*arguments)
        except BaseException as error:
            self._failures.append(error)

    def _left(self) -> float:
        return self._end - time.monotonic()

    def _wait(self, seconds: float) -> None:
        self._nap.wait(max(0.0, min(seconds, self._left())))

    def _harass(self, kiosk: Kiosk, kinds: Sequence[str], chance: random.Random) -> None:
        while self._left() > 0:
            self._wait(chance.uniform(0.05, 0.3))
            hits = self._fleet.hits()
            fewest = min(hits[kind] for kind in kinds)
            kind = chance.choice([kind for kind in kinds if hits[kind] <= fewest + 3])
            if kind == KILL_CLIENT:
                self._kill(kiosk, chance)
            elif kind == PAUSE:
                self._pause(kiosk, chance)
            elif kind in CUTS:
                kiosk.line.wait_for_request(1.0)
                with kiosk.line.window(kind):
                    self._wait(min(LONGEST_CUT_S, self._seconds / 4) * chance.random() ** 6)
            else:
                kiosk.line.bend(kind)
                kiosk.line.wait_for_hits(kind, kiosk.line.hits[kind] + chance.randint(1, 3), min(3.0, self._left()))
                kiosk.line.heal()
                # Some requests pass, or the pauses between attempts would grow to their cap and little would happen.
                self._wait(chance.uniform(0.0, 0.6))

    def _kill(self, kiosk: Kiosk, chance: random.Random) -> None:
        kiosk.line.wait_for_request(1.0)
        self._wait(0.05 * chance.random() ** 2)
        with kiosk.line.window(KILL_CLIENT):
            kiosk.kill()
        kiosk.start()

    def _pause(self, kiosk: Kiosk, chance: random.Random) -> None:
        """SIGSTOP of the kiosk, or of the backend, with its requests in the middle."""
        assert kiosk.child is not None
        kiosk.line.wait_for_request(1.0)
        pid = kiosk.child.pid
        try:
            with kiosk.line.window(PAUSE):
                os.kill(pid, signal.SIGSTOP)
                self._wait(2.0 * chance.random() ** 2)
                os.kill(pid, signal.SIGCONT)
        except ProcessLookupError as error:
            log = kiosk.profile.with_name(f"{kiosk.profile.name}.log").read_text()
            raise AssertionError(f"a kiosk died by itself: {log[-2000:]}") from error

    def _kill_backend(self, chance: random.Random) -> None:
        while self._left() > 0:
            self._wait(chance.uniform(0.3, 2.0) if self._seconds < 30 else chance.uniform(1.0, 5.0))
            if self._left() <= 0:
                return
            with ExitStack() as stack:
                for kiosk in self._fleet.kiosks:
                    stack.enter_context(kiosk.line.window(KILL_BACKEND))
                self._fleet.kill_backend()
                self._wait(chance.uniform(0.0, 1.5))
                self._fleet.start_backend()
