"""A hundred power cuts and ten thousand receipts: none is lost, and published trust does not go back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.helpers import lossy_disk, traced_disk
from tests.helpers.profiles import KioskProfile
from tests.soak import power_cut

pytestmark = pytest.mark.soak
CHAINS, CUTS, RECEIPTS = 10, 10, 100


@pytest.mark.skipif(lossy_disk.unavailable() != "", reason=lossy_disk.unavailable() or "there is such a disk")
def test_ten_thousand_receipts(real_kiosk: KioskProfile, tmp_path: Path, report: Callable[[object], None]) -> None:
    publisher = power_cut.Publisher(real_kiosk, tmp_path, 24)
    receipts, cuts, broken = 0, 0, []
    for chain in range(CHAINS):
        folder = tmp_path / f"chain{chain}"
        folder.mkdir()
        found = power_cut.rounds(
            publisher, real_kiosk, folder, cuts=CUTS, receipts=RECEIPTS, seed=1000 * chain, first=chain
        )
        receipts, cuts, broken = receipts + len(found.receipts), cuts + found.cuts, broken + found.broken
    report(f"{cuts} power cuts, {receipts} receipts, broken promises: {len(broken)}")
    assert broken == [] and receipts >= 10_000


@pytest.mark.skipif(traced_disk.unavailable() != "", reason=traced_disk.unavailable() or "calls can be traced")
def test_four_traced_runs_cut_at_hundreds_of_calls(
    real_kiosk: KioskProfile, tmp_path: Path, report: Callable[[object], None]
) -> None:
    publisher = power_cut.Publisher(real_kiosk, tmp_path, 6)
    receipts, cuts, broken = 0, 0, []
    for run in range(4):
        folder = tmp_path / f"run{run}"
        folder.mkdir()
        found = power_cut.replayed(publisher, real_kiosk, folder, receipts=20, versions=5, cuts=150, seed=run)
        receipts, cuts, broken = receipts + len(found.receipts), cuts + found.cuts, broken + found.broken
    report(f"{cuts} power cuts replayed, {receipts} receipts, broken promises: {len(broken)}")
    assert broken == [] and (receipts, cuts) == (480, 600)
