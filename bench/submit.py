"""A submission made durable, and the whole of a submission, each against the same bare work.

Rules. Both sides run in turn on one disk, into stores of the same make under SQLCipher with a FULL commit. Ours is what
makes a submission durable: number taken, sealed, signed, file, row (store.outbox.submit with protocol.envelope.seal of
a real form's example). Bare is the same work with nothing around it: seal to the same key, sign, write a file and fsync
it, rename, fsync the folder, commit one row; keys are loaded and the connection is open beforehand. The second figure
holds the whole of `Counter.submit`, with the form checked and the receipt made and signed, against the same bare work.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from uuid_utils import uuid7

from bench import content
from bench.measure import Figure, interleaved, median, percentile
from bench.place import Place, place
from kiosk.desk.applications import Application, Counter
from kiosk.model.form import FormDefinition
from kiosk.model.service import Service
from kiosk.model.submission import Submission
from kiosk.protocol import envelope, keys
from kiosk.store import device, documents, outbox
from kiosk.store.database import Store

FORM = "passport-replacement"
ROUNDS = 400


def submit_figure() -> Figure:
    """p99 of making a submission durable, ratio."""
    with place(content.documents()) as here, here.store() as house:
        application = _application(house)
        return _figure("submit_p99", here, house, _durable_of(here, house, application))


def submit_whole_figure() -> Figure:
    """p99 of all that a visitor waits for after pressing Send, ratio to the same bare work."""
    with place(content.documents()) as here, here.store() as house:
        application = _application(house)
        counter = Counter(here.profile, here.key)
        return _figure("submit_whole", here, house, lambda: counter.submit(application))


def _figure(name: str, here: Place, house: Store, ours: Callable[[], object]) -> Figure:
    ours()
    envelope_ = outbox.envelope(house, outbox.rows(house)[0].id)
    assert envelope_ is not None
    with place(content.documents()) as other, other.store() as store:
        mine, theirs = interleaved(ours, _bare(other, store, len(envelope_)), ROUNDS)
    detail = ", ".join(
        f"{word} {measure(mine) * 1e3:.1f} ms against {measure(theirs) * 1e3:.1f} ms"
        for word, measure in (("p99", _p99), ("p50", median))
    )
    detail += f"; {ROUNDS} rounds of {len(envelope_)} bytes"
    return Figure(name, percentile(mine, 0.99) / percentile(theirs, 0.99), detail)


def _p99(values: list[float]) -> float:
    return percentile(values, 0.99)


def _application(store: Store) -> Application:
    """The example answers of a real form, for a service that has it."""
    service = next(one for one in documents.every(store, "service", Service) if one.form == FORM)
    definition = documents.get(store, f"form/{FORM}", FormDefinition)
    return Application(service.id, definition.examples[0], "ru", consent=True)


def _durable_of(here: Place, store: Store, application: Application) -> Callable[[], None]:
    identity = device.identity(store)
    assert identity is not None
    recipient = content.authority().published.recipients[0]

    def make(sequence: int) -> outbox.NewSubmission:
        submission = Submission(
            id=str(uuid7()),
            receipt_number=f"16-{sequence:06d}",
            service=application.service,
            form=FORM,
            form_version=1,
            language="ru",
            answers=application.answers,
            created_at="2026-11-23T12:00:00Z",
            consent=True,
        )
        sealed = envelope.seal(
            submission, recipient=recipient, device=identity, sequence=sequence, boot=1, content_version=1
        )
        return outbox.NewSubmission(submission.id, submission.receipt_number, submission.created_at, sealed)

    def once() -> None:
        outbox.submit(store, here.profile, make)

    return once


def _bare(other: Place, store: Store, length: int) -> Callable[[], None]:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    recipient = content.authority().published.recipients[0]
    public, suite = keys.load_recipient(recipient), keys.hpke_suite(recipient.suite)
    signer = Ed25519PrivateKey.generate()
    plaintext = bytes(1 << (length - keys.OVERHEAD_BYTES[recipient.suite]).bit_length() - 1)
    folder = other.profile / outbox.FOLDER
    folder.mkdir()
    number = 0

    def once() -> None:
        nonlocal number
        number += 1
        sealed = suite.encrypt(plaintext, public, b"bench")
        sealed += signer.sign(sealed)
        sealed += bytes(length - len(sealed))
        _durable(folder / f"{number}.env", sealed)
        with store.transaction():
            store.execute(
                "INSERT INTO outbox (id, sequence, receipt_number, state, created_at, digest, envelope) "
                "VALUES (?, ?, '', 'waiting', '', x'', ?)",
                (f"{number:032d}", number, sealed),
            )

    return once


def _durable(path: Path, data: bytes) -> None:
    temporary = path.with_suffix(".tmp")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT, 0o600)
    os.write(descriptor, data)
    os.fsync(descriptor)
    os.close(descriptor)
    temporary.rename(path)
    descriptor = os.open(path.parent, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)
