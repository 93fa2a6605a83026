"""Taking a batch: each envelope is kept exactly once, and answered by itself.

Rules.
 1. The same bytes again get the first answer again, byte for byte, even when the device was revoked since.
 2. Another envelope under an id that is taken is a conflict; nothing is overwritten.
 3. A well-formed envelope that an enrolled device signed and that opens is always taken; whether its answers are
    right is the registrar's question, later. A key that the kiosk had before it was enrolled anew counts too: the
    request that brings the envelope is signed by the key of today.
 4. Everything that is not taken goes to the quarantine. One bad envelope never spoils the others.
 5. Row, dedupe key and confirmation are one transaction: INSERT ... ON CONFLICT DO NOTHING decides, whoever looked
    before. Signatures and seals are checked before it begins. Batches that wait at the same time share a transaction
    (together.py); devices are locked in the order of their ids.
 6. With a submission its attachments are awaited (attachments.py): it is received at once, judged when they are here.
 7. `high_water` in the answer is the highest running number that is here. A device says (`settled`) up to which number
    it holds our confirmations: when that is more than we have, we are a restored older copy, and the mark stays where
    it is until the device has offered again what we forgot. So a lost answer hides nothing.

It answers values; HTTP is app.py's.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, select, update

from kiosk.backend import attachments, devices, quarantine, tables
from kiosk.backend.attachments import Named
from kiosk.backend.database import Database, insert_rows
from kiosk.backend.devices import Device
from kiosk.backend.keys import PrivateKeys
from kiosk.backend.settings import BackendSettings
from kiosk.errors import EnvelopeRefused
from kiosk.log import logger
from kiosk.protocol import confirmation, envelope, problem
from kiosk.protocol.batch import BatchAnswer, EnvelopeResult
from kiosk.protocol.confirmation import Confirmation
from kiosk.protocol.envelope import Envelope
from kiosk.protocol.problem import Problem

_Key = tuple[str, str]
"""Kiosk and submission."""
_log = logger("backend")


class _Known(Struct, frozen=True):
    digest: bytes
    confirmation: bytes


class _Judged(Struct, frozen=True):
    """One envelope of a batch after the checks that need no lock."""

    data: bytes
    read: Envelope | None
    problem: Problem | None
    confirmation: bytes = b""
    files: tuple[Named, ...] = ()

    @property
    def id(self) -> str:
        return self.read.header.id if self.read else ""


class _Former:
    """The keys that a kiosk had before, read when an envelope asks for them."""

    def __init__(self, database: Database, kiosk: str) -> None:
        self._database = database
        self._kiosk = kiosk
        self._keys: tuple[bytes, ...] | None = None

    def read(self) -> tuple[bytes, ...]:
        if self._keys is None:
            with self._database.read() as connection:
                self._keys = devices.keys_before(connection, self._kiosk)
        return self._keys


class _Brought(Struct, frozen=True):
    """A batch after the checks that need no lock. `settled`: up to which number the device holds confirmations."""

    kiosk: str
    judged: Sequence[_Judged]
    now: int
    settled: int
    settings: BackendSettings


def take(
    database: Database,
    keys: PrivateKeys,
    settings: BackendSettings,
    kiosk: str,
    envelopes: Sequence[bytes],
    now: float,
    settled: int = 0,
    device: Device | None = None,
) -> BatchAnswer:
    """Keep what is to be kept and answer for each envelope, in order.

    `kiosk` is the one of the request's path; `device` its row where it was just read.
    """
    device = device or database.read_together(devices.find_all, kiosk)
    former = _Former(database, kiosk)
    judged = [_judge(data, _read(data), kiosk, device, former, keys, int(now)) for data in envelopes]
    brought = _Brought(kiosk, judged, int(now), settled, settings)
    return database.write_together(_settle, brought, sum(map(len, envelopes)))


def _read(data: bytes) -> Envelope | EnvelopeRefused:
    try:
        return envelope.read(data)
    except EnvelopeRefused as error:
        return error


def _signed_by(read: Envelope, public_key: bytes) -> bool:
    try:
        envelope.verify(read, public_key)
    except EnvelopeRefused:
        return False
    return True


def _judge(
    data: bytes,
    read: Envelope | EnvelopeRefused,
    kiosk: str,
    device: Device | None,
    former: _Former,
    keys: PrivateKeys,
    now: int,
) -> _Judged:
    if isinstance(read, EnvelopeRefused):
        return _Judged(data, None, problem.make("not-an-envelope", read.engineer))
    header = read.header
    if header.kiosk != kiosk:
        return _Judged(data, read, problem.make("wrong-kiosk", f"the request is for kiosk {kiosk}"))
    if device is None:
        return _Judged(data, read, problem.make("unknown-device", f"kiosk {kiosk} is not enrolled here"))
    if not _signed_by(read, device.public_key) and not any(_signed_by(read, key) for key in former.read()):
        return _Judged(data, read, problem.make("wrong-signature", f"kiosk {kiosk} did not sign this envelope"))
    if device.refusal is not None:
        return _Judged(data, read, problem.make(*device.refusal))
    private = keys.recipient(header.key_id)
    try:
        if private is None:
            raise EnvelopeRefused(f"key {header.key_id} is not one of this backend")
        files = attachments.named(envelope.open_envelope(read, private))
    except EnvelopeRefused as error:
        return _Judged(data, read, problem.make("cannot-open", error.engineer))
    claims = Confirmation(header.id, read.digest, "received", "", "", now)
    signed = confirmation.sign(claims, keys.confirmation.id, keys.confirmation.private)
    return _Judged(data, read, None, signed, files)


def _settle(connection: Connection, batches: Sequence[_Brought]) -> list[BatchAnswer]:
    """Keep several batches in one transaction; an answer for each."""
    held = devices.lock_all(connection, {one.kiosk for one in batches})
    sound = [one for one in batches if one.kiosk in held and held[one.kiosk].refusal is None]
    fresh = _keep(connection, sound)
    return [_answer(connection, one, held, fresh) for one in batches]


def _answer(connection: Connection, brought: _Brought, held: dict[str, Device], fresh: set[_Key]) -> BatchAnswer:
    """What is said to one batch; its device moves on in `held`, and what is said to be received is no more `fresh`."""
    kiosk, settings, now = brought.kiosk, brought.settings, brought.now
    device = held.get(kiosk)
    # A row that is fresh holds what was judged here; of the others the table knows more.
    known = _known(connection, kiosk, [part.id for part in brought.judged if (kiosk, part.id) not in fresh])
    results: list[EnvelopeResult] = []
    boot = device.last_boot if device else 0
    sequence = device.last_sequence if device else 0
    for part in brought.judged:
        trouble, before = part.problem, known.get(part.id)
        if part.read is not None and part.read.header.kiosk == kiosk:
            new = trouble is None and (kiosk, part.id) in fresh
            if new:
                before = known[part.id] = _Known(part.read.digest, part.confirmation)
                fresh.discard((kiosk, part.id))
            if before is not None and before.digest == part.read.digest:
                boot, sequence = max(boot, part.read.header.boot), max(sequence, part.read.header.sequence)
                results.append(EnvelopeResult(part.id, "received" if new else "already", before.confirmation))
                continue
            if before is not None and (trouble is None or trouble.name == "cannot-open"):
                trouble = problem.make("conflict", "an envelope with other bytes was received under this id")
            if trouble is None:
                trouble = problem.make(*((device.refusal if device else None) or ("revoked-device", "")))
        assert trouble is not None
        results.append(EnvelopeResult(part.id, "conflict" if trouble.name == "conflict" else "refused", None, trouble))
        stranger = trouble.name in ("not-an-envelope", "unknown-device", "wrong-signature", "wrong-kiosk")
        aside = quarantine.Refused(kiosk, part.id, part.data, trouble, stranger)
        quarantine.keep(connection, aside, now, settings.most_stranger_bytes)
        _log.warning("envelope not taken", kiosk=kiosk, submission=part.id, problem=trouble.name)
    if device is None:
        return BatchAnswer(tuple(results))
    if brought.settled > device.last_sequence:
        sequence = device.last_sequence
        _log.error("a device holds confirmations that are not here", kiosk=kiosk, here=sequence, there=brought.settled)
    if (boot, sequence) != (device.last_boot, device.last_sequence):
        row = tables.devices.c.kiosk == kiosk
        connection.execute(update(tables.devices).where(row).values(last_boot=boot, last_sequence=sequence))
        held[kiosk] = msgspec.structs.replace(device, last_boot=boot, last_sequence=sequence)
    return BatchAnswer(tuple(results), sequence)


def _keep(connection: Connection, batches: Sequence[_Brought]) -> set[_Key]:
    """Insert what is not here yet; what was inserted. The first of two envelopes under one id counts."""
    rows: dict[_Key, dict[str, object]] = {}
    files: dict[_Key, tuple[Named, ...]] = {}
    days = batches[0].settings.attachments_wait_days if batches else 0
    for brought in batches:
        for part in brought.judged:
            if part.problem is not None or part.read is None:
                continue
            header, key = part.read.header, (brought.kiosk, part.id)
            files.setdefault(key, part.files)
            rows.setdefault(
                key,
                {
                    "kiosk": brought.kiosk,
                    "id": header.id,
                    "sequence": header.sequence,
                    "boot": header.boot,
                    "digest": part.read.digest,
                    "envelope": part.data,
                    "confirmation": part.confirmation,
                    "received_at": brought.now,
                },
            )
    if not rows:
        return set()
    table = tables.submissions
    kept = insert_rows(
        connection, table, list(rows.values()), unless=("kiosk", "id"), returning=(table.c.kiosk, table.c.id)
    )
    taken: set[_Key] = {(kiosk, id_) for kiosk, id_ in kept}
    waiting = [
        {
            "kiosk": kiosk,
            "submission": id_,
            "sequence": row["sequence"],
            "received_at": row["received_at"],
            "due_at": attachments.expect(connection, kiosk, id_, files[kiosk, id_], int(str(row["received_at"])), days),
        }
        for (kiosk, id_), row in rows.items()
        if (kiosk, id_) in taken
    ]
    if waiting:
        insert_rows(connection, tables.pending, waiting)
    return taken


def _known(connection: Connection, kiosk: str, ids: Sequence[str]) -> dict[str, _Known]:
    if not any(ids):
        return {}
    columns = tables.submissions.c
    rows = connection.execute(
        select(columns.id, columns.digest, columns.confirmation).where(columns.kiosk == kiosk, columns.id.in_(ids))
    )
    return {row.id: _Known(row.digest, row.confirmation) for row in rows}
