"""The worker renews the device certificate in its last 30 days, and believes only what is for this device."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import msgspec
import pytest

from kiosk.config import Settings
from kiosk.errors import CertificateRefused, NetworkFault
from kiosk.model.content import BackendKeys
from kiosk.model.device import CertificateClaims, DeviceIdentity
from kiosk.protocol import certificate as certificates
from kiosk.protocol import keys
from kiosk.protocol.enrolment import EnrolmentAnswer
from kiosk.store import device, documents
from kiosk.store.database import Store
from kiosk.sync import certificate
from kiosk.sync.channel import BackendFault, Channel
from kiosk.sync.client import make_client
from kiosk.sync.worker import Worker
from tests.backend import site as sites
from tests.helpers.patience import PATIENCE_S
from tests.helpers.profiles import KioskProfile

DAY_S = 24 * 3600


class Answers:
    """A channel that answers as it is told, and counts."""

    def __init__(self, answer: Callable[[], EnrolmentAnswer]) -> None:
        self._answer = answer
        self.asked = 0

    def certificate(self) -> EnrolmentAnswer:
        self.asked += 1
        return self._answer()


@pytest.fixture
def store(kiosk_profile: KioskProfile) -> Iterator[Store]:
    with kiosk_profile.store() as opened:
        yield opened


def _answer(kiosk: KioskProfile, now: float, /, **changes: object) -> EnrolmentAnswer:
    identity, authority = kiosk.identity, kiosk.private.device_authority
    values: dict[str, object] = {
        "kiosk": identity.kiosk,
        "number": identity.number,
        "centre": identity.centre,
        "public_key": keys.public_of(identity.private_key),
        "not_before": int(now),
        "not_after": int(now) + 90 * DAY_S,
        "issuer_key": authority.id,
    }
    claims = msgspec.convert(values | changes, CertificateClaims)
    issued = certificates.issue(claims, authority.id, authority.private)
    return EnrolmentAnswer(claims.kiosk, claims.number, claims.centre, issued, authority.verification())


def _not_after(store: Store) -> int:
    identity = device.identity(store)
    assert identity is not None
    authorities = documents.get(store, "keys/backend", BackendKeys).device_authority
    return certificates.verify(identity.certificate, authorities, time.time()).not_after


def test_it_is_asked_for_in_the_last_thirty_days_only(kiosk_profile: KioskProfile, store: Store) -> None:
    end = _not_after(store)
    for days, due in ((80, False), (31, False), (29, True), (1, True), (-100, True)):
        now = end - days * DAY_S
        channel = Answers(lambda now=now: _answer(kiosk_profile, now))  # type: ignore[misc]
        before = device.identity(store)
        assert certificate.renew(store, channel, now) is due and channel.asked == int(due)
        after = device.identity(store)
        assert before is not None and after is not None and (after.certificate != before.certificate) is due
        assert msgspec.structs.replace(after, certificate=before.certificate) == before
        device.save_identity(store, before)


def test_a_clock_that_is_behind_asks_nothing(kiosk_profile: KioskProfile, store: Store) -> None:
    channel = Answers(lambda: _answer(kiosk_profile, time.time()))
    assert not certificate.renew(store, channel, 0.0) and channel.asked == 0


@pytest.mark.parametrize(
    "changes",
    [{"kiosk": "k17"}, {"number": 17}, {"public_key": b"\1" * 32}, {"not_after": 1}, {"not_before": 2**40}],
)
def test_a_certificate_for_somebody_else_is_not_kept(
    kiosk_profile: KioskProfile, store: Store, changes: dict[str, object]
) -> None:
    now = _not_after(store) - DAY_S
    before = device.identity(store)
    channel = Answers(lambda: _answer(kiosk_profile, now, **changes))
    with pytest.raises(CertificateRefused):
        certificate.renew(store, channel, now)
    certificate.look_after(store, channel, now)
    assert device.identity(store) == before and channel.asked == 2


def test_a_certificate_of_an_unknown_authority_is_not_kept(kiosk_profile: KioskProfile, store: Store) -> None:
    now, other = _not_after(store) - DAY_S, keys.make_signing_key("device-authority")
    claims = certificates.verify(kiosk_profile.identity.certificate, (
        kiosk_profile.private.device_authority.verification(),), now)  # fmt: skip
    claims = msgspec.structs.replace(claims, not_after=claims.not_after + 90 * DAY_S, issuer_key=other.id)
    issued = certificates.issue(claims, other.id, other.private)
    answer = EnrolmentAnswer(claims.kiosk, claims.number, claims.centre, issued, other.verification())
    with pytest.raises(CertificateRefused):
        certificate.renew(store, Answers(lambda: answer), now)


def test_a_backend_out_of_reach_is_asked_another_time(store: Store) -> None:
    def away() -> EnrolmentAnswer:
        raise BackendFault("the backend is out of reach")

    now = _not_after(store) - DAY_S
    with pytest.raises(NetworkFault):
        certificate.renew(store, Answers(away), now)
    certificate.look_after(store, Answers(away), now)


def test_the_worker_renews_it_from_the_real_backend(kiosk_profile: KioskProfile, store: Store) -> None:
    end = _not_after(store)
    now = end - 20.0 * DAY_S

    def clock() -> float:
        return now

    refreshed: list[int] = []

    def refresh() -> bool:
        refreshed.append(1)
        return False

    with (
        sites.running(kiosk_profile.backend, now=clock) as site,
        make_client(Settings(request_timeout_s=PATIENCE_S)) as client,
    ):
        identity: DeviceIdentity = kiosk_profile.identity
        channel = Channel(client, site.url, lambda: device.speaker(store, identity), now=clock)
        worker = Worker(store, kiosk_profile.path, channel, cap_s=5.0, refresh=refresh, now=clock)
        worker.look_after_certificate()
        renewed = device.identity(store)
        assert renewed is not None and renewed.certificate != identity.certificate
        authorities = documents.get(store, "keys/backend", BackendKeys).device_authority
        assert certificates.verify(renewed.certificate, authorities, now).not_after == int(now) + 90 * DAY_S
        worker._look_after_content()
        assert device.identity(store) == renewed and refreshed == [1], "and once is enough"
