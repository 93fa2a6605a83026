"""Icons and drawings for QML: `image://icon/<name>/<colour>…`, drawn from resources/icons in those colours.

Rules. A colour is rrggbb, or aarrggbb with opacity first. An icon is a line drawing on a grid of 24 whose one colour is
the word `currentColor`. A theme drawing (`themes/<id>/<ink>/<accent>`, grid of 96) and the city
(`city/<near>/<far>/<accent>/<paper>`) are written in the colours of PALETTES, which are replaced one for one. A query
`?line=1.6` sets the width of the lines in units of the grid. Nothing else of a file is changed.
No shader is needed, so the software renderer shows the same. An unknown name is a bug of ours: a warning, and nothing
drawn.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from PySide6.QtCore import QByteArray, QSize, qWarning
from PySide6.QtGui import QImage, QPainter
from PySide6.QtQuick import QQuickImageProvider
from PySide6.QtSvg import QSvgRenderer

from kiosk import resources

PALETTES = {
    1: ("currentColor",),
    2: ("#1B1B1F", "#A3161C"),
    4: ("#A79D90", "#DDD7CD", "#A3161C", "#F5F3F0"),
}
"""The colours that stand in a file, by how many colours are asked for."""

_NAME = re.compile(r"(?:themes/)?[a-z0-9-]+")
_COLOUR = re.compile(r"(?:[0-9a-f]{2})?[0-9a-f]{6}")
_DEFAULT_EDGE = 24


@lru_cache(maxsize=256)
def _source(name: str) -> str | None:
    path = resources.root() / "icons" / f"{name}.svg"
    if not _NAME.fullmatch(name) or not path.is_file():
        return None
    return path.read_text(encoding="utf-8")


def draw(name: str, colours: Sequence[str], size: QSize, line: float = 0) -> QImage:
    """The drawing `name` in `colours` ("rrggbb" or "aarrggbb") as an image of `size` pixels.

    The opacity is that of the first colour. `line` is the width of the lines in units of the grid, 0: as the file has
    it.
    """
    image = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)  # transparent; the namespace Qt costs 13 ms at the start
    source, palette = _source(name), PALETTES.get(len(colours))
    if source is None or palette is None or not all(_COLOUR.fullmatch(colour) for colour in colours):
        qWarning(f"no drawing {name!r} in the colours {list(colours)}")
        return image
    inks = {old: f"#{new[-6:]}" for old, new in zip(palette, colours, strict=True)}
    svg = re.sub("|".join(inks), lambda found: inks[found[0]], source)
    if line > 0:
        svg = re.sub(r'stroke-width="[0-9.]+"', f'stroke-width="{line}"', svg)
    renderer = QSvgRenderer(QByteArray(svg.encode()))
    painter = QPainter(image)
    if len(colours[0]) == 8:
        painter.setOpacity(int(colours[0][:2], 16) / 255)
    renderer.render(painter)
    painter.end()
    return image


def parse(id: str) -> tuple[str, tuple[str, ...], float]:
    """Name, colours and width of lines of a picture's address: the colours are its last parts.

    Raises ValueError for a line that is no number.
    """
    path, _, query = id.partition("?")
    parts = path.split("/")
    at = 2 if parts[0] == "themes" else 1
    line = query.removeprefix("line=")
    return "/".join(parts[:at]), tuple(colour.lower() for colour in parts[at:]), float(line or 0)


class IconProvider(QQuickImageProvider):
    """Serves `image://icon/…`; registered by the engine under the id "icon"."""

    def __init__(self) -> None:
        super().__init__(QQuickImageProvider.ImageType.Image)

    def requestImage(self, id: str, size: QSize, requestedSize: QSize) -> QImage:
        name, colours, line = parse(id)
        edge = (
            requestedSize
            if requestedSize.width() > 0 and requestedSize.height() > 0
            else QSize(_DEFAULT_EDGE, _DEFAULT_EDGE)
        )
        return draw(name, colours, edge, line)
