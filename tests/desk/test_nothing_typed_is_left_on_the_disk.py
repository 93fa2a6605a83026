"""Canaries typed into a form are found nowhere after it was sent: no file, no name, no value of the opened store.

The same search finds three planted leaks. The long form walks the real screens (tests/soak/test_forensics.py).
"""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from kiosk.forms.definition import compile_form
from kiosk.model.form import FormDefinition
from kiosk.store import documents
from tests.helpers import canaries
from tests.helpers.patience import PATIENCE_S
from tests.helpers.profiles import SERVICE, KioskProfile

ROOT = Path(__file__).parents[2]
LEAK = """
import sys
sys.path.insert(0, {root!r})
from tests.helpers.leaks import plant
plant({kind!r})
"""


def sandboxed(folder: Path, **more: str) -> dict[str, str]:
    """An environment whose every place to write lies in `folder`."""
    places = {"HOME": "home", "TMPDIR": "tmp", "XDG_CACHE_HOME": "cache", "XDG_DATA_HOME": "data"}
    places |= {"XDG_CONFIG_HOME": "config", "XDG_STATE_HOME": "state", "XDG_RUNTIME_DIR": "run"}
    for name in places.values():
        (folder / name).mkdir(mode=0o700, parents=True, exist_ok=True)
    return {**os.environ, **{name: str(folder / place) for name, place in places.items()}, **more}


def submitted(kiosk: KioskProfile, folder: Path, leak: str = "") -> tuple[str, ...]:
    """`kiosk submit` in a sandbox in `folder`, its output kept there; the canaries of its answers."""
    with kiosk.store() as store:
        form = compile_form(documents.get(store, "form/library-ticket", FormDefinition))
    answers, found = canaries.planted(form, kiosk.answers(), datetime.now(UTC).astimezone().date())
    path = folder.parent / "answers.json"
    path.write_bytes(msgspec.json.encode(answers))
    more = {}
    if leak:
        site = folder.parent / "site"
        site.mkdir()
        (site / "sitecustomize.py").write_text(LEAK.format(root=str(ROOT), kind=leak))
        more["PYTHONPATH"] = str(site)
    folder.mkdir()
    attached = canaries.in_a_file(folder.parent)
    command = [sys.executable, "-m", "kiosk", "submit", SERVICE, "--answers", str(path), "--json"]
    command += ["--attach", str(attached)]
    with (folder / "output.log").open("wb") as log:
        done = subprocess.run(
            [*command, "--profile", str(kiosk.path)],
            cwd=ROOT,
            env=sandboxed(folder, **more),
            stdout=log,
            stderr=log,
            timeout=PATIENCE_S,
            check=False,
        )
    assert done.returncode == 0, (folder / "output.log").read_text()
    return (*found, *canaries.ATTACHED)


def test_nowhere(kiosk_profile: KioskProfile, tmp_path: Path) -> None:
    found = submitted(kiosk_profile, tmp_path / "sandbox")
    assert len(found) >= 2
    assert canaries.in_files(tmp_path / "sandbox", found) == []
    assert canaries.in_files(kiosk_profile.path, found) == []
    assert canaries.in_store(kiosk_profile.path, found) == []
    assert len([path for path in (kiosk_profile.path / "attachments").rglob("*") if path.is_file()]) == 1


def test_an_attachment_that_is_not_sealed_is_found(kiosk_profile: KioskProfile, tmp_path: Path) -> None:
    found = submitted(kiosk_profile, tmp_path / "sandbox", "attachment")
    assert len(canaries.in_files(kiosk_profile.path, found)) == 1


@pytest.mark.parametrize("leak", ["log", "temporary file", "store"])
def test_a_planted_leak_is_found(kiosk_profile: KioskProfile, tmp_path: Path, leak: str) -> None:
    found = submitted(kiosk_profile, tmp_path / "sandbox", leak)
    files, tables = canaries.in_files(tmp_path / "sandbox", found), canaries.in_store(kiosk_profile.path, found)
    assert bool(tables) == (leak == "store") and bool(files) == (leak != "store")


@pytest.mark.parametrize("spelt", range(9))
def test_every_spelling_is_found(tmp_path: Path, spelt: int) -> None:
    canary = "Канареечкина-Аа"
    assert len(canaries.spellings(canary)) == 9
    (tmp_path / "file").write_bytes(b"before" + canaries.spellings(canary)[spelt] + b"after")
    assert canaries.in_files(tmp_path, (canary,)) == ["file"]
