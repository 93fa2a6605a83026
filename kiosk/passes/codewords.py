"""The codewords of a QR symbol: a text as data and error correction, interleaved (ISO/IEC 18004, 7.4 to 7.6).

Rules. Modes, versions, capacities and generator polynomials are those of the library `qrcode`. A run of bits is a text
of zeros and ones, and a remainder of Reed-Solomon is one integer that is stepped a byte at a time through a table:
the library goes bit by bit and coefficient by coefficient, and a receipt would wait for it longer than for its paper.
One mode for the whole text, no structured append.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import zip_longest

from qrcode import base
from qrcode.exceptions import DataOverflowError
from qrcode.LUT import rsPoly_LUT
from qrcode.main import QRCode
from qrcode.util import ALPHA_NUM, MODE_ALPHA_NUM, MODE_NUMBER, NUMBER_LENGTH, QRData, length_in_bits

_PADDING = b"\xec\x11"


class _Segment(QRData):  # type: ignore[misc, unused-ignore]
    """A text in the narrowest mode that holds it, its bits made once."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.bits = _bits(self.data, self.mode)

    def write(self, buffer: object) -> None:
        """Tell how long it is; the bits are put together here (`codewords`)."""
        buffer.length += len(self.bits)  # type: ignore[attr-defined]


def codewords(text: str, level: int) -> tuple[int, list[int]]:
    """The smallest version at an error correction level of `qrcode`, and all its codewords. Raises ValueError."""
    segment = _Segment(text)
    symbol: QRCode[object] = QRCode(error_correction=level)  # type: ignore[type-var, unused-ignore]
    symbol.add_data(segment)
    try:
        version = int(symbol.best_fit())
    except (DataOverflowError, ValueError) as error:
        raise ValueError(f"{len(text)} characters do not fit into a QR symbol") from error
    blocks = base.rs_blocks(version, level)
    room = sum(block.data_count for block in blocks)
    count = format(len(segment), f"0{length_in_bits(segment.mode, version)}b")
    bits = format(segment.mode, "04b") + count + segment.bits
    bits = bits.ljust(min(len(bits) + 4, room * 8), "0")
    length = -(-len(bits) // 8)
    data = int(bits.ljust(length * 8, "0"), 2).to_bytes(length, "big")
    data += (_PADDING * room)[: room - length]
    parts: list[bytes] = []
    checks: list[bytes] = []
    start = 0
    for block in blocks:
        parts.append(data[start : start + block.data_count])
        start += block.data_count
        checks.append(_remainder(parts[-1], block.total_count - block.data_count))
    return version, [*_interleaved(parts), *_interleaved(checks)]


def _bits(data: bytes, mode: int) -> str:
    if mode == MODE_NUMBER:
        groups = [data[at : at + 3] for at in range(0, len(data), 3)]
        return "".join([format(int(group), f"0{NUMBER_LENGTH[len(group)]}b") for group in groups])
    if mode == MODE_ALPHA_NUM:
        values = [ALPHA_NUM.index(character) for character in data]
        pairs = [format(45 * a + b, "011b") for a, b in zip(values[::2], values[1::2], strict=False)]
        return "".join(pairs) + (format(values[-1], "06b") if len(values) % 2 else "")
    return "".join([format(byte, "08b") for byte in data])


def _interleaved(blocks: Sequence[bytes]) -> list[int]:
    return [byte for column in zip_longest(*blocks) for byte in column if byte is not None]


def _remainder(data: bytes, count: int) -> bytes:
    """The `count` bytes of error correction of one block."""
    steps = _steps(count)
    top, kept = 8 * (count - 1), (1 << 8 * count) - 1
    rest = 0
    for byte in data:
        rest = ((rest << 8) & kept) ^ steps[(rest >> top) ^ byte]
    return rest.to_bytes(count, "big")


@lru_cache(maxsize=16)
def _steps(count: int) -> tuple[int, ...]:
    """For each byte, its product with the generator polynomial of degree `count`, without the leading term."""
    polynomial = list(rsPoly_LUT.get(count, ()))
    if not polynomial:
        made = base.Polynomial([1], 0)
        for power in range(count):
            made = made * base.Polynomial([1, base.gexp(power)], 0)
        polynomial = list(made)
    powers = [base.glog(coefficient) if coefficient else None for coefficient in polynomial[1:]]
    rows = [bytes(count)]
    for byte in range(1, 256):
        factor = base.glog(byte)
        rows.append(bytes([0 if power is None else base.gexp(power + factor) for power in powers]))
    return tuple([int.from_bytes(row, "big") for row in rows])
