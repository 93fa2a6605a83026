"""Files that answers name: taken in as they are sent, and the application is refused when both are not the same."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from PIL import Image

from kiosk.desk.applications import Application
from kiosk.desk.attachments import FileOffered, FileTaken, take_in
from kiosk.errors import AnswersRefused
from kiosk.model.form import AnswerError
from kiosk.store import outbox
from tests.desk.test_attachments import opened
from tests.helpers.profiles import KioskProfile

SERVICE, FORM = "S0026", "s0026"
PDF = b"%PDF-1.7\n" + os.urandom(3_000)


def picture() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (600, 800), "white").save(made, "JPEG")
    return made.getvalue()


def taken(tmp_path: Path, name: str, data: bytes, *kinds: str) -> FileTaken:
    path = tmp_path / name
    path.write_bytes(data)
    return take_in(path, kinds, "ru")


def named(kiosk: KioskProfile, references: list[dict[str, Any]]) -> dict[str, Any]:
    """Answers whose first paper is these files."""
    answers = kiosk.answers(FORM)
    papers = answers["papers"]
    papers[next(iter(papers))] = references
    return answers


def test_a_picture_of_a_paper_becomes_a_pdf_and_the_answer_says_so(tmp_path: Path) -> None:
    one = taken(tmp_path, "Паспорт.jpg", picture(), "photo", "scan")
    assert isinstance(one.file.source, bytes) and one.file.source.startswith(b"%PDF-")
    assert one.reference == {
        "id": one.file.id,
        "name": "Паспорт.pdf",
        "media_type": "application/pdf",
        "size": len(one.file.source),
    }


def test_a_photograph_stays_a_photograph(tmp_path: Path) -> None:
    one = taken(tmp_path, "я.jpg", picture(), "photo")
    assert one.reference["media_type"] == "image/jpeg"


def test_a_long_name_is_cut_and_keeps_its_kind(tmp_path: Path) -> None:
    one = taken(tmp_path, "a" * 240 + ".pdf", PDF, "scan")
    assert len(one.reference["name"]) == 200
    assert one.reference["name"].endswith(".pdf")


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"", "attachment.empty"), (b"text", "attachment.kind"), (b"\xff\xd8\xff", "attachment.unreadable")],
)
def test_what_cannot_be_sent_is_refused_in_words(tmp_path: Path, data: bytes, code: str) -> None:
    with pytest.raises(AnswersRefused) as caught:
        taken(tmp_path, "a.jpg", data, "scan")
    (error,) = caught.value.errors
    assert isinstance(error, AnswerError)
    assert error.code == code and error.message.strip()


def test_answers_and_submission_name_the_same_files(kiosk_profile: KioskProfile, tmp_path: Path) -> None:
    one = taken(tmp_path, "Свидетельство.pdf", PDF, "scan")
    answers = named(kiosk_profile, [one.reference])
    receipt = kiosk_profile.submit(answers, service=SERVICE, attachments=(one.file,))
    submission = opened(kiosk_profile, receipt.submission)
    (file,) = submission.attachments
    (reference,) = submission.answers["papers"][next(iter(answers["papers"]))]
    assert reference == {"id": file.id, "name": file.name, "media_type": file.media_type, "size": file.size}


@pytest.mark.parametrize("wrong", ["absent", "size", "kind"])
def test_an_answer_that_names_another_file_is_refused_and_nothing_stays(
    kiosk_profile: KioskProfile, tmp_path: Path, wrong: str
) -> None:
    one = taken(tmp_path, "Свидетельство.pdf", PDF, "scan")
    files: tuple[FileOffered, ...] = (one.file,)
    if wrong == "absent":
        files = ()
    elif wrong == "size":
        files = (replace(one.file, source=PDF + b"more"),)
    else:
        files = (replace(one.file, source=picture()),)
    with pytest.raises(AnswersRefused) as caught:
        kiosk_profile.counter().submit(
            Application(SERVICE, named(kiosk_profile, [one.reference]), "ru", consent=True, attachments=files)
        )
    assert [error.code for error in caught.value.errors if isinstance(error, AnswerError)] == ["attachment.missing"]
    with kiosk_profile.store() as store:
        assert outbox.rows(store) == []
    assert not list((kiosk_profile.path / "attachments").glob("*/*"))
