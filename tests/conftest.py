"""Fixtures that many rooms share: a kiosk with the real content, and its backend on loopback."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from kiosk.store.database import Store
from tests.helpers import postgres, profiles
from tests.helpers.postgres import Postgres
from tests.helpers.profiles import KioskProfile

# No test depends on how fast a machine is.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")


@pytest.fixture(scope="session")
def real_kiosk(tmp_path_factory: pytest.TempPathFactory) -> KioskProfile:
    """An enrolled kiosk with all of the real content. Read only: write to `kiosk_profile` instead."""
    return profiles.make(tmp_path_factory.mktemp("kiosk"))


@pytest.fixture
def kiosk_profile(real_kiosk: KioskProfile, tmp_path: Path) -> KioskProfile:
    """A copy of the real kiosk for one test."""
    return profiles.copied(real_kiosk, tmp_path / "kiosk")


@pytest.fixture
def new_kiosk(real_kiosk: KioskProfile, tmp_path: Path) -> Callable[[str], KioskProfile]:
    """More copies of the real kiosk, each in a folder of its own name."""
    return lambda name: profiles.copied(real_kiosk, tmp_path / name)


@pytest.fixture(scope="session")
def real_store(real_kiosk: KioskProfile) -> Iterator[Store]:
    """The real content, open. Read only."""
    with real_kiosk.store() as store:
        yield store


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Postgres]:
    """A PostgreSQL of the tests' own; skips where there is none."""
    try:
        with postgres.running() as server:
            yield server
    except postgres.Missing as missing:
        pytest.skip(f"no PostgreSQL: {missing}")
