"""`kiosk doctor` on disk, key slots, stores that were set aside, certificate and clock."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from kiosk.cli import condition
from kiosk.model.device import DeviceIdentity
from kiosk.protocol import certificate
from kiosk.store import clock, device, documents, healing
from tests.cli.runner import Runner
from tests.helpers.profiles import KioskProfile

DAY = 86_400.0


@pytest.fixture
def doctor(kiosk_profile: KioskProfile, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Any:
    run = Runner(kiosk_profile.path, capsys, monkeypatch)

    def ask(name: str) -> tuple[str, str]:
        found = next(one for one in run("doctor", "--json").json["findings"] if one["name"] == name)
        return found["state"], found["detail"]

    return ask


def certified(kiosk: KioskProfile, days_left: float, now: float | None = None) -> None:
    """The kiosk's certificate, issued anew so that so many days of its 90 are left."""
    private, at = kiosk.private, time.time() if now is None else now
    before = kiosk.identity
    claims = certificate.verify(before.certificate, private.public().device_authority, time.time())
    from msgspec.structs import replace

    end = int(at + days_left * DAY)
    new = replace(claims, not_before=end - 90 * int(DAY), not_after=end)
    issued = certificate.issue(new, private.device_authority.id, private.device_authority.private)
    with kiosk.store() as store:
        device.save_identity(
            store, DeviceIdentity(before.kiosk, before.number, before.centre, before.private_key, issued)
        )


@pytest.mark.parametrize(
    ("days", "state", "says"),
    [
        (89, "ok", "days left"),
        (25, "ok", "days left"),
        (10, "broken", "has not renewed itself"),
        (-3, "broken", "expired"),
        (120, "broken", "set the clock"),
    ],
)
def test_the_certificate(doctor: Any, kiosk_profile: KioskProfile, days: float, state: str, says: str) -> None:
    certified(kiosk_profile, days)
    found = doctor("certificate")
    assert found[0] == state and says in found[1]


def test_a_certificate_is_judged_by_the_believed_time(doctor: Any, kiosk_profile: KioskProfile) -> None:
    """The clock of this machine is years behind what content was verified at: the certificate has run out by then."""
    ahead = clock.look().wall + 300 * DAY
    with kiosk_profile.store() as store:
        mark = clock.write_mark(None, clock.Moment(ahead, 0.0, "another boot"))
        documents.save_trust(store, {clock.MARK: mark})
    assert "expired" in doctor("certificate")[1]
    certified(kiosk_profile, 80, now=ahead)
    assert doctor("certificate")[0] == "ok"
    assert doctor("clock")[0] == "broken"


def test_a_device_without_identity(doctor: Any, kiosk_profile: KioskProfile) -> None:
    with kiosk_profile.store() as store, store.transaction():
        store.execute("DELETE FROM device")
    state, detail = doctor("certificate")
    assert state == "absent" and "kiosk enrol" in detail


def test_stores_that_lie_aside(doctor: Any, kiosk_profile: KioskProfile) -> None:
    assert doctor("damage") == ("ok", "no store was set aside")
    healing.heal(kiosk_profile.path, kiosk_profile.key, "a test")
    state, detail = doctor("damage")
    assert state == "broken" and detail.startswith("1 set aside") and "damaged-" in detail


def test_key_slots(doctor: Any, kiosk_profile: KioskProfile) -> None:
    state, detail = doctor("keys")
    assert state == "absent" and "no recovery slot" in detail
    path = kiosk_profile.path / "store.key"
    path.write_text(bytes(32).hex())
    assert doctor("keys") == ("broken", "file-1: it holds another key")
    path.unlink()
    assert doctor("keys")[0] == "broken"
    (kiosk_profile.path / "keys.json").write_bytes(b'{"profile":"\xff"}')
    assert "put back a copy" in doctor("keys")[1]
    (kiosk_profile.path / "keys.json").unlink()
    assert doctor("keys")[0] == "broken"


def test_the_disk(doctor: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert doctor("disk")[0] == "ok"
    monkeypatch.setattr(condition, "LEAST_FREE", 1 << 60)
    state, detail = doctor("disk")
    assert state == "broken" and "MB are free" in detail


def test_a_profile_that_is_not_there(tmp_path: Path, kiosk_profile: KioskProfile) -> None:
    assert condition.disk(tmp_path / "none").state == "absent"
    assert condition.certificate_of(tmp_path / "none", kiosk_profile.configure()).state == "absent"
