"""The kiosk's side of a USB stick: its sealed outbox goes out, published content and confirmations come in.

Rules. Content comes through the very updater that the network uses, over the files of the bundle: rollback, freeze and
foreign signatures are refused here too, a stick that is pulled out is a cut line. A confirmation counts only if the
backend signed it and it is for the bytes that lie here; a refusal on a stick is signed by nobody and counts for
nothing, so the row waits for the network. What goes out stays in the outbox and may go over the network as well: the
backend keeps it once. Attachments go with their envelopes, and again until their submission is registered: nothing that
is signed says of a file alone that it has come. A bundle appears whole or not at all, and what it holds of other kiosks
stays in it.

The backend's side is backend/bundle.py, the format protocol/bundle.py.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from msgspec import Struct

from kiosk.errors import ConfigurationError, ContentMissing, NetworkFault, Refusal
from kiosk.log import logger
from kiosk.model.content import BackendKeys
from kiosk.protocol import bundle, confirmation, problem
from kiosk.protocol.bundle import Bundle, Keep
from kiosk.store import device, documents, files, outbox, uploads
from kiosk.sync import published
from kiosk.sync.published import SyncReport

if TYPE_CHECKING:
    from kiosk.store.database import Store

_log = logger("sync")


class TakenIn(Struct, frozen=True):
    """What an import brought: `published` (None: no content on the stick), rows `settled`, rows given an `outcome`."""

    published: SyncReport | None
    settled: int
    outcomes: int


class Exported(Struct, frozen=True):
    """What a stick carries away: sealed envelopes, sealed attachments, and the bytes of the whole bundle."""

    envelopes: int
    attachments: int
    bytes: int


@contextmanager
def opened(path: Path) -> Iterator[Bundle]:
    """A bundle for reading. Raises NetworkFault for one that is not there or is none."""
    try:
        file = path.open("rb")
    except OSError as error:
        raise NetworkFault(f"{path} cannot be read: {error.strerror}; is the stick in?") from error
    with file:
        yield Bundle(file, str(path))


def rewrite(path: Path, new: Iterable[tuple[str, bytes | BinaryIO]], keep: Keep) -> int:
    """Put a new bundle in the place of the one there, durably; its bytes. Raises NetworkFault, EnvironmentFault.

    On a failure the old one stays as it was and nothing half-written beside it.
    """
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        with _there_or_none(path) as before, temporary.open("xb") as file:
            bundle.write(file, new, before, keep)
            file.flush()
            os.fsync(file.fileno())
            size = file.tell()
        temporary.replace(path)
        with suppress(OSError):  # many a stick's file system knows no fsync of a folder
            files.sync_folder(path.parent)
        return size
    except OSError as error:
        raise files.fault(error, f"the bundle {path} cannot be written") from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


@contextmanager
def _there_or_none(path: Path) -> Iterator[Bundle | None]:
    """The bundle at a path, or None where there is no file."""
    if path.exists():
        with opened(path) as before:
            yield before
    else:
        yield None


def export(store: Store, profile: Path, path: Path) -> Exported:
    """Put what has not reached the backend yet onto the stick.

    Raises ConfigurationError (not enrolled), NetworkFault, StorageFull, EnvironmentFault.
    """
    kiosk = _kiosk(store)
    waiting = {
        row.id: body
        for row in outbox.rows(store, unsettled=True)
        if outbox.confirmation(store, row.id) is None and (body := outbox.envelope(store, row.id)) is not None
    }
    new = bundle.outbox_files(kiosk, waiting, outbox.cursor(store))
    mine = f"outbox/{kiosk}/"
    sealed_files = uploads.to_carry(store)
    carried: list[str] = []

    def every() -> Iterator[tuple[str, bytes | BinaryIO]]:
        yield from new
        for one in sealed_files:
            sealed = uploads.file_of(profile, one.submission, one.id)
            if sealed.is_file():
                with sealed.open("rb") as file:
                    yield bundle.attachment_name(kiosk, one.submission, one.id), file
                carried.append(one.id)

    size = rewrite(path, every(), lambda name: not name.startswith(mine))
    return Exported(len(waiting), len(carried), size)


def take_in(store: Store, source: Bundle, root: bytes, *, now: Callable[[], float] = time.time) -> TakenIn:
    """Bring in what the stick carries for this kiosk: content first, since it holds the keys for the rest.

    Raises NetworkFault (not a bundle, pulled out), ContentRefused (the old content stays; no confirmation was read),
    StorageFull, DamagedStore.
    """
    report = published.update(store, root=root, bundle=source, now=now) if source.has_content() else None
    settled, outcomes = _confirm(store, source, now())
    return TakenIn(report, settled, outcomes)


def _confirm(store: Store, source: Bundle, now: float) -> tuple[int, int]:
    identity = device.identity(store)
    if identity is None:
        return 0, 0
    proofs = source.answers(identity.kiosk).confirmations
    if not proofs:
        return 0, 0
    try:
        keys = documents.get(store, "keys/backend", BackendKeys)
    except ContentMissing as error:
        raise ConfigurationError(f"nothing can be confirmed yet: {error.engineer}") from error
    received: list[tuple[str, bytes]] = []
    later: list[outbox.Outcome] = []
    texts = {"with_official": problem.with_official, "refused": problem.refused}
    for proof in proofs:
        try:
            claims = confirmation.verify(proof, keys.confirmation)
        except Refusal as error:
            _log.error("a confirmation on the stick is not the backend's", error=error.engineer)
            continue
        row = outbox.row(store, claims.id)
        if row is None or row.digest != claims.digest:
            _log.warning("a confirmation on the stick is for nothing that lies here", id=claims.id)
        elif claims.state == "received":
            if outbox.confirmation(store, row.id) is None:
                received.append((row.id, proof))
        else:
            text = texts[claims.state](claims.reason) if claims.state in texts else ""
            later.append(outbox.Outcome(claims.id, claims.state, proof, claims.number, text))
    outbox.settle(store, received, now=now)
    return len(received), outbox.outcomes(store, later, now=now) if later else 0


def _kiosk(store: Store) -> str:
    identity = device.identity(store)
    if identity is None:
        raise ConfigurationError("this device is not enrolled; there is no outbox to carry")
    return identity.kiosk
