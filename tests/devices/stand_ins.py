"""Programs of the system, played by scripts: put on PATH, they write down what they were given."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

_SCRIPT = """#!{python}
import os, sys, time
from pathlib import Path
folder = Path({folder!r})
words = sys.stdin.buffer.read() if {reads} else b""
notes = folder / ("{name}-%d" % os.getpid())
notes.with_suffix(".stdin").write_bytes(words)
notes.with_suffix(".tmp").write_text("\\n".join(sys.argv[1:]), encoding="utf-8")
notes.with_suffix(".tmp").rename(notes.with_suffix(".args"))
sys.stderr.write({says!r})
while {hangs}:
    time.sleep(3600)
sys.exit({code})
"""


class StandIn:
    """One program on PATH, and the calls it had."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder = folder
        self.name = name

    def calls(self) -> list[tuple[list[str], bytes]]:
        """Arguments and standard input of every finished or hanging call, by time."""
        notes = sorted(self.folder.glob(f"{self.name}-*.args"), key=lambda path: path.stat().st_mtime_ns)
        return [
            (note.read_text(encoding="utf-8").split("\n"), note.with_suffix(".stdin").read_bytes()) for note in notes
        ]

    def pids(self) -> list[int]:
        return [int(path.stem.rpartition("-")[2]) for path in self.folder.glob(f"{self.name}-*.args")]


def put(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    *,
    code: int = 0,
    says: str = "",
    hangs: bool = False,
    reads: bool = True,
) -> StandIn:
    """Make `name` the only program on PATH."""
    folder.mkdir(exist_ok=True)
    script = folder / name
    script.write_text(
        _SCRIPT.format(
            python=sys.executable, folder=str(folder), name=name, code=code, says=says, hangs=hangs, reads=reads
        ),
        encoding="utf-8",
    )
    script.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))
    return StandIn(folder, name)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
