"""A symbol gets the mask with the least penalty, and readers read it."""

from __future__ import annotations

import struct
import zlib
from random import Random

import pytest
import qrcode
from hypothesis import given, settings
from hypothesis import strategies as st
from qrcode import util

from kiosk.passes import mask, qr

ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"


def _modules(matrix: qr.Matrix) -> list[list[bool]]:
    inner = slice(qr.QUIET_ZONE, -qr.QUIET_ZONE)
    return [list(row[inner]) for row in matrix[inner]]


def _candidates(text: str) -> list[list[list[bool]]]:
    """The eight symbols as the library makes them."""
    found = []
    for number in range(mask.MASKS):
        symbol = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, mask_pattern=number)
        symbol.add_data(text, optimize=0)
        symbol.make()
        found.append([[bool(module) for module in row] for row in symbol.modules])
    return found


@pytest.mark.parametrize("length", [1, 17, 60, 150, 340, 600, 1100])
def test_the_symbol_is_the_librarys_with_the_least_penalty(length: int) -> None:
    text = "".join(Random(length).choices(ALPHANUMERIC, k=length))
    candidates = _candidates(text)
    points = [util.lost_point(candidate) for candidate in candidates]
    ours = _modules(qr.matrix(text))
    assert ours in candidates
    assert util.lost_point(ours) == min(points)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([21, 25, 45]), st.randoms(use_true_random=False))
def test_the_penalty_of_a_picture_is_the_librarys(size: int, random: Random) -> None:
    share = random.choice([0.05, 0.3, 0.5, 0.8, 1.0])
    modules = [[random.random() < share for _ in range(size)] for _ in range(size)]
    symbol = int("".join("01"[dark] for row in modules for dark in row), 2)
    assert mask.penalty(symbol, mask._rules(size)) == util.lost_point(modules)


def test_finder_like_patterns_count_at_the_edges() -> None:
    size = 21
    modules = [[False] * size for _ in range(size)]
    for start in (0, 10):
        modules[start][start : start + 7] = [True, False, True, True, True, False, True]
    for step, dark in enumerate([True, False, True, True, True, False, True]):
        modules[14 + step][20] = dark
    symbol = int("".join("01"[dark] for row in modules for dark in row), 2)
    assert mask.penalty(symbol, mask._rules(size)) == util.lost_point(modules)


@settings(max_examples=25, deadline=None)
@given(st.text(ALPHANUMERIC, min_size=1, max_size=900) | st.text(min_size=1, max_size=200))
def test_a_reader_reads_what_was_written(text: str) -> None:
    zxingcpp = pytest.importorskip("zxingcpp")
    image = pytest.importorskip("PIL.Image")
    import io

    found = zxingcpp.read_barcodes(image.open(io.BytesIO(qr.png(text, 3))).convert("L"))
    assert [one.bytes for one in found] == [text.encode()]


def test_the_png_holds_every_module_as_whole_pixels() -> None:
    data = qr.png("KIOSK", 3)
    width, height = struct.unpack(">II", data[16:24])
    modules = qr.matrix("KIOSK")
    assert (width, height) == (len(modules) * 3,) * 2
    start = data.index(b"IDAT")
    raw = zlib.decompress(data[start + 4 : start + 4 + int.from_bytes(data[start - 4 : start])])
    stride = 1 + -(-width // 8)
    for y in range(height):
        row = format(int.from_bytes(raw[y * stride + 1 : (y + 1) * stride]), f"0{(stride - 1) * 8}b")
        assert [pixel == "0" for pixel in row[:width]] == [modules[y // 3][x // 3] for x in range(width)]


def test_the_svg_path_covers_the_dark_modules_once() -> None:
    import re

    svg = qr.svg("KIOSK")
    dark: list[tuple[int, int]] = []
    for x, y, length in re.findall(r"M(\d+) (\d+)h(\d+)v1H\1z", svg):
        dark += [(int(x) + step, int(y)) for step in range(int(length))]
    modules = qr.matrix("KIOSK")
    assert sorted(dark) == sorted((x, y) for y, row in enumerate(modules) for x, module in enumerate(row) if module)


def test_a_text_too_long_for_any_symbol_is_refused() -> None:
    with pytest.raises(ValueError, match="do not fit"):
        qr.matrix("A" * 5000)
