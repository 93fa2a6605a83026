"""A disk that forgets what was not made durable when the power goes: a file system in memory, served through FUSE.

Rules. A write is durable after an fsync of its file; a name (a new file, a rename, a deletion) after an fsync of its
folder, and not by an fsync of the file, which is all that POSIX promises. At a power cut everything durable stays; of
the rest nothing stays ("none"), or a part drawn by chance ("some"): any of the writes of a file, one of them torn at a
sector, and the first so many changes of a folder (file systems keep those in order). After the cut every call fails.
`Disk` is the model and knows no FUSE (traced_disk.py replays into it, where there is none);
`python -m tests.helpers.lossy_disk SOURCE MOUNT` serves it, told by lines "cut SEED POLICY TARGET" on stdin; `mounted`
runs that. It keeps no owners, times and links that nobody here needs.
"""

from __future__ import annotations

import errno
import functools
import os
import random
import shutil
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SECTOR = 512


class File:
    """`data` is what programs see, `durable` what the disk holds; `pending` leads from the one to the other."""

    def __init__(self, mode: int, data: bytes = b"") -> None:
        self.mode = mode
        self.data = bytearray(data)
        self.durable = bytearray(data)
        self.pending: list[tuple[int, bytes | None]] = []
        self.links = 1

    def write(self, offset: int, data: bytes) -> None:
        _write(self.data, offset, data)
        self.pending.append((offset, data))

    def truncate(self, length: int) -> None:
        _write(self.data, length, None)
        self.pending.append((length, None))

    def sync(self) -> None:
        for offset, data in self.pending:
            _write(self.durable, offset, data)
        self.pending.clear()

    def after_cut(self, chance: random.Random, policy: str) -> bytes:
        left = bytearray(self.durable)
        if policy == "some":
            for offset, data in self.pending:
                if chance.random() < 0.5:
                    continue
                if data and chance.random() < 0.2:
                    data = data[: chance.randrange(len(data)) // SECTOR * SECTOR]
                _write(left, offset, data)
        return bytes(left)


class Folder:
    """Names of files and folders, as programs see them and as the disk holds them."""

    def __init__(self, mode: int) -> None:
        self.mode = mode
        self.names: dict[str, File | Folder] = {}
        self.durable: dict[str, File | Folder] = {}
        self.pending: list[tuple[tuple[str, File | Folder | None], ...]] = []

    def change(self, *changes: tuple[str, File | Folder | None]) -> None:
        """Set names (None deletes), all of them at once."""
        _change(self.names, changes)
        self.pending.append(changes)

    def sync(self) -> None:
        for changes in self.pending:
            _change(self.durable, changes)
        self.pending.clear()

    def after_cut(self, chance: random.Random, policy: str) -> dict[str, File | Folder]:
        left = dict(self.durable)
        if policy == "some":
            for changes in self.pending[: chance.randint(0, len(self.pending))]:
                _change(left, changes)
        return left


def _write(data: bytearray, offset: int, new: bytes | None) -> None:
    if new is None:
        del data[offset:]
        new = b""
    if len(data) < offset:
        data.extend(bytes(offset - len(data)))
    data[offset : offset + len(new)] = new


def _change(names: dict[str, Any], changes: tuple[tuple[str, File | Folder | None], ...]) -> None:
    for name, node in changes:
        if node is None:
            names.pop(name, None)
        else:
            names[name] = node


class Disk:
    """The tree. Calls raise OSError as the system's do; EIO after `cut`."""

    def __init__(self, source: Path) -> None:
        self.root = _load(source)
        self.lost_power = False
        self._lock = threading.Lock()

    @contextmanager
    def power(self) -> Iterator[None]:
        """One call at a time, and none without power."""
        with self._lock:
            if self.lost_power:
                raise OSError(errno.EIO, "no power")
            yield

    def cut(self, seed: int, policy: str, target: Path) -> None:
        """The power goes: what the disk holds then is laid out in `target`."""
        with self._lock:
            self.lost_power = True
            self.lay_out(seed, policy, target)

    def lay_out(self, seed: int, policy: str, target: Path) -> None:
        """What the disk would hold if the power went now."""
        _lay_out(self.root, target, random.Random(seed), policy)

    def find(self, path: str) -> File | Folder:
        node: File | Folder = self.root
        for name in filter(None, path.split("/")):
            if not isinstance(node, Folder):
                raise OSError(errno.ENOTDIR, path)
            if name not in node.names:
                raise OSError(errno.ENOENT, path)
            node = node.names[name]
        return node

    def parent(self, path: str) -> tuple[Folder, str]:
        above, _, name = path.rpartition("/")
        folder = self.find(above)
        if not isinstance(folder, Folder):
            raise OSError(errno.ENOTDIR, path)
        return folder, name

    def file(self, path: str) -> File:
        node = self.find(path)
        if not isinstance(node, File):
            raise OSError(errno.EISDIR, path)
        return node

    def create(self, path: str, mode: int) -> File:
        folder, name = self.parent(path)
        node = File(stat.S_IMODE(mode))
        folder.change((name, node))
        return node

    def mkdir(self, path: str, mode: int) -> None:
        folder, name = self.parent(path)
        if name in folder.names:
            raise OSError(errno.EEXIST, path)
        folder.change((name, Folder(stat.S_IMODE(mode))))

    def unlink(self, path: str) -> None:
        self.file(path).links -= 1
        folder, name = self.parent(path)
        folder.change((name, None))

    def rmdir(self, path: str) -> None:
        folder, name = self.parent(path)
        folder.change((name, None))

    def rename(self, old: str, new: str) -> None:
        node = self.find(old)
        (here, name), (there, other) = self.parent(old), self.parent(new)
        if here is there:
            here.change((name, None), (other, node))
        else:
            there.change((other, node))
            here.change((name, None))

    def link(self, old: str, new: str) -> None:
        node = self.file(old)
        folder, name = self.parent(new)
        if name in folder.names:
            raise OSError(errno.EEXIST, new)
        node.links += 1
        folder.change((name, node))


def _load(source: Path) -> Folder:
    folder = Folder(0o700)
    for path in source.iterdir():
        mode = stat.S_IMODE(path.stat().st_mode)
        folder.names[path.name] = _load(path) if path.is_dir() else File(mode, path.read_bytes())
    folder.durable = dict(folder.names)
    return folder


def _lay_out(folder: Folder, target: Path, chance: random.Random, policy: str) -> None:
    target.mkdir(mode=0o700)
    for name, node in sorted(folder.after_cut(chance, policy).items()):
        if isinstance(node, Folder):
            _lay_out(node, target / name, chance, policy)
        else:
            (target / name).write_bytes(node.after_cut(chance, policy))
            (target / name).chmod(node.mode)


def _operations(disk: Disk) -> Any:
    import mfusepy

    class Operations(mfusepy.Operations):  # type: ignore[misc]
        use_ns = True

        def __init__(self) -> None:
            self.opened: dict[int, File] = {}
            self.serial = 0

        def getattr(self, path: str, fh: int | None = None) -> dict[str, Any]:
            with disk.power():
                node = self.opened[fh] if fh in self.opened else disk.find(path)
                if isinstance(node, Folder):
                    return {"st_mode": stat.S_IFDIR | node.mode, "st_nlink": 2}
                kind = stat.S_IFREG | node.mode
                return {"st_mode": kind, "st_nlink": node.links, "st_size": len(node.data), "st_blksize": 4096}

        def readdir(self, path: str, fh: int) -> list[str]:
            with disk.power():
                node = disk.find(path)
                assert isinstance(node, Folder)
                return [".", "..", *node.names]

        def _open(self, node: File | Folder) -> int:
            assert isinstance(node, File)
            self.serial += 1
            self.opened[self.serial] = node
            return self.serial

        def open(self, path: str, flags: int) -> int:
            with disk.power():
                node = disk.find(path)
                if flags & os.O_TRUNC and isinstance(node, File):
                    node.truncate(0)
                return self._open(node)

        def create(self, path: str, mode: int, fi: Any = None) -> int:
            with disk.power():
                return self._open(disk.create(path, mode))

        def read(self, path: str, size: int, offset: int, fh: int) -> bytes:
            with disk.power():
                return bytes(self.opened[fh].data[offset : offset + size])

        def write(self, path: str, data: bytes, offset: int, fh: int) -> int:
            with disk.power():
                self.opened[fh].write(offset, bytes(data))
                return len(data)

        def truncate(self, path: str, length: int, fh: int | None = None) -> int:
            with disk.power():
                node = self.opened[fh] if fh in self.opened else disk.file(path)
                node.truncate(length)
                return 0

        def fsync(self, path: str, datasync: int, fh: int) -> int:
            with disk.power():
                self.opened[fh].sync()
                return 0

        def fsyncdir(self, path: str, datasync: int, fh: int) -> int:
            with disk.power():
                disk.find(path).sync()
                return 0

        def release(self, path: str, fh: int) -> int:
            self.opened.pop(fh, None)
            return 0

        def mkdir(self, path: str, mode: int) -> int:
            with disk.power():
                disk.mkdir(path, mode)
                return 0

        def unlink(self, path: str) -> int:
            with disk.power():
                disk.unlink(path)
                return 0

        def rmdir(self, path: str) -> int:
            with disk.power():
                disk.rmdir(path)
                return 0

        def rename(self, old: str, new: str) -> int:
            with disk.power():
                disk.rename(old, new)
                return 0

        def link(self, target: str, source: str) -> int:
            with disk.power():
                disk.link(source, target)
                return 0

        def chmod(self, path: str, mode: int) -> int:
            with disk.power():
                disk.find(path).mode = stat.S_IMODE(mode)
                return 0

        def statfs(self, path: str) -> dict[str, int]:
            return {"f_bsize": 4096, "f_frsize": 4096, "f_blocks": 1 << 20, "f_bfree": 1 << 19, "f_bavail": 1 << 19}

    return Operations()


def serve(source: Path, mount: Path) -> None:
    """Serve a copy of `source` at `mount` until it is unmounted."""
    import mfusepy

    disk = Disk(source)

    def listen() -> None:
        for line in sys.stdin:
            _, seed, policy, target = line.rstrip("\n").split(" ", 3)
            disk.cut(int(seed), policy, Path(target))
            print("cut", flush=True)

    threading.Thread(target=listen, daemon=True).start()
    mfusepy.FUSE(_operations(disk), str(mount), foreground=True, nothreads=True, kernel_cache=True, hard_remove=True)


class Mounted:
    """A disk in use; `path` is where programs see it."""

    def __init__(self, path: Path, server: subprocess.Popen[str]) -> None:
        self.path = path
        self._server = server

    def cut(self, target: Path, *, seed: int = 0, policy: str = "none") -> None:
        """The power goes; `target` is made and holds what the disk held."""
        assert self._server.stdin is not None and self._server.stdout is not None
        self._server.stdin.write(f"cut {seed} {policy} {target}\n")
        self._server.stdin.flush()
        assert self._server.stdout.readline() == "cut\n", "the disk did not answer"


@functools.cache
def unavailable() -> str:
    """Why no such disk can be had on this machine, "" where it can: one is mounted to know."""
    try:
        os.close(os.open("/dev/fuse", os.O_RDWR))
    except OSError as error:
        return f"/dev/fuse does not open: {error.strerror}"
    try:
        import mfusepy  # noqa: F401
    except (ImportError, OSError) as error:
        return f"no library for FUSE: {error}"
    if not _unmounter():
        return "neither fusermount3 nor the right to unmount"
    with tempfile.TemporaryDirectory(prefix="lossy-disk-") as folder:
        (Path(folder) / "source").mkdir()
        try:
            with mounted(Path(folder) / "source", Path(folder) / "mount"):
                return ""
        except OSError as error:
            return str(error)


def _unmounter() -> list[str]:
    if shutil.which("fusermount3"):
        return ["fusermount3", "-u", "-z"]
    return ["umount", "-l"] if os.geteuid() == 0 else []


@contextmanager
def mounted(source: Path, mount: Path) -> Iterator[Mounted]:
    """A disk that begins with a copy of `source`, served by a process of its own at the new folder `mount`."""
    mount.mkdir()
    command = [sys.executable, "-W", "ignore", "-m", "tests.helpers.lossy_disk", str(source), str(mount)]
    root = Path(__file__).parents[2]
    with subprocess.Popen(command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        try:
            nap = threading.Event()
            while not mount.is_mount():
                if server.poll() is not None:
                    raise OSError("the system does not let a disk be mounted here")
                nap.wait(0.01)
            yield Mounted(mount, server)
        finally:
            # Asking whether it is mounted would fail after a cut.
            if server.poll() is None:
                subprocess.run([*_unmounter(), str(mount)], check=False)
            server.kill()


if __name__ == "__main__":
    serve(Path(sys.argv[1]), Path(sys.argv[2]))
