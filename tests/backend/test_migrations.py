"""The history of the tables: whatever came before becomes the present, nothing is lost on the way, and once only."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from threading import Thread

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine, inspect, text

from kiosk.backend import migrate, tables
from kiosk.backend.database import Database
from kiosk.backend.settings import BackendSettings
from kiosk.cli.main import main
from kiosk.errors import ConfigurationError
from tests.backend import site as sites
from tests.helpers.postgres import Postgres

_OLD = """
INSERT INTO devices VALUES ('k16', 16, 'sokol', x'01', x'02', 0, 5, 1, 2, 1);
INSERT INTO submissions VALUES ('a', 'k16', 1, 1, x'aa', x'ab', x'ac', 7), ('b', 'k16', 2, 1, x'ba', x'bb', x'bc', 8);
INSERT INTO pending VALUES ('b', 'k16', 2, 8);
INSERT INTO registrations VALUES ('a', 'registered', '77-2026-0000001', '', 'S0001', x'7b7d', 9);
INSERT INTO feed VALUES ('k16', 1, x'00', x'ad');
INSERT INTO quarantine VALUES ('q', 'k16', '', '{}', x'ff', 1, 1, 3, 4, 2);
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> BackendSettings:
    """A database with nothing in it."""
    if request.param == "sqlite":
        return sites.settings(tmp_path)
    server: Postgres = request.getfixturevalue("postgres_server")
    return sites.settings(tmp_path, database_url=server.new_database())


def _of_release_0_1_0(used: BackendSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database as release 0.1.0 left it: the first revision's tables, a version of their own, no revision."""
    monkeypatch.setattr(tables, "REVISION", "0001")
    migrate.migrate(used)
    monkeypatch.undo()
    engine = create_engine(used.url())
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE alembic_version"))
        connection.execute(text("INSERT INTO schema_version VALUES (1)"))
        sqlite = engine.dialect.name == "sqlite"
        for statement in filter(str.strip, _OLD.split(";\n")):
            for_this = statement if sqlite else statement.replace("x'", "'\\x").replace("x02', 0,", "x02', false,")
            connection.execute(text(for_this if sqlite else for_this.replace("1, 1, 3, 4, 2)", "1, true, 3, 4, 2)")))
    engine.dispose()


def test_the_revisions_lead_to_the_tables_of_the_code(empty: BackendSettings) -> None:
    assert migrate.migrate(empty) == ("", tables.REVISION)
    engine = create_engine(empty.url())
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), tables.metadata) == []
        found = inspect(connection)
        for table in tables.metadata.sorted_tables:
            assert found.get_pk_constraint(table.name)["constrained_columns"] == [c.name for c in table.primary_key]
    engine.dispose()


def test_a_new_file_is_at_the_same_place(tmp_path: Path) -> None:
    new, walked = sites.settings(tmp_path / "new"), sites.settings(tmp_path / "walked")
    Database(new).close()
    migrate.migrate(walked)

    def shape(used: BackendSettings) -> dict[str, set[tuple[object, ...]]]:
        with sqlite3.connect(used.data / "backend.sqlite") as file:
            names = [row[0] for row in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            made = {name: {row[1:4] + row[5:] for row in file.execute(f"PRAGMA table_info({name})")} for name in names}
            file.commit()
        file.close()
        return made

    assert shape(new) == shape(walked)
    assert migrate.migrate(new) == (tables.REVISION, tables.REVISION)


def test_a_database_of_the_first_release_keeps_everything(
    empty: BackendSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    _of_release_0_1_0(empty, monkeypatch)
    assert migrate.migrate(empty) == ("0001", tables.REVISION)
    database = Database(empty)
    with database.read() as connection:
        rows = {
            table.name: connection.execute(table.select()).mappings().all() for table in tables.metadata.tables.values()
        }
    database.close()
    assert [(row["kiosk"], row["id"], bytes(row["digest"])) for row in rows["submissions"]] == [
        ("k16", "a", b"\xaa"),
        ("k16", "b", b"\xba"),
    ]
    assert [(row["kiosk"], row["submission"], row["number"]) for row in rows["registrations"]] == [
        ("k16", "a", "77-2026-0000001")
    ]
    assert [(row["kiosk"], row["submission"]) for row in rows["pending"]] == [("k16", "b")]
    assert [(row["kiosk"], row["digest"], row["times"]) for row in rows["quarantine"]] == [("k16", "q", 2)]
    assert [(row["position"], row["added_at"]) for row in rows["feed"]] == [(1, 0)]


def test_an_older_sqlite_file_is_brought_forward_by_opening_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    used = sites.settings(tmp_path)
    _of_release_0_1_0(used, monkeypatch)
    with sites.running(used) as site:
        assert len(site.rows(tables.submissions)) == 2


def test_postgresql_is_migrated_only_when_told(tmp_path: Path, postgres_server: Postgres) -> None:
    url = postgres_server.new_database()
    used = sites.settings(tmp_path, database_url=url)
    with pytest.raises(ConfigurationError, match="--migrate"):
        Database(used)
    command = ["backend", "--data", str(used.data), "--database", url, "--migrate"]
    assert main(command) == 0 and main(command) == 0
    Database(used).close()


def test_several_that_migrate_at_once(tmp_path: Path, postgres_server: Postgres) -> None:
    used = sites.settings(tmp_path, database_url=postgres_server.new_database())
    seen: list[tuple[str, str]] = []
    threads = [Thread(target=lambda: seen.append(migrate.migrate(used))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(seen) == [("", tables.REVISION)] + [(tables.REVISION, tables.REVISION)] * 3


def test_a_newer_database_stays_as_it_is(empty: BackendSettings) -> None:
    migrate.migrate(empty)
    engine = create_engine(empty.url())
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(ConfigurationError, match="9999"):
        migrate.migrate(empty)


def test_a_revision_that_fails_changes_nothing(empty: BackendSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    _of_release_0_1_0(empty, monkeypatch)
    engine = create_engine(empty.url())
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE old_quarantine (x int)"))  # in the way of the second revision
    with pytest.raises(ConfigurationError, match="cannot be migrated"):
        migrate.migrate(empty)
    with engine.connect() as connection:
        names = set(inspect(connection).get_table_names())
        assert {"schema_version", "submissions", "pending"} <= names and "old_submissions" not in names
        assert connection.execute(text("SELECT count(*) FROM submissions")).scalar() == 2
    engine.dispose()
