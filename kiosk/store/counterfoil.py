"""The counterfoil: a second, small copy of what the store alone knows and no sync brings back.

Rules. It holds who this kiosk is, how far its counters have come and which published metadata was verified last, so
that a store which is damaged beyond reading costs neither an enrolment nor the memory that refuses a rollback. A
SQLCipher file of a few pages, `<profile>/counterfoil.db`, under the key of the store: it tells a thief no more. The
owner of the profile writes it, whole, at its start and whenever it has changed; the store stays the authority, and
counters only ever grow. It holds no content and no envelope: those are synced and lie as files.
"""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
import sqlcipher3.dbapi2 as sqlcipher
from msgspec import Struct

from kiosk.model.device import DeviceIdentity
from kiosk.store import device, documents, faults, outbox
from kiosk.store.clock import MARK
from kiosk.store.database import Store
from kiosk.store.files import fault, sync_folder
from kiosk.store.keys import StoreKey

FILE = "counterfoil.db"
_SEQUENCE = "SELECT value FROM counters WHERE name = 'sequence'"


class Counterfoil(Struct, frozen=True):
    """`boot` and `sequence` as the store had them; `trust` the verified metadata and the mark of the clock."""

    identity: DeviceIdentity | None
    boot: int
    sequence: int
    cursor: str
    trust: dict[str, bytes]


def of(store: Store) -> Counterfoil:
    """What is to be kept of a store as it is now. Raises as Store.rows."""
    trust = {name: body for name, body in documents.trust(store).items() if name.endswith(".json") or name == MARK}
    sequence = int(store.rows(_SEQUENCE)[0][0])
    return Counterfoil(device.identity(store), device.boot(store), sequence, outbox.cursor(store), trust)


def keep(store: Store, key: StoreKey) -> bool:
    """Write it where it is new; whether it was. Raises StorageFull, StorageReadOnly, EnvironmentFault."""
    now, before = of(store), read(store.profile, key)
    if now == before:
        return False
    path = store.profile / FILE
    temporary = path.with_name(f"{FILE}.{os.getpid()}.{time.monotonic_ns()}.tmp")
    try:
        os.close(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        with _opened(temporary, key, "rw") as connection:
            connection.execute("PRAGMA journal_mode = OFF")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("CREATE TABLE counterfoil (body BLOB NOT NULL)")
            connection.execute("INSERT INTO counterfoil (body) VALUES (?)", (msgspec.msgpack.encode(now),))
        if before is None and path.exists():
            # Damaged, or of a key that was lost: it may be the last that knows of an identity.
            path.rename(path.with_name(f"counterfoil-{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}.db"))
        temporary.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        raise fault(error, f"{path} cannot be written") from error
    except sqlcipher.Error as error:
        raise faults.translate(error, path) or error from error
    finally:
        with suppress(OSError):
            temporary.unlink()
    return True


def read(profile: Path, key: StoreKey) -> Counterfoil | None:
    """The counterfoil; None where there is none, and where it is damaged or under another key."""
    path = profile / FILE
    if not path.is_file():
        return None
    try:
        with _opened(path, key, "ro") as connection:
            found = connection.execute("SELECT body FROM counterfoil").fetchone()
        return None if found is None else msgspec.msgpack.decode(found[0], type=Counterfoil)
    except (sqlcipher.Error, msgspec.DecodeError, UnicodeDecodeError, TypeError):
        return None


def drop(profile: Path) -> None:
    """Take it away, after the data key was renewed: it lies under the old one. The next start writes it anew."""
    with suppress(OSError):
        (profile / FILE).unlink(missing_ok=True)
        sync_folder(profile)


def bring_back(store: Store, key: StoreKey) -> bool:
    """Give a store what it has lost: a new one everything, one whose log was cut its counters; whether it had. Durable.

    At the start of the profile's owner, before the boot is counted.
    """
    kept = read(store.profile, key)
    if kept is None:
        return False
    lost = kept.identity is not None and device.identity(store) is None
    if lost and kept.identity is not None:
        with store.transaction():
            store.executemany("INSERT OR IGNORE INTO trust (name, body) VALUES (?, ?)", kept.trust.items())
        outbox.save_cursor(store, kept.cursor)
        # Last: while it is missing, all of this is done again.
        device.save_identity(store, kept.identity)
    with store.transaction():
        behind = store.execute(
            "UPDATE counters SET value = CASE name WHEN 'boot' THEN ? ELSE ? END "
            "WHERE (name = 'boot' AND value < ?) OR (name = 'sequence' AND value < ?)",
            (kept.boot, kept.sequence, kept.boot, kept.sequence),
        )
    return lost or behind > 0


class _opened:
    """A short connection, closed at the end."""

    def __init__(self, path: Path, key: StoreKey, mode: str) -> None:
        self._path, self._key, self._mode = path, key, mode

    def __enter__(self) -> Any:
        self._connection = sqlcipher.connect(
            f"{self._path.absolute().as_uri()}?mode={self._mode}", uri=True, isolation_level=None, timeout=1.0
        )
        self._connection.execute("PRAGMA cipher_log_level = NONE")
        self._connection.execute(f"PRAGMA key = \"x'{self._key.raw.hex()}'\"")
        return self._connection

    def __exit__(self, *_: object) -> None:
        self._connection.close()
