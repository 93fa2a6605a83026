"""Submissions with files, sealed as the desk does it, on the line of worker_world."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import msgspec
import uuid_utils

from kiosk.model.attachment import Attachment
from kiosk.model.submission import Submission
from kiosk.protocol import attachment as sealing
from kiosk.protocol import envelope
from kiosk.store import outbox, uploads
from kiosk.sync.worker import Worker
from tests.sync.worker_world import CREATED, Line

CHUNK = 64 * 1024


class Sent(msgspec.Struct, frozen=True):
    """A submission and what was attached to it."""

    id: str
    files: tuple[Attachment, ...]
    plain: tuple[bytes, ...]


def submit(world: Line, *sizes: int) -> Sent:
    """Keep a submission with PDFs of these sizes."""
    id_ = str(uuid_utils.uuid7())
    plain = tuple(b"%PDF-1.7" + os.urandom(size - 8) for size in sizes)
    files, kept = [], []
    for data in plain:
        file, key = str(uuid_utils.uuid7()), os.urandom(32)
        new = uploads.keep(world.kiosk.path, id_, file, sealing.seal([data], key, id_, file))
        files.append(Attachment(file, "scan.pdf", sealing.PDF, len(data), new.length, new.sha256, key))
        kept.append(new)

    def make(sequence: int) -> outbox.NewSubmission:
        number = f"16-{sequence:06d}-0"
        values = {"service": "S0438", "form": "library-ticket", "form_version": 1, "language": "ru", "answers": {}}
        made = msgspec.convert(
            values | {"id": id_, "receipt_number": number, "created_at": CREATED, "consent": True}, Submission
        )
        sealed = envelope.seal(
            msgspec.structs.replace(made, attachments=tuple(files)),
            recipient=world.kiosk.private.published[1],
            device=world.device,
            sequence=sequence,
            boot=1,
            content_version=1,
        )
        return outbox.NewSubmission(id_, number, CREATED, sealed, tuple(kept))

    outbox.submit(world.store, world.kiosk.path, make)
    return Sent(id_, tuple(files), plain)


def worker(world: Line, **options: Any) -> Worker:
    """As after a restart, with small chunks."""
    world.worker = world.new_worker(**({"chunk_bytes": CHUNK} | options))
    return world.worker


def until(world: Line, done: Callable[[], bool], most: int = 400) -> None:
    """Step, letting every wait pass, until something holds."""
    for _ in range(most):
        if done():
            return
        with suppress(KeyError):
            world.now = max(world.now, min(world.worker.step(), world.now + 3700))
    raise AssertionError("it does not come to that")


def to_send(world: Line) -> int:
    return sum(uploads.still_to_send(world.store).values())
