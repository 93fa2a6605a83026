"""The mask of a QR symbol: eight candidates, the one with the least penalty (ISO/IEC 18004, 7.8).

Rules. A symbol is one integer, its rows one after the other, the first module in the highest bit, dark is 1. A
neighbour to the side is a shift by one, a neighbour below a shift by the size, so that each rule of the penalty costs
a few operations on whole symbols instead of a look at every module. Function patterns, the order of modules and the
eight masks belong to a version and a level and are made once, function patterns by the library `qrcode`. Every
candidate is judged as it would be printed, format information included. It encodes no text and corrects no errors;
see qr.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from operator import itemgetter

from msgspec import Struct

MASKS = 8
_FINDER = 0b10111010000
_CONDITIONS: tuple[Callable[[int, int], bool], ...] = (
    lambda i, j: (i + j) % 2 == 0,
    lambda i, j: i % 2 == 0,
    lambda i, j: j % 3 == 0,
    lambda i, j: (i + j) % 3 == 0,
    lambda i, j: (i // 2 + j // 3) % 2 == 0,
    lambda i, j: (i * j) % 2 + (i * j) % 3 == 0,
    lambda i, j: ((i * j) % 2 + (i * j) % 3) % 2 == 0,
    lambda i, j: ((i + j) % 2 + (i * j) % 3) % 2 == 0,
)
"""Table 10: row i and column j are turned where the condition holds."""


class Layout(Struct, frozen=True):
    """What all symbols of one version and level share.

    `size` in modules; `patterns` has, for each mask, the function patterns and what the mask turns of the data;
    `gather` takes the bits of all codewords and one "0" as text and gives a bit for each module.
    """

    size: int
    patterns: tuple[int, ...]
    gather: Callable[[str], tuple[str, ...]]

    def candidates(self, codewords: Sequence[int]) -> list[int]:
        """The symbol under each mask. `codewords` are data and error correction, interleaved."""
        bits = "".join([format(codeword, "08b") for codeword in codewords])
        data = int("".join(self.gather(bits + "0")), 2)
        return [data ^ pattern for pattern in self.patterns]


@lru_cache(maxsize=8)
def layout(version: int, level: int) -> Layout:
    """The layout of a version (1 to 40) at an error correction level of `qrcode`."""
    blanks = [_blank(version, level, mask) for mask in range(MASKS)]
    size = len(blanks[0])
    data = {(row, column) for row, line in enumerate(blanks[0]) for column, dark in enumerate(line) if dark is None}
    places = {place: number for number, place in enumerate(place for place in _order(size) if place in data)}
    # Every bit of a codeword has a module; the few modules that remain are light (7.7.3).
    bits = len(places) // 8 * 8
    modules = [(row, column) for row in range(size) for column in range(size)]
    gather = itemgetter(*(min(places.get(place, bits), bits) for place in modules))
    patterns = tuple(
        int("".join("1" if blank[i][j] or ((i, j) in data and turned(i, j)) else "0" for i, j in modules), 2)
        for blank, turned in zip(blanks, _CONDITIONS, strict=True)
    )
    return Layout(size, patterns, gather)


def best(candidates: Sequence[int], size: int) -> int:
    """The number of the candidate with the least penalty, the first of equals."""
    rules = _rules(size)
    points = [penalty(symbol, rules) for symbol in candidates]
    return points.index(min(points))


class Rules(Struct, frozen=True):
    """Which modules have a neighbour 1, 4 and 10 modules on: bits of the places where a rule may begin."""

    size: int
    all: int
    beside: int
    below: int
    beside_10: int
    below_10: int


@lru_cache(maxsize=8)
def _rules(size: int) -> Rules:
    column = sum(1 << (size * row) for row in range(size))

    def beside(reach: int) -> int:
        return ((1 << (size - reach)) - 1) * column

    def below(reach: int) -> int:
        return (1 << (size * (size - reach))) - 1

    return Rules(size, below(0), beside(1), below(1), beside(10), below(10))


def penalty(symbol: int, rules: Rules) -> int:
    """The points of a symbol (Table 11): runs, blocks, finder-like patterns, balance."""
    size = rules.size
    light = rules.all ^ symbol
    beside = ~(symbol ^ (symbol >> 1)) & rules.beside
    below = ~(symbol ^ (symbol >> size)) & rules.below
    blocks = (beside & (beside >> size) & below).bit_count()
    alike = _runs(beside, 1) + _runs(below, size)
    finders = _finders(symbol, light, 1, rules.beside_10) + _finders(symbol, light, size, rules.below_10)
    balance = abs(20 * symbol.bit_count() - 10 * size * size) // (size * size)
    return alike + 3 * blocks + 40 * finders + 10 * balance


def _runs(same: int, step: int) -> int:
    """3 points for five modules in a row that are alike, and one for each further one."""
    pairs = same & (same >> step)
    fives = pairs & (pairs >> (2 * step))
    return fives.bit_count() + 2 * (fives & ~(fives << step)).bit_count()


def _finders(dark: int, light: int, step: int, begin: int) -> int:
    """Dark 1:1:3:1:1 with four light modules before or after."""
    after = before = begin
    for place in range(11):
        shifted = (dark >> (place * step), light >> (place * step))
        after &= shifted[not _FINDER >> place & 1]
        before &= shifted[not _FINDER >> (10 - place) & 1]
    return after.bit_count() + before.bit_count()


def _order(size: int) -> Iterator[tuple[int, int]]:
    """Places of modules in the order in which bits are laid: pairs of columns from the right, up and down (7.7.3)."""
    upward = True
    for right in (*range(size - 1, 6, -2), 5, 3, 1):
        for row in range(size - 1, -1, -1) if upward else range(size):
            yield row, right
            yield row, right - 1
        upward = not upward


def _blank(version: int, level: int, mask: int) -> list[list[bool | None]]:
    """The function patterns of a symbol; None where data goes."""
    import qrcode

    class Blank(qrcode.QRCode):  # type: ignore[misc, type-arg, unused-ignore]
        def map_data(self, data: object, mask_pattern: object) -> None:
            """Leave the data out."""

    symbol = Blank(version=version, error_correction=level)
    symbol.data_cache = []
    symbol.makeImpl(False, mask)
    modules: list[list[bool | None]] = symbol.modules
    return modules
