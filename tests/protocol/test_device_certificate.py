"""The device certificate holds for its key, its time and its authority only."""

from __future__ import annotations

import cbor2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.errors import CertificateRefused
from kiosk.model.content import VerificationKey
from kiosk.protocol import cbor, certificate, cose
from tests.protocol import samples

AUTHORITY = samples.signing("authority")
TRUSTED = (samples.signing("other").verification(), AUTHORITY.verification())
CERTIFICATE = certificate.issue(samples.claims(), AUTHORITY.id, AUTHORITY.private)
START, END = samples.claims().not_before, samples.claims().not_after


def _reason(
    data: bytes, keys: tuple[VerificationKey, ...] = TRUSTED, at: float = 5_000, revoked: tuple[str, ...] = ()
) -> str:
    with pytest.raises(CertificateRefused) as caught:
        certificate.verify(data, keys, at, revoked)
    return caught.value.reason


def test_it_says_who_the_device_is() -> None:
    assert certificate.verify(CERTIFICATE, TRUSTED, 5_000) == samples.claims()


def test_it_is_a_cwt_with_a_confirmation_key() -> None:
    claims = cbor2.loads(cbor2.loads(CERTIFICATE).value[2])
    assert claims[2] == "k16"
    assert claims[8] == {1: {1: 1, -1: 6, -2: samples.signing("device").public}}
    assert len(CERTIFICATE) < 200  # it travels in a QR code


def test_issuing_again_gives_the_same_bytes() -> None:
    assert certificate.issue(samples.claims(), AUTHORITY.id, AUTHORITY.private) == CERTIFICATE


def test_claims_of_another_issuer_are_not_signed() -> None:
    with pytest.raises(ValueError, match="another issuer"):
        certificate.issue(samples.claims(issuer_key="somebody"), AUTHORITY.id, AUTHORITY.private)


@pytest.mark.parametrize(
    ("at", "reason"), [(START - 1, "not-yet-valid"), (START, ""), (END - 1, ""), (END, "expired"), (1e12, "expired")]
)
def test_its_time(at: float, reason: str) -> None:
    if reason:
        assert _reason(CERTIFICATE, at=at) == reason
    else:
        assert certificate.verify(CERTIFICATE, TRUSTED, at).kiosk == "k16"


def test_a_revoked_kiosk_is_refused() -> None:
    assert _reason(CERTIFICATE, revoked=("k1", "k16")) == "revoked"
    assert certificate.verify(CERTIFICATE, TRUSTED, 5_000, ("k1",)).kiosk == "k16"


def test_an_unknown_authority_is_untrusted_and_a_namesake_is_tampering() -> None:
    assert _reason(CERTIFICATE, keys=()) == "untrusted"
    namesake = VerificationKey(AUTHORITY.id, samples.signing("other").public)
    assert _reason(CERTIFICATE, keys=(namesake,)) == "tampered"


@settings(max_examples=300, deadline=None)
@given(st.integers(0, len(CERTIFICATE) - 1), st.integers(0, 7))
def test_any_flipped_bit_is_refused(at: int, bit: int) -> None:
    changed = bytearray(CERTIFICATE)
    changed[at] ^= 1 << bit
    assert _reason(bytes(changed)) in ("malformed", "tampered", "untrusted")


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_garbage_is_malformed(data: bytes) -> None:
    assert _reason(data) == "malformed"


@pytest.mark.parametrize(
    "change",
    [
        {2: 16},
        {4: "never"},
        {8: {1: {1: 2, -1: 6, -2: bytes(32)}}},
        {8: {1: {1: 1, -1: 6, -2: bytes(31)}}},
        {9: 1},
        {8: {}},
    ],
)
def test_signed_claims_of_another_form_are_malformed(change: dict[int, object]) -> None:
    claims = cbor2.loads(cbor2.loads(CERTIFICATE).value[2]) | change
    data = cose.sign1(cbor.encode(claims), type=certificate.CWT, key_id=AUTHORITY.id, private_key=AUTHORITY.private)
    assert _reason(data) == "malformed"
