"""A confirmation settles exactly the envelope it names, by a published key only."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.errors import Refusal
from kiosk.protocol import cbor, confirmation, cose
from kiosk.protocol.confirmation import Confirmation
from tests.protocol import samples

KEY = samples.signing("confirmation")
RECEIVED = Confirmation(samples.ID, bytes(range(32)), "received", "", "", 1_800_000_000)
REGISTERED = msgspec.structs.replace(RECEIVED, state="registered", number="77-2026-0000123")
OFFICIAL = msgspec.structs.replace(RECEIVED, state="with_official", reason="the form does not accept /a (required)")
SIGNED = confirmation.sign(RECEIVED, KEY.id, KEY.private)


@pytest.mark.parametrize("claims", [RECEIVED, REGISTERED, OFFICIAL])
def test_what_is_signed_is_read(claims: Confirmation) -> None:
    assert confirmation.verify(confirmation.sign(claims, KEY.id, KEY.private), (KEY.verification(),)) == claims


def test_the_same_claims_have_the_same_bytes() -> None:
    assert confirmation.sign(RECEIVED, KEY.id, KEY.private) == SIGNED


def test_an_unpublished_key_and_a_namesake_are_refused() -> None:
    with pytest.raises(Refusal, match="not published"):
        confirmation.verify(SIGNED, ())
    other = msgspec.structs.replace(samples.signing("other").verification(), id=KEY.id)
    with pytest.raises(Refusal, match="did not sign"):
        confirmation.verify(SIGNED, (other,))


@settings(max_examples=200, deadline=None)
@given(st.integers(0, len(SIGNED) - 1), st.integers(0, 7))
def test_any_flipped_bit_is_refused(at: int, bit: int) -> None:
    changed = bytearray(SIGNED)
    changed[at] ^= 1 << bit
    with pytest.raises(Refusal):
        confirmation.verify(bytes(changed), (KEY.verification(),))


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300))
def test_garbage_is_refused(data: bytes) -> None:
    with pytest.raises(Refusal):
        confirmation.verify(data, (KEY.verification(),))


@pytest.mark.parametrize(
    "value",
    [
        5,
        [],
        ["x"] * 6,
        [samples.ID, bytes(31), "received", "", "", 1],
        [samples.ID, bytes(32), "lost", "", "", 1],
        [samples.ID, bytes(32), "received", "77-1", "", 1],
        [samples.ID, bytes(32), "registered", "", "", 1],
    ],
)
def test_signed_claims_that_make_no_sense_are_refused(value: object) -> None:
    data = cose.sign1(cbor.encode(value), type=confirmation.TYPE, key_id=KEY.id, private_key=KEY.private)
    with pytest.raises(Refusal):
        confirmation.verify(data, (KEY.verification(),))
