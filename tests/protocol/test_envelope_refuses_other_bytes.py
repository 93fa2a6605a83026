"""Bytes from outside: whatever they are, the answer is an envelope or EnvelopeRefused."""

from __future__ import annotations

import cbor2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.errors import EnvelopeRefused
from kiosk.protocol import cose, envelope
from tests.protocol import samples

SEALED = samples.sealed(1)
PRIVATE = samples.recipient(1)[0]
DEVICE = samples.signing("device").public


def _all_the_way(data: bytes) -> None:
    read = envelope.read(data)
    envelope.verify(read, DEVICE)
    envelope.open_envelope(read, PRIVATE)


@settings(max_examples=400, deadline=None)
@given(at=st.integers(0, len(SEALED) - 1), bit=st.integers(0, 7))
def test_any_flipped_bit_is_refused(at: int, bit: int) -> None:
    changed = bytearray(SEALED)
    changed[at] ^= 1 << bit
    with pytest.raises(EnvelopeRefused):
        _all_the_way(bytes(changed))


def test_every_byte_of_header_and_signature_counts() -> None:
    start = SEALED.index(envelope.read(SEALED).sealed)
    outside = [*range(start), *range(start + len(envelope.read(SEALED).sealed), len(SEALED))]
    for at in outside:
        changed = bytearray(SEALED)
        changed[at] ^= 0x01
        with pytest.raises(EnvelopeRefused):
            _all_the_way(bytes(changed))


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300) | st.binary(max_size=100).map(lambda tail: b"\xd2\x84" + tail))
def test_garbage_is_refused(data: bytes) -> None:
    with pytest.raises(EnvelopeRefused):
        envelope.read(data)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, len(SEALED) - 1))
def test_a_cut_envelope_is_refused(length: int) -> None:
    with pytest.raises(EnvelopeRefused):
        envelope.read(SEALED[:length])


@pytest.mark.parametrize("tail", [b"\0", b"\xf6", SEALED], ids=["zero", "null", "itself"])
def test_bytes_behind_the_end_are_refused(tail: bytes) -> None:
    with pytest.raises(EnvelopeRefused):
        envelope.read(SEALED + tail)


def test_an_endless_envelope_is_refused_before_it_is_parsed() -> None:
    with pytest.raises(EnvelopeRefused, match="more than"):
        envelope.read(b"\xd2" + bytes(envelope.MOST_BYTES + 1))


_header = [samples.ID, "k16", 7, 3, 1, samples.recipient(1)[1].id, 12, 1024, "2026-03-01T10:00:00Z"]


@pytest.mark.parametrize(
    ("at", "value"),
    [
        (0, 5),
        (0, "01890A5D-AC96-774B-BCCE-B302099A8057"),
        (1, "k17"),
        (1, "../k16"),
        (2, 0),
        (2, -1),
        (2, True),
        (2, 2**64),
        (3, "1"),
        (4, 3),
        (5, ""),
        (6, -1),
        (7, 1000),
        (7, 2048),
        (7, 2**21),
        (8, "2026-03-01"),
        (8, "٢٠٢٦-03-01T10:00:00Z"),
    ],
)
def test_a_header_with_one_wrong_value_is_refused(at: int, value: object) -> None:
    header = [*_header]
    header[at] = value
    with pytest.raises(EnvelopeRefused):
        envelope.read(_signed(header))


@pytest.mark.parametrize("header", [None, [], _header[:-1], [*_header, 1], dict(enumerate(_header)), "x" * 9])
def test_a_header_of_another_shape_is_refused(header: object) -> None:
    with pytest.raises(EnvelopeRefused):
        envelope.read(_signed(header))


def test_the_untouched_header_is_taken() -> None:
    assert envelope.read(_signed(_header)).header.sequence == 7


def test_another_algorithm_is_refused() -> None:
    read = envelope.read(SEALED)
    header = dict(read.signed.header)
    for algorithm in (-7, -19, None, "EdDSA"):
        header[cose.ALG] = algorithm
        parts = [cbor2.dumps(header, canonical=True), {}, read.sealed, read.signed.signature]
        with pytest.raises(EnvelopeRefused, match="EdDSA"):
            envelope.read(b"\xd2" + cbor2.dumps(parts, canonical=True))


def _signed(header: object) -> bytes:
    return cose.sign1(
        envelope.read(SEALED).sealed,
        type=envelope.TYPE,
        key_id="k16",
        private_key=samples.signing("device").private,
        extra={-70001: header},
    )
