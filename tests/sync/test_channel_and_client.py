"""The channel's requests as the backend sees them, and the client that carries them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from kiosk.config import Settings
from kiosk.errors import ConfigurationError, NetworkFault, Refusal
from kiosk.model.device import DeviceIdentity
from kiosk.protocol import http_signature
from kiosk.protocol.keys import public_of
from kiosk.sync.channel import BackendFault, Channel
from kiosk.sync.client import health, make_client
from tests.helpers.patience import PATIENCE_S
from tests.sync import bent_backend as bends
from tests.sync.bent_backend import BentBackend, bent

DEVICE = DeviceIdentity("k16", 16, "sokol", bytes(range(32)), b"")
NOW = 1_790_000_000.0


@pytest.fixture
def between() -> Iterator[BentBackend]:
    with bent("") as made:
        yield made


@pytest.fixture
def channel(between: BentBackend) -> Iterator[Channel]:
    with make_client(Settings(request_timeout_s=PATIENCE_S)) as client:
        yield Channel(client, between.url + "/", DEVICE, now=lambda: NOW)


def test_every_request_is_signed_by_the_device(between: BentBackend, channel: Channel) -> None:
    callers = []

    def look(_: BentBackend, handler: object, body: bytes) -> None:
        headers = {name.lower(): value for name, value in handler.headers.items()}  # type: ignore[attr-defined]
        callers.append(
            http_signature.verify_request(
                handler.command,  # type: ignore[attr-defined]
                handler.path,  # type: ignore[attr-defined]
                headers,
                body,
                public_key=lambda kiosk: public_of(DEVICE.private_key) if kiosk == "k16" else None,
                now=NOW,
            )
        )
        bends.send(handler, b'{"entries":[],"cursor":"","results":[]}')  # type: ignore[arg-type]

    between.bend["."] = look
    channel.probe()
    channel.feed('a b&c="/é%')
    channel.post([b"one", b"two"])
    assert [caller.kiosk for caller in callers] == ["k16"] * 3
    assert len({caller.nonce for caller in callers}) == 3
    assert [path for _, path, _ in between.seen] == [
        "/v1/health",
        "/v1/kiosks/k16/confirmations?after=a%20b%26c%3D%22%2F%C3%A9%25",
        "/v1/kiosks/k16/submissions",
    ]


def test_one_to_fifty_envelopes(between: BentBackend, channel: Channel) -> None:
    for count in (0, 51):
        with pytest.raises(Refusal):
            channel.post([b"x"] * count)
    assert between.seen == []


def test_a_type_in_capitals_and_with_a_charset_is_the_same_type(between: BentBackend, channel: Channel) -> None:
    between.bend["."] = lambda _b, handler, _d: bends.send(handler, b"{}", kind="Application/JSON; charset=UTF-8")
    channel.probe()


@pytest.mark.parametrize("status", [100, 201, 204, 301, 302, 400, 401, 403, 404, 409, 413, 429, 500, 503])
def test_only_200_is_an_answer(between: BentBackend, channel: Channel, status: int) -> None:
    def answers(_: BentBackend, handler: BaseHTTPRequestHandler, body: bytes) -> None:
        bends.send(handler, b"" if status < 205 else b"{}", status)
        handler.close_connection = True  # after 100 Continue another answer would be waited for

    between.bend["."] = answers
    with pytest.raises(BackendFault) as caught:
        channel.probe()
    assert caught.value.retry_after_s is None
    assert isinstance(caught.value, NetworkFault)


def test_what_is_said_of_a_fault_names_no_query_and_no_body(between: BentBackend, channel: Channel) -> None:
    between.bend["."] = lambda _b, handler, _d: bends.send(handler, b"secret body", 500)
    with pytest.raises(BackendFault) as caught:
        channel.feed("secret-cursor")
    assert "secret" not in caught.value.engineer and "500" in caught.value.engineer


def test_the_client_tells_its_version_and_follows_nobody() -> None:
    with make_client(Settings()) as client:
        assert re.fullmatch(r"mydocuments-kiosk/\d.*", client.headers["User-Agent"])
        assert not client.follow_redirects and client.timeout.connect == 5.0 and client.timeout.read == 20.0


@pytest.mark.parametrize("proxy", ["nonsense", "ftp://127.0.0.1:1", "http://[::1"])
def test_a_proxy_that_is_none_is_named(proxy: str) -> None:
    with pytest.raises(ConfigurationError, match="proxy"):
        make_client(Settings(proxy_url=proxy))


def test_a_proxy_is_used(between: BentBackend) -> None:
    with (
        make_client(Settings(proxy_url=between.url)) as client,
        pytest.raises(BackendFault),
    ):
        between.bend["."] = bends.failing
        Channel(client, "http://backend.invalid", DEVICE).probe()
    assert between.seen[0][1] == "http://backend.invalid/v1/health"


def test_a_ca_file_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "empty.pem").write_text("no certificate")
    for name in ("empty.pem", "absent.pem", ""):
        with pytest.raises(ConfigurationError, match=re.escape(str(tmp_path))):
            make_client(Settings(ca_file=str(tmp_path / name)))


def test_health(between: BentBackend) -> None:
    between.bend["."] = bends.failing
    assert health(Settings(backend_url=between.url + "/")) == 500
    between.bend["."] = bends.hang_up
    for url in (between.url, "http://127.0.0.1:9", "nonsense", "http://[::1"):
        with pytest.raises(NetworkFault):
            health(Settings(backend_url=url, request_timeout_s=PATIENCE_S))
