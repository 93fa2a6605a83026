"""The main job from end to end, through the real screen, the real store and the real backend."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest

from kiosk import app
from kiosk.demo.form_filler import FormFiller
from kiosk.demo.hall import open_hall
from kiosk.demo.installation import Installation
from kiosk.demo.self_test import decode_receipt
from kiosk.desk.forms import StoreForms
from kiosk.model.content import BackendKeys
from kiosk.model.service import Service
from kiosk.model.submission import SubmissionState
from kiosk.store import documents, outbox
from kiosk.store.database import open_store
from kiosk.ui.driver import Driver
from kiosk.words import t
from tests.e2e.conftest import received, registered
from tests.helpers import memory
from tests.helpers.patience import PATIENCE_S, until

KIOSK = [sys.executable, "-m", "kiosk"]
SERVICE = "S0005"
CANARY = "Канареечкина"


def to_check(driver: Driver, installation: Installation, surname: str = "") -> None:
    """From Welcome to "Check your answers", by names."""
    key = app.profile_key(installation.profile, installation.settings)
    with open_store(installation.profile, key) as store:
        service = documents.get(store, f"service/{SERVICE}", Service)
        form = StoreForms(store).form(service.form or "")
    answers = json.loads(json.dumps(form.definition.examples[0]))
    if surname:
        answers["applicant"]["last"] = surname
    driver.tap(t("ru", "controls.welcome_start"), "Button")
    driver.tap(t("ru", "controls.search_name"), "EditableText")
    driver.type("паспорт украли")
    driver.tap(service.title.ru, "Button")
    driver.tap(t("ru", "service.start"), "Button")
    FormFiller(driver, form, "ru").fill(answers)
    driver.wait_page("Check")


def send(driver: Driver) -> None:
    driver.tap(t("ru", "check.consent"), "CheckBox")
    driver.tap(t("ru", "check.send"), "Button")
    driver.wait_page("Receipt")


def sync(installation: Installation) -> dict[str, dict[str, int]]:
    done = subprocess.run(
        [*KIOSK, "sync", "--profile", str(installation.profile), "--json"],
        capture_output=True,
        check=True,
        timeout=PATIENCE_S,
    )
    found: dict[str, dict[str, int]] = json.loads(done.stdout)
    return found


@contextmanager
def kiosk_run(installation: Installation) -> Iterator[tuple[subprocess.Popen[bytes], Driver]]:
    """`kiosk run` as a process of its own, and a driver of its first session; killed at the end, with its sessions."""
    ours, theirs = socket.socketpair()
    engine = subprocess.Popen(
        [*KIOSK, "run", "--offscreen", "--profile", str(installation.profile), "--driving", str(theirs.fileno())],
        pass_fds=(theirs.fileno(),),
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    theirs.close()
    driver = Driver(ours, PATIENCE_S)
    try:
        driver.wait_page("Welcome")
        yield engine, driver
    finally:
        with suppress(ProcessLookupError):
            os.killpg(engine.pid, signal.SIGKILL)
        engine.wait()
        ours.close()


def sessions(engine: subprocess.Popen[bytes]) -> list[psutil.Process]:
    return psutil.Process(engine.pid).children()


def test_a_kill_right_after_the_receipt_loses_nothing_and_sends_once(installation: Installation) -> None:
    """Engine and session die by SIGKILL the moment the receipt appears; the network was down."""
    with kiosk_run(installation) as (engine, driver):
        to_check(driver, installation)
        send(driver)
        os.killpg(engine.pid, signal.SIGKILL)
    key = app.profile_key(installation.profile, installation.settings)
    with open_store(installation.profile, key) as store:
        rows = outbox.rows(store)
    assert [row.state for row in rows] in ([SubmissionState.WAITING], [SubmissionState.SENDING])
    installation.backend.start()
    with kiosk_run(installation):
        until(lambda: registered(installation) != [])
    sync(installation)
    assert received(installation) == [rows[0].id]
    assert [one[0] for one in registered(installation)] == [rows[0].id]


def test_nothing_of_a_visitor_is_left_in_memory_after_the_session(installation: Installation) -> None:
    """The canary is in the session's memory while it lasts, and in no process of ours and no file afterwards."""
    with kiosk_run(installation) as (engine, driver):
        until(lambda: len(sessions(engine)) == 2)
        to_check(driver, installation, surname=CANARY)
        holding = [one for one in sessions(engine) if memory.holds(one.pid, CANARY)]
        assert len(holding) == 1, "the search would not find a leak"
        send(driver)
        driver.tap(t("ru", "controls.end_spoken"), "Button")
        until(lambda: not holding[0].is_running() or holding[0].status() == psutil.STATUS_ZOMBIE)
        until(lambda: len([one for one in sessions(engine) if one != holding[0]]) == 2)
        left = [one.pid for one in sessions(engine) if one != holding[0]]
        for pid in (engine.pid, *left):
            assert not memory.holds(pid, CANARY), pid
    for path in installation.profile.rglob("*"):
        if path.is_file() and "demo" not in path.relative_to(installation.profile).parts:
            data = path.read_bytes()
            assert CANARY.encode() not in data and CANARY.encode("utf-16-le") not in data, path


def test_the_receipt_on_the_screen_proves_itself_and_is_registered_later(installation: Installation) -> None:
    with open_hall(installation.profile, installation.settings) as hall:
        _, driver = hall.front()
        to_check(driver, installation)
        send(driver)
        key = app.profile_key(installation.profile, installation.settings)
        with open_store(installation.profile, key) as store:
            claims = decode_receipt(driver, documents.get(store, "keys/backend", BackendKeys))
            row = outbox.rows(store)[0]
        assert (claims.number, claims.submission) == (row.receipt_number, row.id)
        installation.backend.start()
        driver.wait(t("ru", "receipt.notice_registered_title"))
    numbers = registered(installation)
    assert [one[0] for one in numbers] == [row.id]


@pytest.mark.skipif(sys.platform != "linux", reason="the limit on file sizes is a matter of Linux")
def test_a_full_disk_keeps_the_answers_on_the_screen(installation: Installation) -> None:
    """No room for the envelope: a clear message, the answers stay, and sending again works once there is room."""
    import resource

    with open_hall(installation.profile, installation.settings) as hall:
        pid, driver = hall.front()
        to_check(driver, installation)
        driver.tap(t("ru", "check.consent"), "CheckBox")
        before = resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
        driver.tap(t("ru", "check.send"), "Button")
        driver.wait(t("ru", "error.storage_full"))
        assert driver.page() == "Check"
        resource.prlimit(pid, resource.RLIMIT_FSIZE, before)
        driver.tap(t("ru", "check.send"), "Button")
        driver.wait_page("Receipt")
        key = app.profile_key(installation.profile, installation.settings)
        with open_store(installation.profile, key) as store:
            assert len(outbox.rows(store)) == 1


def test_the_self_test_walks_the_whole_job_from_the_wheel_alone(tmp_path: Path) -> None:
    """Built from the checkout, unpacked elsewhere, run from another folder: resources travel inside."""
    root = Path(__file__).parents[2]
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)], cwd=root, check=True
    )
    wheel = next(tmp_path.glob("*.whl"))
    unpacked = tmp_path / "unpacked"
    zipfile.ZipFile(wheel).extractall(unpacked)
    names = {str(path.relative_to(unpacked)) for path in unpacked.rglob("*") if path.is_file()}
    assert "kiosk/_resources/catalogue/services/documents.json" in names
    assert "kiosk/ui/qml/Kiosk/qmldir" in names and "kiosk/paper/sheet.typ" in names
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    environ = {**os.environ, "PYTHONPATH": str(unpacked)}
    where = subprocess.run(
        [sys.executable, "-c", "import kiosk.resources as r; print(r.root())"],
        env=environ,
        cwd=elsewhere,
        capture_output=True,
        check=True,
    )
    assert where.stdout.decode().strip() == str(unpacked / "kiosk" / "_resources")
    done = subprocess.run(
        [*KIOSK, "demo", "--self-test", "--json"],
        env=environ,
        cwd=elsewhere,
        capture_output=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    found = json.loads(done.stdout)
    assert found["passed"] and len(found["steps"]) >= 11
