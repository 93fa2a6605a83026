"""Identity, boots, the audit and the vault of a session."""

from __future__ import annotations

import hashlib
from itertools import pairwise
from pathlib import Path

import pytest

from kiosk.model.device import DeviceIdentity
from kiosk.store import audit, device
from kiosk.store.database import Store, open_store
from kiosk.store.keys import StoreKey
from kiosk.store.vault import MemoryVault, Vault

IDENTITY = DeviceIdentity("k16", 16, "c1", bytes(range(32)), b"certificate")


def test_the_identity_survives_and_is_renewed(store: Store, profile: Path, key: StoreKey) -> None:
    assert device.identity(store) is None
    device.save_identity(store, IDENTITY)
    renewed = DeviceIdentity("k16", 16, "c1", IDENTITY.private_key, b"certificate 2")
    device.save_identity(store, renewed)
    with open_store(profile, key) as again:
        assert device.identity(again) == renewed
        assert again.rows("SELECT count(*) FROM device") == [(1,)]


def test_each_start_counts_once(store: Store, profile: Path, key: StoreKey) -> None:
    assert device.boot(store) == 0
    assert [device.count_boot(store), device.count_boot(store)] == [1, 2]
    with open_store(profile, key) as again:
        assert device.boot(again) == 2
        assert device.count_boot(again) == 3


def _link(text: bytes) -> object:
    return lambda previous: hashlib.sha256(previous).digest() + text


def test_the_audit_hands_out_the_entry_before(store: Store, profile: Path, key: StoreKey) -> None:
    assert [audit.append(store, _link(text)) for text in (b"a", b"b", b"c")] == [1, 2, 3]  # type: ignore[arg-type]
    with open_store(profile, key) as again:
        found = audit.entries(again)
    assert [entry[32:] for entry in found] == [b"a", b"b", b"c"]
    assert found[0][:32] == hashlib.sha256(b"").digest()
    assert all(entry[:32] == hashlib.sha256(before).digest() for before, entry in pairwise(found))
    assert audit.entries(store, after=2) == found[2:]


def test_the_chain_of_the_protocol_is_whole_in_the_store(store: Store) -> None:
    from kiosk.protocol import audit as chain

    for second in range(5):
        entry = chain.AuditEntry(second, "engine.started", {"boot": second})
        audit.append(store, lambda previous, entry=entry: chain.append(previous, entry))  # type: ignore[misc]
    found = audit.entries(store)
    assert chain.verify(found) is None
    assert chain.verify(found[:2] + found[3:]) == 2


@pytest.mark.parametrize("sql", ["DELETE FROM audit", "UPDATE audit SET entry = x'00'"])
def test_an_entry_stays_as_it_is(store: Store, sql: str) -> None:
    audit.append(store, lambda previous: b"entry")
    with pytest.raises(Exception, match="append-only"), store.transaction():
        store.execute(sql)
    assert audit.entries(store) == [b"entry"]


def test_an_entry_that_cannot_be_made_is_not_kept(store: Store) -> None:
    def fails(previous: bytes) -> bytes:
        raise ValueError(previous)

    with pytest.raises(ValueError):
        audit.append(store, fails)
    assert audit.entries(store) == []


def test_a_closed_vault_has_forgotten() -> None:
    vault = MemoryVault()
    as_vault: Vault = vault
    as_vault.put("profile", b"secret of a person")
    as_vault.put("bills", b"1")
    held = vault._held["profile"]
    assert vault.names() == ("bills", "profile") and vault.get("profile") == b"secret of a person"
    vault.close()
    assert held == bytes(len(held)), "overwritten, not only dropped"
    assert (vault.names(), vault.get("profile")) == ((), None)
    with pytest.raises(ValueError, match="closed"):
        vault.put("profile", b"again")
    vault.close()


def test_what_is_replaced_in_the_vault_is_overwritten() -> None:
    vault = MemoryVault()
    vault.put("profile", b"old")
    held = vault._held["profile"]
    vault.put("profile", b"new")
    assert held == bytes(3) and vault.get("profile") == b"new"
