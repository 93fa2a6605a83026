"""Drafts that visitors save: sealed bytes under an id, for any enrolled kiosk that is shown the visitor's code.

Rules. The backend cannot read them: the key is in the code. A draft is put once; the same bytes again are fine, others
under its id are a conflict. What is past its term is not there, whether or not it was let go of yet. A device has at
most so many drafts. Values only, no HTTP (draft_routes.py).
"""

from __future__ import annotations

from sqlalchemy import delete, func, select

from kiosk.backend import tables
from kiosk.backend.database import Database, insert_or
from kiosk.backend.http import Problematic
from kiosk.backend.settings import BackendSettings

_DAY_S = 86_400
_FULL_WAIT_S = 3600


def put(database: Database, settings: BackendSettings, kiosk: str, draft: str, sealed: bytes, now: int) -> int:
    """Keep a draft; until when it is kept, UNIX seconds (0: for ever). Raises Problematic."""
    columns = tables.drafts.c
    with database.write() as connection:
        held = connection.execute(select(func.count()).where(columns.kiosk == kiosk)).scalar_one()
        known = connection.execute(select(columns.sealed, columns.saved_at).where(columns.id == draft)).one_or_none()
        if known is not None:
            if bytes(known.sealed) != sealed:
                raise Problematic("conflict", "another draft has this id")
            return _until(settings, known.saved_at)
        if held >= settings.most_drafts:
            headers = {"Retry-After": str(_FULL_WAIT_S)}
            raise Problematic("too-many-drafts", f"a kiosk keeps at most {settings.most_drafts}", headers)
        row = {"id": draft, "kiosk": kiosk, "sealed": sealed, "saved_at": now}
        connection.execute(insert_or(connection, tables.drafts).on_conflict_do_nothing(), row)
    return _until(settings, now)


def get(database: Database, settings: BackendSettings, draft: str, now: int) -> bytes:
    """The bytes of a draft. Raises Problematic."""
    columns = tables.drafts.c
    with database.read() as connection:
        found = connection.execute(select(columns.sealed, columns.saved_at).where(columns.id == draft)).one_or_none()
    if found is None or 0 < _until(settings, found.saved_at) <= now:
        raise Problematic("not-found", "there is no such draft")
    return bytes(found.sealed)


def remove(database: Database, draft: str) -> None:
    """Let go of a draft, if it is there."""
    with database.write() as connection:
        connection.execute(delete(tables.drafts).where(tables.drafts.c.id == draft))


def _until(settings: BackendSettings, saved_at: int) -> int:
    return saved_at + settings.keep.drafts * _DAY_S if settings.keep.drafts else 0
