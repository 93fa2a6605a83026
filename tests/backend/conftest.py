"""Fixtures of the backend's tests. A module says on which databases it runs: `DATABASES = BOTH` (site.py)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.backend.migrate import migrate
from kiosk.backend.settings import BackendSettings
from tests.backend import site as sites
from tests.backend.site import Kiosk, Site
from tests.helpers.postgres import Postgres


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "used" in metafunc.fixturenames:
        metafunc.parametrize("used", getattr(metafunc.module, "DATABASES", ("sqlite",)), indirect=True)


@pytest.fixture(scope="session")
def migrated(postgres_server: Postgres, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a PostgreSQL database with our tables and nothing in it, to be copied."""
    url = postgres_server.new_database()
    migrate(BackendSettings(data=tmp_path_factory.mktemp("template"), database_url=url))
    return url.partition("@/")[2].partition("?")[0]


@pytest.fixture
def on_postgres(tmp_path: Path, postgres_server: Postgres, migrated: str) -> BackendSettings:
    """A backend's settings on a PostgreSQL database of its own."""
    return sites.settings(tmp_path, database_url=postgres_server.new_database(migrated))


@pytest.fixture
def used(request: pytest.FixtureRequest, tmp_path: Path) -> BackendSettings:
    """A backend's settings, on the database that the module asks for."""
    if request.param == "postgresql":
        settings: BackendSettings = request.getfixturevalue("on_postgres")
        return settings
    return sites.settings(tmp_path)


@pytest.fixture
def site(used: BackendSettings) -> Iterator[Site]:
    with sites.running(used) as running:
        yield running


@pytest.fixture
def kiosk(site: Site) -> Kiosk:
    return site.enrol()
