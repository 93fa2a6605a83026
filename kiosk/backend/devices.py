"""Enrolled devices, as the other rooms of the backend ask for them.

Rules. `find` reads; `lock` takes the row of a device for the rest of the transaction, which puts everything that is
written for one kiosk (running numbers, feed positions) in one order on any database.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, select, update

from kiosk.backend.tables import devices, former_keys

_COLUMNS = (
    devices.c.kiosk,
    devices.c.number,
    devices.c.centre,
    devices.c.public_key,
    devices.c.revoked,
    devices.c.last_boot,
    devices.c.last_sequence,
    devices.c.feed_position,
    devices.c.boot,
    devices.c.boot_id,
    devices.c.boot_since,
    devices.c.strikes,
    devices.c.stopped_at,
)


class Device(Struct, frozen=True):
    """An enrolled device; `public_key` raw Ed25519 (32 bytes).

    `last_boot` is the highest in an envelope; `boot`, `boot_id` and `boot_since` (its own clock) are those of the
    newest boot that spoke, `strikes` how often another one did; `stopped_at` is not 0 once two devices were one kiosk.
    """

    kiosk: str
    number: int
    centre: str
    public_key: bytes
    revoked: bool
    last_boot: int
    last_sequence: int
    feed_position: int
    boot: int = 0
    boot_id: str = ""
    boot_since: int = 0
    strikes: int = 0
    stopped_at: int = 0

    @property
    def refusal(self) -> tuple[str, str] | None:
        """Why nothing is taken from this device, as a problem type and a sentence; None when it is in order."""
        if self.revoked:
            return "revoked-device", f"kiosk {self.kiosk} is revoked"
        if self.stopped_at:
            return (
                "cloned-device",
                f"two devices spoke as kiosk {self.kiosk}; find the copy, then enrol with a new code: kiosk enrol CODE",
            )
        return None


def find(connection: Connection, kiosk: str) -> Device | None:
    row = connection.execute(select(*_COLUMNS).where(devices.c.kiosk == kiosk)).one_or_none()
    return None if row is None else Device(*row)


def lock(connection: Connection, kiosk: str) -> Device | None:
    row = connection.execute(select(*_COLUMNS).where(devices.c.kiosk == kiosk).with_for_update()).one_or_none()
    return None if row is None else Device(*row)


def find_all(connection: Connection, kiosks: Sequence[str]) -> list[Device | None]:
    """Each of these, None for one that is not enrolled."""
    found = {row.kiosk: Device(*row) for row in connection.execute(select(*_COLUMNS).where(_of(kiosks)))}
    return [found.get(kiosk) for kiosk in kiosks]


def lock_all(connection: Connection, kiosks: Collection[str]) -> dict[str, Device]:
    """Those of them that are enrolled, their rows locked in the order of their ids, which is everybody's."""
    asked = select(*_COLUMNS).where(_of(sorted(kiosks))).order_by(devices.c.kiosk).with_for_update()
    return {row.kiosk: Device(*row) for row in connection.execute(asked)}


def lock_positions(connection: Connection, kiosks: Sequence[str]) -> dict[str, int]:
    """The ends of these kiosks' feeds; their rows are locked in the order of their ids, which is everybody's."""
    asked = select(devices.c.kiosk, devices.c.feed_position).where(_of(kiosks))
    found = connection.execute(asked.order_by(devices.c.kiosk).with_for_update())
    return {row.kiosk: row.feed_position for row in found}


def _of(kiosks: Sequence[str]) -> ColumnElement[bool]:
    return devices.c.kiosk.in_(kiosks)


def revoke(connection: Connection, kiosk: str) -> bool:
    """The device's certificate counts no more. False when there is no such device."""
    return bool(connection.execute(update(devices).where(devices.c.kiosk == kiosk).values(revoked=True)).rowcount)


def revoked(connection: Connection) -> tuple[str, ...]:
    """The ids of all revoked devices, sorted."""
    rows = connection.execute(select(devices.c.kiosk).where(devices.c.revoked).order_by(devices.c.kiosk))
    return tuple(rows.scalars())


def keys_before(connection: Connection, kiosk: str) -> tuple[bytes, ...]:
    """The public keys that a kiosk had before it was enrolled anew, the newest first."""
    columns = former_keys.c
    rows = connection.execute(
        select(columns.public_key).where(columns.kiosk == kiosk).order_by(columns.replaced_at.desc())
    )
    return tuple(bytes(key) for key in rows.scalars())
