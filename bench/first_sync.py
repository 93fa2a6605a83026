"""First sync: the real published content into an empty store, against its rows and its bytes alone.

Rules. Ours is all of it: signed metadata, the pack, every check, documents, list rows, index, one commit. The peer
inserts the rows that resulted (the terms of the index ready made) in one transaction into an empty store of the same
make, and fetches the same bodies by a bare httpx client. The empty stores are made beforehand; the site is a process of
its own; both sides run in turn in one process that has imported what it needs. Stems that an earlier round has made are
forgotten: a device syncs for the first time only once.
"""

from __future__ import annotations

import gc
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import httpx

from bench import content
from bench.measure import Figure, median, seconds
from bench.static_site import site
from kiosk.catalogue import analysis
from kiosk.store import database, keys
from kiosk.store.database import Store
from kiosk.sync import published

ROUNDS = 9
_TABLES = ("documents", "trust", "service_card_rows", "words")
_INDEXES = ("services_ru", "services_en")
_INDEXED = "rowid, title, summary, keywords, theme, documents"
Rows = dict[str, Sequence[tuple[Any, ...]]]


def first_sync_figure() -> Figure:
    """The whole first sync, ratio of medians."""
    with tempfile.TemporaryDirectory(prefix="kiosk-bench-") as name:
        folder = Path(name)
        root = content.publish_to(folder)
        asked: list[str] = []

        def remember(request: httpx.Request) -> None:
            asked.append(str(request.url))

        with site(folder / "content") as url, httpx.Client() as client:
            with httpx.Client(event_hooks={"request": [remember]}) as watched, empty_store() as store:
                report = published.update(store, base_url=url, root=root, client=watched)
                rows: Rows = {table: store.rows(f"SELECT * FROM {table}") for table in _TABLES}
                rows |= {table: store.rows(f"SELECT {_INDEXED} FROM {table}") for table in _INDEXES}
            mine: list[float] = []
            theirs: list[float] = []
            parts: list[tuple[float, float]] = []
            for _ in range(ROUNDS):
                _forget()
                with empty_store() as store:
                    sync = partial(published.update, store, base_url=url, root=root, client=client)
                    mine.append(_timed(sync))
                with empty_store() as store:
                    insert = _timed(partial(_insert, store, rows))
                    parts.append((insert, _timed(lambda: [client.get(one) for one in asked])))
                theirs.append(sum(parts[-1]))
    value = median(mine) / median(theirs)
    inserting, fetching = (median([part[side] for part in parts]) * 1e3 for side in (0, 1))
    detail = (
        f"{median(mine) * 1e3:.0f} ms against {inserting:.0f} ms inserting + {fetching:.0f} ms fetching; "
        f"{report.documents} documents, {report.bytes} bytes in {report.requests} requests"
    )
    return Figure("first_sync", value, detail)


def _forget() -> None:
    analysis.term.cache_clear()
    analysis._stemmer.cache_clear()
    gc.collect()


def _timed(call: Any) -> float:
    gc.disable()
    try:
        return seconds(call)
    finally:
        gc.enable()


@contextmanager
def empty_store() -> Iterator[Store]:
    with tempfile.TemporaryDirectory(prefix="kiosk-bench-") as folder:
        key = keys.create(Path(folder), "file", allow_file=True)
        with database.open_store(Path(folder), key) as store:
            yield store


def _insert(store: Store, rows: Rows) -> None:
    with store.transaction():
        for table, values in rows.items():
            marks = ", ".join("?" for _ in values[0])
            columns = f"({_INDEXED})" if table in _INDEXES else ""
            store.executemany(f"INSERT INTO {table} {columns} VALUES ({marks})", values)
        store.execute("UPDATE content SET version = 1, documents = ?", (len(rows["documents"]),))
