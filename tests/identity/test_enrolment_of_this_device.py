"""Enrolling this device: against the real backend, and against answers that must not be believed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from kiosk.backend import server
from kiosk.backend.app import create_app
from kiosk.backend.enrolment import create_enrolment_code
from kiosk.backend.settings import BackendSettings
from kiosk.errors import EnrolmentRefused, NetworkFault
from kiosk.identity.enrolment import enrol
from kiosk.model.content import VerificationKey
from kiosk.model.device import CertificateClaims, DeviceIdentity
from kiosk.protocol import certificate, enrolment, keys, problem

NOW = 1_790_000_000.0
AUTHORITY = keys.make_signing_key("device-authority")
PRIVATE = keys.make_signing_key("device")
CODE = "K7QF-29XD-MM41"


@pytest.fixture
def settings(tmp_path: Path) -> BackendSettings:
    return BackendSettings(data=tmp_path / "backend", port=0)


@pytest.fixture
def url(settings: BackendSettings) -> Iterator[str]:
    with server.running(settings, create_app(settings, registrar=False)) as base:
        yield base


def test_a_code_gives_an_identity(settings: BackendSettings, url: str) -> None:
    code = create_enrolment_code(settings, "k16", 16, "centre-1")
    with httpx.Client() as client:
        device = enrol(client, url + "/", code.lower().replace("-", " "))
    assert (device.kiosk, device.number, device.centre) == ("k16", 16, "centre-1")
    assert keys.public_of(device.private_key) not in (b"", device.private_key)
    with httpx.Client() as client, pytest.raises(EnrolmentRefused, match="used before"):
        enrol(client, url, code)


def test_after_a_lost_answer_the_same_key_asks_again(settings: BackendSettings, url: str) -> None:
    code = create_enrolment_code(settings, "k16", 16, "centre-1")
    with httpx.Client() as client:
        first = enrol(client, url, code, private_key=PRIVATE.private)
        assert enrol(client, url, code, private_key=PRIVATE.private) == first


def test_an_authority_that_is_not_the_published_one_is_refused(settings: BackendSettings, url: str) -> None:
    code = create_enrolment_code(settings, "k16", 16, "centre-1")
    with httpx.Client() as client, pytest.raises(EnrolmentRefused, match="not trusted"):
        enrol(client, url, code, authorities=(AUTHORITY.verification(),))


def test_a_code_that_is_none_is_not_even_sent() -> None:
    def handler(_request: httpx.Request) -> httpx.Response:
        pytest.fail("a request was sent")

    with pytest.raises(EnrolmentRefused, match="twelve"):
        _enrol(handler, code="K7QF")


def test_nobody_there() -> None:
    with httpx.Client() as client, pytest.raises(NetworkFault, match="out of reach"):
        enrol(client, "http://127.0.0.1:9", CODE)  # the discard port: nobody listens


def test_a_good_answer_is_taken() -> None:
    """The ground on which the bad answers below stand."""
    assert _enrol(_answering()).kiosk == "k16"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"public_key": keys.make_signing_key("other").public}, "not for this device"),
        ({"kiosk": "k17"}, "not for this device"),
        ({"number": 17}, "not for this device"),
        ({"centre": "centre-2"}, "not for this device"),
        ({"not_after": int(NOW)}, "expired"),
        ({"not_before": int(NOW) + 10}, "not hold yet"),
    ],
)
def test_a_certificate_that_is_not_ours_is_refused(change: dict[str, Any], why: str) -> None:
    with pytest.raises(EnrolmentRefused, match=why):
        _enrol(_answering(**change))


def test_a_namesake_of_the_authority_is_refused() -> None:
    namesake = VerificationKey(AUTHORITY.id, keys.make_signing_key("other").public)
    with pytest.raises(EnrolmentRefused, match="signature is wrong"):
        _enrol(_answering(), authorities=(namesake,))


@pytest.mark.parametrize(
    ("status", "kind", "body"),
    [
        (200, "text/html", b"<!doctype html><title>Free Wi-Fi</title>"),
        (200, "application/json", b'{"kiosk": "k16"'),
        (200, "application/json", b"[]"),
        (200, "application/json", b" " * 20_000),
        (302, "text/html", b""),
        (403, "text/html", b"no"),
        (500, problem.CONTENT_TYPE, b"{}"),
        (503, "text/plain", b"later"),
    ],
)
def test_what_is_no_answer_is_a_network_fault(status: int, kind: str, body: bytes) -> None:
    with pytest.raises(NetworkFault):
        _enrol(lambda _: httpx.Response(status, headers={"Content-Type": kind, "Location": "/"}, content=body))


@pytest.mark.parametrize("body", [b"", b"<html>", problem.encode(problem.make("enrolment-refused", "why")).encode()])
def test_a_refusal_says_why_when_it_can(body: bytes) -> None:
    with pytest.raises(EnrolmentRefused, match="why" if b"why" in body else "refused the enrolment"):
        _enrol(lambda _: httpx.Response(403, headers={"Content-Type": problem.CONTENT_TYPE}, content=body))


def _answering(**change: Any) -> Callable[[httpx.Request], httpx.Response]:
    """A backend of our own making: it checks the proof and signs, with some claims changed."""

    def handler(request: httpx.Request) -> httpx.Response:
        asked = enrolment.decode_request(request.content)
        assert enrolment.check(asked) == enrolment.normalise(CODE)
        claims = msgspec.structs.replace(
            CertificateClaims("k16", 16, "centre-1", asked.public_key, int(NOW) - 5, int(NOW) + 500, AUTHORITY.id),
            **change,
        )
        issued = certificate.issue(claims, AUTHORITY.id, AUTHORITY.private)
        answer = enrolment.EnrolmentAnswer("k16", 16, "centre-1", issued, AUTHORITY.verification())
        return httpx.Response(200, headers={"Content-Type": "application/json"}, content=msgspec.json.encode(answer))

    return handler


def _enrol(handler: Callable[[httpx.Request], httpx.Response], code: str = CODE, **more: Any) -> DeviceIdentity:
    with httpx.Client(transport=httpx.MockTransport(handler)) as client:
        return enrol(client, "https://backend.example", code, now=lambda: NOW, **more)
