"""Planted bugs: what a build would do that got one rule wrong. The same checks must fail for each of them.

Rules. A bug is planted in a child process of the tests by replacing a function there; the product has no switch for it.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import msgspec


def settle_on_any_200() -> None:
    """The kiosk takes every status 200 for the backend's word on the whole batch."""
    import httpx

    from kiosk.store import outbox
    from kiosk.sync import rules
    from kiosk.sync.worker import Worker

    real = Worker._send

    def send(self: Any, ids: tuple[str, ...]) -> rules.Event:
        statuses: list[int] = []
        self._channel._client.event_hooks["response"] = [lambda response: statuses.append(response.status_code)]
        try:
            event = real(self, ids)
        except httpx.HTTPError:
            return rules.Failed(ids)
        if isinstance(event, rules.Failed) and 200 in statuses:
            outbox.settle(self._store, [(id_, b"any") for id_ in ids], now=time.time())
            return rules.Reached()
        return event

    Worker._send = send  # type: ignore[method-assign]


def a_lease_that_never_expires() -> None:
    """Nothing frees a row that a dead process was sending."""
    from kiosk.store import outbox
    from kiosk.sync import rules

    real = rules._next

    def following(rows: tuple[rules.Row, ...], *others: Any) -> tuple[rules.Action, ...]:
        return real(tuple(row for row in rows if row.state != "sending"), *others)

    rules._next = following
    outbox.release_all = lambda store: 0  # type: ignore[assignment]


def no_directory_fsync() -> None:
    """The name of an envelope file is left to the kernel."""
    from kiosk.store import database, files

    files.sync_folder = database.sync_folder = lambda path: None


def answer_before_commit() -> None:
    """The backend signs its answer, and commits a moment later."""
    from kiosk.backend import submissions

    real = submissions.take

    class Undo(Exception):
        pass

    def take(database: Any, *given: Any) -> Any:
        found: list[Any] = []

        class Peeking:
            read = database.read
            read_together = database.read_together

            def write_together(self, work: Any, item: Any, _weight: int = 0) -> Any:
                with database.write() as connection:
                    found.extend(work(connection, [item]))
                    raise Undo

        with lock, suppress(Undo):
            real(Peeking(), *given)  # type: ignore[arg-type]
        timer = threading.Timer(0.3, later, (database, *given))
        timer.daemon = True
        timer.start()
        return found[0]

    def later(*given: Any) -> None:
        with lock:
            real(*given)

    lock = threading.Lock()
    submissions.take = take


def dedupe_by_cache() -> None:
    """The backend remembers ids for a while in memory; no table has a unique key."""
    from sqlalchemy import Insert

    from kiosk.backend import database as databases
    from kiosk.backend import submissions

    begin, real = databases.Database.__init__, submissions._keep
    cache: dict[str, float] = {}

    def opened(self: Any, settings: Any) -> None:
        begin(self, settings)
        with sqlite3.connect(settings.data / "backend.sqlite", isolation_level=None) as connection:
            connection.execute("PRAGMA legacy_alter_table=ON")
            for table in ("submissions", "pending", "registrations", "feed", "attachments"):
                connection.execute(f"ALTER TABLE {table} RENAME TO keyed")
                connection.execute(f"CREATE TABLE {table} AS SELECT * FROM keyed")
                connection.execute("DROP TABLE keyed")
        connection.close()

    class Plain(Insert):
        """An INSERT that knows no conflict."""

        inherit_cache = False

        def __init__(self, _connection: Any, table: Any) -> None:
            super().__init__(table)

        def on_conflict_do_nothing(self, **_: Any) -> Any:
            return self

    def keep(connection: Any, batches: Any) -> Any:
        now = time.monotonic()
        fresh = [
            msgspec.structs.replace(one, judged=[part for part in one.judged if now >= cache.get(part.id, 0.0) + 0.5])
            for one in batches
        ]
        cache.update((part.id, now) for one in batches for part in one.judged)
        return real(connection, fresh)

    databases.Database.__init__ = opened  # type: ignore[method-assign]
    databases.insert_or = Plain  # type: ignore[assignment]
    submissions._keep = keep


BUGS: dict[str, Callable[[], None]] = {
    "answer before commit": answer_before_commit,
    "dedupe by cache": dedupe_by_cache,
    "settle on any 200": settle_on_any_200,
    "no directory fsync": no_directory_fsync,
    "a lease that never expires": a_lease_that_never_expires,
}


def plant(name: str) -> None:
    """Plant a bug in this process; "" plants none.

    The repair by the backend's high-water mark is taken away too: it would heal what the bug does before anybody looks.
    """
    if name:
        from kiosk.sync.worker import Worker

        Worker._compare = lambda *_: None  # type: ignore[method-assign]
        BUGS[name]()
