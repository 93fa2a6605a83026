"""The feed of a kiosk: what became of its submissions, in the order it was committed.

Rules. A position is taken under the lock of the device's row, so a reader never skips one that commits later. The
cursor is opaque: it names the last entry that was read, with a random tag of that entry. A cursor whose entry is not
here (the database was restored from an older copy, or the cursor was made up) starts again from the beginning, which
is harmless.
"""

from __future__ import annotations

import base64
import binascii
import secrets
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, bindparam, select, update

from kiosk.backend import attachments, devices, tables
from kiosk.backend.database import insert_rows
from kiosk.protocol.batch import Feed, FeedEntry

MOST_ENTRIES = 500
_TAG_BYTES = 8


def append(connection: Connection, kiosk: str, confirmations: Sequence[bytes], now: int) -> None:
    """Add signed confirmations to the end of a kiosk's feed, in this order."""
    append_all(connection, {kiosk: confirmations}, now)


def append_all(connection: Connection, outcomes: Mapping[str, Sequence[bytes]], now: int) -> None:
    """Add signed confirmations to the end of each kiosk's feed. Devices are locked in the order of their ids."""
    ends = devices.lock_positions(connection, list(outcomes))
    rows: list[dict[str, object]] = []
    for kiosk, confirmations in outcomes.items():
        for proof in confirmations:
            ends[kiosk] += 1
            rows.append(
                {
                    "kiosk": kiosk,
                    "position": ends[kiosk],
                    "tag": secrets.token_bytes(_TAG_BYTES),
                    "confirmation": proof,
                    "added_at": now,
                }
            )
    moved = update(tables.devices).where(tables.devices.c.kiosk == bindparam("which"))
    connection.execute(
        moved.values(feed_position=bindparam("end")), [{"which": kiosk, "end": end} for kiosk, end in ends.items()]
    )
    insert_rows(connection, tables.feed, rows)


def page(connection: Connection, kiosk: str, cursor: str, limit: int, now: int) -> Feed:
    """The entries after a cursor ("" for the beginning), at most `limit` (1 to MOST_ENTRIES), and what is awaited."""
    columns = tables.feed.c
    limit = max(1, min(limit, MOST_ENTRIES))
    rows = connection.execute(
        select(columns.position, columns.tag, columns.confirmation)
        .where(columns.kiosk == kiosk, columns.position > _position(connection, kiosk, cursor))
        .order_by(columns.position)
        .limit(limit + 1)
    ).all()
    shown = rows[:limit]
    device = devices.find(connection, kiosk)
    return Feed(
        tuple(FeedEntry(row.confirmation) for row in shown),
        _cursor(shown[-1].position, shown[-1].tag) if shown else cursor,
        more=len(rows) > limit,
        high_water=device.last_sequence if device else None,
        awaits=attachments.awaits(connection, kiosk, now),
    )


def _cursor(position: int, tag: bytes) -> str:
    return base64.urlsafe_b64encode(position.to_bytes(8) + tag).decode().rstrip("=")


def _position(connection: Connection, kiosk: str, cursor: str) -> int:
    """The position a cursor names, 0 when there is no such entry."""
    try:
        data = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return 0
    if len(data) != 8 + _TAG_BYTES or data[0] & 0x80:
        return 0
    columns = tables.feed.c
    position = int.from_bytes(data[:8])
    tag = connection.execute(
        select(columns.tag).where(columns.kiosk == kiosk, columns.position == position)
    ).scalar_one_or_none()
    return position if tag == data[8:] else 0
