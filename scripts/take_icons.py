"""Copy the icons named in resources/icons/sources.json from an unpacked npm package lucide-static.

Rules. Run by hand: `python scripts/take_icons.py UNPACKED_PACKAGE`. sources.json maps our stable name, which code and
published content use, to the drawing's name in the package. Files are copied without their class attribute.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "resources" / "icons"


def main(package: Path) -> None:
    """Write <our name>.svg for every entry. Raises FileNotFoundError for a drawing the package does not have."""
    for name, drawing in json.loads((FOLDER / "sources.json").read_text()).items():
        source = (package / "icons" / f"{drawing}.svg").read_text(encoding="utf-8")
        (FOLDER / f"{name}.svg").write_text(re.sub(r'\n  class="[^"]*"', "", source), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
