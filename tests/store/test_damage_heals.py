"""A damaged store is set aside byte for byte; the new one knows who the kiosk is, and no envelope is lost."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.engine import premises
from kiosk.errors import DamagedStore, NotEnrolled, NotReady, StorageFull, StorageReadOnly
from kiosk.model.device import DeviceIdentity
from kiosk.store import counterfoil, database, device, documents, healing, keys, outbox
from kiosk.store.database import open_store
from kiosk.store.keys import StoreKey
from tests.store import samples

IDENTITY = DeviceIdentity("k16", 16, "sokol", bytes(32), b"certificate")
PAGE = 4096


def _flip(path: Path, at: int) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        byte = file.read(1)
        file.seek(at)
        file.write(bytes([byte[0] ^ 0x40]))


@pytest.fixture
def enrolled(profile: Path, key: StoreKey) -> Path:
    """A kiosk that has started once: identity, content, two submissions that wait."""
    with open_store(profile, key) as store:
        device.save_identity(store, IDENTITY)
        added = [samples.service(n, f"Замена паспорта номер {n}", f"Replace passport {n}") for n in range(120)]
        documents.apply(
            store, version=3, verified_at="2026-03-01T00:00:00Z", added=added, removed=(), trust=samples.TRUST
        )
        outbox.save_cursor(store, "page-7")
        for _ in range(2):
            outbox.submit(store, profile, samples.submission)
    premises.take_over(profile, key)
    return profile


KINDS: dict[str, Callable[[Path], object]] = {
    "first page": lambda path: _flip(path, 100),
    "foreign file": lambda path: path.write_bytes(b"GIF89a" * 4000),
    "cut": lambda path: os.truncate(path, 10 * PAGE),
    "empty": lambda path: os.truncate(path, 0),
}


@pytest.mark.parametrize("kind", KINDS)
def test_at_the_start_every_damage_heals(enrolled: Path, key: StoreKey, kind: str) -> None:
    path = enrolled / "store.db"
    KINDS[kind](path)
    damaged = path.read_bytes()
    premises.take_over(enrolled, key)
    (aside,) = healing.set_aside_stores(enrolled)
    assert (aside / "store.db").read_bytes() == damaged
    with open_store(enrolled, key) as store:
        assert device.identity(store) == IDENTITY and device.boot(store) == 2
        assert outbox.cursor(store) == "page-7"
        assert documents.trust(store) == samples.TRUST, "a rollback is still refused"
        assert len(outbox.reconcile(store, enrolled, samples.read).adopted) == 2
        assert outbox.submit(store, enrolled, samples.submission).sequence == 3
    with pytest.raises(NotReady):
        premises.require_ready(enrolled, key, enrolled=True)


def test_a_page_in_a_corner_is_found_by_looking(enrolled: Path, key: StoreKey) -> None:
    healing.examine(enrolled, key)
    pages = (enrolled / "store.db").stat().st_size // PAGE
    _flip(enrolled / "store.db", pages // 2 * PAGE + 500)
    with pytest.raises(DamagedStore) as found:
        healing.examine(enrolled, key)
    premises.replace(enrolled, key, found.value)
    healing.examine(enrolled, key)
    with open_store(enrolled, key) as store:
        assert device.identity(store) == IDENTITY


def test_a_cut_log_costs_no_counter_and_no_envelope(enrolled: Path, key: StoreKey) -> None:
    """What was committed last is gone without a trace: a boot number that was used is not used again."""
    store = open_store(enrolled, key)
    boots = device.count_boot(store)
    counterfoil.keep(store, key)
    outbox.submit(store, enrolled, samples.submission)
    copy = enrolled.parent / "after"
    shutil.copytree(enrolled, copy)
    store.close()
    os.truncate(copy / "store.db-wal", 40)
    (copy / "store.db-shm").unlink()
    premises.take_over(copy, key)
    assert healing.set_aside_stores(copy) == [], "a shorter log is no damage"
    with open_store(copy, key) as store:
        assert device.boot(store) == boots + 1
        outbox.reconcile(store, copy, samples.read)
        assert [row.sequence for row in outbox.rows(store)] == [1, 2, 3]


def test_a_store_that_is_gone_is_begun_anew(enrolled: Path, key: StoreKey) -> None:
    (enrolled / "store.db").unlink()
    premises.take_over(enrolled, key)
    with open_store(enrolled, key) as store:
        assert device.identity(store) == IDENTITY


def test_healing_that_was_cut_off_is_done_again(enrolled: Path, key: StoreKey) -> None:
    _flip(enrolled / "store.db", 100)
    healing.heal(enrolled, key, "a test")
    open_store(enrolled, key).close()  # and here the power went
    premises.take_over(enrolled, key)
    with open_store(enrolled, key) as store:
        assert device.identity(store) == IDENTITY and device.boot(store) == 2


def test_a_failing_disk_is_not_filled_with_damaged_stores(enrolled: Path, key: StoreKey) -> None:
    for number in range(healing.MOST_ASIDE):
        (enrolled / f"damaged-{number}").mkdir()
    _flip(enrolled / "store.db", 100)
    damaged = (enrolled / "store.db").read_bytes()
    with pytest.raises(DamagedStore, match="the disk is failing"):
        premises.take_over(enrolled, key)
    assert (enrolled / "store.db").read_bytes() == damaged


@pytest.mark.parametrize("fault", [StorageFull, StorageReadOnly])
def test_without_room_nothing_is_moved(
    enrolled: Path, key: StoreKey, fault: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, data: bytes) -> None:
        raise fault("a test")

    _flip(enrolled / "store.db", 100)
    monkeypatch.setattr(healing.files, "write_durably", refuse)
    with pytest.raises(fault, match="no application can be kept"):
        premises.take_over(enrolled, key)
    assert healing.set_aside_stores(enrolled) == []


def test_without_a_counterfoil_staff_enrols_again(enrolled: Path, key: StoreKey) -> None:
    (enrolled / counterfoil.FILE).write_bytes(b"damaged too")
    _flip(enrolled / "store.db", 100)
    premises.take_over(enrolled, key)
    with pytest.raises(NotEnrolled, match="kiosk enrol"):
        premises.require_ready(enrolled, key, enrolled=True)
    (old,) = enrolled.glob("counterfoil-*.db")
    assert old.read_bytes() == b"damaged too", "it may be the last that knows of an identity"


def test_a_counterfoil_says_nothing_without_the_key(enrolled: Path, key: StoreKey) -> None:
    kept = counterfoil.read(enrolled, key)
    assert kept is not None and kept.identity == IDENTITY and kept.sequence == 2
    assert counterfoil.read(enrolled, StoreKey(bytes(32))) is None
    data = (enrolled / counterfoil.FILE).read_bytes()
    assert b"sokol" not in data and b"certificate" not in data and b"SQLite" not in data
    assert (enrolled / counterfoil.FILE).stat().st_mode & 0o077 == 0
    with open_store(enrolled, key) as store:
        assert not counterfoil.keep(store, key), "it is written only where it is new"
        outbox.submit(store, enrolled, samples.submission)
        assert counterfoil.keep(store, key)
    assert list(enrolled.glob("*.tmp")) == []


def test_an_open_store_knows_that_it_was_set_aside(enrolled: Path, key: StoreKey) -> None:
    """A session goes on reading the damaged file; closing it does nothing to the store that took its place."""
    old = open_store(enrolled, key)
    outbox.submit(old, enrolled, samples.submission)
    assert not old.replaced()
    database.set_aside(enrolled)
    with open_store(enrolled, key) as store:
        outbox.submit(store, enrolled, lambda sequence: samples.submission(sequence, "two"))
        assert old.replaced() and not store.replaced()
        old.close()
        assert (enrolled / "store.db-wal").exists(), "its log is not taken away"
        assert len(outbox.rows(store)) == 1
    with open_store(enrolled, key) as store:
        assert len(outbox.rows(store)) == 1


def test_a_lost_key_touches_nothing(enrolled: Path, key: StoreKey) -> None:
    before = (enrolled / "store.db").read_bytes()
    with pytest.raises(Exception, match="not the key"):
        premises.take_over(enrolled, StoreKey(bytes(32)))
    assert (enrolled / "store.db").read_bytes() == before and healing.set_aside_stores(enrolled) == []
    assert keys.load(enrolled, allow_file=True) == key
