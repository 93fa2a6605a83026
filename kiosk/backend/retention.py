"""How long the backend keeps what, and how it lets go of the rest (keeper.py does, every so often).

Rules. Every table stands in TERMS with its reason; a term of 0 days means for ever, and a test holds that no table is
forgotten. Answers go first: the sealed envelope and the opened payload are emptied when their terms are over, and the
row that stays (ids, digests, times, the signed word) is what makes "once" permanent. Work that is still to do is never
let go of. The job deletes in small transactions, a thousand rows each, so nobody waits for it; of several processes one
works, under a lock, and the others do something else. What it did is logged as numbers.

Copies of the database have terms of their own: docs/operations.md.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, and_, delete, exists, func, or_, select, text, tuple_, update
from sqlalchemy.sql.schema import Table

from kiosk.backend import tables
from kiosk.backend.checking import MOSCOW
from kiosk.backend.database import Database
from kiosk.backend.settings import Terms

_DAY_S = 86_400
_AT_ONCE = 1000
_LOCK = 0x6D646B02


TERMS: Final[dict[str, tuple[str, ...]]] = {
    "submissions": ("envelopes", "submissions"),
    "registrations": ("payloads", "submissions"),
    "pending": (),
    "feed": ("feed",),
    "quarantine": ("quarantine",),
    "attachments": ("payloads", "submissions"),
    "uploads": ("uploads", "payloads", "submissions"),
    "upload_parts": ("uploads", "payloads", "submissions"),
    "drafts": ("drafts",),
    "enrolment_codes": ("codes",),
    "devices": ("devices",),
    "former_keys": ("former_keys",),
    "form_versions": ("forms",),
    "numbers": ("numbers",),
}
"""Which terms a table has; `pending` has none: its rows go when the work is done. Uploads are upload_keeping.py's."""


def forget(database: Database, terms: Terms, now: float) -> dict[str, int]:
    """Let go of everything whose term is over; rows by the name of the term. {} when another process is at it."""
    done: dict[str, int] = {}
    for term, step in _STEPS.items():
        days = getattr(terms, term)
        if not days:
            continue
        count = _AT_ONCE
        while count >= _AT_ONCE:
            with database.write() as connection:
                if not alone(connection):
                    return done
                count = step(connection, int(now) - days * _DAY_S)
            done[term] = done.get(term, 0) + count
    return done


def alone(connection: Connection) -> bool:
    """The lock of this job until the end of the transaction. SQLite has one writer anyway."""
    if connection.dialect.name != "postgresql":
        return True
    return bool(connection.execute(text("SELECT pg_try_advisory_xact_lock(:lock)"), {"lock": _LOCK}).scalar())


def _delete(connection: Connection, table: Table, condition: Any) -> int:
    key = list(table.primary_key)
    chosen = connection.execute(select(*key).where(condition).limit(_AT_ONCE)).all()
    if not chosen:
        return 0
    return connection.execute(delete(table).where(tuple_(*key).in_([tuple(row) for row in chosen]))).rowcount


def _empty(connection: Connection, table: Table, column: str, condition: Any) -> int:
    key = list(table.primary_key)
    full = func.length(table.c[column]) > 0  # as the index says it (tables.py)
    chosen = connection.execute(select(*key).where(condition, full).limit(_AT_ONCE)).all()
    if not chosen:
        return 0
    which = tuple_(*key).in_([tuple(row) for row in chosen])
    return connection.execute(update(table).where(which).values({column: b""})).rowcount


def still_to_do() -> Any:
    """Whether a row of `submissions` waits to be registered."""
    return exists().where(
        tables.pending.c.kiosk == tables.submissions.c.kiosk, tables.pending.c.submission == tables.submissions.c.id
    )


def _envelopes(connection: Connection, before: int) -> int:
    table = tables.submissions
    return _empty(connection, table, "envelope", and_(table.c.received_at < before, ~still_to_do()))


def _payloads(connection: Connection, before: int) -> int:
    return _empty(connection, tables.registrations, "payload", tables.registrations.c.registered_at < before)


def _submissions(connection: Connection, before: int) -> int:
    table, made, files = tables.submissions, tables.registrations, tables.attachments
    held = exists().where(files.c.kiosk == table.c.kiosk, files.c.submission == table.c.id)  # their bytes go first
    old = select(table.c.kiosk, table.c.id).where(table.c.received_at < before, ~still_to_do(), ~held).limit(_AT_ONCE)
    chosen = [tuple(row) for row in connection.execute(old)]
    if not chosen:
        return 0
    connection.execute(delete(made).where(tuple_(made.c.kiosk, made.c.submission).in_(chosen)))
    return connection.execute(delete(table).where(tuple_(table.c.kiosk, table.c.id).in_(chosen))).rowcount


def _feed(connection: Connection, before: int) -> int:
    return _delete(connection, tables.feed, tables.feed.c.added_at < before)


def _quarantine(connection: Connection, before: int) -> int:
    return _delete(connection, tables.quarantine, tables.quarantine.c.last_at < before)


def _drafts(connection: Connection, before: int) -> int:
    return _delete(connection, tables.drafts, tables.drafts.c.saved_at < before)


def _codes(connection: Connection, before: int) -> int:
    return _delete(connection, tables.enrolment_codes, tables.enrolment_codes.c.expires_at < before)


def _former_keys(connection: Connection, before: int) -> int:
    return _delete(connection, tables.former_keys, tables.former_keys.c.replaced_at < before)


def _devices(connection: Connection, before: int) -> int:
    """Revoked ones of which nothing else is here."""
    table = tables.devices
    kept = or_(
        exists().where(tables.submissions.c.kiosk == table.c.kiosk),
        exists().where(tables.feed.c.kiosk == table.c.kiosk),
        exists().where(tables.uploads.c.kiosk == table.c.kiosk),
    )
    return _delete(connection, table, and_(table.c.revoked, table.c.enrolled_at < before, ~kept))


def _forms(connection: Connection, before: int) -> int:
    """Versions that a newer one replaced before the term began."""
    table, newer = tables.form_versions, tables.form_versions.alias()
    replaced = exists().where(newer.c.form == table.c.form, newer.c.version > table.c.version, newer.c.seen_at < before)
    return _delete(connection, table, replaced)


def _numbers(connection: Connection, before: int) -> int:
    year = datetime.fromtimestamp(max(before, 0), MOSCOW).year
    return _delete(connection, tables.numbers, tables.numbers.c.year < year)


_STEPS: Final[dict[str, Callable[[Connection, int], int]]] = {
    "envelopes": _envelopes,
    "payloads": _payloads,
    "feed": _feed,
    "submissions": _submissions,
    "quarantine": _quarantine,
    "drafts": _drafts,
    "codes": _codes,
    "former_keys": _former_keys,
    "devices": _devices,
    "forms": _forms,
    "numbers": _numbers,
}
