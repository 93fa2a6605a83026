"""The database of the backend: one place that opens it and begins transactions.

Rules. SQLite runs in WAL with synchronous=FULL, so a commit is on the disk, and has one writer: `write` takes a lock in
this process and BEGIN IMMEDIATE between processes. On PostgreSQL `write` is an ordinary transaction (READ COMMITTED);
what must follow an order takes the row of its device (devices.lock). Statements never show their parameters in errors
or logs. An empty or older SQLite file is brought to the present by opening it; PostgreSQL is migrated only by
`kiosk backend --migrate`, and a database of another revision is refused.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.sql.schema import Table

from kiosk.backend import migrate, tables
from kiosk.backend.settings import BackendSettings
from kiosk.errors import ConfigurationError

_BUSY_MS = 30_000


class Database:
    """An open database; shared by all threads of the backend."""

    def __init__(self, settings: BackendSettings) -> None:
        """Open it; a new SQLite file gets its tables. Raises ConfigurationError."""
        settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        url = make_url(settings.url())
        self.sqlite = url.get_backend_name() == "sqlite"
        self._writer: Any = threading.Lock() if self.sqlite else nullcontext()
        pooled = {} if self.sqlite else {"pool_size": settings.database_connections, "pool_pre_ping": True}
        try:
            self.engine: Engine = create_engine(url, hide_parameters=True, **pooled)
            if self.sqlite:
                _speak_sqlite(self.engine)
            try:
                self._prepare(settings)
            except BaseException:
                self.engine.dispose()
                raise
        except (SQLAlchemyError, ImportError) as error:
            raise ConfigurationError(f"the backend's database cannot be opened ({type(error).__name__})") from error

    def close(self) -> None:
        self.engine.dispose()

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that may write; committed at the end, rolled back by an exception."""
        with self._writer, self.engine.connect() as connection:
            connection = connection.execution_options(kiosk_write=True)
            with connection.begin():
                yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that only reads, and waits for nobody."""
        with self.engine.connect() as connection, connection.begin():
            yield connection

    def _prepare(self, settings: BackendSettings) -> None:
        with self.read() as connection:
            found = migrate.revision_of(connection)
        if found == tables.REVISION:
            return
        if found > tables.REVISION:
            raise migrate.newer(found)
        if not self.sqlite:
            raise ConfigurationError("the database is empty or older than this program: run kiosk backend --migrate")
        if found:
            migrate.migrate(settings)
            return
        with self.write() as connection:
            if not migrate.revision_of(connection):  # another process may have been first
                migrate.create(connection)


def insert_or(connection: Connection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that knows ON CONFLICT, in the dialect of this connection."""
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)


def _speak_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def connected(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # the driver begins nothing by itself
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={_BUSY_MS}")
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        write = connection.get_execution_options().get("kiosk_write", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
