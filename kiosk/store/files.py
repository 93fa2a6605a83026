"""Files that survive a power cut.

Rules. A file appears whole or not at all: temporary name in the same folder, fsync, rename, fsync of the folder.
Nothing half-written stays behind after a failure. Only the owner may read what is written here (0600, folders 0700).
It does not lock: two writers of the same name are the caller's business.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from kiosk.errors import EnvironmentFault, StorageFull, StorageReadOnly

FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def fault(error: OSError, doing: str) -> EnvironmentFault:
    """The fault of ours that an OSError is: StorageFull, StorageReadOnly, or EnvironmentFault."""
    if error.errno in FULL:
        return StorageFull(f"no room on the disk: {doing}")
    if error.errno == errno.EROFS:
        return StorageReadOnly(f"{doing}: the disk is read-only")
    return EnvironmentFault(f"{doing}: {error.strerror or error}")


def private_folder(path: Path) -> None:
    """Make the folder (0700) with its parents, durably; an existing one is left as it is. Raises EnvironmentFault."""
    try:
        made = [folder for folder in (path, *path.parents) if not folder.exists()]
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        for folder in made:
            sync_folder(folder.parent)
    except OSError as error:
        raise fault(error, f"the folder {path} cannot be made") from error


def sync_folder(path: Path) -> None:
    """Make the names in a folder durable. Windows has no such call, and its renames need none."""
    if os.name == "nt":
        return
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_durably(path: Path, data: bytes) -> None:
    """Put `data` at `path`, durable when this returns; on StorageFull, EnvironmentFault nothing half-written stays."""
    stream_durably(path, (data,))


def stream_durably(path: Path, pieces: Iterable[bytes]) -> None:
    """As `write_durably`, a piece at a time. What `pieces` raises passes through, and nothing stays of it either."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            for piece in pieces:
                view = memoryview(piece)
                while view:
                    view = view[os.write(descriptor, view) :]
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        temporary.replace(path)
        sync_folder(path.parent)
    except BaseException as error:
        with suppress(OSError):
            temporary.unlink()
        if isinstance(error, OSError):
            raise fault(error, f"{path} cannot be written") from error
        raise
