"""Fetch published content and send the outbox, once, without the UI.

Rules. Neither half waits for the other: when content cannot be fetched the outbox is sent all the same, and the other
way round. Both are reported, a half that failed by how things stand; what failed is told in one line on stderr, and the
exit code is 1.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from kiosk import app
from kiosk.cli import output, profile
from kiosk.config import Settings
from kiosk.errors import ConfigurationError, KioskError
from kiosk.model.submission import SubmissionState
from kiosk.store import device, documents, outbox, uploads
from kiosk.store.database import Store, open_store


def add_arguments(parser: argparse.ArgumentParser) -> None:
    pass


def run(arguments: argparse.Namespace) -> int:
    from kiosk.sync.client import make_client

    settings = profile.settings(arguments)
    folder = profile.folder(arguments)
    if not settings.content_base():
        raise ConfigurationError("neither backend_url nor content_url is set; there is nothing to sync with")
    key = app.profile_key(folder, settings)
    faults: list[str] = []
    with open_store(folder, key) as store, make_client(settings) as client:
        content, changed = _content(store, folder, settings, client, faults)
        sent = _outbox(store, folder, settings, client, faults)
    if arguments.json:
        output.document({"published": content, "outbox": sent})
    else:
        print(
            f"Content version {content['version']}, {content['documents']} documents, {changed} changed. "
            f"Sent {sent['sent']}, waiting {sent['pending']}, need attention {sent['needs_attention']}."
        )
    if faults:
        print(f"kiosk: {'; '.join(faults)}", file=sys.stderr)
    return 1 if faults else 0


def _content(
    store: Store, folder: Path, settings: Settings, client: Any, faults: list[str]
) -> tuple[dict[str, Any], int]:
    """Fetch content; what is in use afterwards and what it cost, and how many documents changed."""
    from kiosk.sync import published

    spent = published.Spent()
    try:
        report = published.update(
            store,
            base_url=settings.content_base(),
            directory=settings.content_folder(),
            root=app.trusted_root(folder, settings),
            client=client,
            spent=spent,
        )
    except KioskError as error:
        faults.append(f"content was not fetched: {error.engineer}")
        state = documents.content_state(store)
        report = published.SyncReport(state.version, state.documents, spent.bytes, spent.requests, 0)
    found = {name: getattr(report, name) for name in ("version", "documents", "bytes", "requests")}
    return found, report.changed


def _outbox(store: Store, folder: Path, settings: Settings, client: Any, faults: list[str]) -> dict[str, int]:
    """Send what waits; how the outbox stands afterwards."""
    from kiosk.sync.channel import Channel
    from kiosk.sync.worker import Worker

    identity = device.identity(store)
    sent, files_sent = 0, 0
    if identity is not None and settings.backend_url:
        channel = Channel(client, settings.backend_url, lambda: device.speaker(store, identity))
        chunk_bytes = settings.upload_chunk_kib * 1024
        worker = Worker(store, folder, channel, cap_s=settings.link_probe_cap_s, chunk_bytes=chunk_bytes)
        try:
            worker.drain()
            if worker.link_up:
                worker.look_after_certificate()
        except KioskError as error:
            faults.append(f"the outbox was not sent: {error.engineer}")
        else:
            if not worker.link_up:
                faults.append("the backend did not take the outbox, which will be offered again")
            elif any(not row.next_attempt for row in uploads.open_rows(store)):
                faults.append("the backend did not take every attachment; they will be sent on")
        sent, files_sent = worker.sent, worker.files_sent
    counts = outbox.counts(store)
    return {
        "sent": sent,
        "pending": counts[SubmissionState.WAITING] + counts[SubmissionState.SENDING],
        "needs_attention": counts[SubmissionState.NEEDS_ATTENTION],
        "attachments_sent": files_sent,
        "attachments_to_send": sum(uploads.still_to_send(store).values()),
    }
