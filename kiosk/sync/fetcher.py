"""Fetches published bytes for python-tuf: over HTTP, from a folder, or from a bundle on a USB stick.

Rules. Every body is counted as it came over the wire, and every request. Nothing is decompressed on the way (a swollen
body would pass the limits). A redirect is followed only on the same host, three times at most. A body that is
cut, that comes too slowly or that is a web page is a NetworkFault; 403 and 404 are python-tuf's to judge.
A part of a large body that came before a cut is kept (incoming.py) and the rest is asked for by range (RFC 9110,
section 14). Nothing is verified here, and no length is trusted: python-tuf stops an endless body at the signed length.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath

import httpx
from tuf.api.exceptions import DownloadHTTPError
from tuf.ngclient import FetcherInterface

from kiosk.errors import NetworkFault
from kiosk.protocol.bundle import Bundle
from kiosk.sync.incoming import Incoming

FOLDER_URL = "folder:/"
_CHUNK = 64 * 1024
_MOST_REDIRECTS = 3
_PATIENCE_S = 30.0
_LEAST_BYTES_PER_S = 512


class Fetcher(FetcherInterface):
    """What both kinds share: the counts of this run, bodies and requests."""

    def __init__(self) -> None:
        self.bytes = 0
        self.requests = 0
        self.last = 0
        """Bytes of the newest body, for telling a cut body from a wrong one."""
        self.url = ""
        """The newest body's address."""
        self.continued = False
        """Whether the newest body began with what was kept of an earlier attempt."""

    def _begin(self, url: str) -> None:
        """A body that is not continued."""
        self.url = url
        self.requests += 1
        self.last = 0
        self.continued = False

    def _counted(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        for chunk in chunks:
            self.bytes += len(chunk)
            self.last += len(chunk)
            yield chunk

    def forget(self, url: str) -> None:
        """The body was not what was signed: keep nothing of it."""


class HttpFetcher(Fetcher):
    """Over a synchronous httpx client, which belongs to the caller (TLS, proxies, timeouts)."""

    def __init__(self, client: httpx.Client, incoming: Incoming, elapsed: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._client = client
        self._incoming = incoming
        self._elapsed = elapsed

    def forget(self, url: str) -> None:
        part = self._incoming.part(url)
        if part:
            part.forget()

    def _fetch(self, url: str) -> Iterator[bytes]:
        self.url = url
        part = self._incoming.part(url)
        kept, whole = part.read() if part else (b"", False)
        self.last = len(kept)
        self.continued = bool(kept) or whole
        if kept:
            yield kept
        if whole:
            return
        try:
            for chunk in self._body(url, len(kept)):
                if not self.last and chunk.lstrip()[:1] == b"<":
                    # Nothing that is published begins so; not every network's page says that it is HTML.
                    raise NetworkFault(f"{url} answers with a web page; is there a sign-in page in between?")
                if part:
                    part.append(chunk)
                self.last += len(chunk)
                yield chunk
        except httpx.HTTPError as error:
            raise NetworkFault(f"{url} did not come whole: {error or type(error).__name__}") from error
        except httpx.InvalidURL as error:
            raise NetworkFault(f"{url} is no address: {error}") from error
        if part:
            part.finish()

    def _body(self, url: str, start: int) -> Iterator[bytes]:
        address = httpx.URL(url)
        began = self._elapsed()
        for _ in range(_MOST_REDIRECTS + 1):
            headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={start}-"} if start else {})
            request = self._client.build_request("GET", address, headers=headers)
            self.requests += 1
            response = self._client.send(request, stream=True, follow_redirects=False)
            try:
                if response.next_request is not None:
                    address = self._same_host(address, response.next_request.url)
                    continue
                self._judge(url, response, start)
                for chunk in response.iter_raw():
                    self._hurry(url, response.num_bytes_downloaded, began)
                    yield chunk
                return
            finally:
                self.bytes += response.num_bytes_downloaded
                response.close()
        raise NetworkFault(f"{url} is redirected more than {_MOST_REDIRECTS} times")

    def _judge(self, url: str, response: httpx.Response, start: int) -> None:
        if response.status_code == 416 and start:
            self.forget(url)
        if response.status_code not in (200, 206):
            for _ in response.iter_raw(_CHUNK):
                if response.num_bytes_downloaded > _CHUNK:
                    break
            if response.status_code in (403, 404):
                raise DownloadHTTPError(f"{url} answers {response.status_code}", response.status_code)
            raise NetworkFault(f"{url} answers {response.status_code}")
        if response.headers.get("content-type", "").startswith("text/html"):
            raise NetworkFault(f"{url} answers with a web page; is there a sign-in page in between?")
        begins = response.headers.get("content-range", "").removeprefix("bytes ").partition("-")[0]
        if start and (response.status_code != 206 or begins != str(start)):
            self.forget(url)
            raise NetworkFault(f"{url} cannot be continued where it was cut; it is fetched anew next time")

    def _hurry(self, url: str, received: int, began: float) -> None:
        spent = self._elapsed() - began
        if spent > _PATIENCE_S and received < (spent - _PATIENCE_S) * _LEAST_BYTES_PER_S:
            raise NetworkFault(f"{url} comes too slowly: {received} bytes in {spent:.0f} s")

    @staticmethod
    def _same_host(address: httpx.URL, target: httpx.URL) -> httpx.URL:
        if (target.scheme, target.host, target.port) != (address.scheme, address.host, address.port):
            raise NetworkFault(f"{address} is redirected to another host, {target.host}")
        return target


class FolderFetcher(Fetcher):
    """From the folder of a repository. A file that is not there is a 404, a folder that is not there a NetworkFault."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder

    def _fetch(self, url: str) -> Iterator[bytes]:
        self._begin(url)
        name = PurePosixPath(url.removeprefix(FOLDER_URL))
        if name.is_absolute() or ".." in name.parts:
            raise NetworkFault(f"{name} does not lie in the folder")
        try:
            yield from self._counted(self._read(name))
        except FileNotFoundError as error:
            raise DownloadHTTPError(f"{name} is not in {self._folder}", 404) from error
        except OSError as error:
            raise NetworkFault(f"{self._folder / name} cannot be read: {error.strerror}") from error

    def _read(self, name: PurePosixPath) -> Iterator[bytes]:
        """The file in pieces."""
        if not (self._folder / "metadata").is_dir():
            raise NetworkFault(f"{self._folder} holds no published content; is the stick still in?")
        with (self._folder / name).open("rb") as file:
            while chunk := file.read(_CHUNK):
                yield chunk


class BundleFetcher(FolderFetcher):
    """From the files of a bundle, which are a folder in one file."""

    def __init__(self, bundle: Bundle) -> None:
        super().__init__(Path(bundle.name))
        self._bundle = bundle

    def _read(self, name: PurePosixPath) -> Iterator[bytes]:
        try:
            yield from self._bundle.read(str(name))
        except KeyError as error:
            raise FileNotFoundError(str(name)) from error
