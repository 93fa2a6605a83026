"""The tests' PostgreSQL: apart from everything else, gone afterwards, and a reason where there is none."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests.helpers import postgres
from tests.helpers.postgres import Missing, Postgres


def test_databases_are_apart(postgres_server: Postgres) -> None:
    one, two = (create_engine(postgres_server.new_database()) for _ in range(2))
    with one.begin() as connection:
        connection.execute(text("CREATE TABLE here (x int)"))
        assert connection.execute(text("SHOW listen_addresses")).scalar() == ""
    with two.connect() as connection:
        assert connection.execute(text("SELECT to_regclass('here')")).scalar() is None
    one.dispose()
    two.dispose()


def test_nothing_stays_behind() -> None:
    try:
        with postgres.running() as server:
            folder = server.folder
            assert (folder / "data" / "postmaster.pid").exists()
    except Missing as missing:
        pytest.skip(str(missing))
    assert not folder.exists()


def test_a_machine_without_it_gets_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres.importlib.util, "find_spec", lambda _: None)
    monkeypatch.setattr(Path, "glob", lambda *_: iter(()))
    with pytest.raises(Missing, match="neither"):
        postgres.programs()
