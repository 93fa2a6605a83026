"""Every test in this folder is a long form; what it found is printed, passed or not (`./dev soak`)."""

from __future__ import annotations

from collections.abc import Callable

import pytest


@pytest.fixture
def report(request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]) -> Callable[[object], None]:
    """Print figures past pytest's capture."""

    def say(found: object) -> None:
        with capsys.disabled():
            print(f"\n{request.node.name}: {found}", flush=True)

    return say
