"""Proxies by a proxy auto-config file: which one each address is reached by, and the transport that goes by it.

Rules. The file decides, and nothing else: with it, proxies of the environment are not looked at. "PROXY a; PROXY b;
DIRECT" is tried in that order; whoever could not be reached is asked last for a while. A file that cannot be had or
evaluated, or that says nothing usable for an address, is a fault with a sentence that names it, never a silent DIRECT.
Answers are kept for some minutes for each origin, the file for an hour; a newer one that is broken does not take the
place of the one in use. The file is told the origin of an address only, never its path.

The JavaScript runs in pypac's engine (QuickJS, no files and no network but the look-ups that such a file may ask for).
It belongs to the thread that uses the client. Needs the extra `pac`.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable
from typing import Protocol
from urllib.parse import unquote, urlsplit

import httpx

from kiosk.errors import ConfigurationError
from kiosk.log import logger

DIRECT = "DIRECT"
FILE_KEPT_S = 3600.0
ANSWER_KEPT_S = 300.0
LAST_FOR_S = 120.0
MOST_BYTES = 1024 * 1024
MOST_ANSWERS = 256
_REACHED_NOBODY = (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError)
"""Faults after which nothing of a request has been sent to the far end."""
_log = logger("sync")


class PacFault(httpx.ProxyError):
    """The file gives no way; the message is the engineer's sentence."""


class Script(Protocol):
    """An evaluated file; pypac's PACFile is one."""

    def find_proxy_for_url(self, url: str, host: str) -> str: ...


class PacFile:
    """The file at an address, evaluated, and its answers."""

    def __init__(self, address: str, fetch: Callable[[str], bytes], elapsed: Callable[[], float] = time.monotonic):
        """`fetch` gets the bytes at `address`, and raises OSError or httpx.HTTPError."""
        self.address = address
        self._fetch = fetch
        self._elapsed = elapsed
        self._script: Script | None = None
        self._due = 0.0
        self._answers: dict[str, tuple[float, tuple[str, ...]]] = {}

    def load(self) -> Script:
        """The evaluated file. Raises PacFault when there is none that works."""
        if self._script is None or self._elapsed() >= self._due:
            try:
                self._script = _evaluated(self.address, self._text())
                self._answers.clear()
            except PacFault as fault:
                _log.error("the proxy file cannot be used", error=str(fault), old_one_stays=self._script is not None)
                if self._script is None:
                    raise
            self._due = self._elapsed() + FILE_KEPT_S
        return self._script

    def ways(self, url: httpx.URL) -> tuple[str, ...]:
        """DIRECT or proxy addresses, in the order in which they are to be tried. Raises PacFault."""
        script = self.load()
        origin = f"{url.scheme}://{url.netloc.decode('ascii')}/"
        known = self._answers.get(origin)
        if known is not None and self._elapsed() < known[0]:
            return known[1]
        try:
            said = script.find_proxy_for_url(origin, url.host)
        except Exception as error:  # whatever a script and the functions it calls may raise
            raise PacFault(f"the proxy file {self.address} fails for {url.host}: {_line(error)}") from error
        found = _parsed(self.address, url.host, said)
        if len(self._answers) >= MOST_ANSWERS:
            self._answers.clear()
        self._answers[origin] = (self._elapsed() + ANSWER_KEPT_S, found)
        return found

    def _text(self) -> str:
        try:
            data = self._fetch(self.address)
        except (OSError, httpx.HTTPError, httpx.InvalidURL) as error:
            raise PacFault(f"the proxy file {self.address} cannot be read: {_line(error)}") from error
        if len(data) > MOST_BYTES:
            raise PacFault(f"the proxy file {self.address} is larger than {MOST_BYTES} bytes")
        return data.decode("utf-8-sig", errors="replace")


class PacTransport(httpx.BaseTransport):
    """Sends each request by the ways that a file gives for it."""

    def __init__(
        self,
        pac: PacFile,
        transport: Callable[[httpx.Proxy | None], httpx.BaseTransport],
        elapsed: Callable[[], float] = time.monotonic,
    ) -> None:
        self._pac = pac
        self._make = transport
        self._elapsed = elapsed
        self._transports: dict[str, httpx.BaseTransport] = {}
        self._last_until: dict[str, float] = {}

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        ways = self._pac.ways(request.url)
        now = self._elapsed()
        fault: httpx.TransportError | None = None
        for way in sorted(ways, key=lambda one: self._last_until.get(one, 0.0) > now):
            try:
                response = self._by(way).handle_request(request)
            except _REACHED_NOBODY as error:
                self._last_until[way] = now + LAST_FOR_S
                _log.info("no way through", way=way, error=_line(error))
                fault = error
                continue
            self._last_until.pop(way, None)
            return response
        assert fault is not None, "ways are never empty"
        if ways == (DIRECT,):
            raise fault
        tried = "; ".join(ways)
        raise PacFault(f"no proxy of the proxy file {self._pac.address} can be reached ({tried})") from fault

    def close(self) -> None:
        for transport in self._transports.values():
            transport.close()

    def _by(self, way: str) -> httpx.BaseTransport:
        if way not in self._transports:
            self._transports[way] = self._make(None if way == DIRECT else httpx.Proxy(way))
        return self._transports[way]


def pac_transport(address: str, verify: ssl.SSLContext, timeout: httpx.Timeout) -> PacTransport:
    """The transport for a client. A file on this machine is read at once. Raises ConfigurationError."""
    scheme = urlsplit(address).scheme
    if scheme not in ("file", "http", "https"):
        raise ConfigurationError(f"network.pac {address} must begin with file://, https:// or http://")
    try:
        import pypac.parser  # noqa: F401
    except ImportError as error:
        raise ConfigurationError("network.pac needs the package pypac: install the extra 'pac'") from error

    def fetch(url: str) -> bytes:
        if scheme == "file":
            with open(unquote(urlsplit(url).path), "rb") as file:  # noqa: PTH123
                return file.read(MOST_BYTES + 1)
        data = b""
        with (
            httpx.Client(verify=verify, timeout=timeout, trust_env=False) as client,
            client.stream("GET", url) as response,
        ):
            response.raise_for_status()
            for part in response.iter_bytes():
                data += part
                if len(data) > MOST_BYTES:
                    break
        return data

    pac = PacFile(address, fetch)
    if scheme == "file":
        try:
            pac.load()
        except PacFault as fault:
            raise ConfigurationError(str(fault)) from fault
    return PacTransport(pac, lambda proxy: httpx.HTTPTransport(verify=verify, proxy=proxy, trust_env=False))


def _evaluated(address: str, text: str) -> Script:
    from pypac.parser import MalformedPacError, PACFile

    try:
        script: Script = PACFile(text)
    except MalformedPacError as error:
        raise PacFault(f"the proxy file {address} is no proxy file: {_line(error.original_exc or error)}") from error
    except Exception as error:  # a function of the file's that fails in Python, on the trial call
        raise PacFault(f"the proxy file {address} fails: {_line(error)}") from error
    return script


def _parsed(address: str, host: str, said: object) -> tuple[str, ...]:
    """The ways in an answer. What a client cannot use (SOCKS, unknown words) is passed over. Raises PacFault."""
    found = []
    for element in said.split(";") if isinstance(said, str) else ():
        words = element.split()
        kind = words[0].upper() if words else ""
        if kind == DIRECT and len(words) == 1:
            found.append(DIRECT)
        elif kind in ("PROXY", "HTTP", "HTTPS") and len(words) == 2:
            way = f"{'https' if kind == 'HTTPS' else 'http'}://{words[1]}"
            try:
                httpx.Proxy(way)
                usable = bool(httpx.URL(way).host)
            except (httpx.InvalidURL, ValueError):
                usable = False
            if usable:
                found.append(way)
    if not found:
        raise PacFault(f"the proxy file {address} gives no usable way to {host}: {said!r}")
    return tuple(dict.fromkeys(found))


def _line(error: BaseException) -> str:
    """An error of somebody else's in one line."""
    return (" ".join(str(error).split()) or type(error).__name__)[:300]
