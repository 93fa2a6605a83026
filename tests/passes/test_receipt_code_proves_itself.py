"""A receipt's code: genuine ones are known, everything else is refused for its own reason."""

from __future__ import annotations

import zlib
from uuid import uuid4

import base45
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.model.content import VerificationKey
from kiosk.model.device import CertificateClaims, DeviceIdentity
from kiosk.model.receipt import ReceiptClaims
from kiosk.passes import qr, receipt_code
from kiosk.protocol import certificate, keys

NOW = 1_795_000_000


def _device(authority: keys.SigningKey, kiosk: str = "k16", not_before: int = NOW - 100) -> DeviceIdentity:
    own = keys.make_signing_key("device")
    claims = CertificateClaims(
        kiosk, 16, "sokol", keys.public_of(own.private), not_before, not_before + certificate.LIFETIME_S, authority.id
    )
    return DeviceIdentity(kiosk, 16, "sokol", own.private, certificate.issue(claims, authority.id, authority.private))


AUTHORITY = keys.make_signing_key("authority")
TRUSTED = (VerificationKey(AUTHORITY.id, keys.public_of(AUTHORITY.private)),)
DEVICE = _device(AUTHORITY)
CLAIMS = ReceiptClaims("16-004127-3", str(uuid4()), "S0005", NOW, "k16")
CODE = receipt_code.make(CLAIMS, DEVICE)


def test_a_genuine_receipt_is_valid_and_says_what_it_proves() -> None:
    verdict = receipt_code.verify(CODE, TRUSTED)
    assert (verdict.status, verdict.claims) == ("valid", CLAIMS)


def test_the_code_fits_a_symbol_of_version_20_in_alphanumeric_mode() -> None:
    assert set(CODE) <= set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")
    assert len(qr.matrix(CODE)) <= 97 + 8


def test_a_foreign_authority_is_not_trusted() -> None:
    other = keys.make_signing_key("authority")
    assert receipt_code.verify(CODE, (VerificationKey(other.id, keys.public_of(other.private)),)).status == "untrusted"
    swapped = (VerificationKey(AUTHORITY.id, keys.public_of(other.private)),)
    assert receipt_code.verify(CODE, swapped).status == "tampered"


def test_a_revoked_kiosk_is_told() -> None:
    assert receipt_code.verify(CODE, TRUSTED, revoked=("k16",)).status == "revoked"


@pytest.mark.parametrize(
    ("time", "status"),
    [(NOW - 101, "not-yet-valid"), (NOW - 100, "valid"), (NOW - 100 + certificate.LIFETIME_S, "expired")],
)
def test_the_receipt_must_be_dated_within_its_certificate(time: int, status: str) -> None:
    claims = ReceiptClaims("16-000001-1", "x", "S0001", time, "k16")
    assert receipt_code.verify(receipt_code.make(claims, DEVICE), TRUSTED).status == status


def test_a_kiosk_cannot_sign_for_another() -> None:
    claims = ReceiptClaims("17-000001-1", "x", "S0001", NOW, "k17")
    assert receipt_code.verify(receipt_code.make(claims, DEVICE), TRUSTED).status == "tampered"


def test_a_borrowed_certificate_does_not_help() -> None:
    thief = keys.make_signing_key("device")
    forged = DeviceIdentity("k16", 16, "sokol", thief.private, DEVICE.certificate)
    assert receipt_code.verify(receipt_code.make(CLAIMS, forged), TRUSTED).status == "tampered"


def test_every_changed_byte_is_refused() -> None:
    packed = bytearray(zlib.decompress(base45.b45decode(CODE[5:])))
    for place in range(len(packed)):
        packed[place] ^= 1
        text = receipt_code.PREFIX + base45.b45encode(zlib.compress(bytes(packed))).decode()
        assert receipt_code.verify(text, TRUSTED).status != "valid", place
        packed[place] ^= 1


def test_a_bomb_is_refused_without_inflating_it() -> None:
    text = receipt_code.PREFIX + base45.b45encode(zlib.compress(bytes(1_000_000), 9)).decode()
    assert receipt_code.verify(text, TRUSTED).status == "malformed"


@settings(max_examples=300)
@given(st.text(max_size=200) | st.binary(max_size=200).map(lambda data: "MDR1:" + base45.b45encode(data).decode()))
def test_garbage_is_malformed_and_never_raises(text: str) -> None:
    assert receipt_code.verify(text, TRUSTED).status == "malformed"
