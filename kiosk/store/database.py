"""One connection to the encrypted store of a profile.

Rules. SQLCipher 4 under a raw 256-bit key, WAL, and a commit means on the disk (`synchronous=FULL`). A connection
belongs to the thread that opened it: open one for each thread (it takes well under 5 ms); processes share the
store the same way. Writing happens only inside `transaction()`, which takes the write lock at its start. Rows leave as
lists, never as an open cursor. A new store appears whole, under a temporary name first, so a file that is empty or cut
is always damage and never taken for a new store. Nothing is erased: `set_aside` moves a damaged store out of the way.
It does not rekey: that needs every other connection closed (rekey.py).
"""

from __future__ import annotations

import os
import time
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager, suppress
from itertools import chain
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher

from kiosk.errors import ContentMissing, DamagedStore, StorageReadOnly, WrongStoreKey
from kiosk.store import faults, migrations, probe
from kiosk.store.files import fault, private_folder, sync_folder
from kiosk.store.keys import StoreKey, slots

FILE = probe.STORE
BUSY_MS = 5_000
_PAGE = 4096
_PARAMETERS = 32_766
"""Of one statement: SQLITE_MAX_VARIABLE_NUMBER."""
_SIDES = ("", "-wal", "-shm")


class Store:
    """An open store; use it only on the thread that opened it, and close it there."""

    def __init__(self, profile: Path, connection: Any, *, read_only: bool) -> None:
        self.profile = profile
        self.path = profile / FILE
        self.read_only = read_only
        self._connection = connection
        self._file = _identity(self.path)

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Every row of a query. Raises DamagedStore, StorageFull, EnvironmentFault."""
        try:
            found: list[tuple[Any, ...]] = self._connection.execute(sql, parameters).fetchall()
        except sqlcipher.Error as error:
            raise self._fault(error) from error
        return found

    def row(self, sql: str, parameters: Sequence[object] = ()) -> tuple[Any, ...] | None:
        """The first row of a query or None. Raises as `rows`."""
        found = self.rows(sql, parameters)
        return found[0] if found else None

    def execute(self, sql: str, parameters: Sequence[object] = ()) -> int:
        """Run one statement, answer how many rows it changed. Raises as `rows`."""
        try:
            return int(self._connection.execute(sql, parameters).rowcount)
        except sqlcipher.Error as error:
            raise self._fault(error) from error

    def executemany(self, sql: str, parameters: Iterable[Sequence[object]]) -> None:
        """Run one statement for each set of parameters. Raises as `rows`."""
        try:
            self._connection.executemany(sql, parameters)
        except sqlcipher.Error as error:
            raise self._fault(error) from error

    def insert(self, into: str, rows: Sequence[Sequence[object]], then: str = "") -> None:
        """Insert many rows `into` a table (its name and, where wanted, its columns); `then` is an ON CONFLICT clause.

        As few statements as SQLite's limit of parameters allows: one call into the engine for thousands of rows, during
        which other threads run. Raises as `rows`.
        """
        if not rows:
            return
        width = len(rows[0])
        most = _PARAMETERS // width
        one = f"({', '.join('?' * width)})"
        for at in range(0, len(rows), most):
            some = rows[at : at + most]
            marks = ", ".join([one] * len(some))
            self.execute(f"INSERT INTO {into} VALUES {marks} {then}", tuple(chain.from_iterable(some)))

    def read_through(self, table: str) -> int:
        """Read every row of a table, holding one at a time; answers how many. Raises as `rows`."""
        try:
            return sum(1 for _ in self._connection.execute(f'SELECT * FROM "{table}"'))
        except sqlcipher.Error as error:
            raise self._fault(error) from error

    @contextmanager
    def transaction(self) -> Generator[None]:
        """All or nothing, and on the disk when it ends well. Not nested. Raises as `rows`; an exception rolls back."""
        assert not self._connection.in_transaction, "transactions are not nested"
        self.execute("BEGIN IMMEDIATE")
        try:
            yield
            self.execute("COMMIT")
        except BaseException:
            # SQLite has rolled back by itself after a full disk or an I/O error.
            if self._connection.in_transaction:
                with suppress(sqlcipher.Error):
                    self._connection.execute("ROLLBACK")
            raise

    def replaced(self) -> bool:
        """Whether another file lies at the store's path by now: this one was set aside, and nobody sends from it."""
        return _identity(self.path) != self._file

    def data_version(self) -> int:
        """A number that changes when another connection has committed; not with this connection's own writes."""
        return int(self.rows("PRAGMA data_version")[0][0])

    def close(self) -> None:
        """Give the connection back; twice does no harm."""
        self._connection.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _fault(self, error: Exception) -> Exception:
        return faults.translate(error, self.path) or error


def open_store(profile: Path, key: StoreKey, *, read_only: bool = False) -> Store:
    """Open the store of a profile, making or migrating it where it may be written.

    Raises WrongStoreKey, DamagedStore, NewerStore, StorageFull, EnvironmentFault; ContentMissing for a store that
    is not there and may not be made (`read_only`).
    """
    path = profile / FILE
    _check_key(profile, key)
    if not path.exists():
        if read_only:
            raise ContentMissing(f"the profile {profile} holds no store yet; run 'kiosk sync' first")
        _make(profile, key)
    if not read_only and not (os.access(path, os.W_OK) and os.access(profile, os.W_OK)):
        raise StorageReadOnly(f"the store {path} cannot be written: the disk or the file is read-only")
    if path.stat().st_size < _PAGE:
        # SQLite would take it for a new database.
        raise DamagedStore(f"the store {path} is empty or cut; set it aside and sync anew, envelopes are kept as files")
    store = Store(profile, _connect(path, key, read_only), read_only=read_only)
    try:
        _prepare(store, key)
        migrations.bring_up(store)
    except BaseException:
        store.close()
        raise
    return store


def check(profile: Path, key: StoreKey) -> tuple[str, ...]:
    """Read the whole store on connections of its own: page codes, structure, every row. Empty means whole.

    A page whose newest bytes are in the log may be torn in the file: the power went while it was moved there, or
    somebody moves it now. Such pages are moved first. Takes time in proportion to the store. Raises WrongStoreKey and
    EnvironmentFault; damage is an answer.
    """
    try:
        with open_store(profile, key, read_only=True) as store:
            problems = _torn_pages(store)
        if problems:
            with open_store(profile, key) as store:
                problems = _torn_pages_at_rest(store)
        with open_store(profile, key, read_only=True) as store:
            problems += [text for (text,) in store.rows("PRAGMA integrity_check") if text != "ok"]
            for (table,) in store.rows("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name"):
                store.read_through(table)
            return tuple(problems)
    except DamagedStore as damage:
        return (damage.engineer,)


def _torn_pages(store: Store) -> list[str]:
    """Pages of the file whose code is wrong; the log is not looked at."""
    return [str(row[0]) for row in store.rows("PRAGMA cipher_integrity_check")]


def _torn_pages_at_rest(store: Store) -> list[str]:
    """The same once the log was moved into the file, while nobody writes. Empty where others keep the log in use: what
    they read is read through as well."""
    ((busy, frames, moved),) = store.rows("PRAGMA wal_checkpoint(TRUNCATE)")
    if busy and frames != moved:
        return []
    with store.transaction():
        return _torn_pages(store)


def set_aside(profile: Path) -> Path:
    """Move a damaged store out of the way, with its log; answer where it lies now. Every connection must be closed.

    Raises EnvironmentFault. The next `open_store` makes a new one; `outbox.reconcile` then takes the envelopes in.
    """
    stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    folder = profile / f"damaged-{stamp}-{os.getpid()}"
    private_folder(folder)
    try:
        for side in _SIDES:
            with suppress(FileNotFoundError):
                (profile / f"{FILE}{side}").rename(folder / f"{FILE}{side}")
        sync_folder(profile)
    except OSError as error:
        raise fault(error, f"the store of {profile} cannot be moved away") from error
    return folder


def _identity(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError:
        return (0, 0)
    return (found.st_dev, found.st_ino)


def _check_key(profile: Path, key: StoreKey) -> None:
    listed = slots(profile)
    if listed is not None and all(slot.check != key.check for slot in listed.slots):
        raise WrongStoreKey(f"this key is not the key of {profile}; put back the right key")


def _connect(path: Path, key: StoreKey, read_only: bool) -> Any:
    mode = "ro" if read_only else "rw"
    try:
        connection = sqlcipher.connect(
            f"{path.absolute().as_uri()}?mode={mode}", uri=True, isolation_level=None, timeout=BUSY_MS / 1000
        )
        # Before the key: a wrong key would print on stderr otherwise.
        connection.execute("PRAGMA cipher_log_level = NONE")
        connection.execute(f"PRAGMA key = \"x'{key.raw.hex()}'\"")
    except sqlcipher.Error as error:
        raise faults.translate(error, path) or error from error
    return connection


def _prepare(store: Store, key: StoreKey) -> None:
    """Settings of a connection; the first that reads the file finds a wrong key or a damaged first page."""
    try:
        store.row("SELECT count(*) FROM sqlite_schema")
    except DamagedStore as damage:
        # The data key may have been renewed since the key was loaded.
        _check_key(store.profile, key)
        listed = slots(store.profile)
        if listed is None:
            raise WrongStoreKey(
                f"the store {store.path} does not open: a wrong key, or a damaged file (no keys.json tells them apart)"
            ) from damage
        if len(listed.checks) > 1:
            raise WrongStoreKey(f"the data key of {store.profile} is being renewed; try again") from damage
        raise
    if not store.read_only:
        store.rows("PRAGMA journal_mode = WAL")
        store.execute("PRAGMA synchronous = FULL")
        store.rows("PRAGMA journal_size_limit = 16777216")
    store.execute("PRAGMA foreign_keys = ON")
    store.execute("PRAGMA temp_store = MEMORY")
    store.rows("PRAGMA secure_delete = ON")
    store.execute("PRAGMA trusted_schema = OFF")


def _name(temporary: Path, path: Path) -> None:
    """Give a file its name unless it is taken (FileExistsError); by renaming where the disk has no links (FAT)."""
    try:
        os.link(temporary, path)
    except FileExistsError:
        raise
    except OSError:
        if path.exists():
            raise FileExistsError(path) from None
        temporary.rename(path)


def _make(profile: Path, key: StoreKey) -> None:
    """Make a new store whole under another name, then give it its name. Of two processes that do so one wins."""
    private_folder(profile)
    path = profile / FILE
    if any((profile / f"{FILE}{side}").exists() for side in _SIDES[1:]) and not path.exists():
        # The log of a store that is gone would be played into the new one. (Looked at in this order: another
        # process that has just made the store makes its log after the store has its name.)
        set_aside(profile)
    temporary = profile / f"{FILE}.{os.getpid()}.{time.monotonic_ns()}.tmp"
    try:
        os.close(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        store = Store(profile, _connect(temporary, key, False), read_only=False)
        try:
            store.rows("PRAGMA journal_mode = WAL")
            store.execute("PRAGMA synchronous = FULL")
            migrations.bring_up(store)
        finally:
            store.close()
        with suppress(FileExistsError):
            _name(temporary, path)
        sync_folder(profile)
    except OSError as error:
        raise fault(error, f"the store {path} cannot be made") from error
    finally:
        for side in _SIDES:
            with suppress(OSError):
                temporary.with_name(temporary.name + side).unlink()
