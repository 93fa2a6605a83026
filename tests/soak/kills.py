"""SIGKILL of a kiosk at random moments of taking and sending, again and again; the store is opened after each."""

from __future__ import annotations

import random
import threading

from kiosk.store import keys
from kiosk.store.database import check
from tests.soak.fleet import Fleet, Kiosk, Verdict

LONGEST_LIFE_S = 0.3
WHOLE_EVERY = 25


def kill_often(fleet: Fleet, times: int, seed: int = 0) -> Verdict:
    """Kill the kiosks of a fleet in turn; then heal and judge. Raises AssertionError when a store is not whole."""
    chance = random.Random(seed)
    nap = threading.Event()
    for number in range(times):
        kiosk = fleet.kiosks[number % len(fleet.kiosks)]
        kiosk.line.wait_for_request(chance.uniform(0.0, LONGEST_LIFE_S))
        nap.wait(chance.uniform(0.0, LONGEST_LIFE_S) * chance.random() / len(fleet.kiosks))
        kiosk.kill()
        _opens(kiosk, thorough=number % WHOLE_EVERY == 0)
        kiosk.start()
    return fleet.settle()


def _opens(kiosk: Kiosk, *, thorough: bool) -> None:
    kiosk.rows()
    if thorough:
        assert check(kiosk.profile, keys.load(kiosk.profile, allow_file=True)) == ()
