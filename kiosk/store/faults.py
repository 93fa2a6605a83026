"""What SQLCipher's errors mean in this house.

Rules. Decided by result code, never by message. Faults of the disk and the file become an EnvironmentFault with one
sentence; an error that only our own code can cause (syntax, constraint, misuse) stays what it is.
Source of the codes: sqlite.org/rescode.html.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import sqlcipher3.dbapi2 as sqlcipher

from kiosk.errors import DamagedStore, EnvironmentFault, StorageFull, StorageReadOnly

_SPARE_BYTES = 65_536
# Extended codes that mean the file is not what it was: IOERR_READ, SHORT_READ, CORRUPTFS, DATA.
_READ_FAULTS = frozenset({266, 522, 8458, 8202})


def _disk_is_full(path: Path) -> bool:
    try:
        return shutil.disk_usage(path.parent).free < _SPARE_BYTES
    except OSError:
        return False


def translate(error: Exception, path: Path) -> EnvironmentFault | None:
    """The fault behind a database error, None where the error is a bug of ours."""
    code = getattr(error, "sqlite_errorcode", None)
    if not isinstance(code, int):
        return None
    family = code & 0xFF
    if family == sqlcipher.SQLITE_FULL:
        return StorageFull(f"no room on the disk for the store {path}")
    if family in (sqlcipher.SQLITE_CORRUPT, sqlcipher.SQLITE_NOTADB) or code in _READ_FAULTS:
        return DamagedStore(
            f"the store {path} is damaged ({code}); set it aside and sync anew, envelopes are kept as files"
        )
    if family in (sqlcipher.SQLITE_IOERR, sqlcipher.SQLITE_CANTOPEN) and _disk_is_full(path):
        return StorageFull(f"no room on the disk for the store {path}")
    if family == sqlcipher.SQLITE_READONLY:
        return StorageReadOnly(f"the store {path} cannot be written: the disk or the file is read-only")
    if family in (sqlcipher.SQLITE_BUSY, sqlcipher.SQLITE_LOCKED):
        return EnvironmentFault(f"another program kept the store {path} locked; try again")
    if family in (sqlcipher.SQLITE_IOERR, sqlcipher.SQLITE_CANTOPEN, sqlcipher.SQLITE_PERM, sqlcipher.SQLITE_NOLFS):
        return EnvironmentFault(f"the disk or the rights of {path.parent} do not let the store work (SQLite {code})")
    return None
