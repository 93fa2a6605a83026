"""After `kiosk demo --prepare` every command works on that profile: no backend, keyring, D-Bus or variable."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.helpers import profiles
from tests.helpers.patience import PATIENCE_S

ROOT = Path(__file__).parents[2]


def kiosk(profile: Path, *words: object) -> subprocess.CompletedProcess[str]:
    """A process of its own that knows nothing of this machine but where programs are."""
    kept = ("PATH", "LD_LIBRARY_PATH", "VIRTUAL_ENV", "SYSTEMROOT")
    return subprocess.run(
        [sys.executable, "-m", "kiosk", *map(str, words), "--profile", str(profile), "--json"],
        cwd=ROOT,
        env={name: os.environ[name] for name in kept if name in os.environ},
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )


def answer(profile: Path, *words: object) -> Any:
    done = kiosk(profile, *words)
    assert done.returncode == 0, done
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    profile = tmp_path_factory.mktemp("prepared") / "profile"
    found = answer(profile, "demo", "--prepare")
    assert set(found) == {"profile", "backend_url"} and found["profile"] == str(profile)
    return profile


def test_it_can_be_searched_and_shown(prepared: Path) -> None:
    assert answer(prepared, "search", "читательский билет")["results"][0]["id"] == profiles.SERVICE
    assert answer(prepared, "service", profiles.SERVICE)["form"]["id"] == "library-ticket"


def test_an_application_is_taken_without_a_backend(prepared: Path, tmp_path: Path) -> None:
    example = answer(prepared, "service", profiles.SERVICE)["form"]["examples"][0]
    path = profiles.write_json(tmp_path / "answers.json", example)
    receipt = tmp_path / "receipt.json"
    sent = answer(prepared, "submit", profiles.SERVICE, "--answers", path, "--receipt", receipt)
    assert sent["state"] == "waiting"
    assert sent["id"] in [row["id"] for row in answer(prepared, "outbox", "list")["rows"]]
    assert answer(prepared, "receipt", "render", receipt, "--format", "text", "-o", tmp_path / "r.txt")["bytes"] > 500
    assert sent["receipt_number"] in (tmp_path / "r.txt").read_text(encoding="utf-8")


def test_the_backend_of_the_demo_is_gone(prepared: Path) -> None:
    done = kiosk(prepared, "sync")
    said = [line for line in done.stderr.splitlines() if not line.startswith("{")]
    assert done.returncode == 1 and len(said) == 1 and said[0].startswith("kiosk: "), done.stderr


def test_preparing_again_loses_nothing(prepared: Path) -> None:
    before = {row["id"] for row in answer(prepared, "outbox", "list")["rows"]}
    number = answer(prepared, "demo", "--prepare")["backend_url"]
    after = {row["id"] for row in answer(prepared, "outbox", "list")["rows"]}
    assert before <= after and number.startswith("http://127.0.0.1:")


def test_content_is_published_by_a_command(prepared: Path, tmp_path: Path) -> None:
    repo, signing = tmp_path / "repo", tmp_path / "keys"
    found = answer(prepared, "publish", ROOT / "resources", repo, "--keys", signing)
    assert set(found) == {"version", "documents", "changed", "bytes"} and found["version"] == 1
    again = answer(prepared, "publish", ROOT / "resources", repo, "--keys", signing, "--prune", "--keep", "1")
    assert again["changed"] == 0 and again["documents"] == found["documents"]
    assert set(again) == {*found, "pruned"} and again["pruned"] == 0, "one version of content, nothing is over"
    for words in (("--keep", "1"), ("--prune", "--keep", "0")):
        assert kiosk(prepared, "publish", ROOT / "resources", repo, "--keys", signing, *words).returncode == 2
