"""The fault matrix: 5 and 10 kiosks, 4 applications a second each, 100 s; every fault hits at least 50 requests.

In the manner of the public Jepsen runs of PowerSync: faults, then heal, 3 s of quiet, the outboxes empty within 11 s,
and equal reads on both sides. A run in which a fault hit fewer requests is not counted as one, it fails.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.helpers.profiles import KioskProfile
from tests.soak.fleet import Fleet
from tests.soak.nemesis import GROUPS, Nemesis

pytestmark = pytest.mark.soak
SECONDS = 100.0
EACH = 50
MORE = 10
"""A slow machine gets so many further rounds of a tenth, until each fault has hit often enough."""
EMPTY_WITHIN_S = 11.0


@pytest.mark.parametrize("group", sorted(GROUPS))
@pytest.mark.parametrize("kiosks", [5, 10])
def test_nothing_lost_twice_or_stuck(
    real_kiosk: KioskProfile, tmp_path: Path, report: Callable[[object], None], kiosks: int, group: str
) -> None:
    with Fleet(real_kiosk, tmp_path, kiosks, 4.0, seed=kiosks) as fleet:
        Nemesis(fleet, GROUPS[group], SECONDS, seed=kiosks).run()
        for more in range(MORE):
            if all(fleet.hits()[kind] >= EACH for kind in GROUPS[group]):
                break
            Nemesis(fleet, GROUPS[group], SECONDS / 10, seed=100 + more).run()
        verdict = fleet.settle()
    report(verdict)
    assert verdict.passed, verdict
    assert verdict.empty_after_s <= EMPTY_WITHIN_S, verdict
    too_few = {kind: verdict.hits.get(kind, 0) for kind in GROUPS[group] if verdict.hits.get(kind, 0) < EACH}
    assert not too_few, f"not a run: {too_few}"


PLANTED = {
    "answer before commit": ("processes", "lost"),
    "dedupe by cache": ("bodies", "twice"),
    "settle on any 200": ("bodies", "lost"),
    "a lease that never expires": ("processes", "stuck"),
}


@pytest.mark.parametrize("bug", PLANTED)
def test_a_build_with_a_planted_bug_fails(
    real_kiosk: KioskProfile, tmp_path: Path, report: Callable[[object], None], bug: str
) -> None:
    group, found = PLANTED[bug]
    with Fleet(real_kiosk, tmp_path, 5, 4.0, bug=bug) as fleet:
        Nemesis(fleet, GROUPS[group], SECONDS / 4).run()
        verdict = fleet.settle()
    report(verdict)
    assert verdict.received, "a build that does nothing at all would be found out by anybody"
    assert not verdict.passed and getattr(verdict, found), verdict
