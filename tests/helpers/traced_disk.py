"""What a program did to a folder, as the system saw it, and what a disk would hold if the power went at any moment.

Rules. Where there is no FUSE: strace (a package of Debian) writes down every call that changes a file or makes one
durable, with its bytes, and every line that the program says on standard output, in one order. `Trace.replay` does the
calls again in the model of lossy_disk.py, which forgets what was not made durable, and stops wherever it is asked to.
What a program has said by then is what it had promised. Shared memory is not seen: SQLite makes it anew.
"""

from __future__ import annotations

import functools
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.helpers.lossy_disk import Disk
from tests.helpers.patience import PATIENCE_S

_CALLS = (
    "open,openat,creat,write,pwrite64,writev,pwritev,pwritev2,lseek,ftruncate,truncate,fallocate,rename,renameat,"
    "renameat2,unlink,unlinkat,rmdir,mkdir,mkdirat,link,linkat,fsync,fdatasync,sync,syncfs,sendfile,copy_file_range"
)
_STRACE = ("strace", "-f", "-qq", "-y", "-xx", "-s", str(1 << 27), "-e", "signal=none", "-e", f"trace={_CALLS}")
_LINE = re.compile(r"(\d+) +(\w+)\((.*)\) += +(-?\d+)", re.DOTALL)
_BEGUN = re.compile(r"(\d+) +(\w+)\((.*) <unfinished \.\.\.>$", re.DOTALL)
_ENDED = re.compile(r"(\d+) +<\.\.\. \w+ resumed>(.*)$", re.DOTALL)
_FD = re.compile(r"(-?\w+)<([^>]*)>")
_TEXT = re.compile(r'"((?:\\x..)*)"')


class Call:
    """One call that succeeded. `texts` are its strings, `numbers` what follows them, `place` the path of its first
    descriptor, `other` that of its second."""

    def __init__(self, name: str, given: str, result: int) -> None:
        self.name = name
        self.result = result
        places = [_plain(found[2]).decode() for found in _FD.finditer(given)]
        self.place = places[0] if places else ""
        self.other = places[1] if len(places) > 1 else self.place
        self.fd = given.partition("<")[0]
        self.texts = [_plain(found[1]) for found in _TEXT.finditer(given)]
        rest = _TEXT.sub('""', _FD.sub("<>", given))
        self.words = rest.split(", ")
        self.deleted = "(deleted)" in given


class Trace:
    """The calls in the folder and the lines said, in their order."""

    def __init__(self, text: str, folder: Path) -> None:
        self._folder = f"{folder}/"
        self.calls = [call for call in _calls(text) if (call.name == "write" and call.fd == "1") or self._here(call)]

    def _here(self, call: Call) -> bool:
        paths = [call.place, *(str(Path(call.place) / text.decode(errors="replace")) for text in call.texts[:1])]
        return not call.deleted and any(f"{path}/".startswith(self._folder) for path in paths)

    def replay(self, disk: Disk) -> Iterator[str]:
        """Does one call after the other; gives what was said by it, "" for nothing."""
        at: dict[str, int] = {}
        for call in self.calls:
            if call.name == "write" and call.fd == "1":
                yield call.texts[0].decode()
            else:
                self._again(call, disk, at)
                yield ""

    def _path(self, base: str, text: bytes) -> str:
        full = f"{Path(base) / text.decode()}/"
        assert full.startswith(self._folder), full
        return full.removeprefix(self._folder).rstrip("/")

    def _again(self, call: Call, disk: Disk, at: dict[str, int]) -> None:
        inside = f"{call.place}/".removeprefix(self._folder).rstrip("/")
        match call.name:
            case "open" | "openat" | "creat":
                path = self._path(call.place, call.texts[0])
                flags = call.words[2 if call.name == "openat" else 1] if call.name != "creat" else "O_CREAT|O_TRUNC"
                try:
                    node = disk.find(path)
                    if "O_TRUNC" in flags:
                        disk.file(path).truncate(0)
                except FileNotFoundError:
                    assert "O_CREAT" in flags, path
                    node = disk.create(path, int(call.words[-1], 8))
                del node
                at[str(call.result)] = 0
                assert "O_APPEND" not in flags, "not known to this model"
            case "write" | "writev":
                data = b"".join(call.texts)[: call.result]
                disk.file(inside).write(at[call.fd], data)
                at[call.fd] += len(data)
            case "pwrite64":
                disk.file(inside).write(int(call.words[3]), call.texts[0][: call.result])
            case "pwritev" | "pwritev2":
                offset = int(call.words[-1 if call.name == "pwritev" else -2])
                disk.file(inside).write(offset, b"".join(call.texts)[: call.result])
            case "lseek":
                at[call.fd] = call.result
            case "ftruncate":
                disk.file(inside).truncate(int(call.words[1]))
            case "truncate":
                disk.file(self._path("", call.texts[0])).truncate(int(call.words[1]))
            case "fallocate":
                file, end = disk.file(inside), int(call.words[2]) + int(call.words[3])
                if call.words[1] == "0" and end > len(file.data):
                    file.truncate(end)
            case "rename" | "renameat" | "renameat2":
                disk.rename(self._path(call.place, call.texts[0]), self._path(call.other, call.texts[1]))
            case "link" | "linkat":
                disk.link(self._path(call.place, call.texts[0]), self._path(call.other, call.texts[1]))
            case "unlink" | "unlinkat" | "rmdir":
                path = self._path(call.place, call.texts[0])
                (disk.rmdir if call.name == "rmdir" or "AT_REMOVEDIR" in call.words[-1] else disk.unlink)(path)
            case "mkdir" | "mkdirat":
                disk.mkdir(self._path(call.place, call.texts[0]), int(call.words[-1], 8))
            case "fsync" | "fdatasync":
                disk.find(inside).sync()
            case other:
                raise AssertionError(f"{other} is not known to this model")


def _calls(text: str) -> Iterator[Call]:
    """The successful calls, by the moment at which they ended."""
    begun: dict[str, str] = {}
    for line in text.splitlines():
        if started := _BEGUN.match(line):
            begun[started[1]] = f"{started[2]}({started[3]}"
            continue
        if ended := _ENDED.match(line):
            line = f"{ended[1]} {begun.pop(ended[1])}{ended[2]}"
        if (whole := _LINE.match(line)) and int(whole[4]) >= 0:
            yield Call(whole[2], whole[3], int(whole[4]))


def _plain(hexed: str) -> bytes:
    return bytes.fromhex(hexed.replace("\\x", "")) if hexed.startswith("\\x") else hexed.encode()


@functools.cache
def unavailable() -> str:
    """Why calls cannot be traced on this machine, "" where they can."""
    if shutil.which("strace") is None:
        return "strace is not installed"
    tried = subprocess.run([*_STRACE, "-o", os.devnull, "true"], capture_output=True, text=True, check=False)
    return "" if tried.returncode == 0 else f"strace may not trace here: {tried.stderr.strip()[:200]}"


def traced(command: Sequence[str], folder: Path, notes: Path) -> Trace:
    """Run a command to its end; what it did in `folder`. `notes` is a file for strace's words."""
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [*_STRACE, "-o", str(notes), *command],
        cwd=root,
        capture_output=True,
        text=True,
        timeout=4 * PATIENCE_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return Trace(notes.read_text(encoding="ascii"), folder)
