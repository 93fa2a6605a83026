"""A new data key: every page under it, the old one gone; killed at any step, the store opens and has lost nothing."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kiosk.errors import ConfigurationError, ContentMissing, EnvironmentFault, WrongStoreKey
from kiosk.protocol import keys as pairs
from kiosk.protocol import recovery
from kiosk.store import keys, outbox, slot_places
from kiosk.store.database import check, open_store
from kiosk.store.keys import StoreKey
from kiosk.store.rekey import rekey
from tests.helpers.patience import PATIENCE_S
from tests.store import samples

ROOT = Path(__file__).parents[2]
AFTER = "2030-01-01T00:00:00Z"


def _fill(profile: Path, key: StoreKey, rows: int = 3) -> None:
    with open_store(profile, key) as store:
        for _ in range(rows):
            outbox.submit(store, profile, samples.submission)


def _sequences(profile: Path) -> list[int]:
    with open_store(profile, keys.load(profile, allow_file=True)) as store:
        return [row.sequence for row in outbox.rows(store)]


def test_the_store_opens_with_the_new_key_only(profile: Path, key: StoreKey) -> None:
    _fill(profile, key)
    new = rekey(profile, allow_file=True)
    assert new != key and keys.load(profile, allow_file=True) == new
    assert _sequences(profile) == [1, 2, 3] and check(profile, new) == ()
    with pytest.raises(WrongStoreKey):
        open_store(profile, key)
    (profile / "keys.json").unlink()
    with pytest.raises(WrongStoreKey):
        open_store(profile, key)
    assert not (profile / "store.key").exists(), "the old key is emptied out of its slot"
    for path in profile.rglob("*"):
        if path.is_file():
            assert key.raw not in path.read_bytes() and key.raw.hex().encode() not in path.read_bytes(), path


def test_the_recovery_slot_is_renewed_with_it(profile: Path, key: StoreKey) -> None:
    _fill(profile, key)
    private, public = pairs.make_recipient(pairs.X_WING, AFTER)
    keys.add_slot(profile, key, "recovery", to=public)
    with pytest.raises(ConfigurationError, match="recovery key"):
        rekey(profile, allow_file=True)
    assert keys.load(profile, allow_file=True) == key and _sequences(profile) == [1, 2, 3]
    new = rekey(profile, to=public, allow_file=True)
    slot = next(slot for slot in keys.slots(profile).slots if slot.kind == "recovery")  # type: ignore[union-attr]
    sealed = recovery.read(slot_places.recovery_file(profile, slot).read_bytes())
    assert recovery.open_slot(sealed, private) == new.raw
    assert [path.name for path in profile.glob("recovery-*")] == ["recovery-2.slot"]


def test_it_is_refused_while_somebody_has_the_store_open(profile: Path, key: StoreKey) -> None:
    _fill(profile, key)
    with open_store(profile, key) as other:
        with pytest.raises(EnvironmentFault, match="another program"):
            rekey(profile, allow_file=True)
        assert len(outbox.rows(other)) == 3
        outbox.submit(other, profile, samples.submission)
    assert keys.load(profile, allow_file=True) == key and _sequences(profile) == [1, 2, 3, 4]
    assert {path.name for path in profile.glob("*.key")} == {"store.key"}


def test_nobody_opens_the_store_in_between(profile: Path, key: StoreKey) -> None:
    _fill(profile, key)
    seen: list[str] = []

    def step(name: str) -> None:
        if name in ("closed to others", "both listed", "rewritten"):
            code = "import sys; from pathlib import Path; from kiosk.store import probe\n"
            code += "print(probe.opens(Path(sys.argv[1]), bytes.fromhex(sys.argv[2])))"
            command = [sys.executable, "-c", code, str(profile), key.raw.hex()]
            done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
            assert "kept the store" in done.stderr and "locked" in done.stderr, done
            seen.append(name)

    rekey(profile, allow_file=True, step=step)
    assert seen == ["closed to others", "both listed", "rewritten"]


def test_there_must_be_a_store(profile: Path, key: StoreKey) -> None:
    with pytest.raises(ContentMissing):
        rekey(profile, allow_file=True)


def test_a_credential_brings_its_own_new_key(profile: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "credentials"
    folder.mkdir()
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(folder))
    (folder / "kiosk-store-key").write_text("ab" * 32)
    old = keys.create(profile, "credential")
    _fill(profile, old)
    with pytest.raises(ConfigurationError, match="kiosk-store-key-next"):
        rekey(profile)
    (folder / "kiosk-store-key-next").write_text("cd" * 32)
    assert keys.load(profile) == old, "a second credential by itself changes nothing"
    assert rekey(profile).raw == b"\xcd" * 32
    assert keys.load(profile).raw == b"\xcd" * 32 and len(_sequences_with(profile)) == 3
    (folder / "kiosk-store-key").write_text("cd" * 32)
    (folder / "kiosk-store-key-next").unlink()
    assert len(_sequences_with(profile)) == 3, "and the names may be tidied by the administrator"


def _sequences_with(profile: Path) -> list[int]:
    with open_store(profile, keys.load(profile)) as store:
        return [row.sequence for row in outbox.rows(store)]


def test_a_failure_in_the_middle_keeps_the_old_key(
    profile: Path, key: StoreKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kiosk.errors import StorageFull
    from kiosk.store import rekey as module

    _fill(profile, key)

    def full(*_: object) -> None:
        raise StorageFull("no room on the disk")

    monkeypatch.setattr(module, "_rewrite", full)
    with pytest.raises(StorageFull):
        rekey(profile, allow_file=True)
    assert keys.load(profile, allow_file=True) == key and _sequences(profile) == [1, 2, 3]
    assert {path.name for path in profile.glob("*.key")} == {"store.key"}


HEAD = """
import os, signal, sys, threading
from pathlib import Path
from kiosk.protocol import keys as pairs
from kiosk.store.rekey import rekey
profile, last = Path(sys.argv[1]), int(sys.argv[2])
die = lambda: os.kill(os.getpid(), signal.SIGKILL)
to = pairs.make_recipient(pairs.X25519, "2030-01-01T00:00:00Z")[1]
"""
AT_A_STEP = (
    HEAD
    + """
steps = []
def step(name):
    steps.append(name)
    if len(steps) == last:
        die()
rekey(profile, to=to, allow_file=True, step=step)
print(len(steps))
"""
)
IN_THE_PAGES = (
    HEAD
    + """
journal = profile / "store.db-journal"
def watch():
    while True:
        try:
            if journal.stat().st_size >= last:
                die()
        except OSError:
            pass
def step(name):
    if name == "both listed":
        threading.Thread(target=watch, daemon=True).start()
sys.setswitchinterval(1e-5)
rekey(profile, to=to, allow_file=True, step=step)
"""
)


def _run(script: str, profile: Path, last: int) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", script, str(profile), str(last)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE_S, check=False)


def _whole(profile: Path, expected: list[int], when: str) -> None:
    listed = keys.slots(profile)
    assert listed is not None and len(listed.checks) in (1, 2), when
    assert _sequences(profile) == expected, when
    keys.tidy(profile, allow_file=True)
    listed = keys.slots(profile)
    assert listed is not None and len(listed.checks) == 1 and listed.discarded == (), when
    assert sorted(slot.kind for slot in listed.slots) == ["file", "recovery"], when
    assert len([*profile.glob("*.key"), *profile.glob("*.slot")]) == 2, when
    assert check(profile, keys.load(profile, allow_file=True)) == (), when
    assert _sequences(profile) == expected, when


def test_killed_at_every_step(profile: Path, key: StoreKey) -> None:
    _fill(profile, key)
    keys.add_slot(profile, key, "recovery", to=pairs.make_recipient(pairs.X25519, AFTER)[1])
    ends = set()
    for last in range(1, 20):
        before = keys.load(profile, allow_file=True)
        done = _run(AT_A_STEP, profile, last)
        _whole(profile, [1, 2, 3], f"killed after step {last}")
        ends.add(keys.load(profile, allow_file=True) == before)
        if done.returncode == 0:
            assert int(done.stdout) == last - 1 >= 10
            assert ends == {True, False}, "some kills left the old key, some the new"
            return
        assert done.returncode == -signal.SIGKILL, done.stderr
    pytest.fail("it never ended")


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9])
def test_killed_while_pages_are_rewritten(profile: Path, key: StoreKey, share: float) -> None:
    _fill(profile, key)
    keys.add_slot(profile, key, "recovery", to=pairs.make_recipient(pairs.X25519, AFTER)[1])
    with open_store(profile, key) as store:
        with store.transaction():
            store.execute("INSERT INTO trust (name, body) VALUES ('ballast', ?)", (os.urandom(12_000_000),))
        store.rows("PRAGMA wal_checkpoint(TRUNCATE)")
    size = (profile / "store.db").stat().st_size
    done = _run(IN_THE_PAGES, profile, max(1, int(size * share)))
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert (profile / "store.db-journal").exists(), "it died in the middle of the rewriting"
    assert keys.load(profile, allow_file=True) == key, "what was not committed is rolled back"
    _whole(profile, [1, 2, 3], f"killed at {share}")


@pytest.mark.soak
@pytest.mark.timeout(900)
def test_killed_at_two_hundred_random_moments(profile: Path, key: StoreKey) -> None:
    _fill(profile, key)
    keys.add_slot(profile, key, "recovery", to=pairs.make_recipient(pairs.X25519, AFTER)[1])
    with open_store(profile, key) as store, store.transaction():
        store.execute("INSERT INTO trust (name, body) VALUES ('ballast', ?)", (os.urandom(4_000_000),))
    began = time.monotonic()
    assert _run(AT_A_STEP, profile, 99).returncode == 0
    whole = time.monotonic() - began
    chance, killed = random.Random(5), 0
    for round_ in range(200):
        child = subprocess.Popen(
            [sys.executable, "-c", AT_A_STEP, str(profile), "99"], cwd=ROOT, stdout=subprocess.PIPE
        )
        try:
            child.wait(chance.uniform(0.2, 1.0) * whole)
        except subprocess.TimeoutExpired:
            child.kill()
            killed += 1
        child.communicate()
        _whole(profile, [1, 2, 3], f"round {round_}")
    assert killed >= 50, "fewer kills than that are not a run"
