"""A web server on loopback that serves a repository, and can be told to behave as badly as the world does."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

Behaviour = Callable[[BaseHTTPRequestHandler, bytes], None]


class ContentSite:
    """Serves `folder` at `url`. `behave` maps a pattern of the path to what happens instead of the file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.behave: dict[str, Behaviour] = {}
        self.asked: list[str] = []
        self.sent = 0
        self.cut_after: int | None = None
        """The number of requests that are answered before every further one is cut."""
        self.url = ""

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        self.asked.append(handler.path)
        path = self.folder / handler.path.lstrip("/")
        data = path.read_bytes() if path.is_file() else None
        if self.cut_after is not None and len(self.asked) > self.cut_after:
            cut(handler, data or b"a body")
            return
        for pattern, behaviour in self.behave.items():
            if re.search(pattern, handler.path):
                behaviour(handler, data or b"")
                return
        if data is None:
            self.sent += send(handler, b"Not Found", 404)
            return
        start = re.fullmatch(r"bytes=(\d+)-", handler.headers.get("Range", ""))
        if start:
            offset = int(start[1])
            body = data[offset:]
            where = f"bytes {offset}-{len(data) - 1}/{len(data)}"
            self.sent += send(handler, body, 206, {"Content-Range": where})
        else:
            self.sent += send(handler, data)


def send(handler: BaseHTTPRequestHandler, body: bytes, status: int = 200, headers: dict[str, str] | None = None) -> int:
    handler.send_response(status)
    for name, value in {"Content-Type": "application/octet-stream", **(headers or {})}.items():
        handler.send_header(name, value)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)
    return len(body)


def cut(handler: BaseHTTPRequestHandler, data: bytes) -> None:
    """Promise the whole, send the first half and hang up."""
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(data)))
    handler.end_headers()
    handler.wfile.write(data[: len(data) // 2])
    handler.wfile.flush()
    handler.close_connection = True


def spoil(handler: BaseHTTPRequestHandler, data: bytes) -> None:
    """The right length, one wrong byte in the middle."""
    middle = len(data) // 2
    send(handler, data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :])


def short(handler: BaseHTTPRequestHandler, data: bytes) -> None:
    """A shorter body that says it is whole."""
    send(handler, data[:-3])


def portal(handler: BaseHTTPRequestHandler, data: bytes) -> None:
    """The sign-in page of somebody's network, with status 200."""
    send(handler, b"<!doctype html><title>Wi-Fi</title>", 200, {"Content-Type": "text/html; charset=utf-8"})


def disguised_portal(handler: BaseHTTPRequestHandler, data: bytes) -> None:
    send(handler, b"<!doctype html><title>Wi-Fi</title>", 200, {"Content-Type": "application/json"})


def endless(handler: BaseHTTPRequestHandler, data: bytes) -> None:
    """Bytes without end (64 MiB, if anybody reads on)."""
    handler.send_response(200)
    handler.end_headers()
    handler.close_connection = True
    try:
        for _ in range(1024):
            handler.wfile.write(bytes(64 * 1024))
    except OSError:
        return


def elsewhere(handler: BaseHTTPRequestHandler, data: bytes) -> None:
    handler.send_response(302)
    handler.send_header("Location", "http://127.0.0.2:9/evil")
    handler.send_header("Content-Length", "0")
    handler.end_headers()


def broken(handler: BaseHTTPRequestHandler, data: bytes) -> None:
    send(handler, b"try later", 503)


@contextmanager
def serve(folder: Path) -> Iterator[ContentSite]:
    """The site, up and running."""
    site = ContentSite(folder)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            site.answer(self)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    site.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
