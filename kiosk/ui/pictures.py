"""Pictures of the screen, for reading codes from them."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QImage


def grey_picture(path: Path) -> QImage:
    """A PNG as an 8-bit grey picture. Raises OSError."""
    picture = QImage(str(path))
    if picture.isNull():
        raise OSError(f"no picture at {path}")
    return picture.convertToFormat(QImage.Format.Format_Grayscale8)
