"""A line between a kiosk and its backend that can be made as bad as lines get: an HTTP proxy on loopback.

Rules. It stands before one backend. Each request is read whole, passed on over a connection of its own, and answered
whole, unless a fault says otherwise. Faults that are drawn for each request: `bend(kinds, share)`. Faults that last for
a time, whoever asks: `with window(kind)`, during which "cut up", "cut down" and "cut both" hold the bytes back: nothing
is lost, it arrives when the window closes, even if the kiosk has given up by then. Other windows (a process that was
killed or stopped) only count. `hits` counts the requests that each fault hit, a request once for each kind.
"""

from __future__ import annotations

import random
import socket
import struct
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress

BODIES = ("truncated", "duplicated", "drip", "storm", "portal", "retry after")
CUTS = ("cut up", "cut down", "cut both")
LINES = ("disconnect", *CUTS)
PORTAL = b"<!doctype html><html><title>Wi-Fi</title><body>Please sign in to use this network.</body></html>"
_MOST = 16 * 1024 * 1024
_DRIP_S = 0.9


class Message:
    """A request or an answer: its head as lines without CRLF, and its body."""

    def __init__(self, first: str, headers: list[tuple[str, str]], body: bytes) -> None:
        self.first = first
        self.headers = headers
        self.body = body

    def head(self, length: int | None = None) -> bytes:
        """The head as bytes, with a Content-Length (of the body unless said otherwise) and one connection's life."""
        kept = [pair for pair in self.headers if pair[0].lower() not in ("content-length", "connection")]
        kept.append(("Content-Length", str(len(self.body) if length is None else length)))
        kept.append(("Connection", "close"))
        return "\r\n".join([self.first, *(f"{name}: {value}" for name, value in kept), "", ""]).encode("latin-1")


def answer(status: str, body: bytes, kind: str, **headers: str) -> Message:
    named = [(name.replace("_", "-"), value) for name, value in headers.items()]
    return Message(f"HTTP/1.1 {status}", [("Content-Type", kind), *named], body)


class Broken(Exception):
    """A connection ended before a message was whole."""


def read_message(stream: socket.socket, *, bodiless: bool = False) -> Message:
    """One HTTP/1.1 message with a Content-Length or chunks; `bodiless`: an answer to HEAD. Raises Broken."""
    data = bytearray()
    while (end := data.find(b"\r\n\r\n")) < 0:
        _more(stream, data)
    lines = bytes(data[:end]).decode("latin-1").split("\r\n")
    headers = [(name.strip(), value.strip()) for name, _, value in (line.partition(":") for line in lines[1:])]
    known = {name.lower(): value for name, value in headers}
    rest = data[end + 4 :]
    if known.get("transfer-encoding", "").lower() == "chunked":
        headers = [pair for pair in headers if pair[0].lower() != "transfer-encoding"]
        return Message(lines[0], headers, _chunks(stream, rest))
    length = 0 if bodiless else int(known.get("content-length", 0))
    while len(rest) < length:
        _more(stream, rest)
    return Message(lines[0], headers, bytes(rest[:length]))


def _chunks(stream: socket.socket, data: bytearray) -> bytes:
    body = bytearray()
    while True:
        while (end := data.find(b"\r\n")) < 0:
            _more(stream, data)
        size = int(bytes(data[:end]).partition(b";")[0], 16)
        while len(data) < end + 2 + size + 2:
            _more(stream, data)
        body += data[end + 2 : end + 2 + size]
        del data[: end + 2 + size + 2]
        if size == 0:
            return bytes(body)


def _more(stream: socket.socket, data: bytearray) -> None:
    try:
        part = stream.recv(65_536)
    except OSError as error:
        raise Broken from error
    if not part or len(data) > _MOST:
        raise Broken
    data += part


class FaultProxy:
    """One kiosk's line to the backend at (host, port). `url` is where the kiosk finds it; `hits` counts by kind."""

    def __init__(self, backend: tuple[str, int], seed: int = 0) -> None:
        self.backend = backend
        self.hits: Counter[str] = Counter()
        self.requests = 0
        self._random = random.Random(seed)
        self._kinds: tuple[str, ...] = ()
        self._share = 1.0
        self._windows: Counter[str] = Counter()
        self._under_way: dict[int, set[str]] = {}
        self._change = threading.Condition()
        self._closed = False
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._thread = threading.Thread(target=self._accept, name="fault-proxy", daemon=True)
        self._thread.start()

    def bend(self, *kinds: str, share: float = 1.0) -> None:
        """From now on this share of the requests is hit by one of these kinds (BODIES, "disconnect")."""
        with self._change:
            self._kinds, self._share = kinds, share

    def heal(self) -> None:
        """No fault is drawn for new requests any more. Windows are closed by whoever opened them."""
        self.bend()

    @contextmanager
    def window(self, kind: str) -> Iterator[None]:
        """Every request that is under way between begin and end counts as hit by `kind`; CUTS hold its bytes."""
        with self._change:
            self._windows[kind] += 1
            for serial in self._under_way:
                self._mark(serial, kind)
        try:
            yield
        finally:
            with self._change:
                self._windows[kind] -= 1
                self._change.notify_all()

    def wait_for_request(self, timeout_s: float) -> bool:
        """Wait until a request is under way; False when none came in time."""
        with self._change:
            return self._change.wait_for(lambda: bool(self._under_way), timeout_s)

    def wait_for_hits(self, kind: str, count: int, timeout_s: float) -> bool:
        """Wait until `kind` has hit so many requests; False when it did not in time."""
        with self._change:
            return self._change.wait_for(lambda: self.hits[kind] >= count, timeout_s)

    def close(self) -> None:
        with self._change:
            self._closed = True
            self._windows.clear()
            self._change.notify_all()
        # shutdown wakes the thread that accepts, close alone does not
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()

    def __enter__(self) -> FaultProxy:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _accept(self) -> None:
        while True:
            try:
                stream, _ = self._listener.accept()
            except OSError:
                return
            stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self._serve, args=(stream,), daemon=True).start()

    def _serve(self, stream: socket.socket) -> None:
        with stream:
            try:
                request = read_message(stream)
            except (Broken, ValueError):
                return
            serial, fault = self._begin()
            try:
                self._pass(stream, request, fault)
            except (OSError, Broken, ValueError):
                _hang_up(stream)
            finally:
                with self._change:
                    del self._under_way[serial]

    def _begin(self) -> tuple[int, str]:
        with self._change:
            self.requests += 1
            serial = self.requests
            self._under_way[serial] = set()
            for kind, count in self._windows.items():
                if count:
                    self._mark(serial, kind)
            drawn = self._kinds and self._random.random() < self._share
            fault = self._random.choice(self._kinds) if drawn else ""
            if fault:
                self._mark(serial, fault)
            self._change.notify_all()
            return serial, fault

    def _mark(self, serial: int, kind: str) -> None:
        if kind not in self._under_way[serial]:
            self._under_way[serial].add(kind)
            self.hits[kind] += 1

    def _hold(self, *cuts: str) -> None:
        with self._change:
            self._change.wait_for(lambda: self._closed or not any(self._windows[cut] for cut in cuts))

    def _draw(self, *choices: str) -> str:
        with self._change:
            return self._random.choice(choices)

    def _part(self, data: bytes) -> int:
        with self._change:
            return self._random.randrange(len(data)) if data else 0

    def _pass(self, stream: socket.socket, request: Message, fault: str) -> None:
        # A gateway's fault may come before the backend has seen the request, or after it was committed.
        late = self._draw("before", "after") == "after"
        self._hold("cut up", "cut both")
        if fault == "portal":
            self._portal(stream)
            return
        if fault == "truncated" and not late:
            self._truncated_request(request)
            _hang_up(stream)
            return
        if fault in ("disconnect", "storm", "retry after") and not late:
            self._refuse(stream, fault)
            return
        got = self._ask(request)
        if fault == "duplicated" and not late:
            got = self._ask(request)
        self._hold("cut down", "cut both")
        if fault == "truncated":
            stream.sendall(got.head() + got.body[: self._part(got.body)])
            _hang_up(stream)
        elif fault == "duplicated" and late:
            stream.sendall(got.head(2 * len(got.body)) + got.body * 2)
        elif fault == "drip":
            self._drip(stream, got)
        elif fault in ("disconnect", "storm", "retry after"):
            self._refuse(stream, fault)
        else:
            stream.sendall(got.head() + got.body)

    def _ask(self, request: Message) -> Message:
        with socket.create_connection(self.backend, 30) as backend:
            backend.sendall(request.head() + request.body)
            return read_message(backend, bodiless=request.first.startswith("HEAD "))

    def _truncated_request(self, request: Message) -> None:
        with socket.create_connection(self.backend, 30) as backend:
            whole = request.head() + request.body
            backend.sendall(whole[: self._part(whole)])

    def _refuse(self, stream: socket.socket, fault: str) -> None:
        if fault == "disconnect":
            _hang_up(stream)
            return
        if fault == "retry after":
            status = self._draw("429 Too Many Requests", "503 Service Unavailable")
            said = answer(status, b"{}", "application/json", Retry_After=self._draw("0", "1", "2"))
        else:
            status = self._draw("500 Oops", "502 Bad Gateway", "503 Service Unavailable", "504 Gateway Timeout")
            said = answer(status, b"<h1>nginx</h1>", "text/html")
        stream.sendall(said.head() + said.body)

    def _portal(self, stream: socket.socket) -> None:
        form = self._draw("page", "disguise", "redirect", "empty", "json")
        said = {
            "page": answer("200 OK", PORTAL, "text/html; charset=utf-8"),
            "disguise": answer("200 OK", PORTAL, "application/json"),
            "redirect": answer("302 Found", PORTAL, "text/html", Location="http://127.0.0.1:9/login"),
            "empty": answer("200 OK", b"", "application/json"),
            "json": answer("200 OK", b'{"status":"ok"}', "application/json"),
        }[form]
        stream.sendall(said.head() + said.body)

    def _drip(self, stream: socket.socket, got: Message) -> None:
        whole = got.head() + got.body
        pieces = 12
        step = -(-len(whole) // pieces)
        for at in range(0, len(whole), step):
            stream.sendall(whole[at : at + step])
            with self._change:
                self._change.wait_for(lambda: self._closed, _DRIP_S / pieces)


def _hang_up(stream: socket.socket) -> None:
    """End a connection the rude way: RST instead of FIN."""
    with suppress(OSError):
        stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
