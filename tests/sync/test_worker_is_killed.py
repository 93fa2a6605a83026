"""SIGKILL of the worker or of the backend at the worst moments: everything arrives, and exactly once."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from kiosk.backend import tables
from kiosk.store import outbox
from tests.backend import site as sites
from tests.helpers.patience import PATIENCE_S
from tests.helpers.profiles import KioskProfile
from tests.sync.worker_world import line

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is of POSIX")

WORKER = """
import os, signal, sys
from pathlib import Path
from kiosk.config import Settings
from kiosk.store import device, keys, outbox
from kiosk.store.database import open_store
from kiosk.sync.channel import Channel
from kiosk.sync.client import make_client
from kiosk.sync.worker import Worker

profile, url, moment, now = Path(sys.argv[1]), sys.argv[2], sys.argv[3], float(sys.argv[4])

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

with open_store(profile, keys.load(profile, allow_file=True)) as store, make_client(Settings()) as client:
    channel = Channel(client, url, device.identity(store))
    if moment == "leased":
        channel.post = die
    elif moment == "answered":
        real = channel.post
        channel.post = lambda *given: (real(*given), die())
    elif moment == "settling":
        outbox.settle = die
    worker = Worker(store, profile, channel, cap_s=5.0, now=lambda: now)
    while True:
        worker.step()
"""


@pytest.mark.parametrize(("moment", "kept"), [("leased", 0), ("answered", 3), ("settling", 3)])
def test_the_worker_is_killed(kiosk_profile: KioskProfile, moment: str, kept: int) -> None:
    with line(kiosk_profile) as world:
        ids = world.submit(3)
        arguments = [str(kiosk_profile.path), world.between.url, moment, str(world.now)]
        done = subprocess.run(
            [sys.executable, "-c", WORKER, *arguments], cwd=ROOT, capture_output=True, timeout=PATIENCE_S, check=False
        )
        assert done.returncode == -signal.SIGKILL, done.stderr.decode()
        assert len(world.kept()) == kept
        assert world.states() == ["sending"] * 3, "the lease was committed, the settlement was not"

        until = world.work()
        assert world.states() == ["sending"] * 3, "while the lease is alive nothing is sent"
        world.now = until
        world.work()
        assert world.states() == ["received"] * 3 and world.kept() == sorted(ids)
        assert [row.attempts for row in world.rows()] == [2, 2, 2]


def test_the_next_owner_of_the_profile_waits_for_no_lease_of_the_dead(kiosk_profile: KioskProfile) -> None:
    with line(kiosk_profile) as world:
        ids = world.submit(3)
        assert len(outbox.lease(world.store, ids, world.now + 60, now=world.now)) == 3
        stop = threading.Event()

        class Wake(threading.Event):
            def wait(self, timeout: float | None = None) -> bool:
                stop.set()
                return True

        world.worker.run(stop, Wake())
        assert world.states() == ["received"] * 3 and world.kept() == sorted(ids)


BACKEND = """
import os, signal, sys, threading
from pathlib import Path
from kiosk.backend import server
from kiosk.backend.app import create_app
from kiosk.backend.settings import BackendSettings

def die(method, path, status):
    if path.endswith("/submissions"):
        os.kill(os.getpid(), signal.SIGKILL)

settings = BackendSettings(data=Path(sys.argv[1]), port=0)
with server.running(settings, create_app(settings, registrar=False, before_answer=die)) as url:
    print(url, flush=True)
    threading.Event().wait()
"""


def test_the_backend_is_killed_between_commit_and_answer(kiosk_profile: KioskProfile) -> None:
    with (
        line(kiosk_profile) as world,
        subprocess.Popen(
            [sys.executable, "-c", BACKEND, str(kiosk_profile.backend.data)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        ) as process,
    ):
        assert process.stdout is not None
        ids = world.submit(60)
        world.between.real, alive = process.stdout.readline().strip(), world.between.real
        world.worker = world.new_worker(world.between.real)
        world.work()
        assert process.wait(PATIENCE_S) == -signal.SIGKILL
        assert world.states() == ["waiting"] * 60, "what was not answered is not settled"
        assert world.kept() == sorted(ids[:50]), "and yet it was committed"
        world.pass_time(1.0)
        world.work()
        assert world.states() == ["waiting"] * 60 and not world.worker.link_up

        world.between.real = alive
        world.restart()
        world.pass_time()
        world.work()
        assert world.states() == ["received"] * 60 and world.kept() == sorted(ids)
        while world.site.register():
            pass
        for _ in range(3):
            world.pass_time()
            world.work()
        assert len({row.registered_number for row in world.rows()}) == 60
        assert len(world.site.rows(tables.registrations)) == 60


SESSION = """
import os, signal, sys
from pathlib import Path
import msgspec
from kiosk.desk.applications import Application, Counter
from kiosk.store import keys
profile = Path(sys.argv[1])
counter = Counter(profile, keys.load(profile, allow_file=True))
receipt = counter.submit(Application("S0438", msgspec.json.decode(sys.stdin.buffer.read()), "ru", True))
print(receipt.submission, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_the_session_is_killed_right_after_the_receipt(kiosk_profile: KioskProfile) -> None:
    import msgspec

    done = subprocess.run(
        [sys.executable, "-c", SESSION, str(kiosk_profile.path)],
        input=msgspec.json.encode(kiosk_profile.answers()),
        cwd=ROOT,
        capture_output=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    id_ = done.stdout.decode().strip()
    with sites.running(kiosk_profile.backend) as site:
        assert site.rows(tables.submissions) == []
    with line(kiosk_profile) as world:
        assert outbox.row(world.store, id_) is not None
        world.worker.drain()
        world.restart()
        world.worker.drain()
        assert world.kept() == [id_] and world.states() == ["received"]
