"""Our signatures are those of RFC 8032: the published vectors, another library's word, and keys that prove nothing."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import cryptography_vectors
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.protocol import ed25519

VECTORS = (Path(cryptography_vectors.__file__).parent / "asymmetric" / "Ed25519" / "sign.input").read_text()
ORDER = 2**252 + 27742317777372353535851937790883648493
NEUTRAL = (1).to_bytes(32, "little")


def test_the_published_vectors() -> None:
    seen = 0
    for line in islice(VECTORS.splitlines(), 0, None, 8):
        pair, public, message, signed = (bytes.fromhex(part) for part in line.split(":")[:4])
        assert ed25519.sign(pair[:32], message) == signed[:64]
        assert ed25519.verify(public, signed[:64], message)
        assert not ed25519.verify(public, signed[:64], message + b"x")
        seen += 1
    assert seen == 128


def test_another_library_says_the_same() -> None:
    private = Ed25519PrivateKey.generate()
    public = private.public_key()
    ours = ed25519.sign(private.private_bytes_raw(), b"message")
    public.verify(ours, b"message")
    assert ed25519.verify(public.public_bytes_raw(), private.sign(b"message"), b"message")


@pytest.mark.parametrize("place", [0, 31, 32, 63])
def test_one_bit_less_is_no_signature(place: int) -> None:
    private = Ed25519PrivateKey.generate()
    made = bytearray(ed25519.sign(private.private_bytes_raw(), b"message"))
    made[place] ^= 1
    assert not ed25519.verify(private.public_key().public_bytes_raw(), bytes(made), b"message")


def test_a_second_form_of_a_signature_does_not_count() -> None:
    private = Ed25519PrivateKey.generate()
    made = ed25519.sign(private.private_bytes_raw(), b"message")
    larger = int.from_bytes(made[32:], "little") + ORDER
    again = made[:32] + larger.to_bytes(32, "little")
    assert not ed25519.verify(private.public_key().public_bytes_raw(), again, b"message")


@pytest.mark.parametrize(
    ("public", "signature"),
    [
        (NEUTRAL, NEUTRAL + bytes(32)),  # a key of small order signs everything
        (b"", bytes(64)),
        (bytes(31), bytes(64)),
        (bytes(32), b""),
        (bytes(32), bytes(63)),
        (b"\xff" * 32, bytes(64)),
    ],
)
def test_what_is_no_key_or_no_signature_signs_nothing(public: bytes, signature: bytes) -> None:
    assert not ed25519.verify(public, signature, b"message")
