"""The registrar: what was received is registered under a number, or given to an official with the reason.

Rules. Level-triggered: what is still to do stands in the table `pending`, whoever was killed when; what waits for its
attachments is not due before they have come and were opened (inspecting.py), or their time is over. Taking it from
there, state, number and the signed confirmation for the kiosk's feed are one transaction; the number counts without
gaps within a year. Of several processes each takes other rows: on PostgreSQL by row locks that the others skip, held
while it judges; SQLite has one writer, so there judging comes before the lock and the DELETE decides. Locks are taken
in one order by everybody: pending, numbers, devices by id. One submission that nobody can judge goes to an official and
never holds up the next. Logs name submissions, never answers.

Whether the answers are right is checking.py's question.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Literal

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, and_, delete, select, tuple_

from kiosk.backend import attachments, feed, tables
from kiosk.backend.checking import MOSCOW, Checker, attachment_reason
from kiosk.backend.database import Database, insert_or, insert_rows
from kiosk.backend.inspecting import inspect
from kiosk.backend.keys import PrivateKeys
from kiosk.backend.settings import BackendSettings
from kiosk.backend.upload_place import UploadPlace
from kiosk.errors import EnvelopeRefused, KioskError
from kiosk.log import logger
from kiosk.protocol import confirmation, envelope
from kiosk.protocol.confirmation import Confirmation

REST_S = 0.2
REST_SHARE = 4
MOST_REST_S = 2.0
_log = logger("backend")


class _Pending(Struct, frozen=True):
    id: str
    kiosk: str
    digest: bytes
    envelope: bytes


class _Verdict(Struct, frozen=True):
    pending: _Pending
    state: Literal["registered", "with_official", "refused"]
    reason: str
    service: str
    payload: bytes


def register_pending(
    database: Database,
    keys: PrivateKeys,
    settings: BackendSettings,
    checker: Checker,
    *,
    now: float,
    limit: int = 50,
    told: Callable[[Sequence[str]], None] | None = None,
) -> int:
    """Register at most `limit` submissions, oldest first; answers how many were done.

    `told` hears their states, once they are committed.
    """
    states = _register(database, keys, settings, checker, int(now), limit)
    if told is not None:
        told(states)
    return len(states)


def _register(
    database: Database, keys: PrivateKeys, settings: BackendSettings, checker: Checker, now: int, limit: int
) -> list[str]:
    if not database.sqlite:
        with database.write() as connection:
            pending = _pending(connection, limit, now, lock=True)
            verdicts = _judge_all(pending, database, keys, checker)
            return _write(connection, verdicts, keys, settings, now) if verdicts else []
    with database.read() as connection:
        pending = _pending(connection, limit, now)
    verdicts = _judge_all(pending, database, keys, checker)
    if not verdicts:
        return []
    with database.write() as connection:
        return _write(connection, verdicts, keys, settings, now)


class Registrar:
    """Registers, and opens attachments that have come, on a thread of its own until it is stopped."""

    def __init__(
        self,
        database: Database,
        keys: PrivateKeys,
        settings: BackendSettings,
        checker: Checker,
        place: UploadPlace,
        now: Callable[[], float] = time.time,
        told: Callable[[Sequence[str]], None] | None = None,
        busy: Callable[[], bool] = lambda: False,
    ) -> None:
        """While `busy`, it rests between rounds: what kiosks alone hold goes before what is safe here.

        REST_SHARE times as long as the round took, between REST_S and MOST_REST_S: a slow machine has no less for them.
        """
        self._told = told
        self._busy = busy
        self._place = place
        self._database = database
        self._keys = keys
        self._settings = settings
        self._checker = checker
        self._now = now
        self._stop = threading.Event()
        self._wake = threading.Event()
        self._thread = threading.Thread(target=self._run, name="registrar", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def wake(self) -> None:
        """Something was received. A wake-up that is lost costs one nap."""
        self._wake.set()

    def stop(self) -> None:
        """Finish what is begun and end."""
        self._stop.set()
        self._wake.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.is_set():
            self._wake.clear()
            began, done = time.monotonic(), 0
            try:
                self._checker.refresh(self._now())
                done = register_pending(
                    self._database, self._keys, self._settings, self._checker, now=self._now(), told=self._told
                )
                done += inspect(self._database, self._keys, self._place, self._settings, self._now())
            except KioskError as error:
                _log.error("nothing can be registered now", error=error.engineer)
            except Exception as error:  # a database that is away: its words may hold data, its type does not
                _log.error("nothing can be registered now", error=type(error).__name__)
            if not done and not self._stop.is_set():
                self._wake.wait(self._settings.register_every_s)
            elif done and self._busy():
                self._stop.wait(min(max(REST_S, REST_SHARE * (time.monotonic() - began)), MOST_REST_S))


def _pending(connection: Connection, limit: int, now: int, *, lock: bool = False) -> list[_Pending]:
    columns, order = tables.submissions.c, tables.pending.c
    query = (
        select(columns.id, columns.kiosk, columns.digest, columns.envelope)
        .join(tables.pending, and_(order.kiosk == columns.kiosk, order.submission == columns.id))
        .where(order.due_at <= now)
        .order_by(order.due_at, order.received_at, order.kiosk, order.sequence)
        .limit(limit)
    )
    if lock:
        query = query.with_for_update(of=tables.pending, skip_locked=True)
    return [_Pending(*row) for row in connection.execute(query)]


def _judge_all(pending: Sequence[_Pending], database: Database, keys: PrivateKeys, checker: Checker) -> list[_Verdict]:
    judged = [_judge(one, database, keys, checker) for one in pending]
    return [verdict for verdict in judged if verdict is not None]


def _judge(pending: _Pending, database: Database, keys: PrivateKeys, checker: Checker) -> _Verdict | None:
    """None for a submission with an attachment that is here and not opened yet: in a moment."""
    try:
        read = envelope.read(pending.envelope)
        private = keys.recipient(read.header.key_id)
        if private is None:
            raise EnvelopeRefused(f"key {read.header.key_id} is not one of this backend any more")
        submission = envelope.open_envelope(read, private)
    except EnvelopeRefused as error:
        _log.error("a received envelope does not open", submission=pending.id, error=error.engineer)
        return _Verdict(pending, "with_official", "the application cannot be opened", "", b"")
    states: dict[str, str] = {}
    if submission.attachments:
        with database.read() as connection:
            states = attachments.states(connection, pending.kiosk, pending.id)
    if attachments.HERE in states.values():
        return None
    try:
        reason = attachment_reason(submission, states) or checker.reason(submission)
    except Exception as error:  # its words may hold answers
        _log.error("a submission cannot be checked", submission=pending.id, error=type(error).__name__)
        reason = "the application could not be checked"
    state: Literal["registered", "with_official"] = "with_official" if reason else "registered"
    service = submission.service[:64].replace("\0", "")  # PostgreSQL keeps no such character
    return _Verdict(pending, state, reason, service, msgspec.json.encode(submission))


def _write(
    connection: Connection, verdicts: Sequence[_Verdict], keys: PrivateKeys, settings: BackendSettings, now: int
) -> list[str]:
    """Their states; the others another process took."""
    pending = tables.pending.c
    ids = [(verdict.pending.kiosk, verdict.pending.id) for verdict in verdicts]
    done = delete(tables.pending).where(tuple_(pending.kiosk, pending.submission).in_(ids))
    taken = {tuple(row) for row in connection.execute(done.returning(pending.kiosk, pending.submission))}
    ours = [one for one in verdicts if (one.pending.kiosk, one.pending.id) in taken]  # the others another process took
    if not ours:
        return []
    numbers = _numbers(connection, settings.region, sum(verdict.state == "registered" for verdict in ours), now)
    rows: list[dict[str, object]] = []
    outcomes: dict[str, list[bytes]] = {}
    for verdict in ours:
        number = next(numbers) if verdict.state == "registered" else ""
        rows.append(
            {
                "kiosk": verdict.pending.kiosk,
                "submission": verdict.pending.id,
                "state": verdict.state,
                "number": number or None,
                "reason": verdict.reason,
                "service": verdict.service,
                "payload": verdict.payload,
                "registered_at": now,
            }
        )
        claims = Confirmation(verdict.pending.id, verdict.pending.digest, verdict.state, number, verdict.reason, now)
        signed = confirmation.sign(claims, keys.confirmation.id, keys.confirmation.private)
        outcomes.setdefault(verdict.pending.kiosk, []).append(signed)
        _log.info("submission registered", submission=verdict.pending.id, state=verdict.state)
    insert_rows(connection, tables.registrations, rows)
    feed.append_all(connection, outcomes, now)
    return [one.state for one in ours]


def _numbers(connection: Connection, region: str, count: int, now: int) -> Iterator[str]:
    """The next so many registration numbers of the year, as "77-2026-0000123"."""
    numbers, year = tables.numbers, datetime.fromtimestamp(now, MOSCOW).year
    if not count:
        return iter(())
    step = insert_or(connection, numbers).values(year=year, last=count)
    step = step.on_conflict_do_update(index_elements=["year"], set_={"last": numbers.c.last + step.excluded.last})
    last = connection.execute(step.returning(numbers.c.last)).scalar_one()
    return (f"{region}-{year}-{number:07d}" for number in range(last - count + 1, last + 1))
