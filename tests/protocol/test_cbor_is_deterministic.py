"""One encoding for each value (RFC 8949, section 4.2.1), and nothing else is read."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.errors import Refusal
from kiosk.protocol import cbor

_plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**64), 2**64 - 1) | st.text(max_size=20) | st.binary(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.integers(-1000, 1000) | st.text(max_size=5), inner, max_size=4)
    ),
    max_leaves=10,
)


@settings(max_examples=200, deadline=None)
@given(_plain)
def test_what_is_written_is_read(value: object) -> None:
    data = cbor.encode(value)
    try:
        assert cbor.decode(data, 100_000) == value
    except Refusal as error:
        assert "depth" in error.engineer


@settings(max_examples=500, deadline=None)
@given(st.binary(max_size=60))
def test_bytes_are_read_in_their_one_form_or_refused(data: bytes) -> None:
    try:
        value = cbor.decode(data, 100)
    except Refusal:
        return
    assert cbor.encode(value) == data


@pytest.mark.parametrize(
    "data",
    [
        b"\xa2\x01\x02\x01\x03",
        b"\xa2\x02\x00\x01\x00",
        b"\x01\x01",
        b"\x18\x01",
        b"\x7f\x61a\xff",
        b"\x9f\xff",
        b"\xc0\x61a",
        b"\xc2\x41\x01",
        b"\xd8\x1c\x81\xd8\x1d\x00",
        b"\xd8\x23\x61a",
        b"\xd9\x01\x02\x80",
        b"\xd9\xff\xff\x01",
        b"\xf7",
        b"\xf9\x3c\x00",
        b"\xe0",
        b"\x62\xff\xff",
        b"\x81" * 9 + b"\x01",
        b"\x81" * 100_000,
        b"\x9b\x7f\xff\xff\xff\xff\xff\xff\xff",
        b"\x5b\x7f\xff\xff\xff\xff\xff\xff\xff",
        b"",
    ],
    ids=lambda data: data[:6].hex() or "empty",
)
def test_other_forms_are_refused(data: bytes) -> None:
    with pytest.raises(Refusal):
        cbor.decode(data, 200_000)


def test_the_limit_counts_before_anything_is_read() -> None:
    assert cbor.decode(b"\x01", 1) == 1
    with pytest.raises(Refusal, match="more than the 1 allowed"):
        cbor.decode(b"\x18\x18", 1)
