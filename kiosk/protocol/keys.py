"""Key pairs: Ed25519 to sign, X25519 or X-Wing to seal to.

Rules. Suite 1 is DHKEM(X25519, HKDF-SHA256) (RFC 9180), suite 2 is X-Wing (X25519 and ML-KEM-768 together); both with
HKDF-SHA256 and AES-256-GCM. Numbers above stay free for other suites (GOST). All keys are raw bytes. An X-Wing
public key is the ML-KEM-768 key (1184 bytes) followed by the X25519 key (32 bytes); its private key is kept as
both parts, the ML-KEM seed (64 bytes) and the X25519 key. A key's id says its kind and the first 8 bytes of the
SHA-256 of its public part, so that two keys never share an id by accident.

It writes nothing to a disk.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import TYPE_CHECKING

from msgspec import Struct

from kiosk.errors import EnvelopeRefused
from kiosk.model.content import RecipientKey, VerificationKey

if TYPE_CHECKING:
    from cryptography.hazmat.primitives import hpke
    from cryptography.hazmat.primitives.asymmetric import x25519

X25519, X_WING = 1, 2
PUBLIC_BYTES = {X25519: 32, X_WING: 1216}
OVERHEAD_BYTES = {X25519: 32 + 16, X_WING: 1120 + 16}
"""What HPKE adds to a plaintext: the encapsulated key and the tag."""
_NAMES = {X25519: "x25519", X_WING: "x-wing"}
_ML_KEM_PUBLIC = 1184


class SigningKey(Struct, frozen=True):
    """An Ed25519 key pair, raw: private and public 32 bytes each."""

    id: str
    private: bytes
    public: bytes

    def verification(self) -> VerificationKey:
        return VerificationKey(self.id, self.public)


class RecipientPrivateKey(Struct, frozen=True):
    """The private half of a recipient key. `ml_kem_seed` is empty in suite 1, 64 bytes in suite 2."""

    id: str
    suite: int
    x25519: bytes
    ml_kem_seed: bytes = b""


def make_signing_key(kind: str) -> SigningKey:
    """A new Ed25519 key pair; `kind` opens its id ("confirmation", "device-authority")."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    private = Ed25519PrivateKey.generate()
    public = private.public_key().public_bytes_raw()
    return SigningKey(key_id(kind, public), private.private_bytes_raw(), public)


def public_of(private_key: bytes) -> bytes:
    """The raw Ed25519 public key (32 bytes) of a raw private key."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Ed25519PrivateKey.from_private_bytes(private_key).public_key().public_bytes_raw()


def make_recipient(suite: int, not_after: str) -> tuple[RecipientPrivateKey, RecipientKey]:
    """A new recipient key pair. `not_after` is UTC, ISO 8601: clients choose no key past it."""
    from cryptography.hazmat.primitives.asymmetric import mlkem
    from cryptography.hazmat.primitives.asymmetric import x25519 as curve

    x = curve.X25519PrivateKey.generate()
    seed, public = b"", x.public_key().public_bytes_raw()
    if suite == X_WING:
        ml_kem = mlkem.MLKEM768PrivateKey.generate()
        seed, public = ml_kem.private_bytes_raw(), ml_kem.public_key().public_bytes_raw() + public
    id_ = key_id(_NAMES[suite], public)
    return RecipientPrivateKey(id_, suite, x.private_bytes_raw(), seed), RecipientKey(id_, suite, public, not_after)


def key_id(kind: str, public: bytes) -> str:
    """The id of a public key: `<kind>-<16 hex digits>`."""
    return f"{kind}-{hashlib.sha256(public).hexdigest()[:16]}"


def hpke_suite(suite: int) -> hpke.Suite:
    """The HPKE suite of a number. Raises EnvelopeRefused for a number nobody here knows."""
    from cryptography.hazmat.primitives import hpke

    kems = {X25519: hpke.KEM.X25519, X_WING: hpke.KEM.MLKEM768_X25519}
    if suite not in kems:
        raise EnvelopeRefused(f"suite {suite} is not known here")
    return hpke.Suite(kems[suite], hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)


@lru_cache(maxsize=8)
def load_recipient(key: RecipientKey) -> x25519.X25519PublicKey | hpke.MLKEM768X25519PublicKey:
    """The key to seal to. Raises EnvelopeRefused for bytes that are no key of its suite."""
    from cryptography.hazmat.primitives import hpke
    from cryptography.hazmat.primitives.asymmetric import mlkem
    from cryptography.hazmat.primitives.asymmetric import x25519 as curve

    if PUBLIC_BYTES.get(key.suite) != len(key.public):
        raise EnvelopeRefused(f"recipient key {key.id} has the wrong length for suite {key.suite}")
    try:
        x = curve.X25519PublicKey.from_public_bytes(key.public[-32:])
        if key.suite == X25519:
            return x
        return hpke.MLKEM768X25519PublicKey(mlkem.MLKEM768PublicKey.from_public_bytes(key.public[:_ML_KEM_PUBLIC]), x)
    except ValueError as error:
        raise EnvelopeRefused(f"recipient key {key.id} is no key of suite {key.suite}") from error


@lru_cache(maxsize=8)
def load_recipient_private(key: RecipientPrivateKey) -> x25519.X25519PrivateKey | hpke.MLKEM768X25519PrivateKey:
    """The key to open with."""
    from cryptography.hazmat.primitives import hpke
    from cryptography.hazmat.primitives.asymmetric import mlkem
    from cryptography.hazmat.primitives.asymmetric import x25519 as curve

    x = curve.X25519PrivateKey.from_private_bytes(key.x25519)
    if key.suite == X25519:
        return x
    return hpke.MLKEM768X25519PrivateKey(mlkem.MLKEM768PrivateKey.from_seed_bytes(key.ml_kem_seed), x)
