"""Renewing the device certificate: asked for when less than 30 of its 90 days are left.

Rules. The new one is believed only when a published device authority signed it, it holds now, and it names this very
kiosk and key; anything else leaves the old one in place. The key stays: a new key is a new enrolment. A device without
published content asks nothing, for it could not check the answer. An expired certificate can be renewed too: the
backend knows the key.
"""

from __future__ import annotations

from typing import Protocol

from kiosk.errors import CertificateRefused, ContentMissing, NetworkFault
from kiosk.log import logger
from kiosk.model.content import BackendKeys
from kiosk.model.device import DeviceIdentity
from kiosk.protocol import certificate, keys
from kiosk.protocol.enrolment import EnrolmentAnswer
from kiosk.store import device, documents
from kiosk.store.database import Store

RENEW_BEFORE_S = 30 * 24 * 3600
_log = logger("sync")


class Asks(Protocol):
    """The channel to the backend."""

    def certificate(self) -> EnrolmentAnswer: ...


def is_due(identity: DeviceIdentity, keys_: BackendKeys, now: float) -> bool:
    """Whether less than 30 days are left, or the certificate does not hold under the published keys at all.

    One that does not hold yet says that the clock is wrong, which a new one would not mend.
    """
    try:
        claims = certificate.verify(identity.certificate, keys_.device_authority, now)
    except CertificateRefused as error:
        return error.reason != "not-yet-valid"
    return claims.not_after - now < RENEW_BEFORE_S


def renew(store: Store, channel: Asks, now: float) -> bool:
    """Renew the certificate where that is due; whether a new one was kept. Raises NetworkFault, CertificateRefused."""
    identity = device.identity(store)
    try:
        published = documents.get(store, "keys/backend", BackendKeys)
    except ContentMissing:
        return False
    if identity is None or not is_due(identity, published, now):
        return False
    answer = channel.certificate()
    claims = certificate.verify(answer.certificate, published.device_authority, now)
    if (claims.kiosk, claims.number, claims.public_key) != (
        identity.kiosk,
        identity.number,
        keys.public_of(identity.private_key),
    ):
        raise CertificateRefused("the backend's new certificate is not for this device")
    if answer.certificate == identity.certificate:
        return False
    device.save_identity(
        store,
        DeviceIdentity(identity.kiosk, identity.number, claims.centre, identity.private_key, answer.certificate),
    )
    _log.info("the device certificate was renewed", kiosk=identity.kiosk, not_after=claims.not_after)
    return True


def look_after(store: Store, channel: Asks, now: float) -> None:
    """`renew`, with its failures logged: the certificate is asked for again the next time."""
    try:
        renew(store, channel, now)
    except (NetworkFault, CertificateRefused) as error:
        _log.warning("the device certificate was not renewed", error=error.engineer)
