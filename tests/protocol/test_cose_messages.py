"""COSE_Sign1 as RFC 9052 says, in one byte form, and refusing everything else."""

from __future__ import annotations

import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.errors import Refusal
from kiosk.protocol import cbor, cose
from tests.protocol import samples

KEY = samples.signing("device")
MESSAGE = cose.sign1(b"payload", type="application/test", key_id="k16", private_key=KEY.private)


def _parse(data: bytes) -> cose.Signed:
    return cose.parse(data, type="application/test", most_bytes=1000)


def test_another_implementation_reads_it() -> None:
    """The Sig_structure of RFC 9052, section 4.4, written out here by hand."""
    message = cbor2.loads(MESSAGE)
    assert message.tag == 18
    protected, unprotected, payload, signature = message.value
    assert cbor2.loads(protected) == {1: -8, 4: b"k16", 16: "application/test"}
    assert (unprotected, payload) == ({}, b"payload")
    signed = b"\x84" + b"\x6aSignature1" + b"\x58" + bytes([len(protected)]) + protected + b"\x40" + b"\x47payload"
    Ed25519PublicKey.from_public_bytes(KEY.public).verify(signature, signed)


def test_the_same_message_has_the_same_bytes() -> None:
    again = cose.sign1(b"payload", type="application/test", key_id="k16", private_key=KEY.private)
    assert again == MESSAGE


def test_it_verifies_and_no_other_key_does() -> None:
    parsed = _parse(MESSAGE)
    cose.verify1(parsed, KEY.public)
    assert (parsed.key_id, parsed.payload) == ("k16", b"payload")
    with pytest.raises(cose.BadSignature):
        cose.verify1(parsed, samples.signing("other").public)
    for rubbish in (b"", bytes(31), b"\xff" * 32):
        with pytest.raises(cose.BadSignature):
            cose.verify1(parsed, rubbish)


def test_a_signature_of_one_kind_of_message_is_none_of_another_kind() -> None:
    with pytest.raises(Refusal, match="not of type"):
        cose.parse(MESSAGE, type="application/other", most_bytes=1000)
    number = cose.sign1(b"", type=1, key_id="k", private_key=KEY.private)
    with pytest.raises(Refusal, match="not of type"):
        cose.parse(number, type="1", most_bytes=1000)


PROTECTED = cbor.encode({1: -8, 4: b"k16", 16: "application/test"})


@pytest.mark.parametrize(
    "data",
    [
        MESSAGE[1:],
        b"\xd1" + MESSAGE[1:],
        b"\xd2" + MESSAGE,
        MESSAGE + b"\0",
        b"\xd2\xd8\x3d" + MESSAGE[1:],
        b"\xd2" + cbor.encode([PROTECTED, {4: b"k17"}, b"payload", bytes(64)]),
        b"\xd2" + cbor.encode([PROTECTED, {}, None, bytes(64)]),
        b"\xd2" + cbor.encode([PROTECTED, {}, b"payload", bytes(63)]),
        b"\xd2" + cbor.encode([PROTECTED, {}, b"payload"]),
        b"\xd2" + cbor.encode([{1: -8}, {}, b"payload", bytes(64)]),
        b"\xd2" + cbor.encode([b"", {}, b"payload", bytes(64)]),
        b"\xd2" + cbor.encode([cbor.encode([1, 2]), {}, b"payload", bytes(64)]),
        b"\xd2" + cbor.encode([cbor.encode({1: -8, 16: "application/test"}), {}, b"", bytes(64)]),
        b"\xd2" + cbor.encode([cbor.encode({1: -8, 4: b"\xff", 16: "application/test"}), {}, b"", bytes(64)]),
        b"\xd2" + cbor.encode([cbor.encode({1: -8, 4: b"x" * 65, 16: "application/test"}), {}, b"", bytes(64)]),
        b"\xd2" + cbor.encode([b"\xa3\x01\x27\x04\x41k\x01\x27", {}, b"", bytes(64)]),
        b"",
    ],
)
def test_what_is_not_exactly_a_message_is_refused(data: bytes) -> None:
    with pytest.raises(Refusal):
        _parse(data)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200) | st.binary(max_size=200).map(lambda tail: b"\xd2\x84" + tail))
def test_garbage_raises_refusal_only(data: bytes) -> None:
    with pytest.raises(Refusal):
        _parse(data)
