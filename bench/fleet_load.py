"""The raw generator of the fleet replay, a process of its own: `python -m bench.fleet_load PLAN`.

Rules. A plan holds batches that were sealed beforehand. The generator signs their requests, says "ready", waits for a
line on its standard input, and then every kiosk connects anew and posts its batches one after the other; `at_once`
kiosks of one generator are under way at any moment. An answer other than 200 is tried again as a kiosk would, after a
short pause. What came of it is one JSON document: results by status, ids and confirmations that were answered,
seconds, CPU.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct

from kiosk.model.device import DeviceIdentity
from kiosk.protocol import batch, http_signature

PAUSE_S = 0.2
MOST_TRIES = 200


class Kiosk(Struct, frozen=True):
    """One kiosk's part: its key and the bodies of its batches."""

    kiosk: str
    number: int
    private: bytes
    bodies: list[bytes]


class Plan(Struct, frozen=True):
    """What one generator replays, at which address, how many kiosks at once, and the document `keys/backend`."""

    url: str
    at_once: int
    kiosks: list[Kiosk]
    keys: bytes


class Told(Struct):
    """What came of it. `began` and `ended` are UNIX seconds; `received` ids in the order of their answers."""

    began: float = 0.0
    ended: float = 0.0
    cpu_s: float = 0.0
    tries_again: int = 0
    statuses: dict[str, int] = {}
    received: list[str] = []
    confirmations: list[bytes] = []


def requests(plan: Plan) -> Iterator[list[bytes]]:
    """For each kiosk its whole requests, as they go over the wire."""
    host = urlsplit(plan.url).netloc
    for kiosk in plan.kiosks:
        path = f"/v1/kiosks/{kiosk.kiosk}/submissions"
        device = DeviceIdentity(kiosk.kiosk, kiosk.number, "sokol", kiosk.private, b"")
        made = []
        for body in kiosk.bodies:
            headers = http_signature.sign_request(
                "POST", path, body, device, now=int(time.time()), nonce=secrets.token_urlsafe(18)
            )
            headers |= {"Host": host, "Content-Type": batch.CONTENT_TYPE, "Content-Length": str(len(body))}
            lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
            made.append(f"POST {path} HTTP/1.1\r\n{lines}\r\n".encode() + body)
        yield made


async def replay(plan: Plan, asked: list[list[bytes]], told: Told) -> None:
    """All kiosks, `at_once` of them at any moment."""
    at = urlsplit(plan.url)
    assert at.hostname is not None and at.port is not None
    waiting = iter(asked)
    counts: Counter[str] = Counter()

    async def some() -> None:
        for of_one in waiting:
            reader, writer = await asyncio.open_connection(at.hostname, at.port)
            try:
                for request in of_one:
                    answer = batch.decode_answer(await _answered(reader, writer, request, told))
                    counts.update(result.status for result in answer.results)
                    told.received += [result.id for result in answer.results if result.status == "received"]
                    told.confirmations += [result.confirmation or b"" for result in answer.results[:1]]
            finally:
                writer.close()

    await asyncio.gather(*(some() for _ in range(plan.at_once)))
    told.statuses = dict(counts)


async def _answered(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes, told: Told) -> bytes:
    for _ in range(MOST_TRIES):
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
        body = await reader.readexactly(int(lengths[0].partition(b":")[2]))
        if head.startswith(b"HTTP/1.1 200"):
            return body
        told.tries_again += 1
        await asyncio.sleep(PAUSE_S)
    raise RuntimeError(f"the backend does not take a batch: {head[:40]!r} {body[:300]!r}")


def main(path: Path) -> None:
    plan = msgspec.msgpack.decode(path.read_bytes(), type=Plan)
    asked = list(requests(plan))
    told = Told()
    print("ready", flush=True)
    sys.stdin.readline()
    cpu = time.process_time()
    told.began = time.time()
    asyncio.run(replay(plan, asked, told))
    told.ended = time.time()
    told.cpu_s = time.process_time() - cpu
    path.with_suffix(".told").write_bytes(msgspec.msgpack.encode(told))
    print(json.dumps({"statuses": told.statuses}), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
