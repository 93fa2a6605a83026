"""Check every QML file with qmllint, no warnings allowed, the Python view-models' types included.

Rules. `.venv/bin/python scripts/lint_qml.py [FILE…]`. The types that Python registers are described to qmllint by files
generated into build/qmltypes (pyside6-metaobjectdump reads the sources, pyside6-qmltyperegistrar writes the
description); they are never committed. Exits 1 on the first tool that complains, with its words.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import PySide6

ROOT = Path(__file__).parents[1]
QML = ROOT / "kiosk" / "ui" / "qml"
TYPES = ROOT / "build" / "qmltypes"
MODULE = "Kiosk.ViewModels"
TOOLS = Path(sys.executable).parent
METATYPES = Path(PySide6.__file__).parent / "Qt" / "metatypes"


def _run(tool: str, *arguments: str | Path) -> str:
    done = subprocess.run(
        [TOOLS / f"pyside6-{tool}", *map(str, arguments)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"{tool}: {done.stdout}{done.stderr}")
    return done.stdout


def describe() -> Path:
    """Write the module description of the view-models; returns the import folder."""
    sources = sorted((ROOT / "kiosk" / "ui").rglob("*.py"))
    own = [path for path in sources if f'QML_IMPORT_NAME = "{MODULE}"' in path.read_text(encoding="utf-8")]
    folder = TYPES.joinpath(*MODULE.split("."))
    folder.mkdir(parents=True, exist_ok=True)
    classes = folder / "metatypes.json"
    dumped = [file for path in own for file in json.loads(_run("metaobjectdump", path) or "[]")]
    for file in dumped:
        for made in file["classes"]:
            # The dump sees no further than one file and leaves out that a property is constant: every class of ours
            # is a QObject, and a property that tells of no change is constant.
            made["object"] = True
            for each in made.get("properties", []):
                each["constant"] = "notify" not in each
    classes.write_text(json.dumps(dumped), encoding="utf-8")
    qmltypes = folder / "viewmodels.qmltypes"
    _run(
        "qmltyperegistrar",
        *("--generate-qmltypes", qmltypes, "-o", folder / "registration.cpp", classes),
        *("--foreign-types", ",".join(str(METATYPES / f"qt6{name}_metatypes.json") for name in ("core", "qml"))),
        *("--import-name", MODULE, "--major-version", "1", "--minor-version", "0"),
    )
    (folder / "qmldir").write_text(f"module {MODULE}\ntypeinfo {qmltypes.name}\nimport QtQuick\n", encoding="utf-8")
    return TYPES


def main(files: list[str]) -> None:
    """Lint the given files, or all of them."""
    chosen = files or sorted(str(path) for path in QML.rglob("*.qml"))
    print(_run("qmllint", "-I", QML, "-I", describe(), "--max-warnings", "0", *chosen), end="")
    print(f"qmllint: {len(chosen)} files, no warnings")


if __name__ == "__main__":
    main(sys.argv[1:])
