"""A kiosk whose clock says 1970: visitors are served and told, nothing is lost, and a right clock mends all."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from kiosk.demo.installation import Installation
from kiosk.words import t
from tests.e2e.conftest import received
from tests.e2e.test_main_job import kiosk_run, send, sync, to_check

CLOCK = """
import os, time
ahead, real = float(os.environ.get("CLOCK_AHEAD_S", "0")), time.time
if ahead:
    time.time = lambda: real() + ahead
"""


def test_a_receipt_of_1970_is_honest_and_arrives_later(
    installation: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installation.backend.start()
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(CLOCK, encoding="ascii")
    root = Path(__file__).parents[2]
    with monkeypatch.context() as wrong:
        wrong.setenv("PYTHONPATH", f"{tmp_path / 'site'}:{root}")
        wrong.setenv("CLOCK_AHEAD_S", str(86_400.0 - time.time()))
        with kiosk_run(installation) as (_, driver):
            to_check(driver, installation)
            send(driver)
            sentence = t("ru", "paper.time_doubtful", time="|").partition("|")[2]
            driver.find(sentence.strip())
            driver.tap(t("ru", "controls.home"), "Button")
            driver.wait(t("ru", "common.clock_wrong"))
        assert received(installation) == [], "the backend does not believe this clock either"
    outbox = sync(installation)["outbox"]
    assert (outbox["sent"], outbox["pending"], outbox["needs_attention"]) == (1, 0, 0)
    assert len(received(installation)) == 1
