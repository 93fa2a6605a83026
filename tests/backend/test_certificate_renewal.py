"""A device renews its certificate with its own signature; nobody else, and not before it is due."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import httpx
import msgspec
import pytest

from kiosk.backend import devices
from kiosk.backend.settings import BackendSettings
from kiosk.model.device import CertificateClaims, DeviceIdentity
from kiosk.protocol import certificate, enrolment, problem
from tests.backend import site as sites
from tests.backend.site import BOTH, Kiosk, Site

DATABASES = BOTH
DAY_S = 24 * 3600


class Clock:
    def __init__(self) -> None:
        self.now = time.time()

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def site(used: BackendSettings, clock: Clock) -> Iterator[Site]:
    with sites.running(used, now=clock) as running:
        yield running


def _ask(kiosk: Kiosk, now: float, *, path: str = "", body: bytes = b"{}", **headers: str) -> httpx.Response:
    path = path or f"/v1/kiosks/{kiosk.device.kiosk}/certificate"
    signed = {"Content-Type": "application/json"} | kiosk.sign("POST", path, body, now) | headers
    return kiosk.site.client.post(kiosk.site.url + path, content=body, headers=signed)


def _claims(kiosk: Kiosk, response: httpx.Response, now: float) -> CertificateClaims:
    assert response.status_code == 200, response.text
    answer = enrolment.decode_answer(response.content)
    claims = certificate.verify(answer.certificate, kiosk.site.keys.device_authority, now)
    assert (answer.kiosk, answer.number, answer.centre) == (claims.kiosk, claims.number, claims.centre)
    return claims


def _refused(response: httpx.Response) -> str:
    found = problem.decode(response.content)
    assert found.status == response.status_code >= 400
    return found.name


def test_it_is_renewed_when_it_is_due_and_not_before(site: Site, kiosk: Kiosk, clock: Clock) -> None:
    first = certificate.verify(kiosk.device.certificate, site.keys.device_authority, clock.now)
    clock.now += 50 * DAY_S
    assert _claims(kiosk, _ask(kiosk, clock.now), clock.now) == first
    clock.now += 11 * DAY_S
    renewed = _claims(kiosk, _ask(kiosk, clock.now), clock.now)
    assert renewed.not_after == int(clock.now) + 90 * DAY_S
    assert (renewed.kiosk, renewed.number, renewed.centre, renewed.public_key) == (
        first.kiosk, first.number, first.centre, first.public_key,
    )  # fmt: skip
    clock.now += DAY_S
    assert _claims(kiosk, _ask(kiosk, clock.now), clock.now) == renewed, "asked again, answered the same"


def test_an_expired_one_is_renewed_too(site: Site, kiosk: Kiosk, clock: Clock) -> None:
    clock.now += 400 * DAY_S
    assert _claims(kiosk, _ask(kiosk, clock.now), clock.now).not_before == int(clock.now)


def test_a_revoked_or_unknown_device_gets_none(site: Site, kiosk: Kiosk, clock: Clock) -> None:
    clock.now += 80 * DAY_S
    stranger = Kiosk(site, msgspec.structs.replace(kiosk.device, kiosk="k99"))
    assert _refused(_ask(stranger, clock.now)) == "unknown-device"
    with site.backend.database.write() as connection:
        assert devices.revoke(connection, "k16")
    assert _refused(_ask(kiosk, clock.now)) == "revoked-device"


def test_nobody_else_renews_it(site: Site, kiosk: Kiosk, clock: Clock) -> None:
    other = site.enrol("k17", 17)
    clock.now += 80 * DAY_S
    path = "/v1/kiosks/k16/certificate"
    assert _refused(_ask(other, clock.now, path=path)) == "not-signed"
    thief = Kiosk(site, DeviceIdentity("k16", 16, "centre-1", b"\7" * 32, b""))
    assert _refused(_ask(thief, clock.now)) == "not-signed"
    assert _refused(_ask(kiosk, clock.now - 4000)) == "wrong-clock"
    assert _refused(_ask(kiosk, clock.now, **{"Content-Digest": "sha-256=:AAAA:"})) == "not-signed"
    before = certificate.verify(kiosk.device.certificate, site.keys.device_authority, clock.now)
    assert _claims(kiosk, _ask(kiosk, clock.now), clock.now).not_after > before.not_after


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"body": b"x" * 5000}, "too-large"),
        ({"Content-Type": "text/plain"}, "unsupported-media-type"),
        ({"path": "/v1/kiosks/K16/certificate"}, "not-found"),
    ],
)
def test_odd_requests(site: Site, kiosk: Kiosk, clock: Clock, change: dict[str, Any], name: str) -> None:
    assert _refused(_ask(kiosk, clock.now, **change)) == name
