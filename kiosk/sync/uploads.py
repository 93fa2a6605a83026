"""Attachments to the server, one request at a time: what is to be done next for one of them is derived, then done.

Rules. The order is: ask once per link what the server speaks; create; ask for the offset; append chunk after chunk;
sent. After any fault the offset is asked for again, so that a cut costs the chunk that was under way and no more. An
upload that the server does not know any more is created anew, a few times at most. A file that is not what was kept
is not sent. Each call makes one request, so that envelopes that come due go in between.

It decides nothing about when (rules.py), speaks no HTTP (tus.py) and can open no file: they are sealed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.log import logger
from kiosk.store import uploads
from kiosk.store.uploads import Upload
from kiosk.sync import rules, tus
from kiosk.sync.channel import BackendFault, Channel

if TYPE_CHECKING:
    from kiosk.store.database import Store

CHUNK_BYTES = 1024 * 1024
MOST_ANEW = 3
_log = logger("sync")


class Uploader:
    """Belongs to one worker and its thread. What it remembers is not needed: it saves requests."""

    def __init__(
        self, store: Store, profile: Path, channel: Channel, *, chunk_bytes: int, now: Callable[[], float]
    ) -> None:
        self._store = store
        self._profile = profile
        self._channel = channel
        self._chunk_bytes = chunk_bytes
        self._now = now
        self._rows: dict[str, Upload] = {}
        self._offers: tus.Offers | None = None
        self._offsets: dict[str, int] = {}
        self._anew: Counter[str] = Counter()
        self.sent = 0

    def pieces(self) -> tuple[rules.Piece, ...]:
        """What the rules see of the uploads that are open."""
        self._rows = {row.id: row for row in uploads.open_rows(self._store)}
        return tuple(rules.Piece(row.id, row.next_attempt) for row in self._rows.values())

    def forget(self) -> None:
        """The link has failed: the server is asked again for what it said."""
        self._offers = None
        self._offsets.clear()

    def awaited(self, ids: Iterable[str]) -> None:
        """The backend says that it waits for these attachments."""
        if ids and (again := uploads.awaited(self._store, ids, now=self._now())):
            _log.warning("the backend has lost attachments: looked after again", files=again)

    def step(self, upload: str) -> rules.Event:
        """One request for an upload that `pieces` told of."""
        row = self._rows[upload]
        try:
            return rules.Moved(self._step(row))
        except BackendFault as fault:
            self.forget()
            _log.info("attachment not sent on", id=row.id, error=fault.engineer)
            return rules.Failed(retry_after_s=fault.retry_after_s, upload=True)
        except tus.UploadGone as gone:
            return self._gone(row, gone)
        except tus.UploadDeclined as declined:
            _log.error("attachment not taken, tried again later", id=row.id, error=declined.engineer)
            self.forget()
            return rules.Declined(row.id)

    def _step(self, row: Upload) -> bool:
        """Whether bytes have arrived."""
        if self._offers is None:
            self._offers = tus.offers(self._channel, self._channel.uploads_path())
            return False
        if not row.wanted:
            self._end(row, self._offers)
            return False
        if not row.path:
            self._create(row, self._offers)
            return False
        at = self._offsets.get(row.id)
        if at is None:
            self._stands(row, tus.offset(self._channel, row.path, row.length))
            return False
        chunk = self._read(row, at)
        if not chunk:
            self._lose(row)
            return False
        self._stands(row, tus.append(self._channel, row.path, at, chunk, self._offers.checksum))
        self._anew.pop(row.id, None)
        return True

    def _create(self, row: Upload, offers: tus.Offers) -> None:
        if "creation" not in offers.extensions or 0 < offers.most_bytes < row.length:
            raise tus.UploadDeclined("the server creates no upload of this length")
        if not uploads.whole(self._profile, row):
            self._lose(row)
            return
        told = {"submission": row.submission, "attachment": row.id, "sha256": row.sha256}
        path = tus.create(self._channel, self._channel.uploads_path(), row.length, told)
        uploads.created(self._store, row.id, path)

    def _end(self, row: Upload, offers: tus.Offers) -> None:
        if "termination" in offers.extensions:
            tus.end(self._channel, row.path)
        uploads.ended(self._store, row.id)

    def _stands(self, row: Upload, at: int) -> None:
        if at < row.length:
            self._offsets[row.id] = at
            return
        self._offsets.pop(row.id, None)
        uploads.sent(self._store, row.id, now=self._now())
        self.sent += 1

    def _gone(self, row: Upload, gone: tus.UploadGone) -> rules.Event:
        self._offsets.pop(row.id, None)
        if not row.wanted:
            uploads.ended(self._store, row.id)
            return rules.Moved(False)
        _log.warning("the server keeps an attachment no more: created anew", id=row.id, error=gone.engineer)
        uploads.created(self._store, row.id, "")
        self._anew[row.id] += 1
        if self._anew[row.id] <= MOST_ANEW:
            return rules.Moved(False)
        del self._anew[row.id]
        return rules.Declined(row.id)

    def _read(self, row: Upload, at: int) -> bytes:
        """The next chunk; b"" where the file is not what was kept."""
        try:
            with uploads.file_of(self._profile, row.submission, row.id).open("rb") as file:
                file.seek(at)
                chunk = file.read(min(self._chunk_bytes, row.length - at))
        except OSError:
            return b""
        return chunk if len(chunk) == min(self._chunk_bytes, row.length - at) else b""

    def _lose(self, row: Upload) -> None:
        _log.error("a sealed attachment on the disk is not what was kept", id=row.id, submission=row.submission)
        uploads.lost(self._store, row.id)
