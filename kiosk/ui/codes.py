"""A QR symbol as QML shows it: a picture of one pixel a module; and the code of a draft as people read it.

Rules. The picture travels as a data: URL and is scaled by whole numbers without smoothing. The symbol itself is made
by kiosk.passes.qr, imported when the first code is shown; so is kiosk.protocol.draft.
"""

from __future__ import annotations

from base64 import b64encode

from msgspec import Struct


class Code(Struct, frozen=True):
    """`source` is a data: URL of a PNG, `modules` its side in pixels, quiet zone included; "" and 0: no code."""

    source: str = ""
    modules: int = 0


def code(text: str) -> Code:
    """The symbol for a text; no code for "" or a text too long for a symbol."""
    from kiosk.passes import qr

    if not text:
        return Code()
    try:
        return Code("data:image/png;base64," + b64encode(qr.png(text)).decode(), len(qr.matrix(text)))
    except ValueError:
        return Code()


def spelled(text: str) -> str:
    """The code of a draft in groups, as it is read and typed. Raises DraftRefused."""
    from kiosk.protocol import draft

    return draft.read_code(text).spelled()


def is_draft(text: str) -> bool:
    """Whether a text claims to be the code of a draft."""
    from kiosk.protocol import draft

    return draft.is_code(text)
