"""Keyrings are allowed by name; whatever keeps secrets in the clear, or nowhere, is refused by name."""

from __future__ import annotations

import sys
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import chainer, fail, null

from kiosk.errors import KeyUnavailable
from kiosk.store import keyring_slot, keys


def _backend(module: str, name: str = "Keyring") -> KeyringBackend:
    """A backend that says it comes from `module`, and that keeps what it is given in the clear."""
    held: dict[tuple[str, str], str] = {}
    members = {
        "__module__": module,
        "__qualname__": name,
        "priority": 9,
        "get_password": lambda self, service, user: held.get((service, user)),
        "set_password": lambda self, service, user, text: held.update({(service, user): text}),
        "delete_password": lambda self, service, user: held.pop((service, user)),
        "held": held,
    }
    made: KeyringBackend = type(name, (), members)()  # not a subclass: it must not join keyring's registry
    return made


CLEAR = (
    "keyrings.alt.file",
    "keyrings.alt.Gnome",
    "keyrings.alt.Windows",
    "keyrings.alt.Google",
    "keyrings.alt.multi",
    "keyring_pass",
    "sagecipher.keyring",
    "keyring.backends.SecretServiceFake",
    "somebody.elses",
)


@pytest.mark.parametrize("module", CLEAR)
def test_an_unknown_or_clear_keyring_is_refused(module: str, profile: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    backend = _backend(module, "PlaintextKeyring")
    monkeypatch.setattr(keyring, "get_keyring", lambda: backend)
    with pytest.raises(KeyUnavailable) as refusal:
        keys.create(profile, "keyring")
    assert f"{module}.PlaintextKeyring" in refusal.value.engineer
    assert not backend.held and not (profile / "keys.json").exists()  # type: ignore[attr-defined]


@pytest.mark.parametrize("backend", [fail.Keyring, null.Keyring])
def test_fail_and_null_are_refused(backend: type, profile: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyring, "get_keyring", backend)
    with pytest.raises(KeyUnavailable, match=backend.__module__):
        keys.create(profile, "keyring")


ENCRYPTING = (
    "keyring.backends.SecretService",
    "keyring.backends.libsecret",
    "keyring.backends.kwallet",
    "keyring.backends.Windows",
    "keyring.backends.macOS",
)


@pytest.mark.parametrize("module", ENCRYPTING)
def test_encrypting_keyrings_are_allowed(module: str, profile: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    backend = _backend(module)
    monkeypatch.setattr(keyring, "get_keyring", lambda: backend)
    made = keys.create(profile, "keyring")
    assert keys.load(profile) == made


def test_of_a_chain_only_an_allowed_member_is_used(profile: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clear, safe = _backend("keyrings.alt.file"), _backend("keyring.backends.SecretService")
    monkeypatch.setattr(chainer.ChainerBackend, "backends", (clear, safe))
    monkeypatch.setattr(keyring, "get_keyring", chainer.ChainerBackend)
    keys.create(profile, "keyring")
    assert not clear.held and len(safe.held) == 1  # type: ignore[attr-defined]


def test_a_chain_of_clear_keyrings_is_refused(profile: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chainer.ChainerBackend, "backends", (_backend("keyrings.alt.file"), null.Keyring()))
    monkeypatch.setattr(keyring, "get_keyring", chainer.ChainerBackend)
    with pytest.raises(KeyUnavailable, match=r"keyrings\.alt\.file.*keyring\.backends\.null"):
        keys.create(profile, "keyring")


def test_the_doctor_is_told_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyring, "get_keyring", null.Keyring)
    assert "keyring.backends.null.Keyring" in keyring_slot.problem()
    backend = _backend("keyring.backends.SecretService")
    monkeypatch.setattr(keyring, "get_keyring", lambda: backend)
    assert keyring_slot.problem() == ""


def test_a_locked_or_empty_keyring_is_named(profile: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    backend = _backend("keyring.backends.SecretService")
    monkeypatch.setattr(keyring, "get_keyring", lambda: backend)
    keys.create(profile, "keyring")
    backend.held.clear()  # type: ignore[attr-defined]
    with pytest.raises(KeyUnavailable, match="holds no key"):
        keys.load(profile)

    def locked(*_: object) -> str:
        raise keyring.errors.KeyringLocked("locked")

    monkeypatch.setattr(type(backend), "get_password", locked)
    with pytest.raises(KeyUnavailable, match=r"KeyringLocked.*unlock it"):
        keys.load(profile)


def test_the_keyring_library_is_imported_lazily() -> None:
    import subprocess

    code = "import sys, kiosk.store.keys; sys.exit('keyring' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
    assert keyring_slot.SERVICE == "mydocuments-kiosk"
