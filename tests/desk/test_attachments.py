"""Files with an application: judged by content, sealed to the disk, opened by the backend alone; refused in words."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from kiosk.desk import attachments
from kiosk.desk.applications import Application
from kiosk.desk.attachments import FileOffered
from kiosk.desk.house import StoreHouse
from kiosk.errors import AnswersRefused, StorageFull
from kiosk.model.form import AnswerError
from kiosk.model.submission import Submission
from kiosk.protocol import attachment as sealing
from kiosk.protocol import envelope
from kiosk.store import files, outbox, uploads
from tests.helpers import profiles
from tests.helpers.profiles import SERVICE, KioskProfile

ROOT = Path(__file__).parents[2]
PDF = b"%PDF-1.7\n" + os.urandom(100_000)
JPEG = b"\xff\xd8\xff\xe0" + os.urandom(5_000)
PNG = b"\x89PNG\r\n\x1a\n" + os.urandom(sealing.FRAME * 2 - 8)


def application(kiosk: KioskProfile, *offered: FileOffered, language: str = "ru") -> Application:
    return Application(SERVICE, kiosk.answers(), language, consent=True, attachments=offered)


def opened(kiosk: KioskProfile, id_: str) -> Submission:
    """What the backend reads in the envelope."""
    with kiosk.store() as store:
        data = outbox.envelope(store, id_)
    assert data is not None
    read = envelope.read(data)
    (private,) = [one for one in kiosk.private.recipients if one.id == read.header.key_id]
    return envelope.open_envelope(read, private)


def test_the_backend_alone_can_open_them(kiosk_profile: KioskProfile, tmp_path: Path) -> None:
    path = tmp_path / "Справка о доходах.pdf"
    path.write_bytes(PDF)
    offered = (FileOffered(path.name, path), FileOffered("scan.jpg", JPEG), FileOffered("photo.png", PNG))
    receipt = kiosk_profile.counter().submit(application(kiosk_profile, *offered))
    found = opened(kiosk_profile, receipt.submission).attachments
    assert [(one.name, one.media_type, one.size) for one in found] == [
        ("Справка о доходах.pdf", "application/pdf", len(PDF)),
        ("scan.jpg", "image/jpeg", len(JPEG)),
        ("photo.png", "image/png", len(PNG)),
    ]
    sealing.check(found)
    assert len({one.key for one in found}) == 3
    for one, data in zip(found, (PDF, JPEG, PNG), strict=True):
        sealed = uploads.file_of(kiosk_profile.path, receipt.submission, one.id).read_bytes()
        assert len(sealed) == one.length and data[100:200] not in sealed
        assert b"".join(sealing.open_stream([sealed], one.key, receipt.submission, one.id)) == data
    with kiosk_profile.store() as store:
        assert uploads.still_to_send(store) == {receipt.submission: 3}


def test_an_answer_may_refer_to_a_file_by_its_id(kiosk_profile: KioskProfile) -> None:
    id_ = "0190bbbb-0000-7000-8000-000000000001"
    receipt = kiosk_profile.counter().submit(application(kiosk_profile, FileOffered("a.png", PNG, id_)))
    assert [one.id for one in opened(kiosk_profile, receipt.submission).attachments] == [id_]
    for wrong in ((FileOffered("a", PNG, "../a"),), (FileOffered("a", PNG, id_), FileOffered("b", PNG, id_))):
        with pytest.raises(ValueError, match="of its own"):
            kiosk_profile.counter().submit(application(kiosk_profile, *wrong))
    assert [path.name for path in (kiosk_profile.path / "attachments").iterdir()] == [receipt.submission]


def refused(kiosk: KioskProfile, *offered: FileOffered, language: str = "ru") -> list[tuple[str, str]]:
    with pytest.raises(AnswersRefused) as caught:
        kiosk.counter().submit(application(kiosk, *offered, language=language))
    errors = [error for error in caught.value.errors if isinstance(error, AnswerError)]
    assert all(error.message and "{{" not in error.message for error in errors)
    top = kiosk.path / "attachments"
    assert not top.exists() or list(top.iterdir()) == [], "nothing is kept"
    with kiosk.store() as store:
        assert outbox.rows(store) == []
    return [(error.pointer, error.code) for error in errors]


def test_refusals(kiosk_profile: KioskProfile, tmp_path: Path) -> None:
    def offered(name: str, data: bytes) -> FileOffered:
        (tmp_path / name).write_bytes(data)
        return FileOffered(name, tmp_path / name)

    good = offered("good.pdf", PDF)
    big = tmp_path / "big.pdf"
    big.write_bytes(PDF)
    os.truncate(big, sealing.MOST_BYTES + 1)
    os.mkfifo(tmp_path / "pipe.pdf")
    bad = [
        offered("empty.pdf", b""),
        FileOffered("big.pdf", big),
        offered("renamed.pdf", b"MZ" + bytes(1000)),
        FileOffered("absent.pdf", tmp_path / "absent.pdf"),
        FileOffered("folder.pdf", tmp_path),
        FileOffered("pipe.pdf", tmp_path / "pipe.pdf"),
        FileOffered("null", Path("/dev/null")),
    ]
    codes = ["empty", "too_big", "kind", "unreadable", "unreadable", "unreadable", "unreadable"]
    for language in ("ru", "en"):
        found = refused(kiosk_profile, good, *bad, language=language)
        assert found == [(f"/attachments/{at}", f"attachment.{code}") for at, code in enumerate(codes, 1)]
        assert refused(kiosk_profile, *[good] * 11, language=language) == [("/attachments", "attachment.too_many")]


def test_the_biggest_file_and_the_most_files_are_taken(kiosk_profile: KioskProfile, tmp_path: Path) -> None:
    big = tmp_path / "big.pdf"
    big.write_bytes(PDF)
    os.truncate(big, sealing.MOST_BYTES)
    offered = [FileOffered("big.pdf", big), *(FileOffered(f"{n}.png", PNG) for n in range(9))]
    receipt = kiosk_profile.counter().submit(application(kiosk_profile, *offered))
    found = opened(kiosk_profile, receipt.submission).attachments
    sealing.check(found)
    assert [one.size for one in found] == [sealing.MOST_BYTES, *[len(PNG)] * 9]


def test_answers_and_files_are_refused_together(kiosk_profile: KioskProfile) -> None:
    wrong = profiles.put(kiosk_profile.answers(), "/contact/phone", "12")
    with pytest.raises(AnswersRefused) as caught:
        kiosk_profile.submit(wrong, attachments=(FileOffered("a.txt", b"text"),))
    assert [error.pointer for error in caught.value.errors] == ["/contact/phone", "/attachments/0"]  # type: ignore[attr-defined]
    assert "a.txt" not in caught.value.engineer


@pytest.mark.parametrize(
    ("change", "code"),
    [(b"MZ" + bytes(100), "attachment.kind"), (b"", "attachment.empty"), (None, "attachment.unreadable")],
)
def test_a_file_that_changes_after_the_look_is_refused(
    kiosk_profile: KioskProfile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: bytes | None, code: str
) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(PDF)
    real = uploads.keep

    def keep(*given: object) -> object:
        monkeypatch.undo()
        path.unlink()
        if change is not None:
            path.write_bytes(change)
        return real(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(attachments.uploads, "keep", keep)
    assert refused(kiosk_profile, FileOffered("ok.png", PNG[:50]), FileOffered("a.pdf", path)) in (
        [("/attachments/1", code)],
        [("/attachments/0", code)],
    )


def test_a_file_that_grows_while_it_is_read_is_refused(
    kiosk_profile: KioskProfile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(PDF)
    monkeypatch.setattr(attachments, "problems", lambda *_: ())
    os.truncate(path, sealing.MOST_BYTES + 1)
    assert refused(kiosk_profile, FileOffered("a.pdf", path)) == [("/attachments/0", "attachment.too_big")]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("scan.pdf", "scan.pdf"),
        ("../../etc/passwd", ".._.._etc_passwd"),
        ("a\\b\n.pdf", "a_b_.pdf"),
        ("fdp\u202eexe.pdf", "fdp_exe.pdf"),
        ("\udcff.pdf", "_.pdf"),
        ("я" * 300 + ".jpeg", "я" * 250 + ".jpeg"),
        ("x" * 300, "x" * 255),
        ("", "_"),
        (" ", "_"),
    ],
)
def test_a_name_is_shown_safely(name: str, shown: str) -> None:
    assert attachments.shown_name(name) == shown
    assert msgspec.json.decode(msgspec.json.encode(attachments.shown_name(name))) == shown


def test_no_room_while_sealing_leaves_nothing_and_the_next_try_works(
    kiosk_profile: KioskProfile, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, written = os.write, []

    def full(descriptor: int, data: bytes) -> int:
        written.append(len(data))
        if len(written) > 3:
            raise OSError(28, "No space left on device")
        return real(descriptor, data)

    counter = kiosk_profile.counter()
    with monkeypatch.context() as patched:
        patched.setattr(files.os, "write", full)
        with pytest.raises(StorageFull):
            counter.submit(application(kiosk_profile, FileOffered("a.png", PNG), FileOffered("b.pdf", PDF)))
    assert list((kiosk_profile.path / "attachments").iterdir()) == []
    assert counter.submit(application(kiosk_profile, FileOffered("a.png", PNG))).number.startswith("16-000001-")


def test_no_room_for_the_row_takes_the_files_away_too(
    kiosk_profile: KioskProfile, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise StorageFull("no room")

    with monkeypatch.context() as patched:
        patched.setattr(outbox, "write_durably", full)
        with pytest.raises(StorageFull):
            kiosk_profile.counter().submit(application(kiosk_profile, FileOffered("a.png", PNG)))
    assert list((kiosk_profile.path / "attachments").iterdir()) == []


def test_the_house_offers_it_to_the_interface(kiosk_profile: KioskProfile) -> None:
    from kiosk.model.service import Service
    from kiosk.store import documents

    house = StoreHouse(kiosk_profile.path, kiosk_profile.key)
    try:
        service = documents.get(house.store, f"service/{SERVICE}", Service)

        class Order:
            answers = kiosk_profile.answers()
            language = "en"
            consent = True
            large_print = False

        order = Order()
        order.service = service  # type: ignore[attr-defined]
        (problem,) = house.desk.file_problems([FileOffered("a.exe", b"MZ")], "en")
        assert problem.pointer == "/attachments/0" and "PDF" in problem.message
        receipt = house.desk.submit(order, [FileOffered("a.png", PNG)])  # type: ignore[arg-type]
        assert uploads.still_to_send(house.store) == {receipt.submission: 1}
        house.desk.submit(order)  # type: ignore[arg-type]
    finally:
        house.close()


KILLED = """
import os, signal, sys
from pathlib import Path
import msgspec
from kiosk.desk.applications import Application, Counter
from kiosk.desk.attachments import FileOffered
from kiosk.store import keys
profile, after = Path(sys.argv[1]), int(sys.argv[2])
real, written = os.write, []
def write(descriptor, data):
    written.append(1)
    if len(written) > after:
        os.kill(os.getpid(), signal.SIGKILL)
    return real(descriptor, data)
os.write = write
png = b"\\x89PNG\\r\\n\\x1a\\n" + bytes(300_000)
counter = Counter(profile, keys.load(profile, allow_file=True))
files = (FileOffered("a.png", png), FileOffered("b.png", png))
counter.submit(Application("S0438", msgspec.json.decode(sys.stdin.buffer.read()), "ru", True, attachments=files))
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is of POSIX")
@pytest.mark.parametrize("after", [0, 1, 3, 6, 7, 10, 12, 99])
def test_killed_in_the_middle_of_sealing(kiosk_profile: KioskProfile, after: int) -> None:
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(kiosk_profile.path), str(after)],
        input=msgspec.json.encode(kiosk_profile.answers()),
        cwd=ROOT,
        capture_output=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    folders = list((kiosk_profile.path / "attachments").iterdir())
    with kiosk_profile.store() as store:
        ids = [row.id for row in outbox.rows(store)]
        assert len(folders) == 1 and ids == ([folders[0].name] if after == 99 else [])
        later = folders[0].stat().st_mtime + 2 * uploads.LEFT_OVER_S
        done_then = uploads.reconcile(store, kiosk_profile.path, now=later)
        assert done_then.removed == (() if ids else (folders[0].name,)) and done_then.lost == ()
        assert uploads.still_to_send(store) == dict.fromkeys(ids, 2)
    if ids:
        assert len(opened(kiosk_profile, ids[0]).attachments) == 2
