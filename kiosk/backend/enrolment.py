"""Enrolling devices by one-time code.

Rules. A code is kept only as its SHA-256 (60 random bits: no guessing in its lifetime) and works once, before it
expires. The same device asking again with the same key, because the answer was lost, gets the same answer again.
Enrolling a kiosk anew gives it a new key: the old one signs no requests any more, a revocation and a stop end. The old
key is remembered, for envelopes that still wait on that kiosk.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable

from sqlalchemy import Connection, delete, insert, select, update

from kiosk.backend import tables
from kiosk.backend.database import Database, insert_or
from kiosk.backend.keys import PrivateKeys
from kiosk.backend.settings import BackendSettings
from kiosk.errors import EnrolmentRefused
from kiosk.model.device import CertificateClaims
from kiosk.protocol import certificate, enrolment
from kiosk.protocol.enrolment import EnrolmentAnswer, EnrolmentRequest
from kiosk.protocol.envelope import KIOSK_ID

LIFETIME_S = 24 * 3600
_MOST_NUMBER = 99_999


def create_enrolment_code(
    settings: BackendSettings,
    kiosk: str,
    number: int,
    centre: str,
    *,
    lifetime_s: int = LIFETIME_S,
    now: Callable[[], float] = time.time,
) -> str:
    """A new one-time code for a kiosk, as it is shown to people. Raises ConfigurationError, EnrolmentRefused."""
    database = Database(settings)
    try:
        with database.write() as connection:
            return create_code(connection, kiosk, number, centre, lifetime_s=lifetime_s, now=now())
    finally:
        database.close()


def create_code(
    connection: Connection, kiosk: str, number: int, centre: str, *, lifetime_s: int = LIFETIME_S, now: float
) -> str:
    """The same inside a transaction. Raises EnrolmentRefused for an id that is none or a number of another kiosk."""
    if not KIOSK_ID.fullmatch(kiosk) or not 1 <= number <= _MOST_NUMBER or not 1 <= len(centre) <= 64:
        raise EnrolmentRefused("a kiosk is called like k16, has a number from 1 to 99999 and stands in a centre")
    owner = connection.execute(select(tables.devices.c.kiosk).where(tables.devices.c.number == number)).scalar()
    if owner not in (None, kiosk):
        raise EnrolmentRefused(f"number {number} belongs to kiosk {owner}")
    code = enrolment.new_code()
    connection.execute(
        insert(tables.enrolment_codes).values(
            code_hash=_hash(enrolment.normalise(code)),
            kiosk=kiosk,
            number=number,
            centre=centre,
            expires_at=int(now) + lifetime_s,
        )
    )
    return code


def enrol(
    database: Database, keys: PrivateKeys, settings: BackendSettings, asked: EnrolmentRequest, now: float
) -> EnrolmentAnswer:
    """Make the asking device the kiosk of its code. Raises EnrolmentRefused."""
    key = _hash(enrolment.check(asked))
    codes, at = tables.enrolment_codes, int(now)
    with database.write() as connection:
        row = connection.execute(select(codes).where(codes.c.code_hash == key).with_for_update()).one_or_none()
        if row is None:
            raise EnrolmentRefused("the code is not known")
        if row.used_by is not None and row.used_by != asked.public_key:
            raise EnrolmentRefused("the code was used before")
        if row.used_by is not None:
            return _again(connection, keys, asked.public_key, row.kiosk)
        if at >= row.expires_at:
            raise EnrolmentRefused("the code has expired")
        until = at + settings.certificate_days * 24 * 3600
        authority = keys.device_authority
        claims = CertificateClaims(row.kiosk, row.number, row.centre, asked.public_key, at, until, authority.id)
        issued = certificate.issue(claims, authority.id, authority.private)
        _save(connection, claims, issued)
        connection.execute(update(codes).where(codes.c.code_hash == key).values(used_at=at, used_by=asked.public_key))
        return _answer(connection, keys, row.kiosk)


def _answer(connection: Connection, keys: PrivateKeys, kiosk: str) -> EnrolmentAnswer:
    row = connection.execute(select(tables.devices).where(tables.devices.c.kiosk == kiosk)).one()
    authority = keys.device_authority.verification()
    return EnrolmentAnswer(row.kiosk, row.number, row.centre, row.certificate, authority, row.last_sequence)


def _save(connection: Connection, claims: CertificateClaims, issued: bytes) -> None:
    devices = tables.devices
    owner = connection.execute(select(devices.c.kiosk).where(devices.c.number == claims.number)).scalar()
    if owner not in (None, claims.kiosk):
        raise EnrolmentRefused(f"number {claims.number} belongs to another kiosk")
    before = connection.execute(
        select(devices.c.public_key, devices.c.stopped_at).where(devices.c.kiosk == claims.kiosk).with_for_update()
    ).one_or_none()
    if before is not None and before.public_key != claims.public_key:
        former = {"kiosk": claims.kiosk, "public_key": before.public_key, "replaced_at": claims.not_before}
        connection.execute(insert_or(connection, tables.former_keys).values(**former).on_conflict_do_nothing())
    elif before is not None and before.stopped_at:
        raise EnrolmentRefused("this key was used by two devices; enrol with a new one")
    values = {
        "number": claims.number,
        "centre": claims.centre,
        "public_key": claims.public_key,
        "certificate": issued,
        "revoked": False,
        "enrolled_at": claims.not_before,
        "boot": 0,
        "boot_id": "",
        "boot_since": 0,
        "strikes": 0,
        "stopped_at": 0,
    }
    changed = connection.execute(update(devices).where(devices.c.kiosk == claims.kiosk).values(**values)).rowcount
    if not changed:
        connection.execute(insert(devices).values(kiosk=claims.kiosk, **values))


def _again(connection: Connection, keys: PrivateKeys, public_key: bytes, kiosk: str) -> EnrolmentAnswer:
    row = connection.execute(select(tables.devices).where(tables.devices.c.kiosk == kiosk)).one()
    if row.public_key != public_key or row.revoked:
        raise EnrolmentRefused("the code was used before")
    return _answer(connection, keys, kiosk)


def forget_old_codes(connection: Connection, before: float) -> int:
    """Delete codes that expired before a time and were never used; answers how many."""
    codes = tables.enrolment_codes
    return connection.execute(delete(codes).where(codes.c.used_at.is_(None), codes.c.expires_at < int(before))).rowcount


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
