"""QR symbols: from a text to modules, PNG and SVG.

Rules. Text becomes codewords (codewords.py) at error correction M, laid out by the library `qrcode` (ISO/IEC 18004)
under the mask with the least penalty (mask.py): a fixed mask would be fast and scans worse. A picture always carries
the quiet zone of four modules. Modules are whole pixels: a caller asks for pixels per module, never for a width.
It does not know what the text means; see receipt_code for that.
"""

from __future__ import annotations

import re
import struct
import zlib
from functools import lru_cache

LEVEL = 0
"""Error correction M, by its indicator (Table 12)."""

QUIET_ZONE = 4
"""Modules of white on each side (ISO/IEC 18004, 5.3.8)."""

Matrix = tuple[tuple[bool, ...], ...]
_DARK = re.compile("1+")


@lru_cache(maxsize=8)
def _lines(text: str) -> tuple[str, ...]:
    """The rows of the symbol, "1" is dark, quiet zone included. Raises ValueError."""
    from kiosk.passes import codewords, mask

    version, words = codewords.codewords(text, LEVEL)
    layout = mask.layout(version, LEVEL)
    candidates = layout.candidates(words)
    size = layout.size
    modules = format(candidates[mask.best(candidates, size)], f"0{size * size}b")
    width = size + 2 * QUIET_ZONE
    blank = ("0" * width,) * QUIET_ZONE
    rows = (modules[start : start + size].center(width, "0") for start in range(0, size * size, size))
    return (*blank, *rows, *blank)


def matrix(text: str) -> Matrix:
    """The modules of the symbol for `text`, dark is True, quiet zone included. Raises ValueError if it is too long."""
    return tuple(tuple(module == "1" for module in line) for line in _lines(text))


def png(text: str, scale: int = 1) -> bytes:
    """A one-bit greyscale PNG (W3C PNG, third edition), `scale` pixels a module, quiet zone included."""
    lines = []
    pixels = {ord("1"): "0" * scale, ord("0"): "1" * scale}
    for row in _lines(text):
        bits = row.translate(pixels)
        width = len(bits)
        padded = bits.ljust(-(-width // 8) * 8, "1")
        lines.append((b"\x00" + int(padded, 2).to_bytes(len(padded) // 8, "big")) * scale)
    header = struct.pack(">IIBBBBB", width, width, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in ((b"IHDR", header), (b"IDAT", zlib.compress(b"".join(lines), 6)), (b"IEND", b""))
    )


def svg(text: str) -> str:
    """An SVG of one path of horizontal runs, one unit a module, quiet zone included."""
    lines = _lines(text)
    size = len(lines)
    path = "".join(
        [
            f"M{run.start()} {y}h{run.end() - run.start()}v1H{run.start()}z"
            for y, line in enumerate(lines)
            for run in _DARK.finditer(line)
        ]
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" shape-rendering="crispEdges">'
        f'<rect width="{size}" height="{size}" fill="#fff"/><path d="{path}" fill="#000"/></svg>'
    )
