"""Fetch published content and send the outbox, once, without the UI."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from kiosk import app
from kiosk.cli import output, profile
from kiosk.errors import ConfigurationError
from kiosk.model.submission import SubmissionState
from kiosk.store import device, outbox
from kiosk.store.database import Store, open_store


def add_arguments(parser: argparse.ArgumentParser) -> None:
    pass


def run(arguments: argparse.Namespace) -> int:
    from kiosk.sync import published
    from kiosk.sync.channel import Channel
    from kiosk.sync.client import make_client
    from kiosk.sync.worker import Worker

    settings = profile.settings(arguments)
    folder = profile.folder(arguments)
    if not settings.content_base():
        raise ConfigurationError("neither backend_url nor content_url is set; there is nothing to sync with")
    root = app.trusted_root(folder, settings)
    key = app.profile_key(folder, settings)
    sent, reachable = 0, True
    with open_store(folder, key) as store, make_client(settings) as client:
        report = published.update(
            store, base_url=settings.content_base(), directory=settings.content_folder(), root=root, client=client
        )
        identity = device.identity(store)
        if identity is not None and settings.backend_url:
            worker = Worker(
                store,
                folder,
                Channel(client, settings.backend_url, lambda: device.speaker(store, identity)),
                cap_s=settings.link_probe_cap_s,
            )
            worker.drain()
            if worker.link_up:
                worker.look_after_certificate()
            sent, reachable = worker.sent, worker.link_up
        state = _outbox(store, sent)
    found: dict[str, Any] = {
        "published": {
            "version": report.version,
            "documents": report.documents,
            "bytes": report.bytes,
            "requests": report.requests,
        },
        "outbox": state,
    }
    if arguments.json:
        output.document(found)
    else:
        print(
            f"Content version {report.version}, {report.documents} documents, {report.changed} changed. "
            f"Sent {sent}, waiting {state['pending']}, need attention {state['needs_attention']}."
        )
    if not reachable and state["pending"]:
        print("kiosk: the backend did not take the outbox; it will be offered again", file=sys.stderr)
        return 1
    return 0


def _outbox(store: Store, sent: int) -> dict[str, int]:
    counts = outbox.counts(store)
    return {
        "sent": sent,
        "pending": counts[SubmissionState.WAITING] + counts[SubmissionState.SENDING],
        "needs_attention": counts[SubmissionState.NEEDS_ATTENTION],
    }
