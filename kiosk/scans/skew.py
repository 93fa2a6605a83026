"""How far a page lies askew, and the page made straight.

Rules. Lines of text are level when the rows of the picture differ most from each other: this is tried for angles up to
MOST_DEGREES on a small copy, coarsely, then finely. A page is turned only where this is clearly better than leaving it;
the corners that come in are white. A picture without lines stays as it is.
"""

from __future__ import annotations

from typing import Any

from PIL import Image

MOST_DEGREES = 10.0
_SMALL = 700
_LEAST_DEGREES = 0.25
_CLEARLY = 1.08
_LEAST_INK, _MOST_INK = 0.002, 0.5


def straight(image: Image.Image) -> Image.Image:
    """The picture with its lines level."""
    angle = degrees(image)
    if abs(angle) < _LEAST_DEGREES:
        return image
    return image.rotate(angle, Image.Resampling.BICUBIC, expand=True, fillcolor="white")


def degrees(image: Image.Image) -> float:
    """By how much the picture must be turned, counter-clockwise, for its lines to be level; 0 where it is not clear."""
    import cv2
    import numpy as np

    scale = _SMALL / max(image.size)
    small = image.convert("L")
    if scale < 1:
        small = small.resize((max(1, round(image.width * scale)), max(1, round(image.height * scale))))
    grey = np.asarray(small)
    _, ink = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
    if not _LEAST_INK < ink.mean() / 255 < _MOST_INK:
        return 0.0
    level = _score(ink, 0.0)
    best, angle = _best(ink, np.arange(-MOST_DEGREES, MOST_DEGREES + 0.01, 0.5))
    if best < level * _CLEARLY:
        return 0.0
    _, angle = _best(ink, np.arange(angle - 0.5, angle + 0.51, 0.1))
    return float(angle)


def _best(ink: Any, angles: Any) -> tuple[float, float]:
    return max((_score(ink, float(angle)), float(angle)) for angle in angles)


def _score(ink: Any, angle: float) -> float:
    """How much neighbouring rows differ when the picture is turned."""
    import cv2
    import numpy as np

    height, width = ink.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    rows = cv2.warpAffine(ink, turn, (width, height), flags=cv2.INTER_NEAREST, borderMode=cv2.BORDER_REPLICATE).sum(
        axis=1, dtype=np.int64
    )
    return float(np.square(np.diff(rows)).sum())
