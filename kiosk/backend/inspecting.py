"""The inspector: opens every attachment that is here, once, as a stream; nothing unsealed is kept or written anywhere.

Rules. Level-triggered: what is to be opened stands in `attachments` as "here". The key comes out of the submission's
own envelope. An attachment is good when its bytes still have the digest that the envelope names, open under its key as
what they were sealed as, and are of the size and kind that were named; anything else is the sender's doing and is for
an official. Bytes that are gone or have changed here are ours to mend: the upload goes, and the kiosk is asked again.
On PostgreSQL a row is locked while it is judged and the others skip it; on SQLite whoever is first writes the verdict.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

from msgspec import Struct
from sqlalchemy import Connection, and_, select

from kiosk.backend import attachments, devices, uploads
from kiosk.backend.database import Database
from kiosk.backend.keys import PrivateKeys
from kiosk.backend.settings import BackendSettings
from kiosk.backend.tables import attachments as rows
from kiosk.backend.tables import submissions
from kiosk.backend.upload_place import PartLost, UploadPlace
from kiosk.errors import AttachmentRefused, EnvelopeRefused
from kiosk.log import logger
from kiosk.model.attachment import Attachment
from kiosk.protocol import attachment, envelope

_DAY_S = 86_400
_BEGINNING = 16
_log = logger("backend")


class _Arrived(Struct, frozen=True):
    kiosk: str
    id: str
    submission: str
    sha256: str
    envelope: bytes
    parts: list[str]


def inspect(
    database: Database, keys: PrivateKeys, place: UploadPlace, settings: BackendSettings, now: float, limit: int = 1
) -> int:
    """Open at most `limit` attachments that have come; answers how many were looked at."""
    done = 0
    while done < limit and _one(database, keys, place, settings, int(now)):
        done += 1
    return done


def _one(database: Database, keys: PrivateKeys, place: UploadPlace, settings: BackendSettings, now: int) -> bool:
    if not database.sqlite:
        with database.write() as connection:
            found = _next(connection, lock=True)
            if found is None:
                return False
            state = _judge(found, keys, place)
            if state is not None:
                attachments.judged(connection, found.kiosk, found.id, found.submission, state)
    else:
        with database.read() as connection:
            found = _next(connection)
        if found is None:
            return False
        state = _judge(found, keys, place)
        if state is not None:
            with database.write() as connection:
                attachments.judged(connection, found.kiosk, found.id, found.submission, state)
    if state is None:
        ask_again(database, place, found.kiosk, found.id, now + settings.attachments_wait_days * _DAY_S)
    elif state != attachments.GOOD:
        _log.warning("an attachment is for an official", submission=found.submission, found=state)
    return True


def ask_again(database: Database, place: UploadPlace, kiosk: str, id_: str, until: int) -> None:
    """Forget an upload whose bytes are lost, and await its attachment again."""
    with database.write() as connection:
        devices.lock(connection, kiosk)
        upload = uploads.find(connection, kiosk, id_)
        gone = [] if upload is None else uploads.drop(connection, kiosk, id_, upload.mark)
        submission = attachments.lost(connection, kiosk, id_, until)
    place.remove(gone)
    _log.error("an attachment is lost here: its kiosk is asked again", kiosk=kiosk, submission=submission)


def _next(connection: Connection, *, lock: bool = False) -> _Arrived | None:
    query = (
        select(rows.c.kiosk, rows.c.id, rows.c.submission, rows.c.sha256, submissions.c.envelope)
        .join(submissions, and_(submissions.c.kiosk == rows.c.kiosk, submissions.c.id == rows.c.submission))
        .where(rows.c.state == attachments.HERE)
        .limit(1)
    )
    if lock:
        query = query.with_for_update(of=rows, skip_locked=True)
    row = connection.execute(query).one_or_none()
    return None if row is None else _Arrived(*row, uploads.part_names(connection, row.kiosk, row.id))


def _judge(found: _Arrived, keys: PrivateKeys, place: UploadPlace) -> str | None:
    """What an attachment is; None for bytes that are lost here."""
    one = _named(found, keys)
    digest = hashlib.sha256()
    try:
        if one is None:
            return attachments.UNOPENED
        sealed = _counted(uploads.bytes_of(place, found.parts), digest)
        try:
            state = _look(sealed, one, found.submission)
        except AttachmentRefused:
            state = attachments.UNOPENED
        for _ in sealed:  # the rest, for the digest
            pass
    except PartLost:
        return None
    except OSError:
        raise
    except Exception as error:  # one file that nobody can open never holds up the next
        _log.error("an attachment cannot be judged", submission=found.submission, error=type(error).__name__)
        return attachments.UNOPENED
    return state if digest.hexdigest() == found.sha256 else None


def _look(sealed: Iterable[bytes], one: Attachment, submission: str) -> str:
    """Open the whole stream. Raises AttachmentRefused, PartLost."""
    size, beginning = 0, b""
    for piece in attachment.open_stream(sealed, one.key, submission, one.id):
        size += len(piece)
        if len(beginning) < _BEGINNING:
            beginning += piece[:_BEGINNING]
    same = size == one.size and attachment.media_type(beginning) == one.media_type
    return attachments.GOOD if same else attachments.OTHER


def _named(found: _Arrived, keys: PrivateKeys) -> Attachment | None:
    """What the envelope says of it. None where the envelope was let go of or does not open any more."""
    try:
        read = envelope.read(bytes(found.envelope))
        private = keys.recipient(read.header.key_id)
        if private is None:
            return None
        submission = envelope.open_envelope(read, private)
    except EnvelopeRefused:
        return None
    return next((one for one in submission.attachments if one.id == found.id), None)


def _counted(pieces: Iterable[bytes], digest: hashlib._Hash) -> Iterator[bytes]:
    for piece in pieces:
        digest.update(piece)
        yield piece
