"""The store key: made once, kept in slots, never shown, never taken from a place that was not allowed."""

from __future__ import annotations

import pickle
import stat
from pathlib import Path

import pytest

from kiosk.errors import ConfigurationError, KeyUnavailable, WrongStoreKey
from kiosk.store import keys
from kiosk.store.keys import StoreKey


def test_a_key_made_is_the_key_loaded(profile: Path) -> None:
    made = keys.create(profile, "file", allow_file=True)
    assert keys.load(profile, allow_file=True) == made
    assert len(made.raw) == 32


def test_two_profiles_have_two_keys(tmp_path: Path) -> None:
    one = keys.create(tmp_path / "a", "file", allow_file=True)
    assert one != keys.create(tmp_path / "b", "file", allow_file=True)


def test_the_key_never_shows_itself(key: StoreKey, profile: Path) -> None:
    assert key.raw.hex() not in repr(key) + str(key) + f"{key}" + (profile / "keys.json").read_text()
    with pytest.raises(TypeError):
        pickle.dumps(key)


def test_files_of_the_key_are_private(key: StoreKey, profile: Path) -> None:
    assert stat.S_IMODE(profile.stat().st_mode) == 0o700
    for name in ("keys.json", "store.key"):
        assert stat.S_IMODE((profile / name).stat().st_mode) == 0o600


def test_a_key_file_is_refused_unless_allowed(profile: Path) -> None:
    with pytest.raises(ConfigurationError, match="demonstration and tests only"):
        keys.create(profile, "file")
    assert not (profile / "store.key").exists() and not (profile / "keys.json").exists()
    keys.create(profile, "file", allow_file=True)
    with pytest.raises(KeyUnavailable, match="demo = true"):
        keys.load(profile)


def test_a_key_file_that_others_may_read_is_refused(key: StoreKey, profile: Path) -> None:
    (profile / "store.key").chmod(0o644)
    with pytest.raises(KeyUnavailable, match="0600"):
        keys.load(profile, allow_file=True)


@pytest.mark.parametrize("text", ["", "zz" * 32, "00" * 31, "00" * 33, "ключ"])
def test_a_key_file_that_is_no_key_is_named(key: StoreKey, profile: Path, text: str) -> None:
    (profile / "store.key").write_text(text)
    with pytest.raises(KeyUnavailable, match="64 hex digits"):
        keys.load(profile, allow_file=True)


def test_another_key_in_the_slot_is_a_wrong_key(key: StoreKey, profile: Path) -> None:
    (profile / "store.key").write_text("11" * 32)
    with pytest.raises(WrongStoreKey, match="file-1"):
        keys.load(profile, allow_file=True)


def test_a_profile_without_slots_says_what_to_do(profile: Path) -> None:
    assert keys.slots(profile) is None
    with pytest.raises(KeyUnavailable, match="kiosk enrol"):
        keys.load(profile)


def test_a_cut_list_of_slots_is_not_taken_for_a_new_profile(key: StoreKey, profile: Path) -> None:
    (profile / "keys.json").write_bytes((profile / "keys.json").read_bytes()[:20])
    with pytest.raises(KeyUnavailable, match="put back a copy"):
        keys.load(profile, allow_file=True)
    with pytest.raises(KeyUnavailable, match="put back a copy"):
        keys.create(profile, "file", allow_file=True)


def test_a_second_key_is_never_made(key: StoreKey, profile: Path) -> None:
    with pytest.raises(ConfigurationError, match="already"):
        keys.create(profile, "file", allow_file=True)


def test_no_key_is_made_beside_a_store_that_has_lost_its_slots(store: object, profile: Path) -> None:
    (profile / "keys.json").unlink()
    with pytest.raises(ConfigurationError, match=r"put back keys\.json"):
        keys.create(profile, "file", allow_file=True)


def _credential(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    folder = tmp_path / "credentials"
    folder.mkdir(exist_ok=True)
    (folder / "kiosk-store-key").write_text(text)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(folder))


def test_a_systemd_credential_is_the_key(tmp_path: Path, profile: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _credential(tmp_path, monkeypatch, "ab" * 32 + "\n")
    assert keys.create(profile, "credential").raw == bytes.fromhex("ab" * 32)
    assert keys.load(profile).raw == bytes.fromhex("ab" * 32)
    _credential(tmp_path, monkeypatch, "cd" * 32)
    with pytest.raises(WrongStoreKey):
        keys.load(profile)
    monkeypatch.delenv("CREDENTIALS_DIRECTORY")
    with pytest.raises(KeyUnavailable, match="LoadCredentialEncrypted"):
        keys.load(profile)


def test_every_slot_is_tried(tmp_path: Path, profile: Path, key: StoreKey, monkeypatch: pytest.MonkeyPatch) -> None:
    _credential(tmp_path, monkeypatch, key.raw.hex())
    keys.add_slot(profile, key, "credential")
    assert keys.load(profile) == key, "the file slot is not allowed, the credential is"
    (profile / "store.key").write_text("22" * 32)
    assert keys.load(profile, allow_file=True) == key, "the file slot is wrong, the credential is right"


def test_a_slot_can_go_but_not_the_last(
    tmp_path: Path, profile: Path, key: StoreKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ConfigurationError, match="only key slot"):
        keys.remove_slot(profile, "file-1")
    _credential(tmp_path, monkeypatch, key.raw.hex())
    keys.add_slot(profile, key, "credential")
    keys.remove_slot(profile, "file-1")
    assert not (profile / "store.key").exists()
    assert keys.load(profile, allow_file=True) == key
    with pytest.raises(ConfigurationError, match="no key slot"):
        keys.remove_slot(profile, "file-1")


def test_a_slot_takes_no_other_key(profile: Path, key: StoreKey) -> None:
    with pytest.raises(WrongStoreKey):
        keys.add_slot(profile, StoreKey(bytes(32)), "credential")
