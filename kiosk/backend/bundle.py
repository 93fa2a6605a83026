"""The backend's side of a USB stick: takes the envelopes of every kiosk on it, and says what it has to say to each.

Rules. The same `take` as over the network: an envelope is kept once, whichever way it comes, and the device's own
signature on it is what counts, since a stick signs no requests. So an envelope of a former key of the device is not
taken from a stick (it comes over the network): a stolen former key would speak again. The answers are signed
confirmations: of what was received, and of what became of earlier submissions after the point that the kiosk has read
to. A refusal cannot be told on a stick (nobody signs it); it is in the quarantine here, and the kiosk is told over the
network.

It writes no file: `cli/bundle.py` puts the answers onto the stick.
"""

from __future__ import annotations

from itertools import islice

from msgspec import Struct

from kiosk.backend import devices, feed, submissions
from kiosk.backend.database import Database
from kiosk.backend.keys import PrivateKeys
from kiosk.backend.settings import BackendSettings
from kiosk.errors import EnvelopeRefused
from kiosk.protocol import envelope
from kiosk.protocol.batch import LIMITS
from kiosk.protocol.bundle import Bundle


class Taken(Struct, frozen=True):
    """What became of one kiosk's envelopes, and the signed `confirmations` for it, the newest last."""

    kiosk: str
    received: int
    already: int
    refused: int
    confirmations: tuple[bytes, ...]


def take(database: Database, keys: PrivateKeys, settings: BackendSettings, bundle: Bundle, now: float) -> list[Taken]:
    """Take every kiosk's envelopes. Raises NetworkFault for a stick that is pulled out; what was taken stays taken."""
    return [_take(database, keys, settings, bundle, kiosk, now) for kiosk in bundle.kiosks()]


def _take(
    database: Database, keys: PrivateKeys, settings: BackendSettings, bundle: Bundle, kiosk: str, now: float
) -> Taken:
    counts = {"received": 0, "already": 0, "conflict": 0, "refused": 0}
    confirmations: list[bytes] = []
    envelopes = bundle.envelopes(kiosk)
    with database.read() as connection:
        device = devices.find(connection, kiosk)
    while batch := list(islice(envelopes, LIMITS.envelopes)):
        former = [data for data in batch if device is not None and not _of_today(data, device.public_key)]
        counts["refused"] += len(former)
        batch = [data for data in batch if data not in former]
        if not batch:
            continue
        for result in submissions.take(database, keys, settings, kiosk, batch, now).results:
            counts[result.status] += 1
            if result.confirmation is not None:
                confirmations.append(result.confirmation)
    cursor, more = bundle.cursor(kiosk), True
    with database.read() as connection:
        while more:
            page = feed.page(connection, kiosk, cursor, feed.MOST_ENTRIES, int(now))
            confirmations += [entry.confirmation for entry in page.entries]
            cursor, more = page.cursor, page.more
    refused = counts["conflict"] + counts["refused"]
    return Taken(kiosk, counts["received"], counts["already"], refused, tuple(confirmations))


def _of_today(data: bytes, public_key: bytes) -> bool:
    """Whether the device's key of today signed an envelope. Bytes that are no envelope are `submissions.take`'s."""
    try:
        read = envelope.read(data)
    except EnvelopeRefused:
        return True
    try:
        envelope.verify(read, public_key)
    except EnvelopeRefused:
        return False
    return True
