"""A thousand SIGKILLs at random moments of taking and sending: none lost, none twice, the store opens every time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.helpers.profiles import KioskProfile
from tests.soak.fleet import Fleet
from tests.soak.kills import kill_often

pytestmark = pytest.mark.soak
KILLS = 1_000


def test_a_thousand_kills(real_kiosk: KioskProfile, tmp_path: Path, report: Callable[[object], None]) -> None:
    with Fleet(real_kiosk, tmp_path, 2, 20.0) as fleet:
        verdict = kill_often(fleet, KILLS, seed=1)
    report(f"{KILLS} kills: {verdict}")
    assert verdict.passed, verdict
