"""Files that a visitor adds to an application: looked at, sealed, on the disk.

Rules. A file is judged by its content: too many, empty, too big, of a kind that is not taken, or unreadable is refused
with a sentence that says how to mend it, before anything is kept. It is read once and sealed a frame at a time on its
way to the disk; nothing of it is written in the clear, and after sealing nobody here can read it. A file that changes
while it is read is refused by the same rules. Its name is kept in a form that a screen can show.

Where the sealed bytes lie is store/uploads.py, their form protocol/attachment.py.
"""

from __future__ import annotations

import io
import secrets
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any

from msgspec import Struct

from kiosk import words
from kiosk.errors import AnswersRefused, AttachmentRefused
from kiosk.model.attachment import Attachment
from kiosk.model.form import AnswerError
from kiosk.protocol import attachment as sealing
from kiosk.protocol.envelope import UUID7
from kiosk.store import uploads
from kiosk.store.uploads import NewUpload

MOST_REFERENCE_NAME = 200
"""So long a name may be in an answer (kiosk.forms.attachments)."""
_MIB = 1024 * 1024


class FileOffered(Struct, frozen=True):
    """A file to attach: `name` is shown to the official, `source` a path or the bytes themselves (a scan).

    `id` is the UUIDv7 by which an answer refers to it, "" where none does.
    """

    name: str
    source: Path | bytes
    id: str = ""


def problems(offered: Sequence[FileOffered], language: str) -> tuple[AnswerError, ...]:
    """What is wrong with the files, each with a pointer `/attachments/<number>`; () when they are taken."""
    if len(offered) > sealing.MOST_ATTACHMENTS:
        return (_error("/attachments", "too_many", language),)
    found = []
    for number, one in enumerate(offered):
        try:
            with _opened(one) as file:
                beginning = file.read(sealing.FRAME)
                code = _judged(file.seek(0, io.SEEK_END), beginning)
        except OSError:
            code = "unreadable"
        if code:
            found.append(_error(f"/attachments/{number}", code, language))
    return tuple(found)


class FileTaken(Struct, frozen=True):
    """A file that was taken in, and the answer that refers to it: {id, name, media_type, size}."""

    file: FileOffered
    reference: dict[str, Any]


def take_in(path: Path, kinds: Sequence[str], language: str) -> FileTaken:
    """A file that a visitor chose, ready to be sent; a picture of a paper becomes a PDF, straight and small.

    `kinds` are those of the question ("photo", "scan"). It is read once, into memory. Raises AnswersRefused.
    """
    from uuid_utils import uuid7

    offered = FileOffered(path.name, path)
    found = problems((offered,), language)
    if found:
        raise AnswersRefused(f"an attachment is refused: {found[0].code}", found)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise AnswersRefused(
            "an attachment cannot be read", (_error("/attachments/0", "unreadable", language),)
        ) from error
    name, kind = shown_name(path.name), sealing.media_type(data) or ""
    if "scan" in kinds and kind.startswith("image/"):
        data, name, kind = _as_paper(data, language), f"{name.rpartition('.')[0] or name}.pdf", "application/pdf"
    if len(name) > MOST_REFERENCE_NAME:
        stem, dot, suffix = name.rpartition(".")
        name = stem[: MOST_REFERENCE_NAME - len(dot + suffix)] + dot + suffix
    id_ = str(uuid7())
    reference = {"id": id_, "name": name, "media_type": kind, "size": len(data)}
    return FileTaken(FileOffered(name, data, id_), reference)


def _as_paper(picture: bytes, language: str) -> bytes:
    from kiosk.scans.prepare import prepare

    try:
        return prepare(picture)
    except AttachmentRefused as error:
        raise AnswersRefused("a picture cannot be read", (_error("/attachments/0", "unreadable", language),)) from error


def keep(
    profile: Path, submission: str, offered: Sequence[FileOffered], language: str
) -> tuple[tuple[Attachment, ...], tuple[NewUpload, ...]]:
    """Seal the files to the disk. Raises AnswersRefused, StorageFull, EnvironmentFault, ValueError for a wrong id.

    The caller removes what was kept (`uploads.discard`) when the submission does not come about.
    """
    from uuid_utils import uuid7

    made: list[Attachment] = []
    kept: list[NewUpload] = []
    for number, one in enumerate(offered):
        id_ = one.id or str(uuid7())
        if not UUID7.fullmatch(id_) or any(id_ == before.id for before in kept):
            raise ValueError("the id of a file is a UUIDv7 of its own")
        key = secrets.token_bytes(sealing.KEY_BYTES)
        reading = _Reading(number, one, language)
        upload = uploads.keep(profile, submission, id_, sealing.seal(reading.chunks(), key, submission, id_))
        made.append(
            Attachment(id_, shown_name(one.name), reading.kind, reading.size, upload.length, upload.sha256, key)
        )
        kept.append(upload)
    return tuple(made), tuple(kept)


def shown_name(name: str) -> str:
    """A file name as an official may see it: no path, nothing that cannot be printed, not too long."""
    clean = "".join(one if one.isprintable() and one not in "/\\" else "_" for one in name).strip()
    stem, dot, suffix = clean.rpartition(".")
    if len(clean) > sealing.MOST_NAME:
        tail = dot + suffix if stem and len(suffix) <= 8 else ""
        clean = clean[: sealing.MOST_NAME - len(tail)] + tail
    return clean or "_"


class _Reading:
    """One pass over a file; `kind` and `size` are known at its end."""

    def __init__(self, number: int, offered: FileOffered, language: str) -> None:
        self._number, self._offered, self._language = number, offered, language
        self.kind = ""
        self.size = 0

    def chunks(self) -> Iterator[bytes]:
        """Raises AnswersRefused."""
        try:
            with _opened(self._offered) as file:
                chunk = beginning = file.read(sealing.FRAME)
                self.kind = sealing.media_type(beginning) or ""
                while True:
                    self.size += len(chunk)
                    self._refuse(_judged(self.size, beginning))
                    yield chunk
                    if not (chunk := file.read(sealing.FRAME)):
                        return
        except OSError:
            self._refuse("unreadable")

    def _refuse(self, code: str) -> None:
        if code:
            error = _error(f"/attachments/{self._number}", code, self._language)
            raise AnswersRefused(f"an attachment is refused: {error.code}", (error,)) from None


def _opened(offered: FileOffered) -> IO[bytes]:
    """Raises OSError; for what is no file at all too, before it could block."""
    if isinstance(offered.source, bytes):
        return io.BytesIO(offered.source)
    if not offered.source.is_file():
        raise FileNotFoundError(offered.source)
    return offered.source.open("rb")


def _judged(size: int, beginning: bytes) -> str:
    """What is wrong with a file of this size and beginning, "" for nothing."""
    if not size:
        return "empty"
    if size > sealing.MOST_BYTES:
        return "too_big"
    return "kind" if sealing.media_type(beginning) is None else ""


def _error(pointer: str, code: str, language: str) -> AnswerError:
    limits = {"most": sealing.MOST_ATTACHMENTS, "mib": sealing.MOST_BYTES // _MIB}
    return AnswerError(pointer, f"attachment.{code}", words.t(language, f"desk.attachment_{code}", **limits))
