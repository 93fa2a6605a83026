"""Our suites open what others sealed: the published HPKE vectors (RFC 9180; the post-quantum KEMs' draft).

Rules. Base mode, sequence number 0, as far as vectors exist for a suite. For X-Wing there are vectors with another AEAD
(ChaCha20-Poly1305): its KEM and our way to load its keys are what they prove. Seals of ours have no additional data,
the vectors have some, so the library's own door for tests is used.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import cryptography_vectors
import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.bindings._rust import openssl
from cryptography.hazmat.primitives import hpke

from kiosk.model.content import RecipientKey
from kiosk.protocol import keys

FOLDER = Path(cryptography_vectors.__file__).parent / "HPKE"
BASE, DHKEM_X25519, X_WING, HKDF_SHA256, AES_256_GCM = 0, 0x0020, 0x647A, 0x0001, 0x0002
CHACHA = 0x0003


def vectors(file: str, kem: int, kdf: int, aead: int) -> list[dict[str, Any]]:
    every = json.loads((FOLDER / file).read_bytes())
    wanted = (BASE, kem, kdf, aead)
    return [one for one in every if (one["mode"], one["kem_id"], one["kdf_id"], one["aead_id"]) == wanted]


CLASSIC = vectors("test-vectors.json", DHKEM_X25519, HKDF_SHA256, AES_256_GCM)
QUANTUM = vectors("hpke-pq-test-vectors.json", X_WING, HKDF_SHA256, CHACHA)


def of(vector: dict[str, Any], name: str) -> bytes:
    return bytes.fromhex(vector[name])


def x_wing(vector: dict[str, Any]) -> keys.RecipientPrivateKey:
    """A vector's decapsulation key is a seed; both parts come from it by SHAKE-256 (draft-connolly-cfrg-xwing-kem)."""
    parts = hashlib.shake_256(of(vector, "skRm")).digest(96)
    return keys.RecipientPrivateKey("x", keys.X_WING, parts[64:], parts[:64])


def opened(suite: hpke.Suite, vector: dict[str, Any], private: keys.RecipientPrivateKey, **changes: bytes) -> bytes:
    first = vector["encryptions"][0]
    given = {"info": of(vector, "info"), "aad": bytes.fromhex(first["aad"])} | changes
    sealed = of(vector, "enc") + bytes.fromhex(first["ct"])
    found: bytes = openssl.hpke._decrypt_with_aad(suite, sealed, keys.load_recipient_private(private), **given)
    return found


def test_there_are_vectors_for_both_kems() -> None:
    assert len(CLASSIC) == 1 and len(QUANTUM) == 1


@pytest.mark.parametrize("vector", CLASSIC)
def test_suite_1(vector: dict[str, Any]) -> None:
    private = keys.RecipientPrivateKey("x", keys.X25519, of(vector, "skRm"))
    suite = keys.hpke_suite(keys.X25519)
    assert opened(suite, vector, private) == bytes.fromhex(vector["encryptions"][0]["pt"])
    for change in ({"info": b"other"}, {"aad": b"other"}):
        with pytest.raises(InvalidTag):
            opened(suite, vector, private, **change)
    _public_half(vector, private, keys.X25519)


@pytest.mark.parametrize("vector", QUANTUM)
def test_the_kem_of_suite_2(vector: dict[str, Any]) -> None:
    suite = hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.CHACHA20_POLY1305)
    assert opened(suite, vector, x_wing(vector)) == bytes.fromhex(vector["encryptions"][0]["pt"])
    with pytest.raises(InvalidTag):
        opened(suite, vector, x_wing(vector), info=b"other")
    _public_half(vector, x_wing(vector), keys.X_WING)


def _public_half(vector: dict[str, Any], private: keys.RecipientPrivateKey, suite: int) -> None:
    """What is sealed to the vector's public key, as content would publish it, opens with the private one."""
    public = keys.load_recipient(RecipientKey("x", suite, of(vector, "pkRm"), "2030-01-01T00:00:00Z"))
    ours = keys.hpke_suite(suite)
    sealed = ours.encrypt(b"answers", public, b"info")
    assert ours.decrypt(sealed, keys.load_recipient_private(private), b"info") == b"answers"
