"""Attachments on their way: sealed files beside the outbox, and how far each has come.

Rules. A sealed file lies at `<profile>/attachments/<submission>/<attachment>`, durable (temporary name, fsync, rename,
fsync of the folder) before the envelope of its submission is a file, which is before the rows are committed. Its name,
its kind and its key are inside that envelope: nothing here can read it. What a crash left without an envelope and
without a row is nobody's: it goes when it is older than a day. A store that was lost gets its rows from the files.

    waiting -> sent (the server has all of it) | ended (refused, not wanted there) | lost (the file is not what it was)
    sent | ended -> waiting (the server has forgotten it)

`path` is where the server keeps the upload, "" before it was created. The file stays until its submission is purged.
It decides nothing about when to send (sync/rules.py) and seals nothing (desk/attachments.py).
"""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from msgspec import Struct

from kiosk.errors import EnvironmentFault
from kiosk.store.database import Store
from kiosk.store.files import fault, private_folder, stream_durably

FOLDER = "attachments"
LEFT_OVER_S = 86_400.0
AWAITED_S = 60.0
_ID = re.compile(r"[0-9a-f-]{36}")
_REFUSED = "(outbox.state = 'needs_attention' AND outbox.outcome IS NOT NULL)"


class NewUpload(Struct, frozen=True):
    """A sealed file that was kept: its id, its bytes and their SHA-256 in hex."""

    id: str
    length: int
    sha256: str


class Upload(Struct, frozen=True):
    """A row to work on; `next_attempt` UNIX seconds. Not `wanted`: the backend has refused its submission."""

    id: str
    submission: str
    length: int
    sha256: str
    path: str
    next_attempt: float
    wanted: bool = True


class Reconciled(Struct, frozen=True):
    """Ids that got a row from their file, ids whose file is lost, submissions whose leftovers went."""

    adopted: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


def folder_of(profile: Path, submission: str) -> Path:
    """Where the attachments of a submission lie."""
    return profile / FOLDER / submission


def file_of(profile: Path, submission: str, upload: str) -> Path:
    """Where one sealed file lies."""
    return folder_of(profile, submission) / upload


def keep(profile: Path, submission: str, upload: str, sealed: Iterable[bytes]) -> NewUpload:
    """Write a sealed file, durable when this returns. Raises StorageFull, EnvironmentFault, what `sealed` raises."""
    private_folder(folder_of(profile, submission))
    digest, length = hashlib.sha256(), 0

    def counted() -> Iterator[bytes]:
        nonlocal length
        for piece in sealed:
            digest.update(piece)
            length += len(piece)
            yield piece

    stream_durably(file_of(profile, submission, upload), counted())
    return NewUpload(upload, length, digest.hexdigest())


def discard(profile: Path, submission: str) -> None:
    """Remove the files of a submission. What stays is removed as a leftover later."""
    shutil.rmtree(folder_of(profile, submission), ignore_errors=True)


def insert(store: Store, profile: Path, submission: str, new: Iterable[NewUpload]) -> None:
    """Rows for files that were kept; inside the transaction of their submission. Raises EnvironmentFault."""
    for one in new:
        if _length(file_of(profile, submission, one.id)) != one.length:
            raise EnvironmentFault(f"the sealed attachment {one.id} is not on the disk any more")
        store.execute(
            "INSERT INTO uploads (id, submission, length, sha256) VALUES (?, ?, ?, ?)",
            (one.id, submission, one.length, one.sha256),
        )


def open_rows(store: Store) -> list[Upload]:
    """What is to be done, by running number: files of received submissions to be sent, and uploads that need not stay
    there since their submission was refused.
    """
    found = store.rows(
        "SELECT uploads.id, submission, length, sha256, path, uploads.next_attempt, "
        # CROSS: the few that wait first, whatever the planner thinks; this is asked before every request.
        f"NOT {_REFUSED} FROM uploads CROSS JOIN outbox ON outbox.id = submission WHERE uploads.state = 'waiting' "
        f"AND (outbox.state IN ('received', 'registered') OR (path != '' AND {_REFUSED})) "
        "ORDER BY sequence, uploads.id"
    )
    return [Upload(*row) for row in found]


def to_carry(store: Store) -> list[Upload]:
    """What a stick carries, by running number: files that the server is not known to have, of submissions that are not
    registered yet.
    """
    found = store.rows(
        "SELECT uploads.id, submission, length, sha256, path, uploads.next_attempt FROM uploads "
        "JOIN outbox ON outbox.id = submission "
        f"WHERE uploads.state = 'waiting' AND outbox.state != 'registered' AND NOT {_REFUSED} "
        "ORDER BY sequence, uploads.id"
    )
    return [Upload(*row) for row in found]


def still_to_send(store: Store) -> dict[str, int]:
    """How many files each submission has to send yet; submissions without any are not there."""
    return dict(
        store.rows(
            "SELECT submission, count(*) FROM uploads JOIN outbox ON outbox.id = submission "
            f"WHERE uploads.state = 'waiting' AND NOT {_REFUSED} GROUP BY submission"
        )
    )


def created(store: Store, upload: str, path: str) -> None:
    """The server keeps this upload at `path`; "" for not any more: it is created anew."""
    _change(store, "path = ?, state = 'waiting', next_attempt = 0", upload, path)


def sent(store: Store, upload: str, *, now: float) -> None:
    """The server has all of it; `awaited` does not count for a while."""
    _change(store, "state = 'sent', next_attempt = ?", upload, now + AWAITED_S)


def awaited(store: Store, ids: Iterable[str], *, now: float) -> int:
    """The backend waits for these, whatever it said before: those that were sent are looked after again."""
    with store.transaction():
        return sum(
            store.execute(
                "UPDATE uploads SET state = 'waiting', next_attempt = 0 WHERE id = ? AND state = 'sent' "
                "AND NOT next_attempt BETWEEN ? AND ?",
                (id_, now, now + AWAITED_S),
            )
            for id_ in ids
        )


def ended(store: Store, upload: str) -> None:
    """The server keeps nothing of it and need not."""
    _change(store, "state = 'ended', path = ''", upload)


def lost(store: Store, upload: str) -> None:
    """The file here is gone or not what was kept: nothing can be sent."""
    _change(store, "state = 'lost'", upload)


def put_off(store: Store, upload: str, until: float) -> None:
    """The server does not take it now; not before `until`."""
    _change(store, "next_attempt = ?", upload, until)


def offer_again(store: Store, where: str, *parameters: object) -> None:
    """Files of submissions that the backend forgot are sent anew; inside the transaction of those."""
    store.execute(
        "UPDATE uploads SET state = 'waiting', next_attempt = 0 WHERE state IN ('sent', 'ended') "
        f"AND submission IN (SELECT id FROM outbox WHERE {where})",
        parameters,
    )


def whole(profile: Path, row: Upload) -> bool:
    """Whether the file is what was kept. Reads all of it."""
    path = file_of(profile, row.submission, row.id)
    return _length(path) == row.length and _digest(path) == row.sha256


def reconcile(store: Store, profile: Path, *, now: float) -> Reconciled:
    """Make files and rows agree, after `outbox.reconcile`: rows for files without one, leftovers of a crash removed."""
    top = profile / FOLDER
    if not top.is_dir():
        return Reconciled(lost=_mark_lost(store, profile))
    folders = sorted(path for path in top.iterdir() if _ID.fullmatch(path.name))
    known = {row[0] for row in store.rows("SELECT id FROM uploads")}
    owned = {row[0] for row in store.rows("SELECT id FROM outbox")}
    found = [
        (path.parent.name, NewUpload(path.name, path.stat().st_size, _digest(path)))
        for folder in folders
        if folder.name in owned
        for path in sorted(folder.iterdir())
        if _ID.fullmatch(path.name) and path.name not in known
    ]
    removed: list[str] = []
    with store.transaction():
        for submission, new in found:
            store.execute(
                "INSERT OR IGNORE INTO uploads (id, submission, length, sha256) SELECT ?, id, ?, ? FROM outbox "
                "WHERE id = ?",
                (new.id, new.length, new.sha256, submission),
            )
        for folder in folders:
            if store.row("SELECT 1 FROM outbox WHERE id = ?", (folder.name,)) is not None:
                for stray in folder.glob("*.tmp"):
                    stray.unlink(missing_ok=True)
            elif not (profile / "outbox" / f"{folder.name}.env").exists() and _old(folder, now):
                discard(profile, folder.name)
                removed.append(folder.name)
    return Reconciled(tuple(new.id for _, new in found), _mark_lost(store, profile), tuple(removed))


def _mark_lost(store: Store, profile: Path) -> tuple[str, ...]:
    rows = store.rows("SELECT id, submission, length FROM uploads WHERE state = 'waiting'")
    gone = tuple(id_ for id_, submission, length in rows if _length(file_of(profile, submission, id_)) != length)
    for id_ in gone:
        lost(store, id_)
    return gone


def _change(store: Store, what: str, upload: str, *parameters: object) -> None:
    with store.transaction():
        store.execute(f"UPDATE uploads SET {what} WHERE id = ?", (*parameters, upload))


def _old(folder: Path, now: float) -> bool:
    """By a clock that may have been wrong in either direction."""
    try:
        return abs(now - folder.stat().st_mtime) > LEFT_OVER_S
    except OSError:
        return False


def _length(path: Path) -> int:
    """-1 for a file that is not there."""
    try:
        return path.stat().st_size
    except OSError:
        return -1


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise fault(error, f"the sealed attachment {path.name} cannot be read") from error
