"""Whatever comes, the answer is a problem document with a fitting status, never a failure of ours."""

from __future__ import annotations

import random
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from kiosk.backend import tables
from kiosk.protocol import batch, cbor, problem
from tests.backend import site as sites
from tests.backend.site import Kiosk, Site


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One backend for the whole file: bad requests leave nothing behind."""
    with sites.running(sites.settings(tmp_path_factory.mktemp("site"))) as running:
        yield running


@pytest.fixture(scope="module")
def kiosk(site: Site) -> Kiosk:
    return site.enrol()


def _problem(response: httpx.Response) -> str:
    assert response.headers["content-type"] == "application/problem+json"
    found = problem.decode(response.content)
    assert found.status == response.status_code
    return found.name


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"x",
        b"\xff" * 100,
        b"{}",
        cbor.encode([]),
        cbor.encode([b"x"] * 51),
        cbor.encode(["text"]),
        cbor.encode({1: 2}),
        b"\x9f\x41x\xff",
        b"\x81" * 5_000,
        b"\x9b" + b"\xff" * 8,
        batch.pack([b"x"]) + b"\0",
        random.Random(9457).randbytes(2_000),
    ],
    ids=lambda body: body[:4].hex() or "empty",
)
def test_garbage_bodies(site: Site, kiosk: Kiosk, body: bytes) -> None:
    before = site.rows(tables.submissions)
    assert _problem(kiosk.post_body(body)) == "malformed"
    assert site.rows(tables.submissions) == before


def test_a_body_of_another_type(kiosk: Kiosk) -> None:
    response = kiosk.post_body(batch.pack([b"x"]), **{"Content-Type": "application/json"})
    assert (_problem(response), response.status_code) == ("unsupported-media-type", 415)


def test_a_body_that_is_too_large(tmp_path: Path) -> None:
    with sites.running(sites.settings(tmp_path, most_body_bytes=10_000)) as site:
        kiosk = site.enrol()
        response = kiosk.post_body(batch.pack([bytes(10_000)]))
        assert (_problem(response), response.status_code) == ("too-large", 413)
        assert kiosk.post(kiosk.seal()).results[0].status == "received"


def test_a_body_that_never_says_its_length_is_counted(tmp_path: Path) -> None:
    with sites.running(sites.settings(tmp_path, most_body_bytes=10_000)) as site:
        parts = (bytes(1_000) for _ in range(11))
        url, headers = site.url + "/v1/kiosks/k16/submissions", {"Content-Type": batch.CONTENT_TYPE}
        response = site.client.post(url, content=parts, headers=headers)
        assert "content-length" not in response.request.headers
        assert (_problem(response), response.status_code) == ("too-large", 413)


def test_a_body_that_is_cut_leaves_the_backend_well(site: Site, kiosk: Kiosk) -> None:
    host, port = site.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as raw:
        raw.sendall(
            b"POST /v1/kiosks/k16/submissions HTTP/1.1\r\nHost: x\r\nContent-Type: application/cbor\r\n"
            b"Content-Length: 1000\r\n\r\nonly this"
        )
    assert kiosk.post(kiosk.seal()).results[0].status == "received"


def test_an_unsigned_batch_of_an_enrolled_kiosk(site: Site, kiosk: Kiosk) -> None:
    body, before = batch.pack([kiosk.seal()]), site.rows(tables.submissions)
    url = site.url + "/v1/kiosks/k16/submissions"
    response = site.client.post(url, content=body, headers={"Content-Type": batch.CONTENT_TYPE})
    assert (_problem(response), response.status_code) == ("not-signed", 401)
    assert site.rows(tables.submissions) == before


def test_a_request_signed_by_another_kiosk(site: Site, kiosk: Kiosk) -> None:
    other = site.enrol("k17", 17)
    assert _problem(other.post_body(batch.pack([kiosk.seal()]), kiosk="k16")) == "not-signed"
    path = "/v1/kiosks/k16/confirmations"
    assert _problem(site.client.get(site.url + path, headers=other.sign("GET", path, b""))) == "not-signed"


@pytest.mark.parametrize("away", [-400, 400])
def test_a_request_signed_at_another_time(site: Site, kiosk: Kiosk, away: int) -> None:
    path = "/v1/kiosks/k16/confirmations"
    signed = kiosk.sign("GET", path, b"", time.time() + away)
    response = site.client.get(site.url + path, headers=signed)
    assert (_problem(response), response.status_code) == ("wrong-clock", 401)
    assert "date" in response.headers  # what the kiosk's clock is to be held against


def test_a_feed_of_nobody(site: Site) -> None:
    response = site.client.get(site.url + "/v1/kiosks/k99/confirmations")
    assert (_problem(response), response.status_code) == ("unknown-device", 403)


@pytest.mark.parametrize("limit", ["", "x", "-1", "99999", "%D9%A3"])
def test_a_feed_with_a_limit_that_is_none(site: Site, kiosk: Kiosk, limit: str) -> None:
    path = f"/v1/kiosks/k16/confirmations?limit={limit}"
    response = site.client.get(site.url + path, headers=kiosk.sign("GET", path, b""))
    assert (_problem(response), response.status_code) == ("malformed", 400)


@pytest.mark.parametrize(
    ("method", "path", "name"),
    [
        ("GET", "/", "not-found"),
        ("GET", "/v1", "not-found"),
        ("GET", "/v1/health/", "not-found"),
        ("POST", "/v1/health", "method-not-allowed"),
        ("GET", "/v1/kiosks/k16/submissions", "method-not-allowed"),
        ("DELETE", "/v1/enrolments", "method-not-allowed"),
        ("GET", "/v1/kiosks/%2e%2e/confirmations", "not-found"),
        ("GET", "/v1/kiosks/%D0%B9/confirmations", "not-found"),
        ("POST", "/v1/kiosks/" + "k" * 33 + "/submissions", "not-found"),
    ],
)
def test_other_places_and_methods(site: Site, method: str, path: str, name: str) -> None:
    assert _problem(site.client.request(method, site.url + path)) == name


def test_health_and_readiness(site: Site) -> None:
    for path, status in (("/v1/health", "live"), ("/v1/ready", "ready")):
        response = site.client.get(site.url + path)
        assert (response.status_code, response.json()) == (200, {"status": status})


@pytest.mark.filterwarnings("default")
def test_a_failure_of_ours_is_a_problem_without_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with sites.running(sites.settings(tmp_path)) as site:
        kiosk = site.enrol()
        tables.submissions.drop(site.backend.database.engine)
        response = kiosk.post_body(batch.pack([kiosk.seal()]))
        assert (_problem(response), response.status_code) == ("internal", 500)
    logged = "".join(capsys.readouterr())
    assert "OperationalError" in logged and "Traceback" not in logged
