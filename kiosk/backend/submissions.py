"""Taking a batch: each envelope is kept exactly once, and answered by itself.

Rules.
 1. The same bytes again get the first answer again, byte for byte, even when the device was revoked since.
 2. Another envelope under an id that is taken is a conflict; nothing is overwritten.
 3. A well-formed envelope that an enrolled device signed and that opens is always taken; whether its answers are
    right is the registrar's question, later. A key that the kiosk had before it was enrolled anew counts too: the
    request that brings the envelope is signed by the key of today.
 4. Everything that is not taken goes to the quarantine. One bad envelope never spoils the others.
 5. Row, dedupe key and confirmation are one transaction: INSERT ... ON CONFLICT DO NOTHING decides, whoever looked
    before. Signatures and seals are checked before it begins.
 6. With a submission its attachments are awaited (attachments.py): it is received at once, judged when they are here.
 7. `high_water` in the answer is the highest running number that is here. A device says (`settled`) up to which number
    it holds our confirmations: when that is more than we have, we are a restored older copy, and the mark stays where
    it is until the device has offered again what we forgot. So a lost answer hides nothing.

It answers values; HTTP is app.py's.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from sqlalchemy import Connection, insert, select, update

from kiosk.backend import attachments, devices, quarantine, tables
from kiosk.backend.attachments import Named
from kiosk.backend.database import Database, insert_or
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


def take(
    database: Database,
    keys: PrivateKeys,
    settings: BackendSettings,
    kiosk: str,
    envelopes: Sequence[bytes],
    now: float,
    settled: int = 0,
) -> BatchAnswer:
    """Keep what is to be kept and answer for each envelope, in order. `kiosk` is the one of the request's path."""
    read = [_read(data) for data in envelopes]
    with database.read() as connection:
        device = devices.find(connection, kiosk)
        known = _known(connection, kiosk, [part.header.id for part in read if isinstance(part, Envelope)])
    former = _Former(database, kiosk)
    judged = [
        _judge(data, part, kiosk, device, former, known, keys, int(now))
        for data, part in zip(envelopes, read, strict=True)
    ]
    with database.write() as connection:
        return _settle(connection, judged, kiosk, settings, int(now), settled)


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
    known: dict[str, _Known],
    keys: PrivateKeys,
    now: int,
) -> _Judged:
    if isinstance(read, EnvelopeRefused):
        return _Judged(data, None, problem.make("not-an-envelope", read.engineer))
    header = read.header
    if header.kiosk != kiosk:
        return _Judged(data, read, problem.make("wrong-kiosk", f"the request is for kiosk {kiosk}"))
    before = known.get(header.id)
    if before is not None and before.digest == read.digest:
        return _Judged(data, read, None, before.confirmation)
    if device is None:
        return _Judged(data, read, problem.make("unknown-device", f"kiosk {kiosk} is not enrolled here"))
    if not _signed_by(read, device.public_key) and not any(_signed_by(read, key) for key in former.read()):
        return _Judged(data, read, problem.make("wrong-signature", f"kiosk {kiosk} did not sign this envelope"))
    if device.refusal is not None:
        return _Judged(data, read, problem.make(*device.refusal))
    if before is not None:
        return _Judged(data, read, _conflict())
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


def _settle(
    connection: Connection,
    judged: Sequence[_Judged],
    kiosk: str,
    settings: BackendSettings,
    now: int,
    settled: int,
) -> BatchAnswer:
    device = devices.lock(connection, kiosk)
    good = [part for part in judged if part.problem is None]
    fresh = _keep(connection, kiosk, good, settings, now) if device is not None and device.refusal is None else set()
    known = _known(connection, kiosk, [part.id for part in good])
    results: list[EnvelopeResult] = []
    boot = device.last_boot if device else 0
    sequence = device.last_sequence if device else 0
    for part in judged:
        trouble, before = part.problem, known.get(part.id)
        if trouble is None and part.read is not None:
            if before is not None and before.digest == part.read.digest:
                boot, sequence = max(boot, part.read.header.boot), max(sequence, part.read.header.sequence)
                results.append(
                    EnvelopeResult(part.id, "received" if part.id in fresh else "already", before.confirmation)
                )
                fresh.discard(part.id)
                continue
            refusal = (device.refusal if device else None) or ("revoked-device", "")
            trouble = _conflict() if before is not None else problem.make(*refusal)
        assert trouble is not None
        results.append(EnvelopeResult(part.id, "conflict" if trouble.name == "conflict" else "refused", None, trouble))
        stranger = trouble.name in ("not-an-envelope", "unknown-device", "wrong-signature", "wrong-kiosk")
        aside = quarantine.Refused(kiosk, part.id, part.data, trouble, stranger)
        quarantine.keep(connection, aside, now, settings.most_stranger_bytes)
        _log.warning("envelope not taken", kiosk=kiosk, submission=part.id, problem=trouble.name)
    if device is None:
        return BatchAnswer(tuple(results))
    if settled > device.last_sequence:
        sequence = device.last_sequence
        _log.error("a device holds confirmations that are not here", kiosk=kiosk, here=sequence, there=settled)
    if (boot, sequence) != (device.last_boot, device.last_sequence):
        row = tables.devices.c.kiosk == kiosk
        connection.execute(update(tables.devices).where(row).values(last_boot=boot, last_sequence=sequence))
    return BatchAnswer(tuple(results), sequence)


def _keep(connection: Connection, kiosk: str, good: Sequence[_Judged], settings: BackendSettings, now: int) -> set[str]:
    """Insert what is not here yet; the ids that were inserted. The first of two envelopes under one id counts."""
    rows: dict[str, dict[str, object]] = {}
    files: dict[str, tuple[Named, ...]] = {}
    for part in good:
        assert part.read is not None
        header = part.read.header
        files.setdefault(header.id, part.files)
        rows.setdefault(
            header.id,
            {
                "kiosk": kiosk,
                "id": header.id,
                "sequence": header.sequence,
                "boot": header.boot,
                "digest": part.read.digest,
                "envelope": part.data,
                "confirmation": part.confirmation,
                "received_at": now,
            },
        )
    if not rows:
        return set()
    statement = insert_or(connection, tables.submissions).on_conflict_do_nothing(index_elements=["kiosk", "id"])
    taken = set(connection.execute(statement.returning(tables.submissions.c.id), list(rows.values())).scalars())
    if taken:
        days = settings.attachments_wait_days
        connection.execute(
            insert(tables.pending),
            [
                {
                    "kiosk": kiosk,
                    "submission": id_,
                    "sequence": row["sequence"],
                    "received_at": now,
                    "due_at": attachments.expect(connection, kiosk, id_, files[id_], now, days),
                }
                for id_, row in rows.items()
                if id_ in taken
            ],
        )
    return taken


def _known(connection: Connection, kiosk: str, ids: Sequence[str]) -> dict[str, _Known]:
    columns = tables.submissions.c
    rows = connection.execute(
        select(columns.id, columns.digest, columns.confirmation).where(columns.kiosk == kiosk, columns.id.in_(ids))
    )
    return {row.id: _Known(row.digest, row.confirmation) for row in rows}


def _conflict() -> Problem:
    return problem.make("conflict", "an envelope with other bytes was received under this id")
