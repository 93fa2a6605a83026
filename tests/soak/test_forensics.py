"""Canaries typed on the real screens: after the visit they are in no file, in no value of the store, in no process.

Every place where the program may write lies in a sandbox: home, caches (Qt's too), temporary files, logs, print spool.
The same walk with a planted leak is found out.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest

from kiosk import app
from kiosk.demo.form_filler import FormFiller
from kiosk.demo.installation import Installation
from kiosk.desk.forms import StoreForms
from kiosk.model.form import Answers
from kiosk.model.service import Service
from kiosk.store import documents
from kiosk.store.database import open_store
from kiosk.ui.driver import Driver
from kiosk.words import t
from tests.desk.test_nothing_typed_is_left_on_the_disk import LEAK, ROOT, sandboxed
from tests.e2e.conftest import installation, prepared
from tests.e2e.test_main_job import SERVICE, send
from tests.helpers import canaries, memory
from tests.helpers.patience import until

__all__ = ["installation", "prepared"]
pytestmark = pytest.mark.soak


@contextmanager
def running(profile: Path, folder: Path, leak: str) -> Iterator[tuple[subprocess.Popen[bytes], Driver]]:
    """`kiosk run` in a sandbox, its log there too, and a driver of its first session."""
    site = folder.parent / "site"
    site.mkdir()
    if leak:
        (site / "sitecustomize.py").write_text(LEAK.format(root=str(ROOT), kind=leak))
    folder.mkdir()
    ours, theirs = socket.socketpair()
    command = [sys.executable, "-m", "kiosk", "run", "--offscreen", "--profile", str(profile)]
    with (folder / "kiosk.log").open("wb") as log:
        engine = subprocess.Popen(
            [*command, "--driving", str(theirs.fileno())],
            cwd=ROOT,
            env=sandboxed(folder, PYTHONPATH=str(site)),
            pass_fds=(theirs.fileno(),),
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    theirs.close()
    driver = Driver(ours)
    try:
        driver.wait_page("Welcome", 60)
        yield engine, driver
    finally:
        with suppress(ProcessLookupError):
            os.killpg(engine.pid, signal.SIGKILL)
        engine.wait()
        ours.close()


def walked(found: Installation, folder: Path, leak: str = "") -> tuple[list[str], list[str], list[int], int]:
    """One visit with canaries; the files, tables and processes that hold one afterwards, and how many were typed."""
    key = app.profile_key(found.profile, found.settings)
    with open_store(found.profile, key) as store:
        service = documents.get(store, f"service/{SERVICE}", Service)
        form = StoreForms(store).form(service.form or "")
    example = json.loads(json.dumps(form.definition.examples[0]))
    answers, words = canaries.planted(form, example, datetime.now(UTC).astimezone().date())
    with running(found.profile, folder, leak) as (engine, driver):
        until(lambda: len(_sessions(engine)) == 2)
        driver.tap(t("ru", "controls.welcome_start"), "Button")
        driver.tap(t("ru", "controls.search_name"), "EditableText")
        driver.type("паспорт украли")
        driver.tap(service.title.ru, "Button")
        driver.tap(t("ru", "service.start"), "Button")
        FormFiller(driver, form, "ru").fill(answers)
        driver.wait_page("Check")
        (front,) = [one for one in _sessions(engine) if memory.holds(one.pid, words[0])]
        send(driver)
        attach(found, folder, answers)
        words = (*words, *canaries.ATTACHED)
        files = canaries.in_files(folder, words)
        driver.tap(t("ru", "controls.end_spoken"), "Button")
        until(lambda: not front.is_running() or front.status() == psutil.STATUS_ZOMBIE)
        until(lambda: len([one for one in _sessions(engine) if one != front]) == 2)
        pids = [engine.pid, *(one.pid for one in _sessions(engine) if one != front)]
        holding = [pid for pid in pids if any(memory.holds(pid, word) for word in words)]
    files += canaries.in_files(folder, words)
    files += [name for name in canaries.in_files(found.profile, words) if not name.startswith("demo/")]
    return files, canaries.in_store(found.profile, words), holding, len(words)


def attach(found: Installation, folder: Path, answers: Answers) -> None:
    """Hand over the same application with a file, in the sandbox; sealed on the disk as long as there is no line."""
    given = canaries.in_a_file(folder.parent)
    path = folder.parent / "answers.json"
    path.write_text(json.dumps(answers))
    command = [sys.executable, "-m", "kiosk", "submit", SERVICE, "--answers", str(path), "--attach", str(given)]
    with (folder / "submit.log").open("wb") as log:
        done = subprocess.run(
            [*command, "--profile", str(found.profile)],
            cwd=ROOT,
            env=sandboxed(folder),
            stdout=log,
            stderr=log,
            check=False,
        )
    assert done.returncode == 0, (folder / "submit.log").read_text()
    assert len([path for path in (found.profile / "attachments").rglob("*") if path.is_file()]) == 1


def _sessions(engine: subprocess.Popen[bytes]) -> list[psutil.Process]:
    return psutil.Process(engine.pid).children()


def test_nothing_of_a_visit_is_left(
    installation: Installation, tmp_path: Path, report: Callable[[object], None]
) -> None:
    files, tables, holding, typed = walked(installation, tmp_path / "sandbox")
    report(f"{typed} canaries typed; files {files}, tables {tables}, processes {holding}")
    assert (files, tables, holding) == ([], [], [])


@pytest.mark.parametrize("leak", ["log", "temporary file", "store"])
def test_a_planted_leak_is_found(installation: Installation, tmp_path: Path, leak: str) -> None:
    files, tables, _, _ = walked(installation, tmp_path / "sandbox", leak)
    assert bool(tables) == (leak == "store") and bool(files) == (leak != "store")
