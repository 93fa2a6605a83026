"""Draining an outbox of 1,000 on loopback, against the same batches posted by bare httpx.

Rules. Both sides post 20 batches of 50 sealed envelopes of the same example to one backend process on SQLite with its
limits lifted, in turn, each round by kiosks that are new. Ours is the worker's steps until every row is settled:
choosing, leasing, signing, posting, verifying every confirmation, settling. Bare is `httpx.Client.post` of bodies that
were packed and signed beforehand, and the answer's status. Clients, stores and outboxes are made beforehand;
registering goes on in the backend on both sides' time.
"""

from __future__ import annotations

import secrets
import tempfile
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import httpx

from bench import fleet, fleet_place
from bench.fleet_place import Device
from bench.measure import Figure, median, seconds
from kiosk import log
from kiosk.config import Settings
from kiosk.model.content import Document
from kiosk.model.device import DeviceIdentity
from kiosk.protocol import batch, envelope, http_signature
from kiosk.store import database, device, documents, keys, outbox
from kiosk.sync.channel import Channel
from kiosk.sync.client import make_client
from kiosk.sync.worker import Worker

ROUNDS, COUNT, SIZE = 5, 1000, 50


def drain_figure() -> Figure:
    """Seconds of draining, ratio of medians."""
    mine: list[float] = []
    theirs: list[float] = []
    devices = fleet_place.make_devices(2 * ROUNDS)
    log.keep_from("error")
    try:
        with fleet_place.site(devices, 1, postgresql=False) as here:
            sealed = fleet.seal_all(devices, COUNT, SIZE, here)
            for round_ in range(ROUNDS):
                ours, bare = sealed[2 * round_], sealed[2 * round_ + 1]
                theirs.append(_bare(devices[2 * round_ + 1], bare.bodies, here.urls[0]))
                mine.append(_ours(devices[2 * round_], ours.bodies, here.urls[0], here.keys_document))
    finally:
        log.keep_from("info")
    detail = f"{median(mine) * 1e3:.0f} ms against {median(theirs) * 1e3:.0f} ms; {COUNT} submissions, {ROUNDS} rounds"
    return Figure("drain", median(mine) / median(theirs), detail)


def _ours(of: Device, bodies: Sequence[bytes], url: str, known: Document) -> float:
    me = DeviceIdentity(of.kiosk, of.number, "sokol", of.private, b"")
    with tempfile.TemporaryDirectory(prefix="kiosk-bench-") as name:
        profile = Path(name)
        (profile / outbox.FOLDER).mkdir(mode=0o700)
        for body in bodies:
            for data in batch.unpack(body):
                outbox.file_of(profile, envelope.read(data).header.id).write_bytes(data)
        key = keys.create(profile, "file", allow_file=True)
        with database.open_store(profile, key) as store, make_client(Settings(demo=True)) as client:
            documents.apply(store, version=1, verified_at="", added=[known], removed=(), trust={})
            device.save_identity(store, me)
            device.count_boot(store)
            worker = Worker(store, profile, Channel(client, url, lambda: device.speaker(store, me)), cap_s=5.0)
            worker.reconcile()
            client.get(url + "/v1/health")
            return seconds(lambda: _drain(worker, len(bodies) * SIZE))


def _drain(worker: Worker, count: int) -> None:
    while worker.sent < count:
        worker.step()


def _bare(of: Device, bodies: Sequence[bytes], url: str) -> float:
    me = DeviceIdentity(of.kiosk, of.number, "sokol", of.private, b"")
    path = f"/v1/kiosks/{of.kiosk}/submissions"
    asked = []
    for body in bodies:
        headers = http_signature.sign_request("POST", path, body, me, int(time.time()), secrets.token_urlsafe(18))
        asked.append((body, headers | {"Content-Type": batch.CONTENT_TYPE}))
    with httpx.Client(timeout=30) as client:
        client.get(url + "/v1/health")
        post = partial(client.post, url + path)
        return seconds(lambda: [post(content=body, headers=headers).raise_for_status() for body, headers in asked])
