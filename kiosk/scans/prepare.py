"""From pictures of papers to what is sent: a PDF of straight pages, or a photograph without its secrets.

Rules. The same pictures give the same bytes. Memory is bounded (picture.py). Nothing is looked up or kept. The
libraries are loaded with the first picture: they are large, and most visitors send none. Raises AttachmentRefused.
"""

from __future__ import annotations

from collections.abc import Sequence

from kiosk.errors import AttachmentRefused

MOST_PAGES = 30
QUALITY = 80
_A4_MM = (210, 297)


def prepare(*pictures: bytes) -> bytes:
    """A PDF with one A4 page a picture: upright, level, small enough to send."""
    from kiosk.scans.picture import opened, written
    from kiosk.scans.skew import straight

    if not 1 <= len(pictures) <= MOST_PAGES:
        raise AttachmentRefused(f"a document has 1 to {MOST_PAGES} pages, not {len(pictures)}")
    return _pdf([written(straight(opened(one)), QUALITY) for one in pictures])


def photograph(picture: bytes) -> bytes:
    """A JPEG of a photograph: upright and small, and nothing in it but the picture."""
    from kiosk.scans.picture import opened, written

    return written(opened(picture), QUALITY)


def _pdf(pages: Sequence[bytes]) -> bytes:
    from img2pdf import FitMode, convert, get_layout_fun, mm_to_pt

    size = (mm_to_pt(_A4_MM[0]), mm_to_pt(_A4_MM[1]))
    layout = get_layout_fun(size, fit=FitMode.into, auto_orient=True)
    made: bytes = convert(list(pages), layout_fun=layout, nodate=True, producer="")
    return made
