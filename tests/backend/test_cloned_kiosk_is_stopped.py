"""Two boots of one device key at once stop both; a restart, a late request and an old program do not."""

from __future__ import annotations

import time
from collections.abc import Callable

import httpx
import pytest

from kiosk.backend import boots, devices
from kiosk.backend.devices import Device
from kiosk.protocol import batch, http_signature, problem
from kiosk.protocol.http_signature import Caller
from tests.backend.site import BOTH, Kiosk, Site

DATABASES = BOTH


class Boot:
    """One boot of a kiosk: posts and asks its feed as that boot, `at` seconds after the test began."""

    def __init__(self, kiosk: Kiosk, boot: str, began: int) -> None:
        self.kiosk = kiosk
        self.boot = boot
        self._began = began
        self._nonces = 0

    def _headers(self, method: str, path: str, body: bytes, at: int) -> dict[str, str]:
        self._nonces += 1
        nonce = f"nonce-{self._nonces:08}"
        return http_signature.sign_request(method, path, body, self.kiosk.device, self._began + at, nonce, self.boot)

    def feed(self, at: int = 0) -> httpx.Response:
        path = f"/v1/kiosks/{self.kiosk.device.kiosk}/confirmations?after="
        site = self.kiosk.site
        return site.client.get(site.url + path, headers=self._headers("GET", path, b"", at))

    def post(self, *envelopes: bytes, at: int = 0) -> batch.BatchAnswer:
        path, body = f"/v1/kiosks/{self.kiosk.device.kiosk}/submissions", batch.pack(envelopes)
        headers = {"Content-Type": batch.CONTENT_TYPE} | self._headers("POST", path, body, at)
        response = self.kiosk.site.client.post(self.kiosk.site.url + path, content=body, headers=headers)
        assert response.status_code == 200, response.text
        return batch.decode_answer(response.content)


@pytest.fixture
def boot(kiosk: Kiosk) -> Callable[[str], Boot]:
    began = int(time.time())
    return lambda name: Boot(kiosk, name, began)


def _device(site: Site) -> Device:
    with site.backend.database.read() as connection:
        found = devices.find(connection, "k16")
    assert found is not None
    return found


def _problem(response: httpx.Response) -> str:
    found = problem.decode(response.content)
    assert found.status == response.status_code
    return found.name


def test_restarts_are_no_clones(site: Site, boot: Callable[[str], Boot]) -> None:
    for at, name in enumerate(("1.a", "2.b", "2.b", "7.c", "7.c")):
        assert boot(name).feed(at).status_code == 200
    assert (_device(site).boot, _device(site).strikes, _device(site).stopped_at) == (7, 0, 0)


def test_a_request_that_tells_no_boot_says_nothing(site: Site, kiosk: Kiosk, boot: Callable[[str], Boot]) -> None:
    assert boot("5.a").feed().status_code == 200
    for _ in range(3):
        assert kiosk.get_feed().status_code == 200
    assert _device(site).strikes == 0


def test_late_requests_of_the_boot_before_are_no_clones(site: Site, boot: Callable[[str], Boot]) -> None:
    old, new = boot("6.a"), boot("7.b")
    assert old.feed(0).status_code == 200 and new.feed(5).status_code == 200
    for _ in range(4):
        assert old.feed(5).status_code == 200
    assert _device(site).strikes == 0


@pytest.mark.parametrize(("one", "other"), [("6.a", "7.b"), ("6.a", "6.b")])
def test_two_boots_at_once_are_both_stopped(
    site: Site, kiosk: Kiosk, boot: Callable[[str], Boot], one: str, other: str
) -> None:
    first, second = boot(one), boot(other)
    kept = kiosk.seal()
    assert first.post(kept).results[0].status == "received"
    for at in range(1, 6):
        first.feed(at * 2)
        second.feed(at * 2 + 1)
    assert _device(site).stopped_at
    assert _problem(first.feed(20)) == _problem(second.feed(20)) == "cloned-device"
    for each in (first, second):
        answer = each.post(kiosk.seal(), kept, at=21)
        refused, again = answer.results
        assert refused.status == "refused" and refused.problem is not None
        assert refused.problem.name == "cloned-device" and "kiosk enrol" in refused.problem.detail
        assert again.status == "already", "what was received stays received"


def test_one_odd_request_stops_nobody(site: Site, boot: Callable[[str], Boot]) -> None:
    assert boot("7.b").feed(0).status_code == 200
    assert boot("6.a").feed(1).status_code == 200
    assert (_device(site).strikes, _device(site).stopped_at) == (1, 0)
    assert boot("8.c").feed(2).status_code == 200
    assert _device(site).strikes == 0, "a restart takes it away"


def test_enrolling_anew_heals_it_and_takes_what_waited(site: Site, kiosk: Kiosk, boot: Callable[[str], Boot]) -> None:
    for at, name in enumerate(("6.a", "6.b", "6.a", "6.b")):
        boot(name).feed(at)
    waiting = kiosk.seal()
    assert boot("6.a").post(waiting).results[0].status == "refused"
    copy = Kiosk(site, kiosk.device)
    anew = site.enrol()
    assert anew.device.private_key != kiosk.device.private_key and not _device(site).stopped_at
    assert Boot(anew, "1.z", int(time.time())).post(waiting).results[0].status == "received"
    assert Boot(anew, "1.z", int(time.time())).feed().status_code == 200
    assert _problem(copy.get_feed()) == "not-signed", "the copy is nobody now"
    assert copy.post_body(batch.pack([copy.seal()])).status_code == 401


def test_another_kiosks_envelope_is_not_taken_by_way_of_former_keys(site: Site, kiosk: Kiosk) -> None:
    stranger = site.enrol("k17", 17)
    site.enrol()
    anew = site.enrol()
    forged = Kiosk(site, stranger.device)
    sealed = forged.seal()
    answer = anew.post(sealed)
    assert answer.results[0].problem is not None and answer.results[0].problem.name == "wrong-kiosk"


def test_a_revoked_device_is_still_revoked_after_a_clone(site: Site, kiosk: Kiosk, boot: Callable[[str], Boot]) -> None:
    with site.backend.database.write() as connection:
        assert devices.revoke(connection, "k16")
    assert _problem(boot("1.a").feed()) == "revoked-device"


@pytest.mark.parametrize(
    ("known", "told", "created", "verdict"),
    [
        ((0, "", 0), (0, ""), 10, "known"),
        ((0, "", 0), (1, "a"), 10, "restarted"),
        ((1, "a", 10), (1, "a"), 5, "known"),
        ((1, "a", 10), (1, "b"), 5, "strike"),
        ((2, "a", 10), (1, "b"), 10, "known"),
        ((2, "a", 10), (1, "b"), 11, "strike"),
        ((2, "a", 10), (3, "b"), 1, "restarted"),
        ((2, "a", 10), (0, ""), 99, "known"),
    ],
)
def test_the_rule(known: tuple[int, str, int], told: tuple[int, str], created: int, verdict: str) -> None:
    device = Device("k16", 16, "c", b"", False, 0, 0, 0, *known)
    assert boots.judge(device, Caller("k16", created, "nonce", *told)) == verdict
