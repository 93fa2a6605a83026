"""Real kiosks of the fleet replay: real stores, real workers, a process for many of them.

Rules. `python -m bench.fleet_kiosks PLAN` is one process: every kiosk has a profile, an encrypted store, a client and a
worker of its own, on a thread of its own; envelopes lie in its outbox as `reconcile` adopts them. It says "ready",
waits for a line on its standard input, and every worker drains its outbox until each row is settled by a verified
confirmation. The rest is as in fleet.py.
"""

from __future__ import annotations

import sys
import tempfile
import threading
import time
from functools import cache
from pathlib import Path

import msgspec

from bench import fleet_place
from bench.fleet import BACKENDS, WARM_UP, Run, again, generators, measured, seal_all, wait_registered
from bench.fleet_load import Kiosk, Plan, Told
from kiosk import log
from kiosk.config import Settings
from kiosk.model.content import Document
from kiosk.model.device import DeviceIdentity
from kiosk.protocol import batch, envelope
from kiosk.store import database, device, documents, keys, outbox
from kiosk.sync.channel import Channel
from kiosk.sync.client import make_client
from kiosk.sync.worker import Worker

DEVICES, EACH = 100, 200


@cache
def real(devices: int, of_each: int, backends: int = BACKENDS) -> Run:
    """Every one of so many kiosks drains an outbox of `of_each` by the real code."""
    fleet = fleet_place.make_devices(devices + WARM_UP // 50)
    with fleet_place.site(fleet, backends) as here, tempfile.TemporaryDirectory(prefix="kiosk-plans-") as folder:
        warm = seal_all(fleet[devices:], 50, 50, here)
        sealed = seal_all(fleet[:devices], of_each, 50, here)
        with generators(Path(folder), here, warm) as ready:
            wait_registered(here, sum(len(one.received) for one in ready()))
        run = measured(Path(folder), here, sealed, devices, devices * of_each, module="bench.fleet_kiosks")
        again(Path(folder), here, sealed[:20])
    return run


class Part:
    """One kiosk on its thread."""

    def __init__(self, plan: Plan, kiosk: Kiosk, folder: Path, told: Told, ready: threading.Barrier) -> None:
        self._plan = plan
        self._kiosk = kiosk
        self._profile = folder / kiosk.kiosk
        self._told = told
        self._ready = ready
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            self._run()
        except BaseException as error:
            self.error = error
            self._ready.abort()

    def _run(self) -> None:
        self._profile.mkdir(mode=0o700)
        (self._profile / outbox.FOLDER).mkdir(mode=0o700)
        me = DeviceIdentity(self._kiosk.kiosk, self._kiosk.number, "sokol", self._kiosk.private, b"")
        for body in self._kiosk.bodies:
            for data in batch.unpack(body):
                outbox.file_of(self._profile, envelope.read(data).header.id).write_bytes(data)
        settings = Settings(demo=True, key_slot="file", backend_url=self._plan.url)
        key = keys.create(self._profile, "file", allow_file=True)
        with database.open_store(self._profile, key) as store, make_client(settings) as client:
            known = [Document("keys/backend", self._plan.keys)]
            documents.apply(store, version=1, verified_at="", added=known, removed=(), trust={})
            device.save_identity(store, me)
            device.count_boot(store)
            channel = Channel(client, self._plan.url, lambda: device.speaker(store, me))
            worker = Worker(store, self._profile, channel, cap_s=5.0)
            worker.reconcile()
            self._ready.wait()  # until all are
            self._ready.wait()  # until they may
            while any(row.state in ("waiting", "sending") for row in outbox.rows(store, unsettled=True)):
                worker.drain()
                self._told.tries_again += 1
            self._told.tries_again -= 1
            self._told.received += [row.id for row in outbox.rows(store) if outbox.confirmation(store, row.id)]


def main(path: Path) -> None:
    plan = msgspec.msgpack.decode(path.read_bytes(), type=Plan)
    log.keep_from("error")
    told, ready = Told(), threading.Barrier(len(plan.kiosks) + 1)
    with tempfile.TemporaryDirectory(prefix="kiosk-real-") as folder:
        parts = [Part(plan, kiosk, Path(folder), told, ready) for kiosk in plan.kiosks]
        threads = [threading.Thread(target=part.run) for part in parts]
        for thread in threads:
            thread.start()
        ready.wait()
        print("ready", flush=True)
        sys.stdin.readline()
        cpu = time.process_time()
        told.began = time.time()
        ready.wait()
        for thread in threads:
            thread.join()
        told.ended = time.time()
        told.cpu_s = time.process_time() - cpu
    for part in parts:
        if part.error is not None:
            raise part.error
    path.with_suffix(".told").write_bytes(msgspec.msgpack.encode(told))
    print("done", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
