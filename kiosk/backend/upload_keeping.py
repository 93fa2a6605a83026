"""Letting go of attachments, and holding their place against the tables.

Rules. An upload that nothing has claimed goes when it has not moved for its term; a claimed one goes with the payload
of its submission, or with the submission's last row. Rows go first, in small transactions, then the bytes: what a crash
leaves between is found by the sweep. The sweep takes parts away that have no row and are older than a week (they may be
on their way into the table, and a restored database may be put aside for the newer one again); an upload whose parts
are gone is forgotten, and its kiosk asked again. A place that shows nothing at all is taken to be away, and nothing is
concluded from it, unless an operator says it is lost.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from msgspec import Struct
from sqlalchemy import Connection, Select, and_, delete, select, tuple_

from kiosk.backend import uploads
from kiosk.backend.database import Database
from kiosk.backend.inspecting import ask_again
from kiosk.backend.retention import alone, still_to_do
from kiosk.backend.settings import Terms
from kiosk.backend.tables import attachments, registrations, submissions, upload_parts
from kiosk.backend.tables import uploads as table
from kiosk.backend.upload_place import UploadPlace
from kiosk.log import logger

_AT_ONCE = 200
_DAY_S = 86_400
_ORPHAN_S = 7 * _DAY_S
_log = logger("backend")


class Swept(Struct, frozen=True):
    """Parts that had no row, and uploads that had no parts."""

    parts: int
    uploads: int


def let_go(database: Database, place: UploadPlace, terms: Terms, now: float) -> dict[str, int]:
    """Let go of every upload whose term is over; uploads by the name of the term. {} when another process is at it."""
    done: dict[str, int] = {}
    for term, step in _STEPS.items():
        days = getattr(terms, term)
        count = _AT_ONCE if days else 0
        while count >= _AT_ONCE:
            with database.write() as connection:
                if not alone(connection):
                    return done
                count, gone = step(connection, int(now) - days * _DAY_S)
            place.remove(gone)
            done[term] = done.get(term, 0) + count
    return done


def sweep(database: Database, place: UploadPlace, now: float, wait_days: int, *, lost: bool = False) -> Swept:
    """Hold place and tables against each other. `lost`: believe a place that shows nothing at all."""
    here = place.kiosks()
    with database.read() as connection:
        known = list(connection.execute(select(upload_parts.c.kiosk).distinct()).scalars())
    believed = lost or any(True for kiosk in here for _ in place.names(kiosk))
    if known and not believed:
        _log.error("the place of uploads shows nothing of what came: is it mounted?")
        return Swept(0, 0)
    parts = forgotten = 0
    for kiosk in sorted({*here, *known}):
        rows = _rows(database, kiosk)  # before the listing: a row that is committed has its part
        names = dict(place.names(kiosk))
        orphans = [name for name, put_at in names.items() if name not in rows and put_at < now - _ORPHAN_S]
        place.remove(orphans)
        missing = {upload for name, upload in rows.items() if name not in names}
        again = [upload for upload in sorted(missing) if _still_missing(database, place, kiosk, upload)]
        for upload in again:
            ask_again(database, place, kiosk, upload, int(now) + wait_days * _DAY_S)
        parts, forgotten = parts + len(orphans), forgotten + len(again)
    return Swept(parts, forgotten)


def _rows(database: Database, kiosk: str) -> dict[str, str]:
    """The parts that the tables know of a kiosk, and the upload of each."""
    with database.read() as connection:
        rows = connection.execute(
            select(upload_parts.c.name, upload_parts.c.upload).where(upload_parts.c.kiosk == kiosk)
        )
        return {row.name: row.upload for row in rows}


def _still_missing(database: Database, place: UploadPlace, kiosk: str, upload: str) -> bool:
    """Whether a part of it is truly gone: the upload may have ended since the rows were read."""
    with database.read() as connection:
        names = uploads.part_names(connection, kiosk, upload)
    return not all(map(place.has, names))


def _unclaimed(connection: Connection, before: int) -> tuple[int, list[str]]:
    chosen = select(table.c.kiosk, table.c.id).where(~table.c.claimed, table.c.moved_at < before).limit(_AT_ONCE)
    keys = [tuple(row) for row in connection.execute(chosen.with_for_update(skip_locked=True))]
    return len(keys), _uploads(connection, keys)


def _with_payload(connection: Connection, before: int) -> tuple[int, list[str]]:
    of_it = and_(registrations.c.kiosk == attachments.c.kiosk, registrations.c.submission == attachments.c.submission)
    chosen = select(attachments.c.kiosk, attachments.c.id).join(registrations, of_it)
    return _attachments(connection, chosen.where(registrations.c.registered_at < before))


def _with_submission(connection: Connection, before: int) -> tuple[int, list[str]]:
    of_it = and_(submissions.c.kiosk == attachments.c.kiosk, submissions.c.id == attachments.c.submission)
    chosen = select(attachments.c.kiosk, attachments.c.id).join(submissions, of_it)
    return _attachments(connection, chosen.where(submissions.c.received_at < before, ~still_to_do()))


def _attachments(connection: Connection, chosen: Select[Any]) -> tuple[int, list[str]]:
    """Take attachments away with what came of them; how many, and the parts to remove."""
    keys = [tuple(row) for row in connection.execute(chosen.limit(_AT_ONCE))]
    if not keys:
        return 0, []
    same = tuple_(table.c.kiosk, table.c.id).in_(keys)
    held = [tuple(row) for row in connection.execute(select(table.c.kiosk, table.c.id).where(same).with_for_update())]
    gone = _uploads(connection, held)
    connection.execute(delete(attachments).where(tuple_(attachments.c.kiosk, attachments.c.id).in_(keys)))
    return len(keys), gone


def _uploads(connection: Connection, keys: Sequence[tuple[Any, ...]]) -> list[str]:
    """Take uploads away whose rows are locked; the parts to remove."""
    if not keys:
        return []
    parts = tuple_(upload_parts.c.kiosk, upload_parts.c.upload).in_(keys)
    names = list(connection.execute(delete(upload_parts).where(parts).returning(upload_parts.c.name)).scalars())
    connection.execute(delete(table).where(tuple_(table.c.kiosk, table.c.id).in_(keys)))
    return names


_STEPS: Final[dict[str, Callable[[Connection, int], tuple[int, list[str]]]]] = {
    "uploads": _unclaimed,
    "payloads": _with_payload,
    "submissions": _with_submission,
}
