"""Several kiosks under faults of every kind, and killed again and again: nothing lost, nothing twice, nothing stuck.

The long forms, and the other planted bugs, are in tests/soak.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.helpers.profiles import KioskProfile
from tests.soak.fleet import Fleet
from tests.soak.kills import kill_often
from tests.soak.nemesis import KINDS, Nemesis

ROUNDS = 30
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="SIGSTOP, SIGKILL and forked children are of POSIX")


def test_faults_of_every_kind(real_kiosk: KioskProfile, tmp_path: Path) -> None:
    """A slow machine gets further rounds, until enough kinds have hit requests for this to be a run at all."""
    with Fleet(real_kiosk, tmp_path, 2, 5.0) as fleet:
        for seed in range(ROUNDS):
            Nemesis(fleet, KINDS, 6.0, seed).run()
            if sum(hits > 0 for hits in fleet.hits().values()) >= 6:
                break
        verdict = fleet.settle()
    assert verdict.passed, verdict
    assert len(verdict.hits) >= 6, verdict


def test_a_build_that_settles_on_any_200_is_found_out(real_kiosk: KioskProfile, tmp_path: Path) -> None:
    """As many rounds as it takes: a portal must answer a request that carries an application."""
    with Fleet(real_kiosk, tmp_path, 1, 10.0, bug="settle on any 200") as fleet:
        for seed in range(ROUNDS):
            Nemesis(fleet, ["portal"], 2.0, seed).run()
            verdict = fleet.settle()
            if verdict.lost:
                break
            fleet.kiosks[0].kill()
            fleet.kiosks[0].start()
    assert verdict.lost, verdict


def test_killed_at_random_moments(real_kiosk: KioskProfile, tmp_path: Path) -> None:
    with Fleet(real_kiosk, tmp_path, 1, 20.0) as fleet:
        verdict = kill_often(fleet, 25)
    assert verdict.passed, verdict
