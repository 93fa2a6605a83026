"""How often anybody may ask: shares of addresses and of devices, apart from each other, refilled by time."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from kiosk.backend.limits import MOST, Limiter, Rate, TooMany, address_of
from kiosk.protocol import batch, problem
from kiosk.sync.channel import BackendFault, Channel
from tests.backend import site as sites
from tests.backend.site import Site
from tests.helpers.patience import PATIENCE_S


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def _taken(limiter: Limiter, name: str, tries: int) -> int:
    count = 0
    for _ in range(tries):
        try:
            limiter.count(name)
            count += 1
        except TooMany:
            pass
    return count


def test_a_burst_and_then_a_rate() -> None:
    clock = Clock()
    limiter = Limiter(Rate(burst=10, per_s=2.0), clock)
    assert _taken(limiter, "a", 50) == 10
    clock.now += 3
    assert _taken(limiter, "a", 50) == 6
    clock.now += 1e6
    assert _taken(limiter, "a", 50) == 10, "a share never grows beyond the burst"
    assert _taken(limiter, "b", 50) == 10, "others have a share of their own"


def test_the_wait_is_as_long_as_it_says() -> None:
    clock = Clock()
    limiter = Limiter(Rate(burst=1, per_s=0.25), clock)
    limiter.count("a")
    with pytest.raises(TooMany) as caught:
        limiter.count("a")
    assert caught.value.seconds == pytest.approx(4)
    clock.now += caught.value.seconds
    limiter.count("a")


def test_no_limit_and_bounded_memory() -> None:
    clock = Clock()
    assert _taken(Limiter(Rate(burst=1, per_s=0), clock), "a", 100) == 100
    limiter = Limiter(Rate(burst=1, per_s=1), clock)
    for number in range(MOST + 500):
        limiter.count(str(number))
    assert len(limiter._full_at) == MOST
    assert _taken(limiter, str(MOST + 499), 5) == 0, "the newest are remembered"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8::1", "2001:db8::ffff", True),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("testclient", "", True),
    ],
)
def test_who_counts_as_one(one: str, other: str, same: bool) -> None:
    assert (address_of({"client": (one, 1)}) == address_of({"client": (other, 2)})) is same


@pytest.fixture
def narrow(tmp_path: Path) -> Iterator[Site]:
    used = sites.settings(tmp_path, address_burst=12, address_per_s=0.01, device_burst=3, device_per_s=0.5)
    with sites.running(used) as running:
        yield running


def test_a_device_that_asks_too_often(narrow: Site) -> None:
    greedy, other = narrow.enrol("k1", 1), narrow.enrol("k2", 2)
    answers = [greedy.post_body(batch.pack([greedy.seal()])) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    refused = answers[-1]
    assert problem.decode(refused.content).name == "too-many-requests"
    assert refused.headers["Content-Type"] == problem.CONTENT_TYPE and int(refused.headers["Retry-After"]) in (1, 2)
    assert other.get_feed().status_code == 200
    with pytest.raises(BackendFault) as caught, httpx.Client() as client:
        Channel(client, narrow.url, greedy.device).post([greedy.seal()])
    assert caught.value.retry_after_s in (1.0, 2.0), "the kiosk waits as long as it was told"


def test_nobody_uses_up_the_share_of_another(narrow: Site) -> None:
    kiosk = narrow.enrol()
    path = "/v1/kiosks/k16/confirmations"
    for _ in range(6):
        assert narrow.client.get(narrow.url + path).status_code == 401
    assert kiosk.get_feed().status_code == 200


def test_an_address_that_asks_too_often(narrow: Site) -> None:
    codes = [narrow.client.post(narrow.url + "/v1/enrolments", json={}).status_code for _ in range(14)]
    assert codes == [400] * 12 + [429] * 2
    assert {narrow.client.get(narrow.url + f"/v1/{probe}").status_code for probe in ("health", "ready")} == {200}
    away = {"X-Forwarded-For": "192.0.2.7"}
    answer = narrow.client.post(narrow.url + "/v1/enrolments", json={}, headers=away)
    assert answer.status_code == 400, "behind a proxy that is trusted its client counts"


def test_a_proxy_that_is_not_trusted_speaks_for_nobody(tmp_path: Path) -> None:
    used = sites.settings(tmp_path, address_burst=2, address_per_s=0.01, trusted_proxies="192.0.2.1")
    with sites.running(used) as site:
        codes = [
            site.client.post(
                site.url + "/v1/enrolments", json={}, headers={"X-Forwarded-For": f"192.0.2.{number}"}
            ).status_code
            for number in range(4)
        ]
    assert codes == [400, 400, 429, 429]


def test_requests_are_logged_without_anything_personal(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with sites.running(sites.settings(tmp_path, log_requests=True)) as site:
        kiosk = site.enrol()
        capfd.readouterr()
        kiosk.post(kiosk.seal(answers={"name": "Канарейка"}))
        site.client.get(site.url + "/v1/kiosks/Канарейка/confirmations?after=Канарейка")
        site.client.get(site.url + "/v1/Канарейка")
        site.client.get(site.url + "/v1/health")
    written = capfd.readouterr().err
    lines = [json.loads(line) for line in written.splitlines()]
    shown = [(line["method"], line["route"], line["status"]) for line in lines if line["event"] == "request"]
    # The line of the enrolment may be written after it was answered.
    assert [one for one in shown if one[1] != "/v1/enrolments"] == [
        ("POST", "/v1/kiosks/{kiosk}/submissions", 200),
        ("GET", "/v1/kiosks/{kiosk}/confirmations", 404),
        ("GET", "other", 404),
    ]
    assert "Канарейка" not in written and "k16" not in written and "127.0.0.1" not in written


def test_a_body_that_drips(tmp_path: Path) -> None:
    head = "POST /v1/enrolments HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{"
    with sites.running(sites.settings(tmp_path, most_body_s=0.05)) as site:
        port = int(site.url.rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S) as line:
            line.sendall(head.encode())
            answer = b""
            while b"}" not in answer:
                answer += line.recv(65_536)
    assert answer.startswith(b"HTTP/1.1 408") and b"problem/too-slow" in answer
