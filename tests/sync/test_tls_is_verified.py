"""TLS 1.2 or newer, a private CA where one is configured, proxies, and nobody sends us to another host."""

from __future__ import annotations

import datetime
import ssl
import urllib.request
from pathlib import Path

import pytest

from kiosk.config import Settings
from kiosk.errors import EnrolmentRefused, NetworkFault
from kiosk.identity.enrolment import enrol
from kiosk.model.device import DeviceIdentity
from kiosk.sync.channel import BackendFault, Channel
from kiosk.sync.client import make_client
from kiosk.sync.fetcher import HttpFetcher
from kiosk.sync.incoming import Incoming
from tests.helpers import tls
from tests.helpers.patience import PATIENCE_S
from tests.helpers.tls import Authority

DEVICE = DeviceIdentity("k16", 16, "sokol", bytes(range(32)), b"")
CODE = "K7QF-29XD-MM4P"


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


def _settings(ca_file: Path | None, **changes: str) -> Settings:
    return Settings(ca_file=str(ca_file or ""), request_timeout_s=PATIENCE_S, **changes)  # type: ignore[arg-type]


def _probe(url: str, settings: Settings) -> None:
    with make_client(settings) as client:
        Channel(client, url, DEVICE).probe()


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_a_server_of_the_private_ca_is_spoken_to(authority: Authority, version: ssl.TLSVersion) -> None:
    with tls.serving(tls.only(version, authority.issue())) as server:
        _probe(server.url, _settings(authority.ca_file))
        assert [path for _, path in server.asked] == ["/v1/health"]


def test_without_the_private_ca_it_is_refused(authority: Authority) -> None:
    with tls.serving(tls.only(ssl.TLSVersion.TLSv1_3, authority.issue())) as server:
        with pytest.raises(BackendFault):
            _probe(server.url, _settings(None))
        assert server.asked == []


def test_a_certificate_of_another_ca_is_refused(authority: Authority, tmp_path: Path) -> None:
    stranger = Authority(tmp_path, "Other CA")
    with tls.serving(tls.only(ssl.TLSVersion.TLSv1_3, stranger.issue())) as server:
        with pytest.raises(BackendFault):
            _probe(server.url, _settings(authority.ca_file))
        with make_client(_settings(authority.ca_file)) as client, pytest.raises(NetworkFault):
            enrol(client, server.url, CODE)
        assert server.asked == [], "not one byte of a request"
        _probe(server.url, _settings(stranger.ca_file))


@pytest.mark.parametrize(
    "wrong", [{"host": "127.0.0.2"}, {"host": "backend.example"}, {"until": -datetime.timedelta(days=1)}]
)
def test_a_certificate_for_another_name_or_time_is_refused(authority: Authority, wrong: dict[str, object]) -> None:
    with tls.serving(tls.only(ssl.TLSVersion.TLSv1_3, authority.issue(**wrong))) as server:  # type: ignore[arg-type]
        with pytest.raises(BackendFault):
            _probe(server.url, _settings(authority.ca_file))
        assert server.asked == []


def test_a_server_that_speaks_tls_1_1_only_is_refused(authority: Authority) -> None:
    version = ssl.TLSVersion.TLSv1_1
    with tls.serving(tls.only(version, authority.issue())) as server:
        lax = ssl.create_default_context(cafile=str(authority.ca_file))
        tls.old(lax, version)
        try:
            with urllib.request.urlopen(f"{server.url}/lax", context=lax, timeout=PATIENCE_S):
                pass
        except OSError:
            pytest.skip("this OpenSSL speaks TLS 1.1 with nobody")
        with pytest.raises(BackendFault):
            _probe(server.url, _settings(authority.ca_file))
        assert [path for _, path in server.asked] == ["/lax"]


def test_no_redirect_is_followed_with_a_signed_request(authority: Authority) -> None:
    context = tls.only(ssl.TLSVersion.TLSv1_3, authority.issue())
    with tls.serving(context) as server, tls.serving(context) as other:
        for location in (f"{other.url}/v1/health", f"{server.url}/elsewhere", "http://127.0.0.1:9/"):
            server.location = location
            with make_client(_settings(authority.ca_file)) as client:
                channel = Channel(client, server.url, DEVICE)
                for ask in (channel.probe, lambda c=channel: c.feed(""), lambda c=channel: c.post([b"x"])):  # type: ignore[misc]
                    with pytest.raises(BackendFault, match="307"):
                        ask()
                with pytest.raises(NetworkFault):
                    enrol(client, server.url, CODE)
        assert other.asked == [] and not any(path == "/elsewhere" for _, path in server.asked)


def test_published_content_is_not_fetched_from_another_host(authority: Authority, tmp_path: Path) -> None:
    context = tls.only(ssl.TLSVersion.TLSv1_3, authority.issue())
    with tls.serving(context) as server, tls.serving(context) as other, tls.serving(None) as plain:
        for location in (f"{other.url}/metadata/1.root.json", f"{plain.url}/metadata/1.root.json"):
            server.location = location
            with make_client(_settings(authority.ca_file)) as client:
                fetcher = HttpFetcher(client, Incoming(tmp_path / "incoming"))
                with pytest.raises(NetworkFault, match="another host"):
                    list(fetcher.fetch(f"{server.url}/metadata/1.root.json"))
        assert other.asked == [] and plain.asked == []


def test_a_proxy_tunnels_and_cannot_read(authority: Authority, tmp_path: Path) -> None:
    with tls.serving(tls.only(ssl.TLSVersion.TLSv1_3, authority.issue())) as server, tls.tunnelling() as proxy:
        _probe(server.url, _settings(authority.ca_file, proxy_url=proxy.url))
        assert proxy.asked == [server.url.removeprefix("https://")] and len(server.asked) == 1
        with pytest.raises(BackendFault):
            _probe(server.url, _settings(Authority(tmp_path, "Proxy CA").ca_file, proxy_url=proxy.url))
        assert len(proxy.asked) == 2 and len(server.asked) == 1, "the far end is verified through the tunnel too"


def test_the_proxy_of_the_environment_is_used(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    with tls.serving(tls.only(ssl.TLSVersion.TLSv1_3, authority.issue())) as server, tls.tunnelling() as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        _probe(server.url, _settings(authority.ca_file))
        assert len(proxy.asked) == 1
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        _probe(server.url, _settings(authority.ca_file))
        assert len(proxy.asked) == 1 and len(server.asked) == 2


@pytest.mark.parametrize(
    "url", ["http://backend.example", "http://10.0.0.1:8700", "ftp://127.0.0.1", "backend.example"]
)
def test_nobody_is_enrolled_in_the_clear(url: str) -> None:
    with make_client(Settings(request_timeout_s=0.5)) as client, pytest.raises(EnrolmentRefused, match="https"):
        enrol(client, url, CODE)
