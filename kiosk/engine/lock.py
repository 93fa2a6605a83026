"""One owner process per profile: a lock file held for the life of the engine.

Rules. The kernel holds the lock (flock), so a killed engine leaves none behind. The file is never deleted: two
processes could then hold locks on two files of one name. It says whose process holds it, for people.
"""

from __future__ import annotations

import errno
import fcntl
import os
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from kiosk.errors import EnvironmentFault, ProfileInUse

FILE = "lock"


class ProfileLock:
    """Held from `acquire` to `release`, or to the end of the process."""

    def __init__(self, profile: Path) -> None:
        self._path = profile / FILE
        self._descriptor = -1

    def acquire(self) -> None:
        """Raises ProfileInUse when another process owns the profile, EnvironmentFault when it cannot be written."""
        try:
            descriptor = self._opened()
        except OSError as error:
            raise EnvironmentFault(f"the profile {self._path.parent} cannot be used: {error.strerror}") from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            owner = self._owner()
            os.close(descriptor)
            raise ProfileInUse(
                f"the profile {self._path.parent} is in use by process {owner or 'unknown'}; "
                "stop it or name another --profile"
            ) from error
        self._descriptor = descriptor
        # For people only: a disk that is full or read-only takes no note, and the lock holds all the same.
        with suppress(OSError):
            os.ftruncate(descriptor, 0)
            os.write(descriptor, f"{os.getpid()}\n".encode())

    def _opened(self) -> int:
        """The lock file; where the disk takes none, the same file or its folder, read-only: flock needs no more."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            return os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            if error.errno not in (errno.EROFS, errno.ENOSPC, errno.EDQUOT):
                raise
        there = self._path if self._path.exists() else self._path.parent
        return os.open(there, os.O_RDONLY | os.O_CLOEXEC)

    def _owner(self) -> str:
        with suppress(OSError):
            return self._path.read_text(encoding="utf-8", errors="replace")[:32].strip()
        return ""

    def release(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def __enter__(self) -> ProfileLock:
        self.acquire()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()
