"""Files of a repository: each appears whole or not at all.

Rules. Temporary name in the same folder, fsync, rename; names become durable when the folder is synced, which the
caller does once for many files. A web server reads them, so they are 0644, and secrets 0600.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from kiosk.errors import EnvironmentFault, StorageFull


def write(path: Path, data: bytes, mode: int = 0o644) -> None:
    """Put `data` at `path`. Raises StorageFull, EnvironmentFault; nothing half-written stays."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(descriptor)
        temporary.replace(path)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink()
        raise _fault(error, f"{path} cannot be written") from error


def write_new(path: Path, data: bytes) -> int:
    """Put `data` at a path that is named by its content, unless it is there whole; answers the bytes written."""
    with suppress(OSError):
        if path.stat().st_size == len(data):
            return 0
    write(path, data)
    return len(data)


def sync_folder(path: Path) -> None:
    """Make the names in a folder durable (Windows has no such call). Raises EnvironmentFault."""
    if os.name == "nt" or not path.is_dir():
        return
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise _fault(error, f"{path} cannot be made durable") from error


def read(path: Path) -> bytes | None:
    """The bytes of a file, None if there is none. Raises EnvironmentFault."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _fault(error, f"{path} cannot be read") from error


def _fault(error: OSError, doing: str) -> EnvironmentFault:
    from errno import EDQUOT, ENOSPC

    kind = StorageFull if error.errno in (ENOSPC, EDQUOT) else EnvironmentFault
    return kind(f"{doing}: {error.strerror or error}")
