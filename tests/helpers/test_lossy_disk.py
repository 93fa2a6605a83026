"""The lossy disk keeps what was synced and forgets the rest, as itself and through the system's calls."""

from __future__ import annotations

import os
import random
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helpers import lossy_disk
from tests.helpers.lossy_disk import Disk, File, Folder, Mounted


def test_a_file_keeps_what_was_synced() -> None:
    file = File(0o600)
    file.write(0, b"first")
    file.sync()
    file.write(0, b"FIRST")
    file.truncate(2)
    assert file.data == b"FI"
    assert file.after_cut(random.Random(0), "none") == b"first"
    left = {file.after_cut(random.Random(seed), "some") for seed in range(200)}
    assert {b"first", b"fi", b"FI", b"FIRST"} <= left


def test_a_folder_keeps_its_changes_in_order() -> None:
    folder, one, two = Folder(0o700), File(0o600), File(0o600)
    folder.change(("one.tmp", one))
    folder.sync()
    folder.change(("one.tmp", None), ("one", one))
    folder.change(("two", two))
    left = {tuple(folder.after_cut(random.Random(seed), "some")) for seed in range(50)}
    assert left == {("one.tmp",), ("one",), ("one", "two")}
    assert tuple(folder.after_cut(random.Random(0), "none")) == ("one.tmp",)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Mounted]:
    if reason := lossy_disk.unavailable():
        pytest.skip(reason)
    source = tmp_path / "source"
    source.mkdir()
    (source / "old").write_bytes(b"old")
    with lossy_disk.mounted(source, tmp_path / "mount") as found:
        yield found


def test_through_the_system(disk: Mounted, tmp_path: Path) -> None:
    for name, sync_file, sync_folder in (("both", 1, 1), ("name", 0, 1), ("bytes", 1, 0), ("neither", 0, 0)):
        folder = disk.path / name
        folder.mkdir()
        descriptor = os.open(folder / "file", os.O_WRONLY | os.O_CREAT)
        os.write(descriptor, b"data")
        if sync_file:
            os.fsync(descriptor)
        os.close(descriptor)
        if sync_folder:
            _sync(folder)
    _sync(disk.path)
    (disk.path / "late").mkdir()
    assert (disk.path / "neither" / "file").read_bytes() == b"data"
    disk.cut(tmp_path / "after")
    with pytest.raises(OSError, match="Input/output error"):
        list((disk.path / "both").iterdir())
    left = {str(path.relative_to(tmp_path / "after")): path.read_bytes() for path in (tmp_path / "after").rglob("*/*")}
    assert left == {"both/file": b"data", "name/file": b""}
    assert (tmp_path / "after" / "old").read_bytes() == b"old" and not (tmp_path / "after" / "late").exists()


def test_a_database_that_does_not_sync_loses_what_it_promised(disk: Mounted, tmp_path: Path) -> None:
    for name, level in (("full", "FULL"), ("off", "OFF")):
        database = sqlite3.connect(disk.path / name, isolation_level=None)
        database.execute("PRAGMA journal_mode = WAL")
        database.execute(f"PRAGMA synchronous = {level}")
        database.execute("CREATE TABLE t (n)")
        database.execute("INSERT INTO t VALUES (1)")
    disk.cut(tmp_path / "after")
    assert _rows(tmp_path / "after" / "full") == [(1,)]
    assert _rows(tmp_path / "after" / "off") == []
    del database


def test_a_new_disk_is_what_it_was_made_from(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "c").write_bytes(b"c")
    Disk(tmp_path / "a").cut(0, "none", tmp_path / "copy")
    assert (tmp_path / "copy" / "b" / "c").read_bytes() == b"c"


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)


def _rows(path: Path) -> list[tuple[int]]:
    database = sqlite3.connect(path)
    try:
        return database.execute("SELECT n FROM t").fetchall()
    except sqlite3.OperationalError:
        return []
    finally:
        database.close()
