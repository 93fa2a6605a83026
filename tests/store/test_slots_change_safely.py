"""Slots come and go; losing one loses nothing, and a process killed at any step leaves a profile that opens."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.errors import ConfigurationError, EnvironmentFault, KeyUnavailable, WrongStoreKey
from kiosk.model.content import RecipientKey
from kiosk.protocol import keys as pairs
from kiosk.protocol import recovery
from kiosk.store import keys, slot_list, slot_places
from kiosk.store.database import Store, open_store
from kiosk.store.keys import StoreKey
from kiosk.store.slot_list import Slot, Slots
from tests.helpers.patience import PATIENCE_S

ROOT = Path(__file__).parents[2]
AFTER = "2030-01-01T00:00:00Z"


@pytest.fixture
def pair() -> tuple[pairs.RecipientPrivateKey, RecipientKey]:
    return pairs.make_recipient(pairs.X_WING, AFTER)


def _names(profile: Path) -> set[str]:
    return {path.name for path in profile.iterdir() if path.suffix in (".key", ".slot")}


def _ids(profile: Path) -> list[str]:
    listed = keys.slots(profile)
    assert listed is not None and listed.discarded == ()
    return [slot.id for slot in listed.slots]


def test_a_recovery_slot_gives_the_key_back(
    profile: Path, key: StoreKey, pair: tuple[pairs.RecipientPrivateKey, RecipientKey]
) -> None:
    open_store(profile, key).close()
    slot = keys.add_slot(profile, key, "recovery", to=pair[1])
    (profile / "store.key").unlink()
    with pytest.raises(KeyUnavailable, match="--recover"):
        keys.load(profile, allow_file=True)
    raw = recovery.open_slot(recovery.read(slot_places.recovery_file(profile, slot).read_bytes()), pair[0])
    keys.rotate(profile, StoreKey(raw), kinds=("file",), allow_file=True)
    assert keys.load(profile, allow_file=True) == key
    open_store(profile, keys.load(profile, allow_file=True)).close()
    assert _ids(profile) == ["recovery-1", "file-2"]


def test_a_recovery_slot_needs_a_recovery_key(profile: Path, key: StoreKey) -> None:
    with pytest.raises(ConfigurationError, match="recovery key"):
        keys.add_slot(profile, key, "recovery")
    assert _ids(profile) == ["file-1"], "and leaves nothing"
    with pytest.raises(ConfigurationError, match="cannot be the first"):
        keys.create(profile.parent / "other", "recovery")


def test_the_last_slot_that_opens_here_stays(
    profile: Path, key: StoreKey, pair: tuple[pairs.RecipientPrivateKey, RecipientKey]
) -> None:
    keys.add_slot(profile, key, "recovery", to=pair[1])
    with pytest.raises(ConfigurationError, match="only key slot that opens"):
        keys.remove_slot(profile, "file-1")
    keys.remove_slot(profile, "recovery-1")
    assert _names(profile) == {"store.key"}


def test_rotation_moves_the_key_to_fresh_slots(
    profile: Path, key: StoreKey, pair: tuple[pairs.RecipientPrivateKey, RecipientKey]
) -> None:
    keys.add_slot(profile, key, "recovery", to=pair[1])
    _, newer = pairs.make_recipient(pairs.X25519, AFTER)
    keys.rotate(profile, key, to=newer, allow_file=True)
    assert _ids(profile) == ["file-2", "recovery-2"]
    assert _names(profile) == {"store-2.key", "recovery-2.slot"}
    assert keys.load(profile, allow_file=True) == key
    assert slot_places.sealed_to(profile, Slot("recovery", "recovery-2", key.check)) == newer.id


def test_rotation_that_cannot_fill_a_slot_changes_nothing(profile: Path, key: StoreKey) -> None:
    before = (profile / "keys.json").read_bytes()
    with pytest.raises(ConfigurationError):
        keys.rotate(profile, key)  # a key file is not allowed
    assert (profile / "keys.json").read_bytes() == before and _names(profile) == {"store.key"}
    with pytest.raises(WrongStoreKey):
        keys.rotate(profile, StoreKey(bytes(32)), allow_file=True)


def test_a_lost_list_of_slots_is_made_again_with_the_key(profile: Path, key: StoreKey) -> None:
    open_store(profile, key).close()
    (profile / "keys.json").unlink()
    with pytest.raises(WrongStoreKey):
        keys.begin_again(profile, StoreKey(bytes(32)), "file", allow_file=True)
    assert not (profile / "keys.json").exists()
    keys.begin_again(profile, key, "file", allow_file=True)
    assert keys.load(profile, allow_file=True) == key
    with pytest.raises(ConfigurationError, match="already"):
        keys.begin_again(profile, key, "file", allow_file=True)


def test_two_processes_do_not_change_the_slots_at_once(profile: Path, key: StoreKey) -> None:
    with slot_list.changing(profile), pytest.raises(EnvironmentFault, match="another process"):
        keys.rotate(profile, key, allow_file=True)


def test_of_two_listed_keys_the_one_that_opens_counts(profile: Path, key: StoreKey, store: Store) -> None:
    store.close()
    other = StoreKey(b"\x07" * 32)
    listed = keys.slots(profile)
    assert listed is not None
    for first in (Slot("file", "file-2", other.check), *listed.slots):
        both = tuple(sorted((Slot("file", "file-2", other.check), *listed.slots), key=lambda slot: slot != first))
        slot_list.save(profile, Slots(listed.profile, both))
        slot_places.write(profile, listed.profile, Slot("file", "file-2", other.check), other.raw, None, True)
        assert keys.load(profile, allow_file=True) == key
    with pytest.raises(WrongStoreKey, match="being renewed"):
        open_store(profile, other)
    (profile / "store.key").unlink()
    with pytest.raises(KeyUnavailable, match="file-1"):
        keys.load(profile, allow_file=True)


SCRIPT = """
import os, signal, sys
from pathlib import Path
from kiosk.store import keys
from tests.store.test_slots_change_safely import AFTER
from kiosk.protocol import keys as pairs
profile, last = Path(sys.argv[1]), int(sys.argv[2])
steps = []
def step(name):
    steps.append(name)
    if len(steps) == last:
        os.kill(os.getpid(), signal.SIGKILL)
to = pairs.make_recipient(pairs.X25519, AFTER)[1]
keys.rotate(profile, keys.load(profile, allow_file=True), to=to, allow_file=True, step=step)
print(len(steps))
"""


def test_rotation_killed_at_every_step(profile: Path, key: StoreKey) -> None:
    open_store(profile, key).close()
    _, public = pairs.make_recipient(pairs.X25519, AFTER)
    keys.add_slot(profile, key, "recovery", to=public)
    for last in range(1, 20):
        command = [sys.executable, "-c", SCRIPT, str(profile), str(last)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
        assert keys.load(profile, allow_file=True) == key, f"after step {last}"
        keys.tidy(profile, allow_file=True)
        listed = keys.slots(profile)
        assert listed is not None and sorted(slot.kind for slot in listed.slots) == ["file", "recovery"]
        assert listed.discarded == () and len(_names(profile)) == 2, f"after step {last}"
        assert keys.load(profile, allow_file=True) == key
        if done.returncode == 0:
            assert int(done.stdout) == last - 1 == 7
            return
        assert done.returncode == -signal.SIGKILL, done.stderr
    pytest.fail("it never ended")
