"""A sync may be cut after any byte, and its process killed: the next one goes on, and trust is not forgotten."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.errors import ContentRefused, NetworkFault
from kiosk.store import documents
from kiosk.store.database import Store, open_store
from kiosk.store.keys import load
from tests.helpers.patience import PATIENCE_S
from tests.sync.content_world import World, bodies, content, world

BEFORE = content(60)
AFTER = content(60, changed=(3, 30))
SLOW = settings(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=40
)


@pytest.fixture
def here(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path) as one:
        one.publish(BEFORE)
        yield one


class Line:
    """Carries so many bytes of bodies, and then every body is cut where the bytes end."""

    def __init__(self, here: World, carries: int) -> None:
        self.left = carries
        self.here = here
        here.site.behave = {"": self.answer}

    def answer(self, handler: BaseHTTPRequestHandler, data: bytes) -> None:
        if not (self.here.site.folder / handler.path.lstrip("/")).is_file():
            handler.send_error(404)
            return
        start = int(handler.headers.get("Range", "bytes=0-").removeprefix("bytes=").removesuffix("-"))
        body = data[start:]
        handler.send_response(206 if start else 200)
        if start:
            handler.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body[: self.left])
        handler.wfile.flush()
        handler.close_connection = len(body) > self.left
        self.left = max(0, self.left - len(body))


def whole_cost(here: World) -> int:
    """The bytes of the files that a first sync fetches."""
    line = Line(here, 10**9)
    with here.new_store("measure") as store:
        here.sync(store=store)
    shutil.rmtree(here.folder / "measure")
    return 10**9 - line.left


def reopened(here: World, store: Store) -> Store:
    profile = store.profile
    store.close()
    return open_store(profile, load(profile, allow_file=True))


def stamp(here: World) -> int:
    return (here.repo / "metadata" / "timestamp.json").stat().st_size


def max_metadata(here: World) -> int:
    return max(path.stat().st_size for path in (here.repo / "metadata").iterdir())


def cut_once(here: World, cost: int, at: int) -> None:
    """One sync that is cut after `at` bytes, a start of the program, and one that is not."""
    folder = here.folder / "cut"
    store = here.new_store("cut")
    try:
        Line(here, at)
        if at < cost:
            with pytest.raises(NetworkFault):
                here.sync(store=store)
            assert here.held(store) == {}
        else:
            here.sync(store=store)
        store = reopened(here, store)
        line = Line(here, 10**9)
        here.sync(store=store)
        assert here.held(store) == bodies(BEFORE)
        # The timestamp comes anew each time, and a file of metadata that was cut; nothing else comes twice.
        assert at + 10**9 - line.left <= cost + max_metadata(here) + stamp(here)
    finally:
        store.close()
        shutil.rmtree(folder)


def test_a_first_sync_cut_at_any_byte_goes_on(here: World) -> None:
    cost = whole_cost(here)

    @SLOW
    @given(st.integers(0, cost))
    def cut(at: int) -> None:
        cut_once(here, cost, at)

    cut()
    for at in (0, 1, cost - 1, cost):
        cut_once(here, cost, at)


@pytest.mark.soak
def test_a_first_sync_cut_at_every_byte_goes_on(here: World) -> None:
    cost = whole_cost(here)
    for at in range(cost + 1):
        cut_once(here, cost, at)


def test_a_line_that_is_cut_every_time_brings_all_of_it_in_the_end(here: World) -> None:
    here.publish(content(400))
    cost = whole_cost(here)
    each = 6_000
    store = here.new_store("kiosk")
    attempts, ended = 0, False
    while not ended and attempts < 100:
        attempts += 1
        Line(here, each)
        try:
            here.sync(store=store)
            ended = True
        except NetworkFault:
            store = reopened(here, store)
    assert here.held(store) == bodies(content(400))
    assert attempts <= 2 + cost // (each - 2_048), "an attempt brought nothing"
    store.close()


_CHILD = """
import sys
from pathlib import Path
import httpx
from kiosk.store.database import open_store
from kiosk.store.keys import load
from kiosk.sync import published
profile, url, root, now = sys.argv[1:]
with open_store(Path(profile), load(Path(profile), allow_file=True)) as store, httpx.Client(trust_env=False) as client:
    published.update(store, base_url=url, root=Path(root).read_bytes(), client=client, now=lambda: float(now))
"""


def test_killed_between_metadata_and_documents_it_remembers_the_metadata(here: World) -> None:
    here.sync()
    before = here.photograph("before")
    here.publish(AFTER)
    here.store.close()
    profile, child = here.folder / "profile", []

    def kill(handler: BaseHTTPRequestHandler, data: bytes) -> None:
        os.kill(child[0].pid, signal.SIGKILL)
        handler.close_connection = True

    here.site.behave["/documents/"] = kill
    root = here.repo / "metadata" / "1.root.json"
    words = [sys.executable, "-c", _CHILD, str(profile), here.site.url, str(root), str(here.clock)]
    child.append(subprocess.Popen(words))
    assert child[0].wait(PATIENCE_S) == -signal.SIGKILL
    here.site.behave.clear()
    with open_store(profile, load(profile, allow_file=True)) as store:
        assert here.held(store) == bodies(BEFORE)
        assert documents.content_state(store).version == 1
        current, here.site.folder = here.site.folder, before
        with pytest.raises(ContentRefused, match="rollback"):
            here.sync(store=store)
        here.site.folder = current
        assert here.sync(store=store).version == 2
        assert here.held(store) == bodies(AFTER)
