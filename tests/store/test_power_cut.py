"""The power goes in the middle of the work: what was promised is there. The long form is in tests/soak."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kiosk.store import files, keys
from kiosk.store.database import check, open_store
from tests.helpers import lossy_disk, traced_disk
from tests.helpers.profiles import KioskProfile
from tests.soak import power_cut

lossy = pytest.mark.skipif(lossy_disk.unavailable() != "", reason=lossy_disk.unavailable() or os.name)
traced = pytest.mark.skipif(traced_disk.unavailable() != "", reason=traced_disk.unavailable() or os.name)


@lossy
def test_no_receipt_is_lost_and_no_trust_goes_back(real_kiosk: KioskProfile, tmp_path: Path) -> None:
    publisher = power_cut.Publisher(real_kiosk, tmp_path, 5)
    found = power_cut.rounds(publisher, real_kiosk, tmp_path, cuts=3, receipts=35)
    assert found.broken == []
    assert len(found.receipts) >= 100 and found.version > 1


@lossy
def test_a_new_folder_stays_with_what_is_in_it(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with lossy_disk.mounted(tmp_path / "empty", tmp_path / "disk") as disk:
        folder = disk.path / "profile" / "outbox"
        files.private_folder(folder)
        files.write_durably(folder / "one.env", b"sealed")
        disk.cut(tmp_path / "left")
    assert (tmp_path / "left" / "profile" / "outbox" / "one.env").read_bytes() == b"sealed"


@lossy
def test_a_store_that_was_made_is_there(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with lossy_disk.mounted(tmp_path / "empty", tmp_path / "disk") as disk:
        profile = disk.path / "profile"
        with open_store(profile, keys.create(profile, "file", allow_file=True)) as store:
            disk.cut(tmp_path / "left")
            del store
    left = tmp_path / "left" / "profile"
    assert check(left, keys.load(left, allow_file=True)) == ()


@lossy
def test_a_build_without_directory_fsync_is_found_out(real_kiosk: KioskProfile, tmp_path: Path) -> None:
    publisher = power_cut.Publisher(real_kiosk, tmp_path, 1)
    found = power_cut.rounds(publisher, real_kiosk, tmp_path, cuts=1, receipts=3, bug="no directory fsync")
    assert any("no whole file" in one for one in found.broken)


@traced
def test_a_traced_run_loses_nothing_wherever_it_is_cut(real_kiosk: KioskProfile, tmp_path: Path) -> None:
    publisher = power_cut.Publisher(real_kiosk, tmp_path, 3)
    found = power_cut.replayed(publisher, real_kiosk, tmp_path, receipts=6, versions=2, cuts=24)
    assert found.broken == []
    assert (found.cuts, len(found.receipts), found.version) == (24, 18, 3)


@traced
def test_a_traced_run_without_directory_fsync_is_found_out(real_kiosk: KioskProfile, tmp_path: Path) -> None:
    publisher = power_cut.Publisher(real_kiosk, tmp_path, 1)
    found = power_cut.replayed(
        publisher, real_kiosk, tmp_path, receipts=3, versions=0, cuts=3, bug="no directory fsync"
    )
    assert any("no whole file" in one for one in found.broken)
