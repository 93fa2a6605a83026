"""Ed25519 (RFC 8032): the one signature of this house, by libsodium.

Rules. Keys are raw (32 bytes), signatures 64 bytes and deterministic. `verify` refuses what RFC 8032 leaves open too:
keys and points of small order, numbers that are not reduced. The expanded halves of the last few private keys are
kept, since making one costs as much as a signature.
"""

from __future__ import annotations

from functools import lru_cache

SIGNATURE_BYTES = 64
_KEY_BYTES = 32


def sign(private_key: bytes, message: bytes) -> bytes:
    """The signature of a message. Raises ValueError for a key that is none."""
    from nacl.bindings import crypto_sign

    return crypto_sign(message, _expanded(private_key))[:SIGNATURE_BYTES]


def verify(public_key: bytes, signature: bytes, message: bytes) -> bool:
    """Whether this key signed the message. Bytes that are no key or no signature did not."""
    from nacl.bindings import crypto_sign_open
    from nacl.exceptions import BadSignatureError

    if len(public_key) != _KEY_BYTES or len(signature) != SIGNATURE_BYTES:
        return False
    try:
        crypto_sign_open(signature + message, public_key)
    except BadSignatureError:
        return False
    return True


@lru_cache(maxsize=8)
def _expanded(private_key: bytes) -> bytes:
    from nacl.bindings import crypto_sign_seed_keypair

    return crypto_sign_seed_keypair(private_key)[1]
