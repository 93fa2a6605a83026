"""At each start of the engine: leftovers go, a recovery slot is kept, and nothing of it can keep the engine away."""

from __future__ import annotations

from pathlib import Path

from kiosk.model.content import BackendKeys, RecipientKey
from kiosk.protocol import keys as pairs
from kiosk.store import documents, keys, slot_list, slot_places, slot_upkeep
from kiosk.store.database import Store
from kiosk.store.keys import StoreKey
from tests.store import samples


def _publish(store: Store, version: int, recovery: RecipientKey | None) -> None:
    body = BackendKeys((), (), (), (), recovery)
    added = [samples.document("keys/backend", body)]
    documents.apply(store, version=version, verified_at="2026-03-01T09:00:00Z", added=added, removed=(), trust={})


def _recovery_key_of(profile: Path) -> list[str]:
    listed = keys.slots(profile)
    assert listed is not None
    return [slot_places.sealed_to(profile, slot) for slot in listed.slots if slot.kind == "recovery"]


def _key() -> RecipientKey:
    return pairs.make_recipient(pairs.X_WING, "2030-01-01T00:00:00Z")[1]


def test_a_recovery_slot_is_kept_and_follows_the_published_key(profile: Path, key: StoreKey, store: Store) -> None:
    slot_upkeep.look_after(store, key)
    assert _recovery_key_of(profile) == [], "there is no content yet"
    _publish(store, 1, None)
    slot_upkeep.look_after(store, key)
    assert _recovery_key_of(profile) == [], "content names no recovery key"
    one, two = _key(), _key()
    for version, public in ((2, one), (3, one), (4, two)):
        _publish(store, version, public)
        slot_upkeep.look_after(store, key)
        assert _recovery_key_of(profile) == [public.id]
    before = (profile / "keys.json").read_bytes()
    slot_upkeep.look_after(store, key)
    assert (profile / "keys.json").read_bytes() == before, "nothing is done where nothing is to be done"


def test_a_damaged_recovery_slot_is_made_anew(profile: Path, key: StoreKey, store: Store) -> None:
    public = _key()
    _publish(store, 1, public)
    slot_upkeep.look_after(store, key)
    (profile / "recovery-1.slot").write_bytes(b"{}")
    slot_upkeep.look_after(store, key)
    assert _recovery_key_of(profile) == [public.id]
    assert not (profile / "recovery-1.slot").exists()


def test_trouble_does_not_keep_the_engine_from_starting(profile: Path, key: StoreKey, store: Store) -> None:
    _publish(store, 1, RecipientKey("broken", 2, b"\0", "2030-01-01T00:00:00Z"))
    slot_upkeep.look_after(store, key)
    with slot_list.changing(profile):
        _publish(store, 2, _key())
        slot_upkeep.look_after(store, key)
    assert _recovery_key_of(profile) == []
    assert keys.load(profile, allow_file=True) == key
