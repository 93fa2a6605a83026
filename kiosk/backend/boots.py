"""Two boots of one device key at once: a copied disk, or a machine that was set back. Both are stopped.

Rules. Requests tell the boot counter and a random id of the boot, under the signature. A higher counter is a restart.
The same counter with another id, or a lower counter in a request that was made after the newer boot had begun to speak,
is a strike: a late request of the boot before was made earlier, by the same clock, and is none. Two strikes stop the
device, so that no single odd request does. A restart of what is then the only device takes the strikes away. Enrolling
anew, with a new key, ends it (enrolment.py). A request that tells no boot says nothing.

What is refused from a stopped device is decided by whoever asks `Device.refusal`.
"""

from __future__ import annotations

from typing import Literal

from sqlalchemy import update

from kiosk.backend import devices
from kiosk.backend.database import Database
from kiosk.backend.devices import Device
from kiosk.backend.tables import devices as table
from kiosk.log import logger
from kiosk.protocol.http_signature import Caller

STRIKES = 2
_log = logger("backend")

Verdict = Literal["known", "restarted", "strike"]


def judge(device: Device, caller: Caller) -> Verdict:
    """What a verified request says about the boots of its device."""
    if not caller.boot or (caller.boot, caller.boot_id) == (device.boot, device.boot_id):
        return "known"
    if caller.boot > device.boot:
        return "restarted"
    if caller.boot < device.boot and caller.created <= device.boot_since:
        return "known"
    return "strike"


def note(database: Database, device: Device, caller: Caller, now: float) -> Device:
    """Keep what a verified request says about its boot; the device as it stands then. Writes only where that is new."""
    if judge(device, caller) == "known":
        return device
    with database.write() as connection:
        held = devices.lock(connection, device.kiosk)
        if held is None or held.public_key != device.public_key:
            return device
        verdict = judge(held, caller)
        if verdict == "restarted":
            values: dict[str, object] = {
                "boot": caller.boot,
                "boot_id": caller.boot_id,
                "boot_since": caller.created,
                "strikes": 0,
            }
        elif verdict == "strike":
            strikes = held.strikes + 1
            values = {"strikes": strikes}
            if strikes >= STRIKES and not held.stopped_at:
                values["stopped_at"] = int(now)
                _log.error("two devices use one identity; both are stopped", kiosk=held.kiosk)
        else:
            return held
        connection.execute(update(table).where(table.c.kiosk == held.kiosk).values(**values))
        return devices.find(connection, held.kiosk) or held
