"""What lies in one slot: read it, put a key there, take it away.

Rules. A keyring and a key file can be read, written and emptied by us. A systemd credential is only read: the system
gives it, under any name that begins with CREDENTIAL, and the one whose key fits the slot counts. A recovery slot is
only written: nothing on this device opens it. Everything handed out is a key of 32 bytes, or KeyUnavailable with the
reason. Which slots there are and which key is right is not decided here.
"""

from __future__ import annotations

import os
from pathlib import Path

from kiosk.errors import ConfigurationError, EnvelopeRefused, KeyUnavailable, Refusal
from kiosk.model.content import RecipientKey
from kiosk.protocol import recovery
from kiosk.store import keyring_slot
from kiosk.store.files import fault, sync_folder, write_durably
from kiosk.store.slot_list import Slot

CREDENTIAL = "kiosk-store-key"
KEY_BYTES = 32


def read(profile: Path, user: str, slot: Slot, allow_file: bool) -> bytes:
    """The key in a slot, 32 bytes; it may be another key than the slot should give. Raises KeyUnavailable."""
    if slot.kind == "credential":
        found = credentials()
        return next((raw for raw in found if recovery.check_value(raw) == slot.check), found[0])
    if slot.kind == "file":
        return _file(_key_file(profile, slot), allow_file)
    if slot.kind == "recovery":
        raise KeyUnavailable(f"open {recovery_file(profile, slot)} with 'kiosk backend --recover' to get the key back")
    raw = keyring_slot.read(_user(user, slot))
    if raw is None:
        raise KeyUnavailable(f"the keyring holds no key for {profile}; log in as the user that enrolled this device")
    if len(raw) != KEY_BYTES:
        raise KeyUnavailable(f"the keyring's entry for {profile} is no store key")
    return raw


def write(profile: Path, user: str, slot: Slot, raw: bytes, to: RecipientKey | None, allow_file: bool) -> None:
    """Put the key into a slot that is new. `to` is the recovery key of the backend, where it is known.

    Raises KeyUnavailable, ConfigurationError, StorageFull, EnvironmentFault.
    """
    if slot.kind == "keyring":
        keyring_slot.write(_user(user, slot), raw)
    elif slot.kind == "file":
        require_file_allowed(allow_file)
        write_durably(_key_file(profile, slot), raw.hex().encode() + b"\n")
    elif slot.kind == "credential":
        if raw not in credentials():
            raise KeyUnavailable(
                f"no systemd credential {CREDENTIAL}* holds the key; give it with LoadCredentialEncrypted="
            )
    else:
        if to is None:
            raise ConfigurationError(
                "the published content names no recovery key; run 'kiosk sync' first, or publish one"
            )
        try:
            write_durably(recovery_file(profile, slot), recovery.seal(raw, user, to))
        except EnvelopeRefused as error:
            raise ConfigurationError(error.engineer) from error


def empty(profile: Path, user: str, slot: Slot) -> None:
    """Take away what lies in a slot; silently done when nothing does. Raises KeyUnavailable, EnvironmentFault."""
    if slot.kind == "keyring":
        keyring_slot.delete(_user(user, slot))
    elif slot.kind != "credential":
        path = _key_file(profile, slot) if slot.kind == "file" else recovery_file(profile, slot)
        try:
            path.unlink(missing_ok=True)
            sync_folder(profile)
        except OSError as error:
            raise fault(error, f"{path} cannot be deleted") from error


def sealed_to(profile: Path, slot: Slot) -> str:
    """The id of the recovery key that a recovery slot is sealed to. Raises KeyUnavailable."""
    path = recovery_file(profile, slot)
    try:
        found = recovery.read(path.read_bytes())
    except OSError as error:
        raise KeyUnavailable(f"the recovery slot {path} cannot be read: {error.strerror}") from error
    except Refusal as error:
        raise KeyUnavailable(f"{path}: {error.engineer}; run 'kiosk keys rotate'") from error
    if found.check != slot.check:
        raise KeyUnavailable(f"the recovery slot {path} holds another key")
    return found.key_id


def recovery_file(profile: Path, slot: Slot) -> Path:
    """Where a recovery slot lies; a copy of it may be kept anywhere."""
    return profile / f"{slot.id}.slot"


def credentials() -> list[bytes]:
    """Every store key that systemd gives, by name (systemd.exec(5), LoadCredentialEncrypted=); KeyUnavailable."""
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    if not folder:
        raise KeyUnavailable(f"systemd gave no credentials; set LoadCredentialEncrypted={CREDENTIAL} in the unit")
    try:
        paths = sorted(path for path in Path(folder).iterdir() if path.name.startswith(CREDENTIAL))
        found = [digits(path.read_bytes(), f"the systemd credential {path.name}") for path in paths]
    except OSError as error:
        raise KeyUnavailable(f"the systemd credential {CREDENTIAL} cannot be read: {error.strerror}") from error
    if not found:
        raise KeyUnavailable(f"systemd gave no credential {CREDENTIAL}; set LoadCredentialEncrypted= in the unit")
    return found


def require_file_allowed(allow_file: bool) -> None:
    """Raises ConfigurationError."""
    if not allow_file:
        raise ConfigurationError(
            "a key file is for demonstration and tests only; use the keyring or a systemd credential"
        )


def digits(data: bytes, what: str) -> bytes:
    """A key written as 64 hex digits. Raises KeyUnavailable."""
    try:
        raw = bytes.fromhex(data.decode("ascii").strip())
    except ValueError:
        raw = b""
    if len(raw) != KEY_BYTES:
        raise KeyUnavailable(f"{what} is not 64 hex digits; put back the right one")
    return raw


def _user(user: str, slot: Slot) -> str:
    return user if slot.number == 1 else f"{user}-{slot.number}"


def _key_file(profile: Path, slot: Slot) -> Path:
    return profile / ("store.key" if slot.number == 1 else f"store-{slot.number}.key")


def _file(path: Path, allow_file: bool) -> bytes:
    if not allow_file:
        raise KeyUnavailable(
            f"{path} is a key file, for demonstration and tests only; say demo = true or add another slot"
        )
    try:
        if os.name == "posix" and path.stat().st_mode & 0o077:
            raise KeyUnavailable(f"others may read the key file {path}; make it 0600")
        return digits(path.read_bytes(), f"the key file {path}")
    except OSError as error:
        raise KeyUnavailable(f"the key file {path} cannot be read: {error.strerror}") from error
