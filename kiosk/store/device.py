"""Who this kiosk is, and how often its engine has started.

Rules. The private key lives in the encrypted store and nowhere else. The boot counter only ever grows, by one for each
start of the engine, and gets a random id each time; both, and the running number of the outbox, show two devices that
use one identity.
"""

from __future__ import annotations

import secrets

from kiosk.model.device import DeviceIdentity
from kiosk.store.database import Store


def identity(store: Store) -> DeviceIdentity | None:
    """The enrolled identity, None before enrolment."""
    row = store.row("SELECT kiosk, number, centre, private_key, certificate FROM device")
    return None if row is None else DeviceIdentity(*row)


def save_identity(store: Store, new: DeviceIdentity) -> None:
    """Keep the identity in the place of any other: after enrolment, and when the certificate is renewed."""
    with store.transaction():
        store.execute("DELETE FROM device")
        store.execute(
            "INSERT INTO device (one, kiosk, number, centre, private_key, certificate) VALUES (1, ?, ?, ?, ?, ?)",
            (new.kiosk, new.number, new.centre, new.private_key, new.certificate),
        )


def boot(store: Store) -> int:
    """The number of this boot: 0 before the first start of an engine."""
    return int(store.rows("SELECT value FROM counters WHERE name = 'boot'")[0][0])


def count_boot(store: Store) -> int:
    """Count a start of the engine, durably; answers the new number. Called once by the engine."""
    with store.transaction():
        store.execute("UPDATE counters SET value = value + 1 WHERE name = 'boot'")
        store.execute(
            "INSERT INTO cursors (name, value) VALUES ('boot_id', ?) "
            "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            (secrets.token_urlsafe(9),),
        )
        return boot(store)


def speaker(store: Store, known: DeviceIdentity) -> tuple[DeviceIdentity, str]:
    """Who speaks to the backend now: the identity as it is kept (`known` while none is) and `boot_told`."""
    return identity(store) or known, boot_told(store)


def boot_told(store: Store) -> str:
    """What the backend is told of this boot, "<counter>.<id>"; "" before the first start of an engine."""
    row = store.row("SELECT value FROM cursors WHERE name = 'boot_id'")
    return "" if row is None else f"{boot(store)}.{row[0]}"
