"""The walls of the house hold: today's imports keep every contract, and one wrong import breaks the right one."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.patience import PATIENCE_S

ROOT = Path(__file__).parents[1]
CONTRACTS = {
    "layers": "The layers of the house",
    "backend": "The backend and the editors' side know nothing of the device",
    "device": "The device knows nothing of the backend and the editors' side",
    "qt": "Qt only in ui, devices and app",
    "httpx": "httpx only in sync, identity and city",
    "pure": "The pure rooms touch no disk and no network",
}


def lint(folder: Path) -> tuple[int, str]:
    """Exit code and words of import-linter over the tree in a folder."""
    program = "import sys; from importlinter.cli import lint_imports_command as run; run(standalone_mode=True)"
    done = subprocess.run(
        [sys.executable, "-c", program, "--no-cache"],
        cwd=folder,
        env={"PATH": "", "PYTHONPATH": str(folder), "COLUMNS": "200", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def broken(words: str) -> set[str]:
    """Which contracts import-linter names as broken."""
    return {key for key, name in CONTRACTS.items() if f"{name} BROKEN" in words}


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the program's source."""
    folder = tmp_path_factory.mktemp("tree")
    shutil.copytree(ROOT / "kiosk", folder / "kiosk", ignore=shutil.ignore_patterns("__pycache__", "qml", "_resources"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def test_every_contract_is_kept(tree: Path) -> None:
    code, words = lint(tree)
    assert code == 0 and broken(words) == set(), words
    for name in CONTRACTS.values():
        assert f"{name} KEPT" in words, words


WALLS = [
    # where, what is imported, which contract says no
    ("errors", "kiosk.model.text", "layers"),
    ("config", "kiosk.model.text", "layers"),
    ("model/text", "kiosk.protocol.cbor", "layers"),
    ("words", "kiosk.protocol.cbor", "layers"),
    ("protocol/cbor", "kiosk.catalogue.browse", "layers"),
    ("catalogue/browse", "kiosk.store.database", "layers"),
    ("catalogue/browse", "kiosk.forms.answers", "layers"),
    ("forms/answers", "kiosk.passes.qr", "layers"),
    ("passes/qr", "kiosk.paper.text", "layers"),
    ("paper/text", "kiosk.catalogue.browse", "layers"),
    ("store/audit", "kiosk.sync.rules", "layers"),
    ("store/audit", "kiosk.desk.house", "layers"),
    ("sync/rules", "kiosk.desk.house", "layers"),
    ("desk/forms", "kiosk.sync.rules", "layers"),
    ("sync/rules", "kiosk.identity.enrolment", "layers"),
    ("devices/printer", "kiosk.identity.enrolment", "layers"),
    ("identity/enrolment", "kiosk.ui.nav", "layers"),
    ("engine/lock", "kiosk.ui.nav", "layers"),
    ("ui/nav", "kiosk.engine.lock", "layers"),
    ("ui/nav", "kiosk.app", "layers"),
    ("app", "kiosk.cli.output", "layers"),
    ("backend/settings", "kiosk.store.database", "backend"),
    ("backend/settings", "kiosk.sync.rules", "backend"),
    ("backend/settings", "kiosk.ui.nav", "backend"),
    ("backend/settings", "kiosk.devices.printer", "backend"),
    ("publish/source", "kiosk.store.database", "backend"),
    ("publish/source", "kiosk.identity.enrolment", "backend"),
    ("store/audit", "kiosk.backend.settings", "device"),
    ("sync/rules", "kiosk.publish.source", "device"),
    ("protocol/cbor", "kiosk.backend.settings", "device"),
    ("ui/nav", "kiosk.publish.source", "device"),
    ("desk/forms", "kiosk.backend.settings", "device"),
    ("engine/lock", "kiosk.backend.settings", "device"),
    ("sync/rules", "PySide6.QtCore", "qt"),
    ("store/audit", "PySide6.QtCore", "qt"),
    ("identity/enrolment", "PySide6.QtCore", "qt"),
    ("backend/settings", "PySide6.QtCore", "qt"),
    ("protocol/wire", "PySide6.QtCore", "qt"),
    ("engine/lock", "PySide6.QtCore", "qt"),
    ("desk/forms", "PySide6.QtCore", "qt"),
    ("store/audit", "httpx", "httpx"),
    ("ui/nav", "httpx", "httpx"),
    ("backend/settings", "httpx", "httpx"),
    ("protocol/wire", "httpx", "httpx"),
    ("desk/forms", "httpx", "httpx"),
    ("engine/lock", "httpx", "httpx"),
    ("cli/output", "httpx", "httpx"),
    ("forms/answers", "sqlcipher3", "pure"),
    ("catalogue/browse", "socket", "pure"),
    ("passes/qr", "sqlite3", "pure"),
    ("protocol/wire", "sqlalchemy", "pure"),
    ("model/text", "starlette", "pure"),
]


def planted(tree: Path, where: str, what: str) -> tuple[Path, str]:
    """Add one import to a module; the path and its text before."""
    path = tree / "kiosk" / f"{where}.py"
    before = path.read_text(encoding="utf-8")
    path.write_text(f"{before}\n\ndef _planted() -> None:\n    import {what}  # noqa\n", encoding="utf-8")
    return path, before


@pytest.mark.parametrize("contract", CONTRACTS)
def test_every_wall_breaks_under_a_wrong_import(tree: Path, contract: str) -> None:
    """All wrong imports of one contract at once, each of them named in what import-linter says."""
    walls = [(where, what) for where, what, wall in WALLS if wall == contract]
    assert walls
    kept = {}
    try:
        for where, what in walls:
            path, before = planted(tree, where, what)
            kept.setdefault(path, before)
        code, words = lint(tree)
    finally:
        for path, before in kept.items():
            path.write_text(before, encoding="utf-8")
    assert code == 1 and contract in broken(words), words
    flat = " ".join(words.split())
    for where, what in walls:
        module = "kiosk." + where.replace("/", ".")
        target = what if what.startswith("kiosk.") else what.partition(".")[0]
        assert f"{module} -> {target}" in flat, f"nobody minds that {module} imports {what}:\n{words}"


@pytest.mark.soak
@pytest.mark.parametrize(("where", "what", "contract"), WALLS, ids=[f"{w}-{x}" for w, x, _ in WALLS])
def test_each_wrong_import_alone_is_enough(tree: Path, where: str, what: str, contract: str) -> None:
    path, before = planted(tree, where, what)
    try:
        code, words = lint(tree)
    finally:
        path.write_text(before, encoding="utf-8")
    assert code == 1 and contract in broken(words), words
