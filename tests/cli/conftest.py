"""A command line over a real profile."""

from __future__ import annotations

import pytest

from tests.cli.runner import Runner
from tests.helpers.profiles import KioskProfile


@pytest.fixture
def run(kiosk_profile: KioskProfile, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Runner:
    for name in ("KIOSK_BACKEND_URL", "KIOSK_DEMO"):
        monkeypatch.delenv(name, raising=False)
    return Runner(kiosk_profile.path, capsys, monkeypatch)
