"""Damage from end to end: what the visitor sees, what the engineer reads, that every envelope arrives exactly once."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import msgspec
import pytest

from kiosk import app
from kiosk.demo.hall import Hall, open_hall
from kiosk.demo.installation import Installation
from kiosk.desk.applications import Application, Counter
from kiosk.model.form import FormDefinition
from kiosk.model.submission import SubmissionState
from kiosk.store import documents, healing, outbox
from kiosk.store.database import open_store
from kiosk.ui.driver import Driver, DriverError
from kiosk.words import t
from tests.e2e.conftest import received
from tests.e2e.test_main_job import KIOSK, to_check
from tests.helpers.patience import until

ALERT = "AlertMessage"
CONTROLS = {"controls.larger", "controls.contrast", "controls.speech_spoken", "controls.language_spoken"}


def submit(installation: Installation, count: int = 2) -> list[str]:
    """Applications that wait in the outbox, and an engine that has started once."""
    key = app.profile_key(installation.profile, installation.settings)
    with open_store(installation.profile, key) as store:
        answers = documents.get(store, "form/library-ticket", FormDefinition).examples[0]
    counter = Counter(installation.profile, key)
    ids = [counter.submit(Application("S0438", answers, "ru", True)).submission for _ in range(count)]
    app.Engine(installation.profile, installation.settings, offscreen=True).close()
    return sorted(ids)


def settled(installation: Installation) -> bool:
    key = app.profile_key(installation.profile, installation.settings)
    with open_store(installation.profile, key) as store:
        rows = outbox.rows(store)
    return bool(rows) and all(row.state in (SubmissionState.RECEIVED, SubmissionState.REGISTERED) for row in rows)


def on(hall: Hall, page: str) -> Driver:
    """The driver of the session in front, once it stands on this page."""
    found: list[Driver] = []

    def there() -> bool:
        try:
            _, driver = hall.front()
            found[:] = [driver]
            return driver.page() == page
        except DriverError:
            return False  # it has just given way to another

    until(there, page)
    return found[0]


def says_closed(driver: Driver, kind: str, language: str) -> None:
    """The page for visitors: why, whom to call, the line for staff, and no button that leads nowhere."""
    driver.intend("setLanguage", language)
    driver.wait(t(language, "controls.out_title"), "Heading")
    driver.find(t(language, f"closed.{kind}_text"))
    driver.find(t(language, f"closed.{kind}_staff"))
    driver.find("+7 495 777-77-77")
    buttons = {one.name for one in driver.names() if one.role in ("Button", "CheckBox")}
    assert buttons == {t(language, name) for name in CONTROLS}


def send(driver: Driver) -> str:
    """Press Send; what the visitor is told, "" where it is the receipt."""
    driver.tap(t("ru", "check.send"), "Button")
    shown: list[str] = []

    def answered() -> bool:
        names = driver.names()
        shown[:] = [one.name for one in names if one.role == ALERT]
        return driver.page() == "Receipt" or bool(shown)

    until(answered, "an answer")
    return shown[0] if shown else ""


def test_a_damaged_store_heals_by_itself(installation: Installation) -> None:
    ids = submit(installation)
    path = installation.profile / "store.db"
    path.write_bytes(b"GIF89a" * 5000)
    damaged = path.read_bytes()
    with open_hall(installation.profile, installation.settings) as hall:
        until(lambda: healing.set_aside_stores(installation.profile), "set aside")
        driver = on(hall, "OutOfService")
        says_closed(driver, "not_ready", "ru")
        says_closed(driver, "not_ready", "en")
        installation.backend.start()
        on(hall, "Welcome")
        until(lambda: settled(installation), "settled")
    assert received(installation) == ids
    (aside,) = healing.set_aside_stores(installation.profile)
    assert (aside / "store.db").read_bytes() == damaged


def test_damage_under_a_visitor_costs_no_answer(installation: Installation) -> None:
    """Every page but the first fails while the answers are checked: a sentence, then Send works again."""
    installation.backend.start()
    with open_hall(installation.profile, installation.settings) as hall:
        _, driver = hall.front()
        to_check(driver, installation)
        path = installation.profile / "store.db"
        with path.open("r+b") as file:
            for page in range(2, path.stat().st_size // 4096):
                file.seek(page * 4096 + 700)
                file.write(b"damage")
        driver.tap(t("ru", "check.consent"), "CheckBox")
        told = send(driver)
        assert told in (t("ru", "error.damaged_store"), t("ru", "error.not_ready"))
        assert driver.page() == "Check"
        until(lambda: len(healing.set_aside_stores(installation.profile)) == 1, "set aside")
        until(lambda: hall.engine.closed is None and not hall.engine._suspect, "healed")
        while told := send(driver):
            assert told == t("ru", "error.not_ready")
        driver.tap(t("ru", "controls.end_spoken"), "Button")
        on(hall, "Welcome")
        until(lambda: settled(installation), "settled")
    assert len(received(installation)) == 1


def test_a_lost_key_closes_and_the_key_opens(installation: Installation) -> None:
    ids = submit(installation)
    before = (installation.profile / "store.db").read_bytes()
    (installation.profile / "store.key").rename(installation.profile / "away")
    with open_hall(installation.profile, installation.settings) as hall:
        driver = on(hall, "OutOfService")
        says_closed(driver, "key_unavailable", "ru")
        assert (installation.profile / "store.db").read_bytes() == before
        (installation.profile / "away").rename(installation.profile / "store.key")
        installation.backend.start()
        on(hall, "Welcome")
        # While it runs a key is not asked for again.
        (installation.profile / "store.key").rename(installation.profile / "away")
        until(lambda: received(installation) == ids, "received")
        assert hall.engine.closed is None


def test_a_session_that_is_stopped_gives_way_to_the_spare(installation: Installation) -> None:
    settings = msgspec.structs.replace(installation.settings, session_hang_s=2.0)
    with open_hall(installation.profile, settings) as hall:
        pid, _ = hall.front()
        until(lambda: len(hall.engine.supervisor.ready) == 2, "a spare")
        os.kill(pid, signal.SIGSTOP)
        other, driver = hall.front(other_than=pid)
        assert other != pid and driver.page() == "Welcome"


@contextmanager
def mounted(folder: Path, *options: str) -> Iterator[None]:
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("mounting takes root on Linux")
    folder.mkdir(exist_ok=True)
    if subprocess.run(["mount", *options, str(folder)], capture_output=True, check=False).returncode != 0:
        pytest.skip("this machine does not let us mount")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(path: Path) -> None:
    with path.open("wb", buffering=0) as file:
        for size in (65536, 4096, 1):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError:
                continue


def closes_under_a_visitor(hall: Hall, installation: Installation, kind: str, harm: Callable[[], object]) -> Driver:
    """The disk fails while the answers are checked: a sentence and the answers, and the next finds it closed."""
    _, driver = hall.front()
    to_check(driver, installation)
    driver.tap(t("ru", "check.consent"), "CheckBox")
    harm()
    assert send(driver) == t("ru", f"error.{kind}")
    assert driver.page() == "Check"
    until(lambda: hall.engine.closed is not None, "closed")
    driver.tap(t("ru", "controls.end_spoken"), "Button")
    closed = on(hall, "OutOfService")
    says_closed(closed, kind, "en")
    return closed


def test_a_disk_that_fills_closes_and_room_opens(installation: Installation, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    pages = sum(path.stat().st_size // 4096 + 1 for path in installation.profile.rglob("*"))
    room = pages * 4 + 12 * 1024
    with mounted(disk, "-t", "tmpfs", "-o", f"size={room}k", "tmpfs"):
        copy = Installation(Path(shutil.copytree(installation.profile, disk / "profile")), lambda text: None)
        with open_hall(copy.profile, copy.settings) as hall:
            closes_under_a_visitor(hall, copy, "storage_full", lambda: fill(disk / "ballast"))
            assert hall.engine.closed is not None and "is full" in hall.engine.closed.engineer
            (disk / "ballast").unlink()
            on(hall, "Welcome")
            assert hall.engine.closed is None


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """The same folder once more above itself, read-only: whoever opens a file from now on finds it so."""
    subprocess.run(["mount", "--bind", str(folder), str(folder)], check=True)
    try:
        subprocess.run(["mount", "-o", "remount,ro,bind", str(folder)], check=True)
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_disk_that_turns_read_only_closes_and_opens(installation: Installation, tmp_path: Path) -> None:
    disk, stack = tmp_path / "disk", ExitStack()
    with mounted(disk, "--bind", str(installation.profile)), stack:
        with open_hall(disk, installation.settings) as hall:
            closes_under_a_visitor(
                hall, installation, "storage_read_only", lambda: stack.enter_context(read_only(disk))
            )
            stack.close()
            on(hall, "Welcome")
        with read_only(disk), open_hall(disk, installation.settings) as hall:
            says_closed(on(hall, "OutOfService"), "storage_read_only", "ru")


def test_the_engineer_reads_it_on_standard_error(installation: Installation) -> None:
    (installation.profile / "store.key").unlink()
    engine = subprocess.Popen(
        [*KIOSK, "run", "--offscreen", "--profile", str(installation.profile)], stderr=subprocess.PIPE, text=True
    )
    try:
        assert engine.stderr is not None
        line = json.loads(engine.stderr.readline())
        assert (line["level"], line["event"], line["kind"]) == ("error", "out of service", "KeyUnavailable")
        assert "store.key" in line["error"] and line["see"] == "kiosk doctor"
        assert engine.poll() is None, "it stays, to tell the visitor"
    finally:
        engine.terminate()
        engine.communicate()
    done = subprocess.run(
        [*KIOSK, "doctor", "--profile", str(installation.profile), "--json"], capture_output=True, check=True
    )
    findings = {one["name"]: one for one in json.loads(done.stdout)["findings"]}
    assert findings["keys"]["state"] == "broken" and "store.key" in findings["keys"]["detail"]
