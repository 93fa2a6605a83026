"""Bringing the backend's tables to the revision that this program knows (`kiosk backend --migrate`).

Rules. All revisions that are missing run in one transaction, on PostgreSQL under a lock: of many processes that start
together one migrates, the others find nothing left to do. A database of a newer program is refused untouched. A
database of release 0.1.0, which had no revisions, is at the first one. Alembic is imported only when something is to
be done: starting up is a budget.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.exc import SQLAlchemyError

from kiosk.backend import tables
from kiosk.backend.settings import BackendSettings
from kiosk.errors import ConfigurationError

if TYPE_CHECKING:
    from alembic.config import Config

FIRST = "0001"
_LOCK = 0x6D646B01
_SCRIPTS = Path(__file__).parent / "migrations"


def migrate(settings: BackendSettings) -> tuple[str, str]:
    """Run what is missing; the revisions before ("" for an empty database) and after. Raises ConfigurationError."""
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        engine = create_engine(settings.url(), hide_parameters=True)
        if engine.dialect.name == "sqlite":
            _own_transactions(engine)
        try:
            return _upgrade(engine)
        finally:
            engine.dispose()
    except (SQLAlchemyError, ImportError, OSError) as error:
        raise ConfigurationError(f"the backend's database cannot be migrated ({type(error).__name__})") from error


def _upgrade(engine: Engine) -> tuple[str, str]:
    with engine.connect() as connection, connection.begin():
        if engine.dialect.name != "sqlite":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        before = revision_of(connection)
        if before == tables.REVISION:
            return before, before
        if before and before > tables.REVISION:
            raise newer(before)
        _run(connection, before)
        return before, revision_of(connection)


def revision_of(connection: Connection) -> str:
    """The revision of a database, "" for an empty one."""
    names = set(inspect(connection).get_table_names())
    if "alembic_version" in names:
        found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        if found:
            return str(found)
    return FIRST if "schema_version" in names else ""


def create(connection: Connection) -> None:
    """Make the tables in an empty database as they are today, without walking through their history."""
    tables.metadata.create_all(connection)
    connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))
    connection.execute(text("INSERT INTO alembic_version VALUES (:revision)"), {"revision": tables.REVISION})


def newer(found: str) -> ConfigurationError:
    return ConfigurationError(f"the database has revision {found}, this program knows {tables.REVISION}")


def _own_transactions(engine: Engine) -> None:
    """SQLite's driver commits before DDL unless it is told to begin nothing by itself. Foreign keys are off here."""

    @event.listens_for(engine, "connect")
    def connected(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA busy_timeout=30000")
        connection.execute("PRAGMA synchronous=FULL")

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _run(connection: Connection, before: str) -> None:
    from alembic import command

    config = _config(connection)
    if before == FIRST:
        command.stamp(config, FIRST)
    command.upgrade(config, tables.REVISION)


def _config(connection: Connection) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
