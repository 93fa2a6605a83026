"""Make this device known to the backend, by a one-time code."""

from __future__ import annotations

import argparse

from kiosk import app
from kiosk.cli import output, profile
from kiosk.errors import ConfigurationError, ContentMissing, Refusal
from kiosk.model.content import BackendKeys, VerificationKey
from kiosk.model.submission import SubmissionState
from kiosk.protocol import problem
from kiosk.store import device, documents, outbox
from kiosk.store.database import Store, open_store

_BY_IDENTITY = frozenset({"cloned-device", "revoked-device", "unknown-device", "wrong-signature"})


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("code", help="the one-time code of the backend")


def run(arguments: argparse.Namespace) -> int:
    from kiosk.identity.enrolment import enrolled
    from kiosk.sync.client import make_client

    settings = profile.settings(arguments)
    folder = profile.folder(arguments)
    if not settings.backend_url:
        raise ConfigurationError("backend_url is not set; there is nobody to enrol with")
    key = app.profile_key(folder, settings)
    with open_store(folder, key) as store, make_client(settings) as client:
        identity, last = enrolled(client, settings.backend_url, arguments.code, authorities=_authorities(store))
        before = device.identity(store)
        device.save_identity(store, identity)
        if before is not None and before.kiosk != identity.kiosk:
            outbox.save_cursor(store, "")  # the feed of another kiosk begins at its start
        outbox.continue_after(store, last)
        _offer_again(store)
    if arguments.json:
        output.document({"kiosk": identity.kiosk, "number": identity.number, "centre": identity.centre})
    else:
        print(f"This device is kiosk {identity.kiosk}, number {identity.number}, in {identity.centre}.")
    return 0


def _offer_again(store: Store) -> None:
    """What was refused because of who this device was waits again; the backend knows the key it had before."""
    for row in outbox.rows(store, unsettled=True):
        if row.state is SubmissionState.NEEDS_ATTENTION and _refused_as(row.problem) in _BY_IDENTITY:
            outbox.retry(store, row.id)


def _refused_as(text: str) -> str:
    try:
        return problem.decode(text).name
    except Refusal:
        return ""


def _authorities(store: Store) -> tuple[VerificationKey, ...]:
    """Whose certificate is believed: the published keys where content has come already."""
    try:
        return documents.get(store, "keys/backend", BackendKeys).device_authority
    except ContentMissing:
        return ()
