"""A proxy auto-config file decides how every address is reached: over real proxies on loopback, tunnels and plain."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from kiosk.config import Network, Settings
from kiosk.errors import ConfigurationError
from kiosk.model.device import DeviceIdentity
from kiosk.sync import pac
from kiosk.sync.channel import BackendFault, Channel
from kiosk.sync.client import make_client
from kiosk.sync.pac import ANSWER_KEPT_S, FILE_KEPT_S, LAST_FOR_S, PacFault, PacFile, PacTransport
from tests.helpers import tls
from tests.helpers.patience import PATIENCE_S
from tests.helpers.tls import Authority, Server, Tunnels

pytest.importorskip("pypac", reason="proxy files need the extra 'pac'")
DEVICE = DeviceIdentity("k16", 16, "sokol", bytes(range(32)), b"")


@pytest.fixture(autouse=True)
def proxies_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """They lead nowhere: a file that is set is all that counts."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://{nobody()}")
        monkeypatch.setenv(name.lower(), f"http://{nobody()}")


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


@pytest.fixture
def backend(authority: Authority) -> Iterator[Server]:
    with tls.serving(tls.only(ssl.TLSVersion.TLSv1_3, authority.issue())) as server:
        yield server


@pytest.fixture
def proxy() -> Iterator[Tunnels]:
    with tls.tunnelling() as made:
        yield made


def nobody() -> str:
    """host:port where nobody listens."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{held.getsockname()[1]}"


def place(proxy: Tunnels) -> str:
    return proxy.url.removeprefix("http://")


def written(folder: Path, answer: str) -> Path:
    path = folder / "proxy файл.pac"
    path.write_text(f"function FindProxyForURL(url, host) {{ {answer} }}", encoding="utf-8")
    return path


def settings(address: str, authority: Authority | None = None) -> Settings:
    return Settings(
        ca_file=str(authority.ca_file) if authority else "",
        request_timeout_s=PATIENCE_S,
        network=Network(address),
    )


def probe(url: str, used: Settings, times: int = 1) -> None:
    with make_client(used) as client:
        for _ in range(times):
            Channel(client, url, DEVICE).probe()


def test_a_tunnel_by_the_file_and_the_far_end_is_verified_through_it(
    tmp_path: Path, authority: Authority, backend: Server, proxy: Tunnels
) -> None:
    used = settings(written(tmp_path, f'return "PROXY {place(proxy)}";').as_uri(), authority)
    probe(backend.url, used)
    assert proxy.asked == [backend.url.removeprefix("https://")] and len(backend.asked) == 1
    with pytest.raises(BackendFault):
        probe(backend.url, settings(used.network.pac, Authority(tmp_path, "Proxy CA")))
    assert len(proxy.asked) == 2 and len(backend.asked) == 1


def test_plain_content_goes_by_the_file_too(tmp_path: Path, proxy: Tunnels) -> None:
    path = written(tmp_path, f'return "PROXY {place(proxy)}";')
    with tls.serving(None) as mirror, make_client(settings(path.as_uri())) as client:
        assert client.get(f"{mirror.url}/content/root.json").status_code == 200
        assert proxy.asked == [f"{mirror.url}/content/root.json"] and len(mirror.asked) == 1


def test_the_file_decides_by_address_and_is_told_no_path(tmp_path: Path, proxy: Tunnels) -> None:
    rule = f'return url.indexOf("secret") < 0 && shExpMatch(host, "127.0.*") ? "PROXY {place(proxy)}" : "DIRECT";'
    path = written(tmp_path, rule)
    with tls.serving(None) as one, make_client(settings(path.as_uri())) as client:
        client.get(f"{one.url}/secret?secret")
        assert len(proxy.asked) == 1, "the path would have led around the proxy"
        client.get(one.url.replace("127.0.0.1", "localhost"))
        assert len(proxy.asked) == 1 and len(one.asked) == 2, "another host goes directly"


@pytest.mark.parametrize("last", ["PROXY {proxy}", "DIRECT"])
def test_several_ways_are_tried_in_their_order(
    tmp_path: Path, authority: Authority, backend: Server, proxy: Tunnels, last: str
) -> None:
    with tls.tunnelling() as sick:
        sick.status = 503
        answer = f"PROXY {nobody()}; SOCKS {nobody()};PROXY {place(sick)} ; {last.format(proxy=place(proxy))};"
        probe(backend.url, settings(written(tmp_path, f'return "{answer}";').as_uri(), authority), times=3)
        assert len(backend.asked) == 3
        assert len(sick.asked) == 1, "what did not work is not asked again before all others"
        assert len(proxy.asked) == (1 if "PROXY" in last else 0), "one tunnel carries the three"


def test_no_way_is_made_up_when_no_proxy_can_be_reached(tmp_path: Path, authority: Authority, backend: Server) -> None:
    path = written(tmp_path, f'return "PROXY {nobody()}; PROXY {nobody()}";')
    with pytest.raises(BackendFault, match=r"no proxy of the proxy file .*\.pac can be reached"):
        probe(backend.url, settings(path.as_uri(), authority))
    assert backend.asked == [], "never directly"


def test_a_direct_answer_that_fails_is_told_as_without_a_file(tmp_path: Path) -> None:
    with pytest.raises(BackendFault, match=r"out of reach: ConnectError$"):
        probe(f"http://{nobody()}", settings(written(tmp_path, 'return "DIRECT";').as_uri()))


@pytest.mark.parametrize(
    "answer", ['return "";', "return null;", "return 5;", "", 'return "SOCKS 127.0.0.1:1";', 'return "PROXY";']
)
def test_an_answer_that_says_nothing_is_a_fault_and_not_direct(
    tmp_path: Path, authority: Authority, backend: Server, answer: str
) -> None:
    with pytest.raises(BackendFault, match=r"gives no usable way to 127\.0\.0\.1"):
        probe(backend.url, settings(written(tmp_path, answer).as_uri(), authority))
    assert backend.asked == []


def test_a_file_that_fails_for_one_address(tmp_path: Path, authority: Authority, backend: Server) -> None:
    path = written(tmp_path, 'if (host === "127.0.0.1") return unknown(); return "DIRECT";')
    with pytest.raises(BackendFault, match=r"the proxy file .* fails for 127.0.0.1: .*unknown"):
        probe(backend.url, settings(path.as_uri(), authority))
    assert backend.asked == []


@pytest.mark.parametrize("text", ["", "function {", "<html>Please sign in</html>", "FindProxyForURL = 5;", "\0"])
def test_a_file_that_is_none_is_named_at_once(tmp_path: Path, text: str) -> None:
    path = tmp_path / "broken.pac"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"the proxy file file://.*broken\.pac"):
        make_client(settings(path.as_uri()))


def test_a_configuration_that_cannot_be(tmp_path: Path) -> None:
    for address, words in (
        ((tmp_path / "absent.pac").as_uri(), "cannot be read"),
        (tmp_path.as_uri(), "cannot be read"),
        ("proxy.pac", "must begin with"),
        ("ftp://127.0.0.1/proxy.pac", "must begin with"),
    ):
        with pytest.raises(ConfigurationError, match=words):
            make_client(settings(address))
    both = Settings(proxy_url="http://127.0.0.1:1", network=Network(written(tmp_path, "").as_uri()))
    with pytest.raises(ConfigurationError, match="both set"):
        make_client(both)


def test_a_file_from_a_server_is_fetched_once_and_without_a_proxy(
    authority: Authority, backend: Server, proxy: Tunnels
) -> None:
    with tls.serving(tls.only(ssl.TLSVersion.TLSv1_3, authority.issue())) as house:
        house.body = f'function FindProxyForURL(url, host) {{ return "PROXY {place(proxy)}"; }}'.encode()
        probe(backend.url, settings(f"{house.url}/proxy.pac", authority), times=4)
        assert [path for _, path in house.asked] == ["/proxy.pac"]
        assert len(backend.asked) == 4 and len(proxy.asked) == 1


@pytest.mark.parametrize("body", [b"<html>sign in</html>", b"x" * (pac.MOST_BYTES + 1)])
def test_a_bad_file_from_a_server_is_a_fault_that_names_it(
    authority: Authority, backend: Server, body: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    with tls.serving(None) as house:
        house.body = body
        with pytest.raises(BackendFault, match=r"the proxy file http://.*/proxy\.pac"):
            probe(backend.url, settings(f"{house.url}/proxy.pac", authority))
    assert backend.asked == []
    assert "the proxy file cannot be used" in capsys.readouterr().err


def test_a_server_of_files_that_is_away_is_asked_again(authority: Authority, backend: Server) -> None:
    with tls.serving(None) as house, make_client(settings(f"{house.url}/proxy.pac", authority)) as client:
        house.body = b"no script {"
        with pytest.raises(BackendFault):
            Channel(client, backend.url, DEVICE).probe()
        house.body = b'function FindProxyForURL(url, host) { return "DIRECT"; }'
        Channel(client, backend.url, DEVICE).probe()
    assert len(backend.asked) == 1


class Script:
    """A file at an address, its bytes as they are now; counts how often it is read."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.read = 0
        self.now = 0.0
        self.pac = PacFile("https://pac.example/proxy.pac", self._fetch, lambda: self.now)

    def _fetch(self, address: str) -> bytes:
        self.read += 1
        return self.text.encode()

    def ways(self) -> tuple[str, ...]:
        return self.pac.ways(httpx.URL("https://backend.example/v1/health"))


def test_answers_are_kept_for_minutes_and_the_file_for_an_hour() -> None:
    script = Script('var n = 0; function FindProxyForURL(url, host) { n += 1; return "PROXY p:" + n; }')
    first = script.ways()
    script.now = ANSWER_KEPT_S - 1
    assert script.ways() == first
    script.now = ANSWER_KEPT_S
    assert script.ways() != first and script.read == 1
    script.text = 'function FindProxyForURL(url, host) { return "DIRECT"; }'
    script.now = FILE_KEPT_S
    assert script.ways() == ("DIRECT",) and script.read == 2


def test_a_newer_file_that_is_broken_does_not_take_its_place(capsys: pytest.CaptureFixture[str]) -> None:
    script = Script('function FindProxyForURL(url, host) { return "PROXY a:1; HTTPS b:2; DIRECT; DIRECT"; }')
    assert script.ways() == ("http://a:1", "https://b:2", "DIRECT")
    script.text, script.now = "broken {", FILE_KEPT_S
    assert script.ways() == ("http://a:1", "https://b:2", "DIRECT") and script.read == 2
    assert '"old_one_stays": true' in capsys.readouterr().err
    assert script.ways() and script.read == 2, "not at every request"


def test_a_way_that_failed_comes_last_for_a_while() -> None:
    asked: list[str] = []
    down = {"http://a:1"}
    now = [0.0]

    class Way(httpx.BaseTransport):
        def __init__(self, proxy: httpx.Proxy | None) -> None:
            self.name = str(proxy.url) if proxy else "DIRECT"

        def handle_request(self, request: httpx.Request) -> httpx.Response:
            asked.append(self.name)
            if self.name in down:
                raise httpx.ConnectTimeout("nobody")
            return httpx.Response(200)

    script = Script('function FindProxyForURL(url, host) { return "PROXY a:1; PROXY b:2"; }')
    request = httpx.Request("GET", "https://backend.example/")
    with PacTransport(script.pac, Way, lambda: now[0]) as transport:
        transport.handle_request(request)
        transport.handle_request(request)
        assert asked == ["http://a:1", "http://b:2", "http://b:2"]
        now[0], script.now = LAST_FOR_S, LAST_FOR_S
        down.clear()
        transport.handle_request(request)
        assert asked[3:] == ["http://a:1"]
        down.update(("http://a:1", "http://b:2"))
        with pytest.raises(PacFault, match="http://a:1; http://b:2"):
            transport.handle_request(request)
        assert asked[4:] == ["http://a:1", "http://b:2"]
