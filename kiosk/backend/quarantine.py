"""Envelopes that were not taken: kept with the reason, for people to look at.

Rules. One row for each distinct envelope that a kiosk's requests bring, however often it comes. Bytes of strangers
(nobody enrolled signed them) are kept up to a limit in all, and beyond it nothing of them: a flood fills no disk.
"""

from __future__ import annotations

from msgspec import Struct
from sqlalchemy import Connection, func, select, update

from kiosk.backend.database import insert_or
from kiosk.backend.tables import quarantine
from kiosk.protocol import problem
from kiosk.protocol.envelope import digest
from kiosk.protocol.problem import Problem


class Refused(Struct, frozen=True):
    """An envelope that was not taken. `submission` is "" where the bytes gave no id."""

    kiosk: str
    submission: str
    envelope: bytes
    problem: Problem
    stranger: bool


def keep(connection: Connection, refused: Refused, now: int, most_stranger_bytes: int) -> None:
    """Put it aside, or count it once more."""
    key = digest(refused.envelope).hex()
    again = (
        update(quarantine)
        .where(quarantine.c.kiosk == refused.kiosk, quarantine.c.digest == key)
        .values(times=quarantine.c.times + 1, last_at=now, problem=problem.encode(refused.problem))
    )
    if connection.execute(again).rowcount:
        return
    if refused.stranger:
        held = select(func.coalesce(func.sum(quarantine.c.length), 0)).where(quarantine.c.stranger)
        if connection.execute(held).scalar_one() + len(refused.envelope) > most_stranger_bytes:
            return
    connection.execute(
        insert_or(connection, quarantine)
        .values(
            kiosk=refused.kiosk,
            digest=key,
            submission=refused.submission,
            problem=problem.encode(refused.problem),
            envelope=refused.envelope,
            length=len(refused.envelope),
            stranger=refused.stranger,
            first_at=now,
            last_at=now,
            times=1,
        )
        .on_conflict_do_update(
            index_elements=["kiosk", "digest"], set_={"times": quarantine.c.times + 1, "last_at": now}
        )
    )
