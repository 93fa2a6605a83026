"""One prepared installation for the end-to-end tests, and helpers to look at both of its sides."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.demo.installation import Installation


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A prepared demo profile, to be copied."""
    profile = tmp_path_factory.mktemp("prepared") / "profile"
    installation = Installation(profile, lambda text: None)
    installation.prepare()
    installation.backend.stop()
    return profile


@pytest.fixture
def installation(prepared: Path, tmp_path: Path) -> Iterator[Installation]:
    """A copy of the prepared installation, its backend stopped."""
    profile = tmp_path / "profile"
    shutil.copytree(prepared, profile)
    copy = Installation(profile, lambda text: None)
    yield copy
    copy.backend.stop()


def registered(installation: Installation) -> list[tuple[str, str]]:
    """What the backend has registered: (submission id, number)."""
    database = installation.profile / "demo" / "backend" / "backend.sqlite"
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        return connection.execute("SELECT submission, number FROM registrations ORDER BY 1").fetchall()
    finally:
        connection.close()


def received(installation: Installation) -> list[str]:
    """Ids of the submissions the backend holds."""
    database = installation.profile / "demo" / "backend" / "backend.sqlite"
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        return [row[0] for row in connection.execute("SELECT id FROM submissions ORDER BY 1")]
    finally:
        connection.close()
