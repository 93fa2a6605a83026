"""PostgreSQL stops under a running backend: 503 with Retry-After, never a wrong word; it comes back, all goes on."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from kiosk.backend.answering import is_away
from kiosk.backend.settings import BackendSettings
from kiosk.protocol import batch, problem
from tests.backend import site as sites
from tests.helpers.postgres import Postgres

DATABASES = ("postgresql",)


def test_away_and_back(used: BackendSettings, postgres_server: Postgres) -> None:
    name = used.database_url.partition("@/")[2].partition("?")[0]
    with sites.running(used) as site:
        kiosk = site.enrol()
        sealed = kiosk.seal()
        postgres_server.do(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        postgres_server.do(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
        for answer in (
            kiosk.post_body(batch.pack([sealed])),
            kiosk.get_feed(),
            site.client.get(site.url + "/v1/ready"),
        ):
            assert (answer.status_code, problem.decode(answer.content).name) == (503, "not-ready")
        assert int(kiosk.get_feed().headers["Retry-After"]) >= 1
        assert site.client.get(site.url + "/v1/health").status_code == 200, "the process itself lives"
        postgres_server.do(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
        assert site.client.get(site.url + "/v1/ready").status_code == 200
        assert [result.status for result in kiosk.post(sealed).results] == ["received"]


def test_a_restart_of_the_database_costs_no_answer(used: BackendSettings, postgres_server: Postgres) -> None:
    """Every connection that was left idle is closed by the server: the next request finds out before it is used."""
    name = used.database_url.partition("@/")[2].partition("?")[0]
    with sites.running(used) as site:
        kiosk = site.enrol()
        for _ in range(3):
            assert [result.status for result in kiosk.post(kiosk.seal()).results] == ["received"]
            assert len(kiosk.feed().entries) == 0
            postgres_server.do(
                f"SELECT pg_terminate_backend(pid, 30000) FROM pg_stat_activity WHERE datname = '{name}'"
            )


@pytest.mark.parametrize(("file", "away"), [("no/such/folder/x.sqlite", True), ("x.sqlite", False)])
def test_a_mistake_of_ours_is_not_called_away(tmp_path: Path, file: str, away: bool) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / file}")
    with pytest.raises(OperationalError) as caught, engine.connect() as connection:
        connection.execute(text("SELECT * FROM nothing"))
    engine.dispose()
    assert is_away(caught.value) is away
