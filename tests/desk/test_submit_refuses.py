"""An application that is not taken leaves nothing: no row, no file, no number, and one clear reason."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest

from kiosk import words
from kiosk.desk.applications import Application, Counter
from kiosk.errors import (
    AnswersRefused,
    ConfigurationError,
    ContentMissing,
    EnvironmentFault,
    KioskError,
    NotReady,
    StorageFull,
)
from kiosk.model.form import AnswerError
from kiosk.store import keys, outbox
from kiosk.store.database import open_store
from tests.helpers import profiles
from tests.helpers.patience import PATIENCE_S
from tests.helpers.profiles import NO_FORM, SERVICE, KioskProfile

ROOT = Path(__file__).parents[2]


def nothing_kept(kiosk: KioskProfile) -> bool:
    folder = kiosk.path / "outbox"
    with kiosk.store() as store:
        number = store.rows("SELECT value FROM counters WHERE name = 'sequence'")[0][0]
        return outbox.rows(store) == [] and not (folder.exists() and list(folder.iterdir())) and number == 0


def refused(kiosk: KioskProfile, answers: Any, **changes: Any) -> dict[str, str]:
    """Pointer -> code of every error."""
    with pytest.raises(AnswersRefused) as caught:
        kiosk.submit(answers, **changes)
    errors = [error for error in caught.value.errors if isinstance(error, AnswerError)]
    assert errors and len(errors) == len(caught.value.errors)
    assert all(error.message.strip() for error in errors)
    assert nothing_kept(kiosk)
    return {error.pointer: error.code for error in errors}


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        ("/contact/phone", "12"),
        ("/contact/email", "anna@"),
        ("/applicant/birth", "2026-02-30"),
        ("/applicant/birth", "2190-01-01"),
        ("/applicant/last", ""),
        ("/applicant/last", "x" * 100_000),
        ("/applicant/last", None),
        ("/applicant/last", {"a": 1}),
        ("/applicant", "Соколова"),
        ("/reader", "nobody"),
        ("/library/news", "yes"),
        ("/document/passport/number", "45"),
    ],
)
def test_bad_answers(kiosk_profile: KioskProfile, pointer: str, value: Any) -> None:
    found = refused(kiosk_profile, profiles.put(kiosk_profile.answers(), pointer, value))
    assert any(place.startswith(pointer) for place in found), found


def test_no_answers_at_all(kiosk_profile: KioskProfile) -> None:
    with pytest.raises(AnswersRefused) as caught:
        kiosk_profile.counter().submit(Application(SERVICE, {}, "ru", True))
    assert len(caught.value.errors) >= 3
    assert nothing_kept(kiosk_profile)


@pytest.mark.parametrize("pointer", ["/middle_name", "/applicant/nickname", "/contact/fax", "/$schema", "/__proto__"])
def test_unknown_keys(kiosk_profile: KioskProfile, pointer: str) -> None:
    found = refused(kiosk_profile, profiles.put(kiosk_profile.answers(), pointer, "x"))
    assert found == {pointer: "unknown"}


@pytest.mark.parametrize("language", ["ru", "en"])
def test_consent_is_asked_for_in_words(kiosk_profile: KioskProfile, language: str) -> None:
    with pytest.raises(AnswersRefused) as caught:
        kiosk_profile.submit(consent=False, language=language)
    assert caught.value.errors == (AnswerError("", "consent", words.t(language, "check.consent_missing")),)
    assert nothing_kept(kiosk_profile)


def test_every_error_is_told_at_once(kiosk_profile: KioskProfile) -> None:
    answers = profiles.put(kiosk_profile.answers(), "/contact/phone", "12")
    answers = profiles.put(answers, "/applicant/birth", "1951-13-01")
    assert refused(kiosk_profile, profiles.put(answers, "/more", 1), consent=False).keys() == {
        "/contact/phone",
        "/applicant/birth",
        "/more",
        "",
    }


def test_no_error_repeats_an_answer(kiosk_profile: KioskProfile) -> None:
    answers = profiles.put(kiosk_profile.answers(), "/contact/phone", "канарейка-777")
    with pytest.raises(AnswersRefused) as caught:
        kiosk_profile.submit(answers)
    assert "канарейка" not in caught.value.engineer + str(caught.value.errors)


def test_a_service_that_takes_no_applications(kiosk_profile: KioskProfile) -> None:
    with pytest.raises(ContentMissing, match=NO_FORM):
        kiosk_profile.submit(service=NO_FORM)
    for unknown in ("S9999", "", "../keys/backend", "s0438", "S0438' --"):
        with pytest.raises(ContentMissing):
            kiosk_profile.submit(service=unknown)
    assert nothing_kept(kiosk_profile)


def test_a_device_that_is_not_enrolled(kiosk_profile: KioskProfile) -> None:
    with kiosk_profile.store() as store, store.transaction():
        store.execute("DELETE FROM device")
    with pytest.raises(ConfigurationError, match="not enrolled"):
        kiosk_profile.submit()
    assert nothing_kept(kiosk_profile)


def test_no_published_key_to_seal_to(kiosk_profile: KioskProfile) -> None:
    published = kiosk_profile.private.public()
    old = tuple(msgspec.structs.replace(key, not_after="2020-01-01") for key in published.recipients)
    kiosk_profile.publish_keys(msgspec.structs.replace(published, recipients=old))
    with pytest.raises(ContentMissing, match="run out"):
        kiosk_profile.submit()
    kiosk_profile.publish([], removed=("keys/backend",))
    with pytest.raises(ContentMissing):
        kiosk_profile.submit()
    assert nothing_kept(kiosk_profile)


def test_a_receipt_that_cannot_be_made_keeps_nothing(
    kiosk_profile: KioskProfile, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The visitor would see an error and send it all again: it must not have been kept."""
    from kiosk.passes import receipt_code

    def broken(*_: object) -> str:
        raise EnvironmentFault("no receipt today")

    monkeypatch.setattr(receipt_code, "make", broken)
    with pytest.raises(EnvironmentFault, match="today"):
        kiosk_profile.submit()
    assert nothing_kept(kiosk_profile)
    monkeypatch.undo()
    assert kiosk_profile.submit().number.startswith("16-000001-")


FULL = """
import resource, signal, sys
from pathlib import Path
import msgspec
from kiosk.desk.applications import Application, Counter
from kiosk.errors import StorageFull
from kiosk.store import keys
from kiosk.store.database import open_store
profile = Path(sys.argv[1])
key = keys.load(profile, allow_file=True)
held = open_store(profile, key)  # as a session does: its shared memory is as long as it must be
held.row("SELECT value FROM counters")
counter = Counter(profile, key)
application = Application(sys.argv[2], msgspec.json.decode(sys.stdin.buffer.read()), "ru", True)
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (512, resource.RLIM_INFINITY))
try:
    counter.submit(application)
except StorageFull as error:
    print("full:", error.visitor)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
print("then:", counter.submit(application).number)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no RLIMIT_FSIZE on Windows")
def test_a_disk_without_room_is_told_and_leaves_nothing(kiosk_profile: KioskProfile) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(kiosk_profile.path), SERVICE],
        input=msgspec.json.encode(kiosk_profile.answers()),
        cwd=ROOT,
        capture_output=True,
        check=False,
        timeout=PATIENCE_S,
    )
    assert done.returncode == 0, done.stderr.decode()
    said = done.stdout.decode().split("\n")
    assert said[0] == "full: error.storage_full"
    assert said[1].startswith("then: 16-000001-"), "no number is lost"
    assert len(list((kiosk_profile.path / "outbox").iterdir())) == 1


def test_a_small_disk_that_is_full(kiosk_profile: KioskProfile, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    pages = sum(path.stat().st_size // 4096 + 1 for path in kiosk_profile.path.parent.rglob("*"))
    command = ["mount", "-t", "tmpfs", "-o", f"size={pages * 4 + 2048}k", "tmpfs", str(disk)]
    if sys.platform != "linux" or os.geteuid() != 0 or subprocess.run(command, capture_output=True).returncode != 0:
        pytest.skip("this machine does not let us mount a small disk; the test with RLIMIT_FSIZE runs in its place")
    try:
        kiosk = profiles.copied(kiosk_profile, disk / "kiosk")
        answers = kiosk.answers()
        kiosk.submit(answers)
        ballast = disk / "ballast"
        with ballast.open("wb", buffering=0) as file:
            for size in (65536, 4096, 1):
                try:
                    while True:
                        file.write(b"x" * size)
                except OSError:
                    continue
        with pytest.raises(StorageFull):
            kiosk.submit(answers)
        assert len(list((kiosk.path / "outbox").iterdir())) == 1
        ballast.unlink()
        assert kiosk.submit(answers).number.startswith("16-000002-")
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


def test_an_empty_store_and_a_wrong_key(tmp_path: Path) -> None:
    key = keys.create(tmp_path / "new", "file", allow_file=True)
    open_store(tmp_path / "new", key).close()
    with pytest.raises(NotReady, match="kiosk sync"):
        Counter(tmp_path / "new", key).submit(Application(SERVICE, {}, "ru", True))
    with pytest.raises(KioskError, match="not the key"):
        Counter(tmp_path / "new", keys.StoreKey(bytes(32))).submit(Application(SERVICE, {}, "ru", True))
