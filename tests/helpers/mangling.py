"""Bytes that are almost right: a sound sample cut, flipped, stretched, repeated, or with the nasty things put in."""

from __future__ import annotations

from hypothesis import strategies as st

NASTY = (
    b"[" * 20_000,
    b'{"a":' * 20_000,
    b"\x81" * 20_000,
    b"\xa1\x61\x61" * 10_000,
    b"9" * 6_000,
    b"-1e999999",
    b"NaN",
    b'"\\ud800"',
    b"\xed\xa0\x80",
    b"\xff\xfe\x00",
    b"\x00" * 64,
    b"\x9b\xff\xff\xff\xff\xff\xff\xff\xff",
    b"\x5b\x7f\xff\xff\xff\xff\xff\xff\xff",
    b"\x28\xb5\x2f\xfd\xa4\xff\xff\xff\xff",
)


@st.composite
def mangled(draw: st.DrawFn, sample: bytes) -> bytes:
    """The sample after one to four accidents."""
    data = bytearray(sample)
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(data)))
        accident = draw(st.sampled_from(("flip", "cut", "drop", "repeat", "insert", "nasty", "swap")))
        if accident == "flip" and at < len(data):
            data[at] ^= 1 << draw(st.integers(0, 7))
        elif accident == "cut":
            del data[at:]
        elif accident == "drop":
            del data[at : at + draw(st.integers(1, 40))]
        elif accident == "repeat":
            data[at:at] = data[at : at + draw(st.integers(1, 40))] * draw(st.integers(1, 50))
        elif accident == "insert":
            data[at:at] = draw(st.binary(min_size=1, max_size=12))
        elif accident == "nasty":
            data[at : at + draw(st.integers(0, 12))] = draw(st.sampled_from(NASTY))
        elif accident == "swap":
            data[:] = data[at:] + data[:at]
    return bytes(data)


def outside(*samples: bytes) -> st.SearchStrategy[bytes]:
    """Anything that may come from outside in the place of these samples."""
    almost = st.one_of([mangled(sample) for sample in samples])
    return st.one_of(almost, almost, almost, st.binary(max_size=300), st.sampled_from(NASTY))
