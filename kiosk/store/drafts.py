"""Drafts that visitors save: sealed bytes on their way to the backend, or fetched from it for a visitor who came back.

Rules. The key is in the visitor's code alone: nothing here can be read. A draft never changes; saving again makes a new
one. What is older than its term goes.

    waiting -> kept (the backend has it) -> ended (taken up; the backend is told to let go) -> no row
    wanted (somebody shows a code that is not here) -> kept | gone (the backend has no such draft)
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from kiosk.store.database import Store

DraftState = Literal["waiting", "kept", "wanted", "gone", "ended"]
GONE_FOR_S = 60.0
"""So long "gone" stands before the backend is asked again: the other kiosk may have had no line."""


class DraftRow(Struct, frozen=True):
    id: str
    state: DraftState
    sealed: bytes


def keep(store: Store, draft: str, sealed: bytes, *, now: float) -> None:
    """Keep the bytes of a new draft, to be sent. Raises StorageFull."""
    with store.transaction():
        store.execute(
            "INSERT INTO drafts (id, state, sealed, saved_at) VALUES (?, 'waiting', ?, ?)", (draft, sealed, now)
        )


def find(store: Store, draft: str) -> DraftRow | None:
    """A draft that is here, or was asked for."""
    row = store.row("SELECT id, state, sealed FROM drafts WHERE id = ?", (draft,))
    return None if row is None else DraftRow(row[0], row[1], bytes(row[2]))


def want(store: Store, draft: str, *, now: float) -> None:
    """Have a draft fetched that is not here; one that was gone is asked for anew after a while."""
    with store.transaction():
        store.execute("DELETE FROM drafts WHERE id = ? AND state = 'gone' AND saved_at < ?", (draft, now - GONE_FOR_S))
        store.execute(
            "INSERT INTO drafts (id, state, saved_at) VALUES (?, 'wanted', ?) ON CONFLICT DO NOTHING", (draft, now)
        )


def end(store: Store, draft: str, *, now: float) -> None:
    """The draft was taken up, or its visitor wants it gone: our bytes go now, the backend's at the next turn."""
    with store.transaction():
        store.execute(
            "INSERT INTO drafts (id, state, saved_at) VALUES (?, 'ended', ?) "
            "ON CONFLICT (id) DO UPDATE SET state = 'ended', sealed = x'', next_attempt = 0",
            (draft, now),
        )


def due(store: Store, now: float) -> DraftRow | None:
    """The next draft that the backend must be asked about; those that a visitor waits for come first."""
    row = store.row(
        "SELECT id, state, sealed FROM drafts WHERE state IN ('wanted', 'waiting', 'ended') AND next_attempt <= ? "
        "ORDER BY state DESC, next_attempt, saved_at LIMIT 1",
        (now,),
    )
    return None if row is None else DraftRow(row[0], row[1], bytes(row[2]))


def sent(store: Store, draft: str) -> None:
    """The backend has it."""
    with store.transaction():
        store.execute("UPDATE drafts SET state = 'kept' WHERE id = ? AND state = 'waiting'", (draft,))


def fetched(store: Store, draft: str, sealed: bytes | None, *, now: float) -> None:
    """What the backend has under an id that was wanted; None for nothing."""
    state = "gone" if sealed is None else "kept"
    with store.transaction():
        store.execute(
            "UPDATE drafts SET state = ?, sealed = ?, saved_at = ? WHERE id = ? AND state = 'wanted'",
            (state, sealed or b"", now, draft),
        )


def removed(store: Store, draft: str) -> None:
    """Nothing is left of it anywhere."""
    with store.transaction():
        store.execute("DELETE FROM drafts WHERE id = ?", (draft,))


def put_off(store: Store, draft: str, until: float) -> None:
    with store.transaction():
        store.execute("UPDATE drafts SET next_attempt = ? WHERE id = ?", (until, draft))


def expire(store: Store, before: float) -> int:
    """Let go of what was saved before a time; how many."""
    with store.transaction():
        return store.execute("DELETE FROM drafts WHERE saved_at < ?", (before,))
