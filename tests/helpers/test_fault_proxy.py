"""The fault proxy does to requests what it says, and counts what it did."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from tests.helpers.fault_proxy import BODIES, FaultProxy
from tests.helpers.patience import PATIENCE_S, until

BODY = b'{"answer":"' + b"x" * 200 + b'"}'


class Backend:
    def __init__(self) -> None:
        self.seen: list[bytes] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                outer.seen.append(self.rfile.read(int(self.headers["Content-Length"])))
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(BODY)))
                self.end_headers()
                self.wfile.write(BODY)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()


@pytest.fixture
def backend() -> Iterator[Backend]:
    made = Backend()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def proxy(backend: Backend) -> Iterator[FaultProxy]:
    with FaultProxy(("127.0.0.1", backend.server.server_port), seed=1) as made:
        yield made


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    with httpx.Client(timeout=PATIENCE_S, trust_env=False) as made:
        yield made


def ask(client: httpx.Client, proxy: FaultProxy) -> str:
    try:
        got = client.post(proxy.url + "/v1/x", content=b"question")
    except httpx.HTTPError as error:
        return type(error).__name__
    return "whole" if (got.status_code, got.content) == (200, BODY) else f"{got.status_code}"


def test_a_straight_line_changes_nothing(proxy: FaultProxy, client: httpx.Client, backend: Backend) -> None:
    assert ask(client, proxy) == "whole" and backend.seen == [b"question"]
    assert proxy.requests == 1 and not proxy.hits


@pytest.mark.parametrize("kind", [*(kind for kind in BODIES if kind not in ("drip", "duplicated")), "disconnect"])
def test_no_answer_under_a_fault_is_the_backends(proxy: FaultProxy, client: httpx.Client, kind: str) -> None:
    proxy.bend(kind)
    assert "whole" not in {ask(client, proxy) for _ in range(12)}
    assert proxy.hits == {kind: 12}
    proxy.heal()
    assert ask(client, proxy) == "whole" and proxy.hits == {kind: 12}


def test_a_fault_may_come_after_the_backend_has_done_its_work(
    proxy: FaultProxy, client: httpx.Client, backend: Backend
) -> None:
    proxy.bend("disconnect", "storm")
    for _ in range(20):
        ask(client, proxy)
    assert 0 < len(backend.seen) < 20


def test_duplicated_bodies_go_either_way(proxy: FaultProxy, client: httpx.Client, backend: Backend) -> None:
    proxy.bend("duplicated")
    answers = {ask(client, proxy) for _ in range(12)}
    assert answers == {"whole", "200"} and 12 < len(backend.seen) < 24


def test_a_drip_arrives_whole(proxy: FaultProxy, client: httpx.Client) -> None:
    proxy.bend("drip")
    assert ask(client, proxy) == "whole" and proxy.hits == {"drip": 1}


@pytest.mark.parametrize(("cut", "reached"), [("cut up", 0), ("cut down", 1), ("cut both", 0)])
def test_a_cut_holds_the_bytes_until_it_ends(
    proxy: FaultProxy, client: httpx.Client, backend: Backend, cut: str, reached: int
) -> None:
    answers: list[str] = []
    thread = threading.Thread(target=lambda: answers.append(ask(client, proxy)))
    with proxy.window(cut):
        thread.start()
        assert proxy.wait_for_request(PATIENCE_S)
        if reached:
            until(lambda: backend.seen)
        assert len(backend.seen) == reached and answers == []
    thread.join(PATIENCE_S)
    assert answers == ["whole"] and backend.seen == [b"question"] and proxy.hits == {cut: 1}


def test_a_window_counts_a_request_once(proxy: FaultProxy, client: httpx.Client) -> None:
    with proxy.window("pause"), proxy.window("pause"):
        ask(client, proxy)
    ask(client, proxy)
    assert proxy.hits == {"pause": 1}


def test_a_backend_that_is_away_is_a_hang_up(backend: Backend, client: httpx.Client) -> None:
    with FaultProxy(("127.0.0.1", 9)) as nowhere:
        assert ask(client, nowhere) != "whole"
