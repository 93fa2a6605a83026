"""Unsigned LEB128 numbers (DWARF 5, section 7.6), and a reader that never runs past the end.

Rules. A number has one spelling: the shortest. Bytes that end early or say too much are refused.
It does not know what it reads.
"""

from __future__ import annotations

from kiosk.errors import ContentRefused

_SMALL = tuple(bytes((number,)) for number in range(0x80))


def varint(number: int) -> bytes:
    """A number >= 0 in LEB128."""
    assert number >= 0
    if number < 0x80:
        return _SMALL[number]
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


class Reader:
    """Reads bytes front to back. Everything raises ContentRefused when the bytes do not reach."""

    def __init__(self, data: bytes, start: int = 0) -> None:
        self._data = data
        self._at = start

    @property
    def ended(self) -> bool:
        return self._at >= len(self._data)

    def take(self, count: int) -> bytes:
        """The next `count` bytes."""
        end = self._at + count
        if end > len(self._data):
            raise ContentRefused("published bytes end early")
        taken = self._data[self._at : end]
        self._at = end
        return taken

    def varint(self, most: int = 2**32) -> int:
        """The next number, at most `most`."""
        at = self._at
        if at < len(self._data) and self._data[at] < 0x80:  # most numbers are small
            self._at = at + 1
            number = self._data[at]
            if number > most:
                raise ContentRefused("a number in published bytes is not allowed there")
            return number
        number = shift = 0
        while True:
            byte = self.take(1)[0]
            number |= (byte & 0x7F) << shift
            if byte < 0x80:
                break
            shift += 7
            if shift > 35:
                raise ContentRefused("a number in published bytes is too long")
        if number > most or (byte == 0 and shift):
            raise ContentRefused("a number in published bytes is not allowed there")
        return number
