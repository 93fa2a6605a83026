"""The place where the bytes of uploads lie: parts, each written once under a name of ours, sealed as they came.

Rules. A part is on the disk when `put` returns, and counts only once its row is committed (uploads.py): whatever a
crash leaves here without a row means nothing and is swept later. A name is the kiosk's id and a random word, made here:
nothing that a request says ever becomes a path. Nothing is appended to and nothing is overwritten, so an object store
can stand in the place of a folder; several machines share one folder or one store. One place belongs to one database.

Whose a part is and where in an upload it stands is not known here.
"""

from __future__ import annotations

import errno
import os
import re
import secrets
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Protocol

from kiosk.protocol.envelope import KIOSK_ID

_WORD = re.compile(r"[0-9a-f]{32}")


class PartLost(Exception):
    """A part that was put is not there, or not whole."""


class PlaceFull(Exception):
    """The place takes no more now, or cannot be written."""


class UploadPlace(Protocol):
    """Any store of immutable, named bytes. Used by many threads and processes at once."""

    def put(self, name: str, data: bytes) -> None:
        """Keep bytes under a new name, durably. Raises PlaceFull."""

    def get(self, name: str) -> bytes:
        """Raises PartLost."""

    def has(self, name: str) -> bool:
        """Whether a part is here."""

    def remove(self, names: Iterable[str]) -> None:
        """Let go of parts; one that is not there is gone already."""

    def kiosks(self) -> list[str]:
        """The kiosks of which anything is here."""

    def names(self, kiosk: str) -> Iterator[tuple[str, float]]:
        """Every part of a kiosk, and when it was put (UNIX seconds)."""


def new_name(kiosk: str) -> str:
    """A name that no part has."""
    return f"{kiosk}/{secrets.token_hex(16)}"


class Folder:
    """A folder of this machine, or one that several share."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def put(self, name: str, data: bytes) -> None:
        path = self._of(name)
        try:
            self._make(path.parent)
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            try:
                with os.fdopen(descriptor, "wb") as file:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
                _sync_folder(path.parent)
            except OSError:
                path.unlink(missing_ok=True)
                raise
        except OSError as error:
            raise PlaceFull(error.strerror or "the folder cannot be written") from error

    def get(self, name: str) -> bytes:
        try:
            return self._of(name).read_bytes()
        except OSError as error:
            if error.errno not in (errno.ENOENT, errno.EIO):  # the place is at fault, not the part
                raise
            raise PartLost(os.strerror(error.errno)) from error

    def has(self, name: str) -> bool:
        return self._of(name).is_file()

    def remove(self, names: Iterable[str]) -> None:
        for name in names:
            self._of(name).unlink(missing_ok=True)

    def kiosks(self) -> list[str]:
        if not self._path.is_dir():
            return []
        return sorted(one.name for one in self._path.iterdir() if KIOSK_ID.fullmatch(one.name) and one.is_dir())

    def names(self, kiosk: str) -> Iterator[tuple[str, float]]:
        folder = self._path / kiosk
        if not KIOSK_ID.fullmatch(kiosk) or not folder.is_dir():
            return
        with os.scandir(folder) as entries:
            for one in entries:
                if _WORD.fullmatch(one.name):
                    try:
                        yield f"{kiosk}/{one.name}", one.stat().st_mtime
                    except FileNotFoundError:  # removed since the listing began
                        continue

    def _of(self, name: str) -> Path:
        kiosk, _, word = name.partition("/")
        if not KIOSK_ID.fullmatch(kiosk) or not _WORD.fullmatch(word):
            raise ValueError("not the name of a part")
        return self._path / kiosk / word

    def _make(self, folder: Path) -> None:
        """The folder of a kiosk, durable before anything lies in it."""
        if folder.is_dir():
            return
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for above in (folder.parent, folder.parent.parent):
            _sync_folder(above)


def _sync_folder(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
