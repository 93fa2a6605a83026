"""Attachments to the real backend over a line that is cut at any byte, and with the worker killed: whole, and once."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from kiosk.backend import tables
from kiosk.backend.inspecting import ask_again, inspect
from kiosk.store import uploads
from tests.helpers.fault_proxy import FaultProxy, Message
from tests.helpers.profiles import KioskProfile
from tests.sync import attached
from tests.sync.attached import CHUNK
from tests.sync.worker_world import Line, line

NOW = int(time.time())
"""The backend's clock is the machine's."""
ROOT = Path(__file__).parents[2]


class CountingProxy(FaultProxy):
    """Knows every PATCH that it was asked to pass: (upload, offset, length)."""

    def __init__(self, backend: tuple[str, int], seed: int) -> None:
        self.patches: list[tuple[str, int, int]] = []
        super().__init__(backend, seed)

    def _pass(self, stream: socket.socket, request: Message, fault: str) -> None:
        method, path, _ = request.first.split(" ")
        if method == "PATCH":
            headers = {name.lower(): value for name, value in request.headers}
            self.patches.append((path, int(headers["upload-offset"]), len(request.body)))
        super()._pass(stream, request, fault)

    def most_resent_at_once(self) -> int:
        """The most bytes that one cut cost."""
        ends: dict[str, int] = {}
        worst = 0
        for path, offset, length in self.patches:
            worst = max(worst, ends.get(path, 0) - offset)
            ends[path] = offset + length
        return worst


@pytest.fixture
def world(kiosk_profile: KioskProfile) -> Iterator[Line]:
    with line(kiosk_profile) as made:
        yield made


def kept_whole(world: Line, *all_sent: attached.Sent) -> None:
    """The backend opens every file, and registers what they belong to."""
    part = world.site.backend
    while inspect(part.database, part.keys, part.place, part.settings, NOW) + world.site.register():
        pass
    rows = {row.id: row for row in world.site.rows(tables.submissions)}
    registered = {row.submission for row in world.site.rows(tables.registrations)}
    for sent in all_sent:
        assert sent.id in rows and sent.id in registered


@pytest.mark.parametrize("seed", range(4))
def test_cut_at_any_byte(world: Line, seed: int) -> None:
    host = urlsplit(world.between.real)
    with CountingProxy((host.hostname or "", host.port or 0), seed) as proxy:
        worker = world.new_worker(proxy.url, chunk_bytes=CHUNK)
        world.worker = worker
        sent = [attached.submit(world, 3 * CHUNK + 17), attached.submit(world, CHUNK, 2 * CHUNK)]
        attached.until(world, lambda: set(world.states()) == {"received"})
        proxy.bend("truncated", "disconnect", "storm", "portal", share=0.4)
        attached.until(world, lambda: attached.to_send(world) == 0, most=3000)
        proxy.heal()
        assert sum(proxy.hits.values()) > 3
        assert proxy.most_resent_at_once() <= CHUNK
        whole = sum(file.length for one in sent for file in one.files)
        patched = sum(length for _, _, length in proxy.patches)
        assert whole <= patched <= whole + CHUNK * sum(proxy.hits.values())
    kept_whole(world, *sent)


KILLED = """
import os, signal, sys
from pathlib import Path
from kiosk.config import Settings
from kiosk.store import device, keys, uploads
from kiosk.store.database import open_store
from kiosk.sync import tus
from kiosk.sync.channel import Channel
from kiosk.sync.client import make_client
from kiosk.sync.worker import Worker

profile, url, moment, now = Path(sys.argv[1]), sys.argv[2], sys.argv[3], float(sys.argv[4])

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

def after(real, count=1):
    calls = []
    def call(*given, **more):
        answer = real(*given, **more)
        calls.append(1)
        if len(calls) >= count:
            die()
        return answer
    return call

if moment == "created there":
    tus.create = after(tus.create)
elif moment == "created here":
    uploads.created = after(uploads.created)
elif moment == "before a chunk":
    tus.append = die
elif moment == "after a chunk":
    tus.append = after(tus.append, 2)
elif moment == "whole there":
    uploads.sent = die
with open_store(profile, keys.load(profile, allow_file=True)) as store, make_client(Settings()) as client:
    channel = Channel(client, url, device.identity(store))
    worker = Worker(store, profile, channel, cap_s=5.0, now=lambda: now, chunk_bytes=65536)
    while True:
        worker.step()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is of POSIX")
@pytest.mark.parametrize("moment", ["created there", "created here", "before a chunk", "after a chunk", "whole there"])
def test_the_worker_is_killed(world: Line, moment: str) -> None:
    sent = attached.submit(world, 3 * CHUNK)
    arguments = [str(world.kiosk.path), world.between.url, moment, str(world.now)]
    done = subprocess.run(
        [sys.executable, "-c", KILLED, *arguments], cwd=ROOT, capture_output=True, timeout=300, check=False
    )
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    assert uploads.still_to_send(world.store) == {sent.id: 1}
    attached.worker(world)
    attached.until(world, lambda: attached.to_send(world) == 0)
    patched = sum(len(body) for method, _, body in world.between.seen if method == "PATCH")
    assert patched == sent.files[0].length, "nothing twice: what had arrived was known there"
    kept_whole(world, sent)


def test_the_feed_says_what_the_backend_waits_for(world: Line) -> None:
    """A copy that is restored there has lost the bytes: they go again, unasked by any person."""
    sent = attached.submit(world, 2 * CHUNK)
    attached.worker(world)
    attached.until(world, lambda: world.states() == ["received"] and attached.to_send(world) == 0)
    part = world.site.backend
    ask_again(part.database, part.place, world.device.kiosk, sent.files[0].id, NOW + 86_400)
    world.pass_time(100.0)
    attached.until(world, lambda: attached.to_send(world) == 1)
    attached.until(world, lambda: attached.to_send(world) == 0)
    kept_whole(world, sent)
