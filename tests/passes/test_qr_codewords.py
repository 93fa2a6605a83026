"""Codewords are those of the library `qrcode`, for every mode, level and version."""

from __future__ import annotations

from random import Random

import pytest
import qrcode
from hypothesis import given, settings
from hypothesis import strategies as st
from qrcode.util import create_data

from kiosk.passes.codewords import codewords

ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
LEVELS = (qrcode.ERROR_CORRECT_L, qrcode.ERROR_CORRECT_M, qrcode.ERROR_CORRECT_Q, qrcode.ERROR_CORRECT_H)


def _of_the_library(text: str, level: int) -> tuple[int, list[int]]:
    symbol = qrcode.QRCode(error_correction=level)
    symbol.add_data(text, optimize=0)
    version = symbol.best_fit()
    return version, create_data(version, level, symbol.data_list)


@settings(max_examples=150, deadline=None)
@given(st.text(ALPHANUMERIC, max_size=300) | st.text("0123456789", max_size=300) | st.text(max_size=120))
def test_any_text_gives_the_same_codewords(text: str) -> None:
    assert codewords(text, qrcode.ERROR_CORRECT_M) == _of_the_library(text, qrcode.ERROR_CORRECT_M)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("length", [20, 47, 153, 400, 611, 1000, 1273])
def test_every_level_gives_the_same_codewords(level: int, length: int) -> None:
    text = "".join(Random(length).choices("abcdefgh", k=length))
    assert codewords(text, level) == _of_the_library(text, level)


def test_the_largest_symbol_is_full_and_no_more() -> None:
    assert codewords("A" * 3391, qrcode.ERROR_CORRECT_M)[0] == 40
    with pytest.raises(ValueError, match="do not fit"):
        codewords("A" * 3392, qrcode.ERROR_CORRECT_M)
