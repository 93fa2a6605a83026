"""The client that the TUF conformance suite drives: its commands, exit codes and files, over our own repository."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tuf.api.metadata import Metadata

from tests.helpers.patience import PATIENCE_S
from tests.sync.content_world import START, World, content, world

CLIENT = Path(__file__).with_name("tuf-client")


class Client:
    """One device: its metadata and target folders."""

    def __init__(self, folder: Path, here: World) -> None:
        self.metadata = folder / "device"
        self.targets = folder / "targets"
        self.metadata.mkdir()
        self.targets.mkdir()
        self.here = here

    def __call__(self, *words: str | Path) -> int:
        command = [sys.executable, str(CLIENT), "--metadata-dir", str(self.metadata), *map(str, words)]
        ran = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
        assert "Traceback" not in ran.stderr, ran.stderr
        return ran.returncode

    def refresh(self) -> int:
        return self("--metadata-url", f"{self.here.site.url}/metadata/", "refresh")

    def download(self, *names: str) -> int:
        wanted = [word for name in names for word in ("--target-name", name)]
        base = f"{self.here.site.url}/targets"
        urls = ("--metadata-url", f"{self.here.site.url}/metadata", "--target-base-url", base)
        return self(*urls, "--target-dir", self.targets, *wanted, "download")

    def versions(self) -> dict[str, int]:
        return {path.stem: Metadata.from_file(str(path)).signed.version for path in self.metadata.glob("*.json")}


@pytest.fixture
def here(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path) as one:
        # The client asks the machine for the time; signatures that began later are good today too.
        one.clock = START
        one.publish(content(20))
        yield one


@pytest.fixture
def client(tmp_path: Path, here: World) -> Client:
    made = Client(tmp_path, here)
    assert made("init", here.repo / "metadata" / "1.root.json") == 0
    assert here.site.asked == []
    return made


def test_refresh_leaves_what_is_trusted_in_the_folder(client: Client, here: World) -> None:
    assert client.versions() == {"root": 1}
    assert client.refresh() == 0
    assert client.versions() == {"root": 1, "timestamp": 1, "snapshot": 1, "targets": 1}
    here.publish(content(21))
    assert client.refresh() == 0
    assert client.versions() == {"root": 1, "timestamp": 2, "snapshot": 2, "targets": 2}


def test_a_target_is_fetched_once(client: Client, here: World) -> None:
    assert client.download("manifest-0", "pack") == 0
    assert {path.name for path in client.targets.iterdir()} == {"manifest-0", "pack"}
    here.site.asked.clear()
    assert client.download("pack") == 0
    assert not [path for path in here.site.asked if path.startswith("/targets/")]
    assert client.download("nothing") == 1


def test_the_store_is_the_memory_and_not_the_files(client: Client, here: World) -> None:
    before = here.photograph("before")
    here.publish(content(21))
    assert client.refresh() == 0
    for copy in client.metadata.glob("*.json"):
        copy.unlink()
    current, here.site.folder = here.site.folder, before
    assert client.refresh() == 1
    assert client.versions()["timestamp"] == 2
    here.site.folder = current
    assert client.refresh() == 0


def test_without_its_store_it_does_nothing(client: Client) -> None:
    shutil.rmtree(client.metadata / "store" / "keys.json", ignore_errors=True)
    (client.metadata / "store" / "keys.json").unlink(missing_ok=True)
    assert client.refresh() == 1
