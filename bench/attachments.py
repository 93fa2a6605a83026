"""Attachments over loopback, against the same bytes posted by bare httpx in the same chunks.

Rules. Both sides send a file of 20 MiB in chunks of a mebibyte to one backend process on SQLite with its limits lifted,
in turn, each by a kiosk that is new. Ours is the worker's steps until the file has arrived: reading and checking it,
OPTIONS, creation, offset, each chunk read, signed and with its checksum. Bare is `httpx.Client.patch` of chunks that
were read and signed beforehand, to an upload that is there. Sealing and the envelope are done beforehand; registering
goes on in the backend on our side's time. For people, the detail says what a bare server of one route reaches that
appends each chunk to a file and fsyncs it: what signatures, digests, parts and rows cost at the backend.
"""

from __future__ import annotations

import base64
import hashlib
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from uuid_utils import uuid7

from bench import fleet_place
from bench.fleet_place import Device, Site
from bench.measure import Figure, median, seconds
from kiosk import log
from kiosk.config import Settings
from kiosk.model.attachment import Attachment
from kiosk.model.device import DeviceIdentity
from kiosk.model.submission import Submission
from kiosk.protocol import attachment, envelope, http_signature
from kiosk.store import database, device, documents, keys, outbox, uploads
from kiosk.sync import tus
from kiosk.sync.channel import Channel
from kiosk.sync.client import make_client
from kiosk.sync.uploads import CHUNK_BYTES
from kiosk.sync.worker import Worker

ROUNDS = 5
SIZE = attachment.MOST_BYTES
BARE = """
import os, sys
import uvicorn

file = open(sys.argv[1], "wb", buffering=0)

async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    parts, more = [], True
    while more:
        message = await receive()
        parts.append(message.get("body", b""))
        more = message.get("more_body", False)
    file.write(b"".join(parts))
    os.fsync(file.fileno())
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body", "body": b""})

class Server(uvicorn.Server):
    async def startup(self, sockets=None):
        await super().startup(sockets)
        print(self.servers[0].sockets[0].getsockname()[1], flush=True)

Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error", lifespan="off")).run()
"""


def attachments_figure() -> Figure:
    """Seconds of sending a file, ratio of medians."""
    mine: list[float] = []
    theirs: list[float] = []
    nothing_kept: list[float] = []
    devices = fleet_place.make_devices(2 * ROUNDS)
    log.keep_from("error")
    try:
        with fleet_place.site(devices, 1, postgresql=False) as here, _bare_server() as url:
            for one, other in zip(devices[::2], devices[1::2], strict=True):
                theirs.append(_bare(other, here.urls[0]))
                mine.append(_ours(one, here))
                nothing_kept.append(_appended(url))
    finally:
        log.keep_from("info")
    speeds = [f"{SIZE / 1e6 / median(times):.0f}" for times in (mine, theirs, nothing_kept)]
    detail = f"{speeds[0]} MB/s against {speeds[1]} MB/s; {speeds[2]} MB/s to a bare server; {ROUNDS} rounds of 20 MiB"
    return Figure("attachments", median(mine) / median(theirs), detail)


def _ours(of: Device, here: Site) -> float:
    me = DeviceIdentity(of.kiosk, of.number, "sokol", of.private, b"")
    with tempfile.TemporaryDirectory(prefix="kiosk-bench-") as name:
        profile = Path(name)
        key = keys.create(profile, "file", allow_file=True)
        with database.open_store(profile, key) as store, make_client(Settings(demo=True)) as client:
            documents.apply(store, version=1, verified_at="", added=[here.keys_document], removed=(), trust={})
            device.save_identity(store, me)
            device.count_boot(store)
            outbox.submit(store, profile, lambda sequence: _submission(profile, me, sequence, here))
            channel = Channel(client, here.urls[0], lambda: device.speaker(store, me))
            worker = Worker(store, profile, channel, cap_s=5.0)
            while not worker.sent:
                worker.step()
            return seconds(lambda: _send(worker))


def _send(worker: Worker) -> None:
    while not worker.files_sent:
        worker.step()


def _submission(profile: Path, me: DeviceIdentity, sequence: int, here: Site) -> outbox.NewSubmission:
    id_, file, secret = str(uuid7()), str(uuid7()), os.urandom(attachment.KEY_BYTES)
    plain = b"%PDF-1.7" + os.urandom(SIZE - 8)
    kept = uploads.keep(profile, id_, file, attachment.seal([plain], secret, id_, file))
    attached = Attachment(file, "scan.pdf", attachment.PDF, SIZE, kept.length, kept.sha256, secret)
    number, created = f"{me.number}-{sequence:06d}", "2026-11-24T12:00:00Z"
    what = Submission(
        id=id_,
        receipt_number=number,
        service=here.example.service,
        form=here.example.form,
        form_version=here.example.version,
        language="ru",
        answers=here.example.answers,
        created_at=created,
        consent=True,
        attachments=(attached,),
    )
    recipient = here.published.recipients[0]
    sealed = envelope.seal(what, recipient=recipient, device=me, sequence=sequence, boot=1, content_version=1)
    return outbox.NewSubmission(id_, number, created, sealed, (kept,))


def _bare(of: Device, url: str) -> float:
    me = DeviceIdentity(of.kiosk, of.number, "sokol", of.private, b"")
    data, file = os.urandom(attachment.sealed_length(SIZE)), str(uuid7())
    told = {"submission": str(uuid7()), "attachment": file, "sha256": hashlib.sha256(data).hexdigest()}
    metadata = ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in told.items())
    many = f"/v1/kiosks/{of.kiosk}/uploads"

    def signed(method: str, path: str, body: bytes, **headers: str) -> dict[str, str]:
        found = http_signature.sign_request(method, path, body, me, int(time.time()), secrets.token_urlsafe(18))
        return found | {"Tus-Resumable": tus.VERSION} | {name.replace("_", "-"): one for name, one in headers.items()}

    asked = [
        (chunk, signed("PATCH", f"{many}/{file}", chunk, Upload_Offset=str(at), Content_Type=tus.BODY))
        for at in range(0, len(data), CHUNK_BYTES)
        for chunk in [data[at : at + CHUNK_BYTES]]
    ]
    with httpx.Client(timeout=30) as client:
        made = client.post(
            url + many, headers=signed("POST", many, b"", Upload_Length=str(len(data)), Upload_Metadata=metadata)
        )
        where = url + made.raise_for_status().headers["Location"]
        return seconds(
            lambda: [client.patch(where, content=one, headers=told).raise_for_status() for one, told in asked]
        )


def _appended(url: str) -> float:
    data = os.urandom(attachment.sealed_length(SIZE))
    chunks = [data[at : at + CHUNK_BYTES] for at in range(0, len(data), CHUNK_BYTES)]
    with httpx.Client(timeout=30) as client:
        client.post(url, content=b"")
        return seconds(lambda: [client.post(url, content=chunk).raise_for_status() for chunk in chunks])


@contextmanager
def _bare_server() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="kiosk-bench-") as folder:
        command = [sys.executable, "-c", BARE, str(Path(folder) / "kept")]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            try:
                assert process.stdout is not None
                yield f"http://127.0.0.1:{int(process.stdout.readline())}/"
            finally:
                process.terminate()
