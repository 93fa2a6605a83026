"""`kiosk keys`: the slots are listed without a key in sight, renewed, and given back by the backend's recovery tool."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kiosk.engine.lock import ProfileLock
from kiosk.store import keys
from tests.cli.runner import Runner
from tests.helpers.profiles import KioskProfile


def _states(answer: dict[str, object]) -> dict[str, str]:
    return {slot["id"]: slot["state"] for slot in answer["slots"]}  # type: ignore[attr-defined]


def test_slots_are_listed_without_the_key(run: Runner, kiosk_profile: KioskProfile) -> None:
    ran = run("keys", "list", "--json")
    assert ran.code == 0 and _states(ran.json) == {"file-1": "ok"} and ran.json["renewing"] is False
    assert kiosk_profile.key.raw.hex() not in ran.out + run("keys", "list").out
    (kiosk_profile.path / "store.key").write_text("11" * 32)
    (kiosk_profile.path / "store.key").chmod(0o600)
    assert _states(run("keys", "list", "--json").json) == {"file-1": "wrong"}


def test_a_slot_is_added_and_removed(run: Runner, kiosk_profile: KioskProfile) -> None:
    ran = run("keys", "add", "recovery", "--json")
    assert ran.code == 0 and _states(ran.json) == {"file-1": "ok", "recovery-1": "sealed"}
    assert "already" in run("keys", "add", "recovery").sentence()
    assert "only key slot" in run("keys", "remove", "file-1").sentence()
    assert _states(run("keys", "remove", "recovery-1", "--json").json) == {"file-1": "ok"}
    assert "no key slot" in run("keys", "remove", "recovery-1").sentence()


def test_a_lost_key_comes_back_through_the_backend(run: Runner, kiosk_profile: KioskProfile, tmp_path: Path) -> None:
    assert run("keys", "add", "recovery").code == 0
    carried = tmp_path / "carried.slot"
    shutil.copy(kiosk_profile.path / "recovery-1.slot", carried)
    (kiosk_profile.path / "store.key").unlink()
    assert run("outbox", "list").code == 1
    data = ("--data", kiosk_profile.backend.data)
    answer = run("backend", "--recover", carried, "--json", *data).json
    listed = keys.slots(kiosk_profile.path)
    assert listed is not None and answer["profile"] == listed.profile and answer["check"] in listed.checks
    key = run("backend", "--recover", carried, *data).out
    ran = run("keys", "add", "file", "--key-from", "-", "--json", stdin=key)
    assert ran.code == 0 and _states(ran.json) == {"recovery-1": "sealed", "file-2": "ok"}
    assert run("outbox", "list").code == 0

    (kiosk_profile.path / "keys.json").unlink()
    (tmp_path / "key").write_text("00" * 32)
    assert "does not open" in run("keys", "add", "file", "--key-from", tmp_path / "key").sentence()
    assert run("keys", "add", "file", "--key-from", "-", stdin=key).code == 0
    assert run("outbox", "list").code == 0


def test_the_recovery_tool_refuses_what_it_cannot_open(
    run: Runner, kiosk_profile: KioskProfile, tmp_path: Path
) -> None:
    assert run("keys", "add", "recovery").code == 0
    slot, data = kiosk_profile.path / "recovery-1.slot", ("--data", kiosk_profile.backend.data)
    assert run("backend", "--recover", slot, "--data", tmp_path / "none").code == 1
    assert run("backend", "--recover", tmp_path / "none", *data).code == 1
    (tmp_path / "odd").write_bytes(b"\0" * 100_000)
    assert "no recovery slot" in run("backend", "--recover", tmp_path / "odd", *data).sentence()
    private = kiosk_profile.backend.data / "recovery-key.json"
    safe = private.rename(tmp_path / "safe.json")
    assert run("backend", "--publish-keys", *data).code == 0, "the backend does without the private half"
    assert not private.exists()
    assert run("backend", "--recover", slot, *data).code == 1
    assert run("backend", "--recover", slot, "--recovery-key", safe, *data).out.strip() == kiosk_profile.key.raw.hex()


@pytest.mark.parametrize("words", [("rotate", "--data"), ("rekey",)])
def test_the_data_key_is_renewed(run: Runner, kiosk_profile: KioskProfile, words: tuple[str, ...]) -> None:
    kiosk_profile.submit()
    before, rows = kiosk_profile.key, run("outbox", "list", "--json").json
    with ProfileLock(kiosk_profile.path):
        assert "in use" in run("keys", *words).sentence()
    ran = run("keys", *words, "--json")
    assert ran.code == 0 and _states(ran.json) == {"file-2": "ok"} and ran.json["renewing"] is False
    assert kiosk_profile.key != before
    assert run("outbox", "list", "--json").json == rows


def test_slots_are_renewed_with_the_same_key(run: Runner, kiosk_profile: KioskProfile) -> None:
    before = kiosk_profile.key
    assert run("keys", "add", "recovery").code == 0
    ran = run("keys", "rotate", "--json")
    assert _states(ran.json) == {"file-2": "ok", "recovery-2": "sealed"} and kiosk_profile.key == before


@pytest.mark.parametrize(
    "words",
    [
        ("list", "x"), ("add",), ("add", "paper"), ("remove",), ("rotate", "file-1"), ("rekey", "x"),
        ("list", "--data"), ("list", "--key-from", "x"), ("add", "file", "--data"), ("burn",), (),
    ],
)  # fmt: skip
def test_wrong_usage(run: Runner, words: tuple[str, ...]) -> None:
    assert run("keys", *words).code == 2


@pytest.mark.parametrize("text", ["", "zz" * 32, "00" * 31, "11" * 32])
def test_a_key_that_is_not_this_stores_is_refused(run: Runner, kiosk_profile: KioskProfile, text: str) -> None:
    before = (kiosk_profile.path / "keys.json").read_bytes()
    assert run("keys", "add", "file", "--key-from", "-", stdin=text).code == 1
    assert (kiosk_profile.path / "keys.json").read_bytes() == before
    assert run("outbox", "list").code == 0


def test_a_profile_without_a_key_says_what_to_do(run: Runner, tmp_path: Path) -> None:
    for words in (("list",), ("rotate",), ("rekey",), ("add", "recovery")):
        assert "kiosk enrol" in run("keys", *words, "--profile", tmp_path / "new").sentence()
