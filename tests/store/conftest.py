"""A profile with a key file, opened for real."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.store import keys
from kiosk.store.database import Store, open_store
from kiosk.store.keys import StoreKey


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    return tmp_path / "profile"


@pytest.fixture
def key(profile: Path) -> StoreKey:
    return keys.create(profile, "file", allow_file=True)


@pytest.fixture
def store(profile: Path, key: StoreKey) -> Iterator[Store]:
    with open_store(profile, key) as opened:
        yield opened
