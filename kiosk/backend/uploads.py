"""Uploads: made, looked at, moved on part by part, and ended; each step once, whoever asks how often.

Rules.
 1. The table says how much is here. A part is first put into its place under a new name, durably; then one UPDATE moves
    the offset from where the part begins to where it ends, or nothing happens. Of two requests for one offset one wins;
    the bytes of the other have no row and mean nothing. A crash between both leaves bytes without a row, no more.
 2. The last part is committed only when the digest of the whole is the announced one: an upload whose offset is its
    length is what was announced. Otherwise the upload is gone, and the kiosk begins again.
 3. The same creation again gives the same upload with what came of it; another one under its id is refused, and so is
    one that contradicts the envelope that names it.
 4. An upload that no received submission has claimed expires so many days after it last moved.
 5. A claimed upload is the office's: its kiosk cannot end it.

It answers values; HTTP is upload_routes.py's, headers are tus.py's.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Iterator

from msgspec import Struct
from sqlalchemy import Connection, and_, delete, func, insert, select, update

from kiosk.backend import attachments, devices, upload_place
from kiosk.backend.database import Database
from kiosk.backend.http import Problematic
from kiosk.backend.settings import BackendSettings
from kiosk.backend.tables import upload_parts, uploads
from kiosk.backend.tus import Creation
from kiosk.backend.upload_place import PartLost, PlaceFull, UploadPlace
from kiosk.log import logger

MOST_PARTS = 2000
TOO_MANY_WAIT_S = 60
_DAY_S = 86_400
_COLUMNS = (
    uploads.c.submission,
    uploads.c.length,
    uploads.c.sha256,
    uploads.c.mark,
    uploads.c.received,
    uploads.c.claimed,
    uploads.c.moved_at,
)
_log = logger("backend")


class Upload(Struct, frozen=True):
    """A row. `mark` tells two uploads apart that had one id, one after the other."""

    submission: str
    length: int
    sha256: str
    mark: str
    received: int
    claimed: bool
    moved_at: int


class Progress(Struct, frozen=True):
    """How an upload stands: bytes that are here, bytes in all, until when it is kept (None: it is kept)."""

    received: int
    length: int
    expires: int | None


def create(
    database: Database, place: UploadPlace, settings: BackendSettings, kiosk: str, asked: Creation, now: int
) -> Progress:
    """A new upload, or the one that is there already. Raises Problematic."""
    announced = (asked.submission, asked.length, asked.sha256)
    gone: list[str] = []
    with database.write() as connection:
        devices.lock(connection, kiosk)
        before = find(connection, kiosk, asked.attachment)
        if before is not None and _over(before, settings, now):
            gone, before = drop(connection, kiosk, asked.attachment, before.mark), None
        if before is None:
            if attachments.find(connection, kiosk, asked.attachment) not in (None, announced):
                raise Problematic("other-upload", "the envelope says something else of this attachment")
            before = _make(connection, settings, kiosk, asked, now)
        elif (before.submission, before.length, before.sha256) != announced:
            raise Problematic("other-upload", "it was announced with another length, digest or submission")
    place.remove(gone)
    return _progress(before, settings)


def look(database: Database, settings: BackendSettings, kiosk: str, id_: str, now: int) -> Progress:
    """How far an upload is. Raises Problematic."""
    with database.read() as connection:
        return _progress(_there(connection, settings, kiosk, id_, now), settings)


def append(
    database: Database,
    place: UploadPlace,
    settings: BackendSettings,
    kiosk: str,
    id_: str,
    offset: int,
    body: bytes,
    now: int,
) -> Progress:
    """Move an upload on by one part. Raises Problematic."""
    with database.read() as connection:
        upload = _there(connection, settings, kiosk, id_, now)
        names = part_names(connection, kiosk, id_)
    end = offset + len(body)
    if offset != upload.received:
        raise Problematic("wrong-offset", "ask for the offset with HEAD")
    if end > upload.length:
        raise Problematic("too-large", f"the upload has {upload.length} bytes in all")
    if not body:
        return _progress(upload, settings)
    if len(names) >= MOST_PARTS:
        raise Problematic("malformed", "the parts of this upload are too small")
    if end == upload.length and not _is(upload.sha256, place, names, body):
        _log.error("an upload is not what was announced", kiosk=kiosk, submission=upload.submission)
        if not _end(database, place, kiosk, id_, upload.mark, at=offset):
            raise Problematic("wrong-offset", "another request was first; ask for the offset with HEAD")
        raise Problematic("wrong-content", "begin again")
    name = upload_place.new_name(kiosk)
    try:
        place.put(name, body)
    except PlaceFull as error:
        _log.error("an upload cannot be kept", error=str(error))
        raise Problematic("not-ready", "uploads cannot be kept now") from error
    if not _move(database, kiosk, id_, upload, Part(offset, len(body), name), now):
        place.remove([name])
        raise Problematic("wrong-offset", "another request was first; ask for the offset with HEAD")
    with database.read() as connection:
        return _progress(find(connection, kiosk, id_) or upload, settings)


def end(database: Database, place: UploadPlace, settings: BackendSettings, kiosk: str, id_: str, now: int) -> None:
    """End an upload and let go of its bytes. Raises Problematic."""
    with database.read() as connection:
        upload = _there(connection, settings, kiosk, id_, now)
    if upload.claimed or not _end(database, place, kiosk, id_, upload.mark):
        raise Problematic("claimed-upload")


class Part(Struct, frozen=True):
    """Bytes of an upload from `start` on, and where they lie."""

    start: int
    length: int
    name: str


def keep_whole(
    database: Database, kiosk: str, id_: str, awaited: tuple[str, int, str], parts: Iterable[Part], now: int
) -> list[str] | None:
    """Put a whole upload, whose digest was checked, in the place of what came of it before; the parts to be removed.

    None when a whole one is there already. `awaited` is what attachments.find says.
    """
    submission, length, sha256 = awaited
    with database.write() as connection:
        devices.lock(connection, kiosk)
        before = find(connection, kiosk, id_)
        if before is not None and before.received == before.length:
            return None
        gone = drop(connection, kiosk, id_, before.mark) if before is not None else []
        asked = Creation(submission, id_, sha256, length)
        _insert(connection, kiosk, asked, now, received=length)
        connection.execute(insert(upload_parts), [_part_row(kiosk, id_, part) for part in parts])
        attachments.arrived(connection, kiosk, id_)
        return gone


def find(connection: Connection, kiosk: str, id_: str) -> Upload | None:
    row = connection.execute(select(*_COLUMNS).where(uploads.c.kiosk == kiosk, uploads.c.id == id_)).one_or_none()
    return None if row is None else Upload(*row)


def part_names(connection: Connection, kiosk: str, id_: str) -> list[str]:
    """Where the parts of an upload lie, in their order."""
    which = and_(upload_parts.c.kiosk == kiosk, upload_parts.c.upload == id_)
    return list(connection.execute(select(upload_parts.c.name).where(which).order_by(upload_parts.c.start)).scalars())


def bytes_of(place: UploadPlace, names: Iterable[str]) -> Iterator[bytes]:
    """An upload in pieces. Raises PartLost."""
    return map(place.get, names)


def drop(connection: Connection, kiosk: str, id_: str, mark: str) -> list[str]:
    """Take the rows of an upload away; the parts to be removed once that is committed. [] for one that is gone."""
    mine = and_(uploads.c.kiosk == kiosk, uploads.c.id == id_, uploads.c.mark == mark)
    if connection.execute(select(uploads.c.id).where(mine).with_for_update()).one_or_none() is None:
        return []
    names = part_names(connection, kiosk, id_)
    connection.execute(delete(upload_parts).where(upload_parts.c.kiosk == kiosk, upload_parts.c.upload == id_))
    connection.execute(delete(uploads).where(mine))
    return names


def _make(connection: Connection, settings: BackendSettings, kiosk: str, asked: Creation, now: int) -> Upload:
    held = select(func.count()).select_from(uploads).where(uploads.c.kiosk == kiosk, ~uploads.c.claimed)
    if connection.execute(held).scalar_one() >= settings.most_open_uploads:
        raise Problematic(
            "too-many-uploads",
            f"a device has at most {settings.most_open_uploads}",
            {"Retry-After": str(TOO_MANY_WAIT_S)},
        )
    return _insert(connection, kiosk, asked, now)


def _insert(connection: Connection, kiosk: str, asked: Creation, now: int, received: int = 0) -> Upload:
    made = Upload(asked.submission, asked.length, asked.sha256, secrets.token_hex(8), received, False, now)
    row = dict(zip(Upload.__struct_fields__, (getattr(made, name) for name in Upload.__struct_fields__), strict=True))
    connection.execute(insert(uploads), [{"kiosk": kiosk, "id": asked.attachment, **row}])
    return made


def _move(database: Database, kiosk: str, id_: str, upload: Upload, part: Part, now: int) -> bool:
    """Commit a part: from its start to its end, or nothing."""
    reached = part.start + part.length
    mine = and_(uploads.c.kiosk == kiosk, uploads.c.id == id_, uploads.c.mark == upload.mark)
    with database.write() as connection:
        if reached == upload.length:
            devices.lock(connection, kiosk)
        step = update(uploads).where(mine, uploads.c.received == part.start).values(received=reached, moved_at=now)
        if not connection.execute(step).rowcount:
            return False
        connection.execute(insert(upload_parts), [_part_row(kiosk, id_, part)])
        if reached == upload.length:
            attachments.arrived(connection, kiosk, id_)
    return True


def _part_row(kiosk: str, id_: str, part: Part) -> dict[str, object]:
    return {"kiosk": kiosk, "upload": id_, "start": part.start, "length": part.length, "name": part.name}


def _end(database: Database, place: UploadPlace, kiosk: str, id_: str, mark: str, at: int | None = None) -> bool:
    """Take an upload away, unless it was claimed meanwhile or moved on from the offset `at`."""
    with database.write() as connection:
        devices.lock(connection, kiosk)
        upload = find(connection, kiosk, id_)
        if upload is not None and (upload.claimed or (at is not None and upload.received != at)):
            return False
        gone = drop(connection, kiosk, id_, mark)
    place.remove(gone)
    return True


def _is(sha256: str, place: UploadPlace, names: Iterable[str], last: bytes) -> bool:
    """Whether the parts and these last bytes have this digest together."""
    digest = hashlib.sha256()
    try:
        for piece in bytes_of(place, names):
            digest.update(piece)
    except PartLost as error:
        _log.error("a part of an upload is lost", error=str(error))
        return False
    digest.update(last)
    return digest.hexdigest() == sha256


def _there(connection: Connection, settings: BackendSettings, kiosk: str, id_: str, now: int) -> Upload:
    upload = find(connection, kiosk, id_)
    if upload is None:
        raise Problematic("not-found", "there is no such upload")
    if _over(upload, settings, now):
        raise Problematic("expired", "create it anew")
    return upload


def _over(upload: Upload, settings: BackendSettings, now: int) -> bool:
    expires = _progress(upload, settings).expires
    return expires is not None and expires <= now


def _progress(upload: Upload, settings: BackendSettings) -> Progress:
    days = settings.keep.uploads
    expires = None if upload.claimed or not days else upload.moved_at + days * _DAY_S
    return Progress(upload.received, upload.length, expires)
