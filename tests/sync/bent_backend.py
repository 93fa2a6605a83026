"""A server before the real backend that can be told to behave as badly as the world does.

`bend` maps a pattern of the path to what happens instead; everything else goes to the real backend and comes back
unchanged. `seen` keeps every request as (method, path, body).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import httpx

from kiosk.protocol import batch
from tests.helpers.patience import PATIENCE_S

Bend = Callable[["BentBackend", BaseHTTPRequestHandler, bytes], None]
_TOLD = ("tus-", "upload-", "location")
_HOP = {"connection", "content-length", "transfer-encoding", "date", "server"}


class BentBackend:
    """`real` is the URL of a backend, "" for none; `url` is where this one listens."""

    def __init__(self, real: str) -> None:
        self.real = real
        self.url = ""
        self.bend: dict[str, Bend] = {}
        self.seen: list[tuple[str, str, bytes]] = []
        self.client = httpx.Client(timeout=PATIENCE_S, trust_env=False)

    @property
    def posts(self) -> list[bytes]:
        return [
            body
            for method, path, body in self.seen
            if method == "POST" and path.partition("?")[0].endswith("/submissions")
        ]

    def ask(self, handler: BaseHTTPRequestHandler, body: bytes) -> httpx.Response:
        """The real backend's answer to this request."""
        headers = {name: value for name, value in handler.headers.items() if name.lower() not in (*_HOP, "host")}
        return self.client.request(handler.command, self.real + handler.path, content=body or None, headers=headers)

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers.get("Content-Length", 0)))
        self.seen.append((handler.command, handler.path, body))
        for pattern, bend in self.bend.items():
            if re.search(pattern, handler.path) or re.search(pattern, handler.path.partition("?")[0]):
                bend(self, handler, body)
                return
        response = self.ask(handler, body)
        told = {name: value for name, value in response.headers.items() if name.lower().startswith(_TOLD)}
        send(handler, response.content, response.status_code, response.headers.get("Content-Type", ""), **told)


def send(
    handler: BaseHTTPRequestHandler, body: bytes, status: int = 200, kind: str = "application/json", **headers: str
) -> None:
    handler.send_response(status)
    handler.send_header("Content-Type", kind)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def portal(_: BentBackend, handler: BaseHTTPRequestHandler, body: bytes) -> None:
    send(handler, b"<!doctype html><title>Wi-Fi</title>", kind="text/html; charset=utf-8")


def disguised_portal(_: BentBackend, handler: BaseHTTPRequestHandler, body: bytes) -> None:
    send(handler, b"<!doctype html><title>Wi-Fi</title>")


def cut_body(bent: BentBackend, handler: BaseHTTPRequestHandler, body: bytes) -> None:
    """The backend has taken it; half of the answer arrives."""
    whole = bent.ask(handler, body).content
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", str(len(whole)))
    handler.end_headers()
    handler.wfile.write(whole[: len(whole) // 2])
    handler.wfile.flush()
    handler.close_connection = True


def cut_json(bent: BentBackend, handler: BaseHTTPRequestHandler, body: bytes) -> None:
    """Half of the answer, and a length that agrees with it."""
    whole = bent.ask(handler, body).content
    send(handler, whole[: len(whole) // 2])


def wrong_type(bent: BentBackend, handler: BaseHTTPRequestHandler, body: bytes) -> None:
    send(handler, bent.ask(handler, body).content, kind="application/octet-stream")


def no_type(bent: BentBackend, handler: BaseHTTPRequestHandler, body: bytes) -> None:
    send(handler, bent.ask(handler, body).content, kind="")


def endless(_: BentBackend, handler: BaseHTTPRequestHandler, body: bytes) -> None:
    """Bytes without end (64 MiB, if anybody reads on)."""
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.end_headers()
    handler.close_connection = True
    try:
        for _number in range(1024):
            handler.wfile.write(b" " * 65_536)
    except OSError:
        return


def zipped_nonsense(_: BentBackend, handler: BaseHTTPRequestHandler, body: bytes) -> None:
    send(handler, b"not gzip at all", Content_Encoding="gzip")


def no_http(_: BentBackend, handler: BaseHTTPRequestHandler, body: bytes) -> None:
    handler.wfile.write(b"SSH-2.0-OpenSSH_9.2\r\n\r\n")
    handler.close_connection = True


def hang_up(_: BentBackend, handler: BaseHTTPRequestHandler, body: bytes) -> None:
    handler.close_connection = True


def failing(_: BentBackend, handler: BaseHTTPRequestHandler, body: bytes) -> None:
    send(handler, b"{}", 500)


def empty_object(_: BentBackend, handler: BaseHTTPRequestHandler, body: bytes) -> None:
    send(handler, b"{}")


def no_results(_: BentBackend, handler: BaseHTTPRequestHandler, body: bytes) -> None:
    send(handler, b'{"results":[]}')


def deep_json(_: BentBackend, handler: BaseHTTPRequestHandler, body: bytes) -> None:
    send(handler, b'{"results":' + b"[" * 100_000)


def accepted(bent: BentBackend, handler: BaseHTTPRequestHandler, body: bytes) -> None:
    """The right body under another status."""
    send(handler, bent.ask(handler, body).content, 202)


def answered_by(change: Callable[[batch.EnvelopeResult], batch.EnvelopeResult]) -> Bend:
    """The backend's answer with every result changed."""

    def bend(bent: BentBackend, handler: BaseHTTPRequestHandler, body: bytes) -> None:
        answer = batch.decode_answer(bent.ask(handler, body).content)
        changed = batch.BatchAnswer(tuple(change(result) for result in answer.results), answer.high_water)
        send(handler, batch.encode_answer(changed))

    return bend


@contextmanager
def bent(real: str) -> Iterator[BentBackend]:
    """The server, up and running."""
    made = BentBackend(real)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            made.answer(self)

        def do_POST(self) -> None:
            made.answer(self)

        do_OPTIONS = do_HEAD = do_PATCH = do_DELETE = do_POST

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    made.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        made.client.close()
