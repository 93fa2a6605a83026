"""Published content as a whole: which documents exist, and whom they let us trust."""

from __future__ import annotations

from msgspec import Struct

from kiosk.model.text import Text


class Document(Struct, frozen=True):
    """One published document. `body` is canonical JSON (UTF-8, sorted keys, no spaces) of a model Struct.

    `id` is `<kind>/<name>`, for example `service/S0001`, `form/passport-replacement`, `keys/backend`.
    """

    id: str
    body: bytes


class RecipientKey(Struct, frozen=True):
    """A public key that submissions are sealed to. `suite`: 1 X25519, 2 X-Wing; `public` raw bytes."""

    id: str
    suite: int
    public: bytes
    not_after: str


class VerificationKey(Struct, frozen=True):
    """An Ed25519 public key (32 raw bytes)."""

    id: str
    public: bytes


class BackendKeys(Struct, frozen=True):
    """The backend's public keys. Document id `keys/backend`.

    `recipients`, best suite first; `confirmation` sign what the backend answers; `device_authority`
    signs device certificates; `revoked_devices` are kiosk ids whose certificates count no more; `recovery`
    is the key that a device seals its store key to (its private half is used by hand only).
    """

    recipients: tuple[RecipientKey, ...]
    confirmation: tuple[VerificationKey, ...]
    device_authority: tuple[VerificationKey, ...]
    revoked_devices: tuple[str, ...] = ()
    recovery: RecipientKey | None = None


class Centre(Struct, frozen=True):
    """A My Documents centre. Document id `centre/<id>`. `okrug` and `district` are ids, "" where they are not known."""

    id: str
    name: Text
    address: Text
    hours: Text
    phone: str = ""
    okrug: str = ""
    district: str = ""


class ContentState(Struct, frozen=True):
    """What the store holds: content `version` (0: none), when last verified (UTC ISO), how many documents."""

    version: int
    verified_at: str | None
    documents: int
