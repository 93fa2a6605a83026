"""The backend's side of a USB stick: takes the envelopes of every kiosk on it, and says what it has to say to each.

Rules. The same `take` as over the network: an envelope is kept once, whichever way it comes, and the device's own
signature on it is what counts, since a stick signs no requests. So an envelope of a former key of the device is not
taken from a stick (it comes over the network): a stolen former key would speak again. The answers are signed
confirmations: of what was received, and of what became of earlier submissions after the point that the kiosk has read
to. A refusal cannot be told on a stick (nobody signs it); it is in the quarantine here, and the kiosk is told over the
network. An attachment is taken when a received envelope names it and it has the length and digest that stand there, so
envelopes go first; it is opened and judged like any other (inspecting.py).

It writes nothing on the stick: `cli/bundle.py` puts the answers onto the stick.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from itertools import islice

from msgspec import Struct
from msgspec.structs import replace

from kiosk.backend import attachments, devices, feed, submissions, uploads
from kiosk.backend.database import Database
from kiosk.backend.keys import PrivateKeys
from kiosk.backend.settings import BackendSettings
from kiosk.backend.upload_place import PlaceFull, UploadPlace, new_name
from kiosk.backend.uploads import Part
from kiosk.errors import EnvelopeRefused, NetworkFault, StorageFull
from kiosk.log import logger
from kiosk.protocol import envelope
from kiosk.protocol.batch import LIMITS
from kiosk.protocol.bundle import Bundle, Carried

_PART = 1024 * 1024
_log = logger("backend")


class Taken(Struct, frozen=True):
    """What became of one kiosk's envelopes, how many of its attachments were taken now, and the signed `confirmations`
    for it, the newest last.
    """

    kiosk: str
    received: int
    already: int
    refused: int
    attachments: int
    confirmations: tuple[bytes, ...]


def take(
    database: Database, keys: PrivateKeys, settings: BackendSettings, place: UploadPlace, bundle: Bundle, now: float
) -> list[Taken]:
    """Take every kiosk's envelopes and attachments.

    Raises NetworkFault for a stick that is pulled out, StorageFull; what was taken stays taken.
    """
    taken: list[Taken] = []
    for kiosk in bundle.kiosks():
        found = _take(database, keys, settings, bundle, kiosk, now)
        files = sum(_file(database, place, bundle, kiosk, one, int(now)) for one in bundle.attachments(kiosk))
        taken.append(replace(found, attachments=files))
    return taken


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
    return Taken(kiosk, counts["received"], counts["already"], refused, 0, tuple(confirmations))


def _file(database: Database, place: UploadPlace, bundle: Bundle, kiosk: str, carried: Carried, now: int) -> bool:
    """Take one attachment, unless it is here or nothing that was received asks for it."""
    with database.read() as connection:
        awaited = attachments.find(connection, kiosk, carried.id)
        before = uploads.find(connection, kiosk, carried.id)
    if awaited is None or awaited[:2] != (carried.submission, carried.length):
        return False
    if before is not None and before.received == before.length:
        return False
    digest, parts, at = hashlib.sha256(), list[Part](), 0
    try:
        for piece in _pieces(bundle.read(carried.name)):
            digest.update(piece)
            parts.append(Part(at, len(piece), new_name(kiosk)))
            place.put(parts[-1].name, piece)
            at += len(piece)
        gone = None
        if (at, digest.hexdigest()) == awaited[1:]:
            gone = uploads.keep_whole(database, kiosk, carried.id, awaited, parts, now)
        else:
            _log.warning("an attachment on a stick is not what its envelope names", kiosk=kiosk)
    except PlaceFull as error:
        place.remove(part.name for part in parts)
        raise StorageFull(f"attachments cannot be kept: {error}") from error
    except NetworkFault:
        place.remove(part.name for part in parts)
        raise
    place.remove([part.name for part in parts] if gone is None else gone)
    return gone is not None


def _pieces(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in parts of a mebibyte."""
    held = bytearray()
    for chunk in chunks:
        held += chunk
        while len(held) >= _PART:
            yield bytes(held[:_PART])
            del held[:_PART]
    if held:
        yield bytes(held)


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
