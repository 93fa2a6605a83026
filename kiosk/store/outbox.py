"""The outbox: what visitors sent, sealed, until the backend has confirmed it and thirty days more.

Rules. Order of a submission: the running number is taken under the write lock, the envelope becomes a file (fsync,
rename, fsync of the folder), then the row is committed, on the disk. Attachments lie there before (uploads.py) and get
their rows in the same commit. When this process sees the row fail, the file goes again and the number is free again:
the visitor was told so. When the process dies between file and row, the file stays and `reconcile` takes it in: at the
engine's start and after a session process that crashed. A row without a file is written as a file again. A row changes
only along the allowed edges, each a WHERE of its statement:

    waiting -> sending -> received -> registered        sending -> waiting (released, lease run out)
    waiting | sending | received | needs_attention -> received | registered (the backend's signed word is final)
    waiting | sending -> needs_attention -> waiting (retry; only while the backend has confirmed nothing)

A row leaves only by `purge`, only with a confirmation in it, and one with attachments only after its outcome. Contents
cannot be read here: the envelope is sealed.
It decides nothing about when to send (sync/rules.py) and verifies no signature (protocol/).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal

from msgspec import Struct

from kiosk.errors import Refusal
from kiosk.model.submission import OutboxRow, SubmissionState
from kiosk.store import uploads
from kiosk.store.database import Store
from kiosk.store.files import private_folder, write_durably
from kiosk.store.uploads import NewUpload

FOLDER = "outbox"
_COLUMNS = (
    "id, sequence, receipt_number, state, created_at, attempts, digest, lease_until, next_attempt, "
    "registered_number, problem"
)
_SETTLED = "(state IN ('received', 'registered') OR (state = 'needs_attention' AND outcome IS NOT NULL))"
_OUTCOMES = {"registered": "registered", "with_official": "received", "refused": "needs_attention"}


class NewSubmission(Struct, frozen=True):
    """What `submit` keeps. `id` is a UUIDv7, `created_at` UTC ISO 8601, `envelope` sealed and signed.

    `attachments` were kept by `uploads.keep`.
    """

    id: str
    receipt_number: str
    created_at: str
    envelope: bytes
    attachments: tuple[NewUpload, ...] = ()


class Found(Struct, frozen=True):
    """What the header of an envelope file says; `receipt_number` "" where it cannot be known."""

    id: str
    sequence: int
    created_at: str
    receipt_number: str = ""


class Outcome(Struct, frozen=True):
    """The backend's later word on a received submission, verified: `proof` its bytes, `problem` problem+json."""

    id: str
    state: Literal["registered", "with_official", "refused"]
    proof: bytes
    number: str = ""
    problem: str = ""


class Reconciled(Struct, frozen=True):
    """Ids adopted from files, ids whose file was written again, and files that are no envelopes (left in place)."""

    adopted: tuple[str, ...]
    mirrored: tuple[str, ...]
    unreadable: tuple[str, ...]


def submit(store: Store, profile: Path, make: Callable[[int], NewSubmission]) -> OutboxRow:
    """Keep a submission for good; when this returns, it survives a power cut.

    `make(sequence)` seals the submission with the running number. Raises StorageFull or EnvironmentFault with nothing
    left behind, and whatever `make` raises.
    """
    folder = profile / FOLDER
    private_folder(folder)
    path: Path | None = None
    try:
        with store.transaction():
            sequence = int(
                store.rows("UPDATE counters SET value = value + 1 WHERE name = 'sequence' RETURNING value")[0][0]
            )
            new = make(sequence)
            row = OutboxRow(
                new.id,
                sequence,
                new.receipt_number,
                SubmissionState.WAITING,
                new.created_at,
                0,
                hashlib.sha256(new.envelope).digest(),
            )
            # Before the file, so that an id that is taken costs no file; the commit comes after it.
            _insert(store, row, new.envelope)
            uploads.insert(store, profile, new.id, new.attachments)
            path = file_of(profile, new.id)
            write_durably(path, new.envelope)
    except BaseException:
        if path is not None:
            with suppress(OSError):
                path.unlink()
        raise
    return row


def file_of(profile: Path, submission_id: str) -> Path:
    """Where the envelope of a submission lies."""
    return profile / FOLDER / f"{submission_id}.env"


def rows(store: Store, *, unsettled: bool = False) -> list[OutboxRow]:
    """Rows by running number; `unsettled` without registered ones."""
    where = "WHERE state IN ('waiting', 'sending', 'received', 'needs_attention')" if unsettled else ""
    return [_row(found) for found in store.rows(f"SELECT {_COLUMNS} FROM outbox {where} ORDER BY sequence, id")]


def standing(store: Store) -> list[tuple[str, int, str, float, float, bool]]:
    """What decides about sending, of all but registered rows: id, number, state, lease, next attempt, has a problem."""
    return store.rows(
        "SELECT id, sequence, state, lease_until, next_attempt, problem != '' FROM outbox "
        "WHERE state IN ('waiting', 'sending', 'received', 'needs_attention') ORDER BY sequence, id"
    )


def row(store: Store, submission_id: str) -> OutboxRow | None:
    """One row, or None."""
    found = store.row(f"SELECT {_COLUMNS} FROM outbox WHERE id = ?", (submission_id,))
    return None if found is None else _row(found)


def envelope(store: Store, submission_id: str) -> bytes | None:
    """The sealed envelope, or None when there is no such row."""
    found = store.row("SELECT envelope FROM outbox WHERE id = ?", (submission_id,))
    return None if found is None else bytes(found[0])


def confirmation(store: Store, submission_id: str) -> bytes | None:
    """The backend's signed "received", or None while there is none."""
    found = store.row("SELECT confirmation FROM outbox WHERE id = ?", (submission_id,))
    return None if found is None or found[0] is None else bytes(found[0])


def counts(store: Store) -> dict[SubmissionState, int]:
    """How many rows stand in each state; every state is there."""
    found = dict(store.rows("SELECT state, count(*) FROM outbox GROUP BY state"))
    return {state: int(found.get(state.value, 0)) for state in SubmissionState}


def due(store: Store, now: float, limit: int) -> list[OutboxRow]:
    """Rows to be sent, oldest running number first: waiting ones whose time has come, and leases that ran out."""
    return [
        _row(found)
        for found in store.rows(
            f"SELECT {_COLUMNS} FROM outbox WHERE (state = 'waiting' AND next_attempt <= ?) "
            "OR (state = 'sending' AND lease_until <= ?) ORDER BY sequence, id LIMIT ?",
            (now, now, limit),
        )
    ]


def lease(store: Store, ids: Sequence[str], until: float, *, now: float) -> tuple[str, ...]:
    """Mark rows as being sent; answers those that were free. One commit."""
    marks = ", ".join("?" for _ in ids)
    with store.transaction():
        free = store.rows(
            "UPDATE outbox SET state = 'sending', lease_until = ?, attempts = attempts + 1 "
            f"WHERE id IN ({marks}) AND (state = 'waiting' OR (state = 'sending' AND lease_until <= ?)) RETURNING id",
            (until, *ids, now),
        )
    leased = {id_ for (id_,) in free}
    return tuple(id_ for id_ in ids if id_ in leased)


def release(store: Store, ids: Iterable[str], next_attempt: float = 0.0) -> None:
    """Rows that were being sent wait again, until `next_attempt`. One commit."""
    with store.transaction():
        store.executemany(
            "UPDATE outbox SET state = 'waiting', lease_until = 0, next_attempt = ? WHERE id = ? AND state = 'sending'",
            ((next_attempt, id_) for id_ in ids),
        )


def release_all(store: Store) -> int:
    """Rows that a process which has died was sending wait again; answers how many. For the owner of the profile."""
    with store.transaction():
        return store.execute("UPDATE outbox SET state = 'waiting', lease_until = 0 WHERE state = 'sending'")


def settle(store: Store, settled: Iterable[tuple[str, bytes]], *, now: float) -> None:
    """Keep verified "received" confirmations, (id, bytes) each. One commit; a row that has one stays as it is."""
    with store.transaction():
        store.executemany(
            "UPDATE outbox SET state = 'received', confirmation = ?, settled_at = ?, lease_until = 0, "
            "next_attempt = 0, problem = '' "
            "WHERE id = ? AND state IN ('waiting', 'sending', 'needs_attention') AND outcome IS NULL",
            ((proof, now, id_) for id_, proof in settled),
        )


def register(store: Store, submission_id: str, number: str, proof: bytes, *, now: float) -> bool:
    """Keep a verified "registered" with its number. It says "received" too. False when nothing changed."""
    return outcomes(store, [Outcome(submission_id, "registered", proof, number)], now=now) > 0


def with_official(store: Store, submission_id: str, problem: str, proof: bytes, *, now: float) -> bool:
    """Keep a verified "with an official": received, and `problem` (problem+json) says the reason."""
    return outcomes(store, [Outcome(submission_id, "with_official", proof, problem=problem)], now=now) > 0


def refused(store: Store, submission_id: str, problem: str, proof: bytes, *, now: float) -> bool:
    """Keep a verified "refused" after receipt: needs attention, not to be sent again; `problem` says why."""
    return outcomes(store, [Outcome(submission_id, "refused", proof, problem=problem)], now=now) > 0


def outcomes(store: Store, found: Iterable[Outcome], *, now: float, cursor: str | None = None) -> int:
    """Keep what a page of the feed said, and how far it was read, in one commit; answers how many rows changed."""
    with store.transaction():
        changed = sum(
            store.execute(
                "UPDATE outbox SET state = ?, registered_number = ?, problem = ?, outcome = ?, lease_until = 0, "
                "next_attempt = 0, confirmation = coalesce(confirmation, ?), settled_at = coalesce(settled_at, ?) "
                "WHERE id = ? AND state != 'registered'",
                (_OUTCOMES[one.state], one.number, one.problem, one.proof, one.proof, now, one.id),
            )
            for one in found
        )
        if cursor is not None:
            _put_cursor(store, cursor)
    return changed


def needs_attention(store: Store, submission_id: str, problem: str) -> bool:
    """The backend did not take the envelope (conflict, refused); `problem` is its problem+json. The others go on."""
    with store.transaction():
        return bool(
            store.execute(
                "UPDATE outbox SET state = 'needs_attention', problem = ?, lease_until = 0, next_attempt = 0 "
                "WHERE id = ? AND state IN ('waiting', 'sending')",
                (problem, submission_id),
            )
        )


def retry(store: Store, submission_id: str) -> bool:
    """A row that needs attention waits again. False when it does not, or when the backend's word is final."""
    with store.transaction():
        return bool(
            store.execute(
                "UPDATE outbox SET state = 'waiting', problem = '', next_attempt = 0 "
                "WHERE id = ? AND state = 'needs_attention' AND outcome IS NULL",
                (submission_id,),
            )
        )


def newest_settled(store: Store) -> OutboxRow | None:
    """The row with the highest running number that the backend has confirmed, or None."""
    found = store.row(f"SELECT {_COLUMNS} FROM outbox WHERE {_SETTLED} ORDER BY sequence DESC LIMIT 1")
    return None if found is None else _row(found)


def offer_again(store: Store, above: int) -> int:
    """Settled rows with a running number above the backend's high-water mark wait again; answers how many."""
    with store.transaction():
        uploads.offer_again(store, f"sequence > ? AND {_SETTLED}", above)
        return store.execute(
            "UPDATE outbox SET state = 'waiting', confirmation = NULL, outcome = NULL, settled_at = NULL, problem = '' "
            f"WHERE sequence > ? AND {_SETTLED}",
            (above,),
        )


def purge(store: Store, profile: Path, settled_before: float) -> int:
    """Delete rows that were settled before a time, then their files; answers how many."""
    old = (
        "confirmation IS NOT NULL AND settled_at < ? AND state IN ('received', 'registered', 'needs_attention') "
        "AND (outcome IS NOT NULL OR NOT EXISTS (SELECT 1 FROM uploads WHERE submission = outbox.id))"
    )
    if store.row(f"SELECT 1 FROM outbox WHERE {old} LIMIT 1", (settled_before,)) is None:
        return 0
    with store.transaction():
        gone = store.rows(f"DELETE FROM outbox WHERE {old} RETURNING id", (settled_before,))
    for (id_,) in gone:
        # A file that stays is adopted and confirmed once more: harmless.
        with suppress(OSError):
            file_of(profile, id_).unlink(missing_ok=True)
        uploads.discard(profile, id_)
    return len(gone)


def reconcile(store: Store, profile: Path, read: Callable[[bytes], Found]) -> Reconciled:
    """Make files and rows agree: files without a row are adopted, rows without a file written again.

    `read` takes the header of an envelope and raises a Refusal for bytes that are none; such files stay where they are.
    Under the write lock no submission is half-way, so temporary files are rubbish of a crash and go.
    """
    folder = profile / FOLDER
    private_folder(folder)
    adopted: list[str] = []
    mirrored: list[str] = []
    unreadable: list[str] = []
    with store.transaction():
        for stray in folder.glob("*.tmp"):
            stray.unlink(missing_ok=True)
        known = {row[0] for row in store.rows("SELECT id FROM outbox")}
        files = {path.stem: path for path in folder.glob("*.env")}
        for id_ in sorted(files.keys() - known):
            data = files[id_].read_bytes()
            try:
                found = read(data)
            except Refusal:
                unreadable.append(files[id_].name)
                continue
            if found.id != id_:
                unreadable.append(files[id_].name)
                continue
            state = SubmissionState.WAITING
            digest = hashlib.sha256(data).digest()
            _insert(
                store, OutboxRow(id_, found.sequence, found.receipt_number, state, found.created_at, 0, digest), data
            )
            store.execute("UPDATE counters SET value = max(value, ?) WHERE name = 'sequence'", (found.sequence,))
            adopted.append(id_)
        for id_ in sorted(known - files.keys()):
            write_durably(
                file_of(profile, id_), bytes(store.rows("SELECT envelope FROM outbox WHERE id = ?", (id_,))[0][0])
            )
            mirrored.append(id_)
    return Reconciled(tuple(adopted), tuple(mirrored), tuple(unreadable))


def continue_after(store: Store, sequence: int) -> None:
    """The next running number is higher than this one: the backend has it of this kiosk already."""
    with store.transaction():
        store.execute("UPDATE counters SET value = max(value, ?) WHERE name = 'sequence'", (sequence,))


def cursor(store: Store) -> str:
    """How far the feed of confirmations was read: opaque, "" at its start."""
    found = store.row("SELECT value FROM cursors WHERE name = 'confirmations'")
    return "" if found is None else str(found[0])


def save_cursor(store: Store, value: str) -> None:
    """Remember how far the feed was read; after what it brought was committed (or with it, see `outcomes`)."""
    with store.transaction():
        _put_cursor(store, value)


def _put_cursor(store: Store, value: str) -> None:
    store.execute(
        "INSERT INTO cursors (name, value) VALUES ('confirmations', ?) "
        "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        (value,),
    )


def _insert(store: Store, new: OutboxRow, data: bytes) -> None:
    store.execute(
        "INSERT INTO outbox (id, sequence, receipt_number, state, created_at, digest, envelope) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        (new.id, new.sequence, new.receipt_number, new.state.value, new.created_at, new.digest, data),
    )


def _row(found: tuple[Any, ...]) -> OutboxRow:
    return OutboxRow(found[0], found[1], found[2], SubmissionState(found[3]), *found[4:])
