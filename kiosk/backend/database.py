"""The database of the backend: one place that opens it and begins transactions.

Rules. SQLite runs in WAL with synchronous=FULL, so a commit is on the disk, and has one writer: `write` takes a lock in
this process and BEGIN IMMEDIATE between processes. On PostgreSQL `write` is an ordinary transaction (READ COMMITTED);
what must follow an order takes the row of its device (devices.lock). Reads of PostgreSQL are statements by themselves,
as READ COMMITTED sees them anyway: no BEGIN and no COMMIT go over the line. A connection that the server has closed is
found by a look at its socket before it is used, which costs nothing, and replaced. Many rows go in by one statement.
Statements never show their parameters in errors or logs. An empty or older SQLite file is brought to the present by
opening it; PostgreSQL is migrated only by `kiosk backend --migrate`, and a database of another revision is refused.
"""

from __future__ import annotations

import select
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from typing import Any

from sqlalchemy import Column, Connection, Engine, String, Text, bindparam, create_engine, event, func
from sqlalchemy import select as select_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DisconnectionError, SQLAlchemyError
from sqlalchemy.sql.schema import Table

from kiosk.backend import migrate, tables
from kiosk.backend.settings import BackendSettings
from kiosk.backend.together import Begin, R, T, Together, Work
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
        pooled = {} if self.sqlite else {"pool_size": settings.database_connections}
        try:
            self.engine: Engine = create_engine(url, hide_parameters=True, **pooled)
            if self.sqlite:
                _speak_sqlite(self.engine)
            else:
                event.listen(self.engine, "connect", _send_arrays_as_bytes)
                event.listen(self.engine, "checkout", _look_at_socket)
            alone = {} if self.sqlite else {"isolation_level": "AUTOCOMMIT"}
            self._groups: dict[Any, Any] = {}
            self._reader = self.engine.execution_options(**alone)
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
        """Reads, waiting for nobody: one transaction on SQLite, each statement by itself on PostgreSQL."""
        with self._reader.connect() as connection, connection.begin():
            yield connection

    def write_together(self, work: Work[T, R], item: T, weight: int = 0) -> R:
        """What `work`, a function of a module, answers for an item, in a transaction shared by others (together.py)."""
        return self._group(self.write, work).do(item, weight)

    def read_together(self, work: Work[T, R], item: T) -> R:
        """The same for work that only reads."""
        return self._group(self.read, work).do(item)

    def _group(self, begin: Begin, work: Work[T, R]) -> Together[T, R]:
        group: Together[T, R] | None = self._groups.get(work)
        return group or self._groups.setdefault(work, Together(begin, work))

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


def insert_rows(
    connection: Connection,
    table: Table,
    rows: Sequence[Mapping[str, object]],
    *,
    unless: Sequence[str] = (),
    returning: Sequence[Column[Any]] = (),
) -> list[Any]:
    """Insert rows with the same columns, skipping those whose `unless` columns are taken; the `returning` of the rest.

    On PostgreSQL it is one statement whose words do not depend on how many rows there are, so it is prepared once.
    """
    statement = insert_or(connection, table)
    many: Sequence[Mapping[str, object]] | None = rows
    if isinstance(statement, postgresql.Insert):
        names = list(rows[0])
        arrays = [
            bindparam(None, [row[name] for row in rows], postgresql.ARRAY(_element(table.c[name]))) for name in names
        ]
        statement = statement.from_select(names, select_(*map(func.unnest, arrays)))
        many = None
    if unless:
        statement = statement.on_conflict_do_nothing(index_elements=list(unless))
    if not returning:
        connection.execute(statement, many)
        return []
    return list(connection.execute(statement.returning(*returning), many))


def _element(column: Column[Any]) -> Any:
    """The type of a column inside an array; a cast to VARCHAR(n) would cut without a word."""
    return Text() if isinstance(column.type, String) else column.type


def _send_arrays_as_bytes(connection: Any, _record: object) -> None:
    """Arrays go over the line as they are, not as text of twice the length that somebody must read."""
    from psycopg.types.array import ListBinaryDumper

    connection.adapters.register_dumper(list, ListBinaryDumper)


def _look_at_socket(connection: Any, _record: object, _fairy: object) -> None:
    """An idle connection has nothing to say: when there is something to read, it is the server's farewell."""
    if select.select([connection.fileno()], (), (), 0)[0]:
        raise DisconnectionError


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
