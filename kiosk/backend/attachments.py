"""What received submissions name: which files are awaited, which are here, and what was found when they were opened.

    awaited -> here -> good | unopened | other        (inspecting.py judges)
       ^--------'--------'   lost: the bytes are no longer what came

Rules. Rows are written with their submission, so a kiosk is asked (`awaits`, in every page of its feed) for whatever is
missing, for whichever reason: a restored copy, a lost file, an upload that expired. An upload is claimed by the row of
its id when submission, length and digest are the same; both sides do it under the lock of the device's row, so it never
matters which came first. A submission may be judged once nothing of it is awaited or unopened, or its time is over.

Locks in one order: device, uploads, attachments, pending.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

from msgspec import Struct
from sqlalchemy import Connection, and_, select, tuple_, update

from kiosk.backend.database import insert_or
from kiosk.backend.tables import attachments, pending, uploads
from kiosk.errors import AttachmentRefused
from kiosk.model.submission import Submission
from kiosk.protocol import attachment

AWAITED: Final = "awaited"
HERE: Final = "here"
GOOD: Final = "good"
UNOPENED: Final = "unopened"
OTHER: Final = "other"
MOST_NAMED = 200
_DAY_S = 86_400


class Named(Struct, frozen=True):
    """What an envelope says of one attachment, without what is for officials only."""

    id: str
    length: int
    sha256: str


def named(submission: Submission) -> tuple[Named, ...]:
    """The attachments that a submission waits for; none where they cannot be any: the registrar says so."""
    try:
        attachment.check(submission.attachments)
    except AttachmentRefused:
        return ()
    return tuple(Named(one.id, one.length, one.sha256) for one in submission.attachments)


def expect(connection: Connection, kiosk: str, submission: str, files: Collection[Named], now: int, days: int) -> int:
    """Await the attachments of a submission that was just received; until when it waits, 0 for not at all.

    Under the lock of the device's row.
    """
    if not files:
        return 0
    until = now + days * _DAY_S
    whole = _whole(connection, kiosk, submission, files)
    rows = [
        {
            "kiosk": kiosk,
            "id": one.id,
            "submission": submission,
            "length": one.length,
            "sha256": one.sha256,
            "state": HERE if one.id in whole else AWAITED,
            "until": until,
        }
        for one in files
    ]
    # An id that another submission has is not taken again: this submission has no such row, and goes to an official.
    connection.execute(insert_or(connection, attachments).on_conflict_do_nothing(), rows)
    if whole:
        mine = and_(uploads.c.kiosk == kiosk, uploads.c.id.in_(whole))
        connection.execute(update(uploads).where(mine).values(claimed=True))
    return until


def arrived(connection: Connection, kiosk: str, id_: str) -> None:
    """An upload is whole: claim it for the submission that names it, if that is here. Under the device's lock."""
    same = and_(
        uploads.c.kiosk == attachments.c.kiosk,
        uploads.c.id == attachments.c.id,
        uploads.c.submission == attachments.c.submission,
        uploads.c.length == attachments.c.length,
        uploads.c.sha256 == attachments.c.sha256,
    )
    mine = and_(attachments.c.kiosk == kiosk, attachments.c.id == id_, attachments.c.state == AWAITED)
    here = connection.execute(
        update(attachments).where(mine, select(uploads.c.id).where(same).exists()).values(state=HERE)
    )
    if here.rowcount:
        which = and_(uploads.c.kiosk == kiosk, uploads.c.id == id_)
        connection.execute(update(uploads).where(which).values(claimed=True))


def lost(connection: Connection, kiosk: str, id_: str, until: int) -> str:
    """What came is not there any more: the kiosk is asked for it again, until then. The submission, "" for none."""
    which = and_(attachments.c.kiosk == kiosk, attachments.c.id == id_)
    again = update(attachments).where(which).values(state=AWAITED, until=until).returning(attachments.c.submission)
    return str(connection.execute(again).scalar_one_or_none() or "")


def judged(connection: Connection, kiosk: str, id_: str, submission: str, state: str) -> bool:
    """Write down what opening an attachment gave; False where another process did. The last frees the submission."""
    which = and_(attachments.c.kiosk == kiosk, attachments.c.id == id_, attachments.c.state == HERE)
    if not connection.execute(update(attachments).where(which).values(state=state)).rowcount:
        return False
    waiting = and_(pending.c.kiosk == kiosk, pending.c.submission == submission)
    # The lock makes whoever comes second see what the first one wrote.
    if connection.execute(select(pending.c.submission).where(waiting).with_for_update()).one_or_none() is not None:
        states = connection.execute(
            select(attachments.c.state).where(attachments.c.kiosk == kiosk, attachments.c.submission == submission)
        ).scalars()
        if not {AWAITED, HERE} & set(states):
            connection.execute(update(pending).where(waiting).values(due_at=0))
    return True


def states(connection: Connection, kiosk: str, submission: str) -> dict[str, str]:
    """How each attachment of a submission stands, by id."""
    rows = connection.execute(
        select(attachments.c.id, attachments.c.state).where(
            attachments.c.kiosk == kiosk, attachments.c.submission == submission
        )
    )
    return {row.id: row.state for row in rows}


def awaits(connection: Connection, kiosk: str, now: int) -> tuple[str, ...]:
    """What a kiosk is asked for, at most MOST_NAMED ids."""
    which = and_(attachments.c.kiosk == kiosk, attachments.c.state == AWAITED, attachments.c.until > now)
    rows = connection.execute(select(attachments.c.id).where(which).order_by(attachments.c.id).limit(MOST_NAMED))
    return tuple(rows.scalars())


def find(connection: Connection, kiosk: str, id_: str) -> tuple[str, int, str] | None:
    """Submission, length and digest that an envelope gave to an attachment, None where no envelope named it."""
    row = connection.execute(
        select(attachments.c.submission, attachments.c.length, attachments.c.sha256).where(
            attachments.c.kiosk == kiosk, attachments.c.id == id_
        )
    ).one_or_none()
    return None if row is None else (row.submission, row.length, row.sha256)


def _whole(connection: Connection, kiosk: str, submission: str, files: Iterable[Named]) -> set[str]:
    columns = uploads.c
    wanted = [(one.id, one.length, one.sha256) for one in files]
    rows = connection.execute(
        select(columns.id).where(
            columns.kiosk == kiosk,
            columns.submission == submission,
            columns.received == columns.length,
            tuple_(columns.id, columns.length, columns.sha256).in_(wanted),
        )
    )
    return set(rows.scalars())
