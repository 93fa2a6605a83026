"""A sheet as PDF: A4, PDF/A-2a (ISO 19005-2) and PDF/UA-1 (ISO 14289-1) together, made by typst.

Rules. One compiler is kept for the life of the process: its second document takes milliseconds. Only the
bundled font is used, never the system's. Nothing is read from the network. The same sheet gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from kiosk import resources, words
from kiosk.paper.sheet import Code, Sheet

if TYPE_CHECKING:
    import typst

DrawCode = Callable[[str], str]
"""From the text of a code to an SVG of its symbol, quiet zone included (kiosk.passes.qr.svg)."""


@cache
def _compiler() -> typst.Compiler:
    import typst

    template = Path(__file__).with_name("sheet.typ")
    return typst.Compiler(
        str(template),
        root=str(template.parent),
        font_paths=[str(resources.root() / "fonts")],
        ignore_system_fonts=True,
    )


def pdf(sheet: Sheet, draw_code: DrawCode) -> bytes:
    """The PDF of a sheet, tagged, with its title and language. Text is 12 pt, in large print 18 pt."""
    made = _compiler().compile(
        format="pdf", sys_inputs=_inputs(sheet, draw_code), pdf_standards=["a-2a", "ua-1"], timestamp=0
    )
    assert isinstance(made, bytes)
    return made


def png(sheet: Sheet, draw_code: DrawCode, dots_per_inch: float = 144.0) -> bytes:
    """The sheet as one PNG picture, as long as it must be."""
    inputs = _inputs(sheet, draw_code) | {"continuous": "yes"}
    made = _compiler().compile(format="png", ppi=dots_per_inch, sys_inputs=inputs)
    assert isinstance(made, bytes)
    return made


def _inputs(sheet: Sheet, draw_code: DrawCode) -> dict[str, str]:
    symbols = {str(place): draw_code(b.text) for place, b in enumerate(sheet.blocks) if isinstance(b, Code)}
    return {
        "sheet": msgspec.json.encode(sheet).decode(),
        "symbols": msgspec.json.encode(symbols).decode(),
        "author": words.t(sheet.language, "paper.brand"),
    }
