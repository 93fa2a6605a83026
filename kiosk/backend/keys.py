"""The backend's private keys: made at the first start, kept in one file that only its owner reads.

Rules. `<data>/keys.json`, mode 0600, written beside and linked into place, so that two processes that start together
agree on one set and a crash leaves no half file. Recipient keys: X-Wing first, X25519 for devices without it. Nothing
here prints or logs a key. The recovery key, which devices seal their store keys to, is a pair of its own: the backend
needs only `<data>/recovery.json` (public) to run, and `<data>/recovery-key.json` (private) may be kept in a safe.

Renewal is not here: a new recipient key is added in front, and old ones stay to open what was sealed to them.
"""

from __future__ import annotations

import os
import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import Struct

from kiosk.backend.settings import BackendSettings
from kiosk.errors import ConfigurationError
from kiosk.model.content import BackendKeys, RecipientKey
from kiosk.protocol import keys as pairs

_Kind = TypeVar("_Kind")
_FILE = "keys.json"
_RECOVERY_PUBLIC = "recovery.json"
RECOVERY_PRIVATE = "recovery-key.json"


class RecoveryPair(Struct, frozen=True):
    """The recovery key as its file holds it, both halves."""

    private: pairs.RecipientPrivateKey
    public: RecipientKey


class PrivateKeys(Struct, frozen=True):
    """All private keys of a backend, with the public halves of the recipient keys."""

    recipients: tuple[pairs.RecipientPrivateKey, ...]
    published: tuple[RecipientKey, ...]
    confirmation: pairs.SigningKey
    device_authority: pairs.SigningKey
    recovery: RecipientKey | None = None

    def recipient(self, key_id: str) -> pairs.RecipientPrivateKey | None:
        return next((key for key in self.recipients if key.id == key_id), None)

    def public(self, revoked_devices: tuple[str, ...] = ()) -> BackendKeys:
        """What is published as the document keys/backend."""
        return BackendKeys(
            self.published,
            (self.confirmation.verification(),),
            (self.device_authority.verification(),),
            revoked_devices,
            self.recovery,
        )


def load(settings: BackendSettings) -> PrivateKeys:
    """The keys of this backend; makes them at the first call. Raises ConfigurationError for a damaged file."""
    path = settings.data / _FILE
    if not path.exists():
        settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write_once(path, msgspec.json.encode(_make(settings)))
    kept = _decoded(path, PrivateKeys)
    return msgspec.structs.replace(kept, recovery=_recovery(settings))


def recovery_pair(path: Path) -> RecoveryPair:
    """The private recovery key in a file, for opening recovery slots by hand. Raises ConfigurationError."""
    return _decoded(path, RecoveryPair)


def _recovery(settings: BackendSettings) -> RecipientKey:
    """The public recovery key. The pair is made once; its private file is not needed afterwards."""
    public, private = settings.data / _RECOVERY_PUBLIC, settings.data / RECOVERY_PRIVATE
    if not public.exists():
        if not private.exists():
            made = pairs.make_recipient(pairs.X_WING, _after(settings))
            _write_once(private, msgspec.json.encode(RecoveryPair(*made)))
        _write_once(public, msgspec.json.encode(recovery_pair(private).public))
    return _decoded(public, RecipientKey)


def _decoded(path: Path, kind: type[_Kind]) -> _Kind:
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except OSError as error:
        raise ConfigurationError(f"the backend's keys in {path} cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise ConfigurationError(f"the backend's keys in {path} are damaged; put back a copy of the file") from error


def _after(settings: BackendSettings) -> str:
    until = datetime.now(UTC).replace(microsecond=0) + timedelta(days=settings.recipient_days)
    return until.isoformat().replace("+00:00", "Z")


def _make(settings: BackendSettings) -> PrivateKeys:
    not_after = _after(settings)
    made = [pairs.make_recipient(suite, not_after) for suite in (pairs.X_WING, pairs.X25519)]
    return PrivateKeys(
        tuple(private for private, _ in made),
        tuple(public for _, public in made),
        pairs.make_signing_key("confirmation"),
        pairs.make_signing_key("device-authority"),
    )


def _write_once(path: Path, data: bytes) -> None:
    beside = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(beside, path)
        except FileExistsError:
            return  # another process was first; its keys count
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    finally:
        beside.unlink()
