"""The replay of a traced program gives what the program left, and of what was not made durable nothing."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.helpers import traced_disk
from tests.helpers.lossy_disk import Disk, File, Folder

pytestmark = pytest.mark.skipif(traced_disk.unavailable() != "", reason=traced_disk.unavailable() or "it can trace")

STEPS = """
import os, sys
folder = sys.argv[1]
def say(word): os.write(1, (word + "\\n").encode())
def sync(path):
    one = os.open(path, os.O_RDONLY); os.fsync(one); os.close(one)
one = os.open(folder + "/a b.tmp", os.O_WRONLY | os.O_CREAT, 0o600)
os.write(one, b"first"); say("written")
os.fsync(one); os.close(one); say("synced")
os.replace(folder + "/a b.tmp", folder + "/a"); say("renamed")
sync(folder); say("named")
two = os.open(folder + "/a", os.O_RDWR)
os.pwrite(two, b"XX", 1); os.ftruncate(two, 4); say("changed")
os.fdatasync(two); say("changed for good")
os.mkdir(folder + "/below", 0o700); os.link(folder + "/a", folder + "/below/b"); os.unlink(folder + "/a")
sync(folder); sync(folder + "/below"); say("moved")
"""
BUSY = """
import sqlite3, sys, threading
from pathlib import Path
folder = Path(sys.argv[1])
with sqlite3.connect(folder / "one.db", isolation_level=None) as database:
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("CREATE TABLE t (v)")
    for number in range(60):
        database.execute("INSERT INTO t VALUES (?)", ("x" * 500 * number,))
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
database.close()
def write(name):
    for number in range(40):
        (folder / f"{name}-{number}").write_bytes(bytes([number]) * 3000)
threads = [threading.Thread(target=write, args=(name,)) for name in "abc"]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
"""


def run(tmp_path: Path, program: str) -> tuple[traced_disk.Trace, Path, Disk]:
    (tmp_path / "empty").mkdir()
    work = tmp_path / "work"
    work.mkdir()
    trace = traced_disk.traced([sys.executable, "-c", program, str(work)], work, tmp_path / "notes")
    return trace, work, Disk(tmp_path / "empty")


def test_what_is_left_after_each_step(tmp_path: Path) -> None:
    trace, _, disk = run(tmp_path, STEPS)
    left = {}
    for line in trace.replay(disk):
        if line:
            place = tmp_path / line.strip()
            disk.lay_out(0, "none", place)
            files = sorted(path for path in place.rglob("*") if path.is_file())
            left[line.strip()] = {str(path.relative_to(place)): path.read_bytes() for path in files}
    assert left == {
        "written": {},
        "synced": {},
        "renamed": {},
        "named": {"a": b"first"},
        "changed": {"a": b"first"},
        "changed for good": {"a": b"fXXs"},
        "moved": {"below/b": b"fXXs"},
    }


def test_the_whole_replay_is_what_the_program_left(tmp_path: Path) -> None:
    trace, work, disk = run(tmp_path, BUSY)
    assert list(trace.replay(disk)), "something was done"
    assert seen(disk.root) == {path.name: path.read_bytes() for path in work.iterdir()}
    assert len(seen(disk.root)) == 121


def seen(folder: Folder) -> dict[str, bytes]:
    return {name: bytes(node.data) for name, node in folder.names.items() if isinstance(node, File)}


def test_a_program_that_fails_is_told(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="a mistake"):
        run(tmp_path, "raise SystemExit('a mistake')")


def test_a_call_that_the_model_does_not_know_is_not_passed_over(tmp_path: Path) -> None:
    program = "import os, sys; one = os.open(sys.argv[1] + '/x', os.O_RDWR | os.O_CREAT); os.write(one, b'abc')\n"
    program += "two = os.open(sys.argv[1] + '/y', os.O_WRONLY | os.O_CREAT); os.copy_file_range(one, two, 3, 0)"
    trace, _, disk = run(tmp_path, program)
    with pytest.raises(AssertionError, match="copy_file_range is not known"):
        list(trace.replay(disk))
