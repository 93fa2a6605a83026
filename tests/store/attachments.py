"""Submissions with sealed files, for the tests of the store; what is sealed does not matter here."""

from __future__ import annotations

from pathlib import Path

import msgspec

from kiosk.store import outbox, uploads
from kiosk.store.database import Store
from kiosk.store.uploads import NewUpload
from tests.store import samples

NAME = "abcdef"


def id_of(sequence: int, number: int = 1) -> str:
    return f"0190bbbb-0000-7000-8000-{number:06}{sequence:06}"


def content(sequence: int, number: int = 1) -> bytes:
    return f"sealed {sequence} {number} ".encode() * 500


def keep(profile: Path, sequence: int, count: int = 2) -> tuple[NewUpload, ...]:
    submission = samples.submission(sequence, NAME).id
    return tuple(
        uploads.keep(profile, submission, id_of(sequence, number), [content(sequence, number)])
        for number in range(1, count + 1)
    )


def submit(store: Store, profile: Path, sequence: int, count: int = 2) -> str:
    """A submission with so many files; its id. `sequence` must be the next one."""
    kept = keep(profile, sequence, count)

    def make(taken: int) -> outbox.NewSubmission:
        assert taken == sequence
        return msgspec.structs.replace(samples.submission(taken, NAME), attachments=kept)

    return outbox.submit(store, profile, make).id
