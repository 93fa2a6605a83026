"""Renewing device certificates: the same key, kiosk and centre for another 90 days.

Rules. Asked for by the device itself, signed with its current key. While more than RENEW_BEFORE_DAYS are left, the
certificate that is held is answered again, so a repeated request and a lost answer change nothing; one that another
authority key signed is replaced at once. A revoked or stopped device gets none. How requests are signed is app.py's.
"""

from __future__ import annotations

from sqlalchemy import select, update

from kiosk.backend import tables
from kiosk.backend.database import Database
from kiosk.backend.keys import PrivateKeys
from kiosk.backend.settings import BackendSettings
from kiosk.errors import CertificateRefused
from kiosk.model.device import CertificateClaims
from kiosk.protocol import certificate
from kiosk.protocol.enrolment import EnrolmentAnswer

RENEW_BEFORE_DAYS = 31
"""A day more than devices wait: a clock that is slow there must not be answered with the old certificate."""
_DAY_S = 24 * 3600


def renew(
    database: Database, keys: PrivateKeys, settings: BackendSettings, kiosk: str, public_key: bytes, now: float
) -> EnrolmentAnswer | None:
    """The certificate of a device that signed its request with `public_key`; None when it holds that key no more."""
    devices, at = tables.devices, int(now)
    with database.write() as connection:
        row = connection.execute(select(devices).where(devices.c.kiosk == kiosk).with_for_update()).one_or_none()
        if row is None or row.revoked or row.stopped_at or row.public_key != public_key:
            return None
        authority, held = keys.device_authority, bytes(row.certificate)
        if not _holds(held, keys, at):
            until = at + settings.certificate_days * _DAY_S
            claims = CertificateClaims(kiosk, row.number, row.centre, public_key, at, until, authority.id)
            held = certificate.issue(claims, authority.id, authority.private)
            connection.execute(update(devices).where(devices.c.kiosk == kiosk).values(certificate=held))
        return EnrolmentAnswer(kiosk, row.number, row.centre, held, authority.verification(), row.last_sequence)


def _holds(held: bytes, keys: PrivateKeys, now: int) -> bool:
    try:
        claims = certificate.verify(held, (keys.device_authority.verification(),), now)
    except CertificateRefused:
        return False
    return claims.not_after - now > RENEW_BEFORE_DAYS * _DAY_S
