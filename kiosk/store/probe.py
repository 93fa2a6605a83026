"""Whether a key opens the store, asked of the file itself.

Rules. One short connection that may write: what a killed process left half-written is rolled back by it. It changes
nothing else. No store is not an answer: ask only where the file is.
"""

from __future__ import annotations

from pathlib import Path

from kiosk.errors import DamagedStore

STORE = "store.db"
_PATIENCE_S = 0.5


def opens(profile: Path, raw: bytes) -> bool:
    """Whether the first page opens with this key (32 bytes). False for a damaged first page too.

    Raises EnvironmentFault when somebody keeps the store locked, or the disk cannot be written.
    """
    import sqlcipher3.dbapi2 as sqlcipher

    from kiosk.store import faults

    path = profile / STORE
    try:
        connection = sqlcipher.connect(
            f"{path.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None, timeout=_PATIENCE_S
        )
        try:
            connection.execute("PRAGMA cipher_log_level = NONE")
            connection.execute(f"PRAGMA key = \"x'{raw.hex()}'\"")
            connection.execute("SELECT count(*) FROM sqlite_schema").fetchall()
        finally:
            connection.close()
    except sqlcipher.Error as error:
        fault = faults.translate(error, path)
        if isinstance(fault, DamagedStore):
            return False
        raise fault or error from error
    return True
