"""Build resources/fonts from the npm package @fontsource/golos-text: one static TTF per weight.

Rules. Run by hand when the package changes: `python scripts/merge_fonts.py UNPACKED_PACKAGE`. Needs fonttools and
brotli, which the program itself does not. The subsets (Latin, Latin extended, Cyrillic, Cyrillic extended) are merged
as they are; only the naming tables are made regular, so that one family "Golos Text" has three weights.
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from fontTools.merge import Merger
from fontTools.ttLib import TTFont

WEIGHTS = {400: "Regular", 500: "Medium", 600: "SemiBold"}
SUBSETS = ("latin", "latin-ext", "cyrillic", "cyrillic-ext")
FAMILY = "Golos Text"


def main(package: Path, out: Path) -> None:
    """Write GolosText-<Weight>.ttf for each weight into `out`."""
    for weight, style in WEIGHTS.items():
        with TemporaryDirectory() as folder:
            parts = []
            for subset in SUBSETS:
                font = TTFont(package / "files" / f"golos-text-{subset}-{weight}-normal.woff2", recalcTimestamp=False)
                font.flavor = None
                for table in ("vhea", "vmtx", "STAT"):
                    if table in font:
                        del font[table]
                parts.append(f"{folder}/{subset}.ttf")
                font.save(parts[-1])
            merged = Merger().merge(parts)
        names = merged["name"]
        plain = weight == 400
        values = {1: FAMILY if plain else f"{FAMILY} {style}", 2: "Regular", 4: f"{FAMILY} {style}"}
        values |= {6: f"GolosText-{style}", 16: FAMILY, 17: style}
        for number, value in values.items():
            names.setName(value, number, 3, 1, 0x409)
        merged["OS/2"].usWeightClass = weight
        merged["head"].created = merged["head"].modified = 0
        merged.recalcTimestamp = False
        merged.save(out / f"GolosText-{style}.ttf")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(__file__).parents[1] / "resources" / "fonts")
