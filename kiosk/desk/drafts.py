"""Save and continue later: a draft for a visitor who leaves, found again by the code that only the visitor has.

Rules. The key is made here and goes into the code; nothing that is kept can be read. Files are not saved, their promise
("bring") is. Any kiosk continues a draft: what is not here is fetched by the engine while the visitor waits; ask again
until it is no longer "asked". Once the application is sent, or the visitor wants it gone, `forget` ends it everywhere.
May be called from any thread that has the store.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from kiosk.model.draft import Draft
from kiosk.model.form import Answers
from kiosk.protocol import draft as sealing
from kiosk.store import drafts
from kiosk.store.database import Store

if TYPE_CHECKING:
    from kiosk.forms.definition import Form


class Resumed(Struct, frozen=True):
    """What became of a code: the draft is here, is being fetched, or is nowhere (taken up, or past its term)."""

    state: Literal["here", "asked", "gone"]
    draft: Draft | None = None


def save(store: Store, form: Form, service: str, answers: Answers, page: str, language: str, now: float) -> str:
    """Keep the answers and give the visitor's code. Raises DraftRefused (too long), StorageFull."""
    made = Draft(
        service=service,
        form=form.definition.id,
        form_version=form.definition.version,
        language=language,
        page=page,
        answers=form.for_later(answers),
        saved_at=datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    )
    ticket = sealing.new_ticket()
    drafts.keep(store, ticket.id, sealing.seal(made, ticket), now=now)
    return ticket.code()


def resume(store: Store, code: str, now: float) -> Resumed:
    """What a code leads to. Raises DraftRefused for what is no code, or bytes that it does not open."""
    ticket = sealing.read_code(code)
    row = drafts.find(store, ticket.id)
    if row is not None and row.state in ("waiting", "kept"):
        return Resumed("here", sealing.open_sealed(row.sealed, ticket))
    if row is not None and row.state == "ended":
        return Resumed("gone")
    drafts.want(store, ticket.id, now=now)
    found = drafts.find(store, ticket.id)
    return Resumed("gone" if found is not None and found.state == "gone" else "asked")


def forget(store: Store, code: str, now: float) -> None:
    """End a draft everywhere. Raises DraftRefused for what is no code."""
    drafts.end(store, sealing.read_code(code).id, now=now)
