"""Several backend processes on one PostgreSQL: each submission once, each number once, each feed in commit order."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from threading import Barrier, Event, Thread

import httpx
import pytest
from sqlalchemy import event

from kiosk.backend import feed, tables
from kiosk.backend.app import Backend
from kiosk.backend.registrar import register_pending
from kiosk.backend.settings import BackendSettings
from kiosk.protocol import batch, confirmation
from tests.backend.site import NOW, Kiosk, Site
from tests.helpers.patience import PATIENCE_S

DATABASES = ("postgresql",)
_PROGRAM = """
import sys
from pathlib import Path
from kiosk.backend import server
from kiosk.backend.settings import BackendSettings
used = BackendSettings(data=Path(sys.argv[1]), database_url=sys.argv[2], register_every_s=0.05)
server.serve(used, 0, lambda port: print(port, flush=True))
"""


@pytest.fixture
def processes(used: BackendSettings) -> Iterator[list[str]]:
    """The URLs of three processes with registrars of their own, on one database and one set of keys."""
    with ExitStack() as stack:
        command = [sys.executable, "-c", _PROGRAM, str(used.data), used.database_url]
        running = [stack.enter_context(subprocess.Popen(command, stdout=subprocess.PIPE, text=True)) for _ in range(3)]
        try:
            yield [f"http://127.0.0.1:{int(process.stdout.readline())}" for process in running if process.stdout]
        finally:
            for process in running:
                process.terminate()


def _enrolled(site: Site, count: int) -> list[Kiosk]:
    return [site.enrol(f"k{number}", number) for number in range(1, count + 1)]


def test_every_submission_once_whoever_is_asked(site: Site, processes: list[str]) -> None:
    kiosks = _enrolled(site, 4)
    batches = [(kiosk, [kiosk.seal(), kiosk.seal(), kiosk.seal()]) for kiosk in kiosks for _ in range(4)]

    def post(url: str, kiosk: Kiosk, envelopes: list[bytes]) -> batch.BatchAnswer:
        body, path = batch.pack(envelopes), f"/v1/kiosks/{kiosk.device.kiosk}/submissions"
        headers = {"Content-Type": batch.CONTENT_TYPE, **kiosk.sign("POST", path, body)}
        with httpx.Client(timeout=PATIENCE_S) as client:
            response = client.post(url + path, content=body, headers=headers)
        assert response.status_code == 200, response.text
        return batch.decode_answer(response.content)

    with ThreadPoolExecutor(8) as pool:  # every batch to every process at once
        answers = list(pool.map(lambda asked: post(*asked), [(url, *one) for one in batches for url in processes]))
    results = [result for answer in answers for result in answer.results]
    proofs: dict[str, set[bytes | None]] = {}
    for result in results:
        proofs.setdefault(result.id, set()).add(result.confirmation)
    assert len(results) == 3 * 48 and len(proofs) == 48
    assert sum(result.status == "received" for result in results) == 48
    assert {result.status for result in results} == {"received", "already"}
    assert all(len(one) == 1 and None not in one for one in proofs.values()), "the first answer, again and again"

    outcomes = [proof for kiosk in kiosks for proof in _whole_feed(kiosk, 12)]
    claims = [confirmation.verify(proof, site.keys.confirmation) for proof in outcomes]
    assert sorted(claim.id for claim in claims) == sorted(proofs)
    numbers = sorted(claim.number for claim in claims)
    assert numbers == [f"{numbers[0][:8]}{number:07d}" for number in range(1, 49)], "no gap, none twice"
    assert site.rows(tables.pending) == []


def _whole_feed(kiosk: Kiosk, count: int) -> list[bytes]:
    """Everything, read by a cursor as it comes."""
    read: list[bytes] = []
    cursor = ""
    while len(read) < count:  # bounded by the test's own time limit
        page = kiosk.feed(cursor, limit=5)
        read += [entry.confirmation for entry in page.entries]
        cursor = page.cursor
    return read


def test_no_reader_skips_an_entry_that_commits_later(site: Site) -> None:
    """A writer holds back its commit: whoever comes after waits, so no position can overtake another."""
    (kiosk,) = _enrolled(site, 1)
    database, written, go_on = site.backend.database, Event(), Event()

    def slow() -> None:
        with database.write() as connection:
            feed.append(connection, "k1", [b"first"], 1)
            written.set()
            assert go_on.wait(PATIENCE_S)

    def quick() -> None:
        with database.write() as connection:
            feed.append(connection, "k1", [b"second"], 2)

    waits = Event()

    @event.listens_for(database.engine, "before_cursor_execute")
    def about_to(_c: object, _cursor: object, statement: str, *_: object) -> None:
        if "FOR UPDATE" in statement and written.is_set():
            waits.set()

    first, second = Thread(target=slow), Thread(target=quick)
    first.start()
    assert written.wait(PATIENCE_S)
    second.start()
    assert waits.wait(PATIENCE_S)
    assert kiosk.feed().entries == (), "neither is committed: nothing to see, and no cursor beyond it"
    go_on.set()
    first.join()
    second.join()
    assert [entry.confirmation for entry in kiosk.feed().entries] == [b"first", b"second"]


def test_readers_among_concurrent_committers_see_every_entry(site: Site) -> None:
    (kiosk,) = _enrolled(site, 1)
    database, writers, each = site.backend.database, 6, 15
    start = Barrier(writers)

    def write(name: int) -> None:
        start.wait()
        for number in range(each):
            with database.write() as connection:
                feed.append(connection, "k1", [f"{name}/{number}/{part}".encode() for part in range(2)], 1)

    with ThreadPoolExecutor(writers) as pool:
        done = [pool.submit(write, name) for name in range(writers)]
        read = _whole_feed(kiosk, writers * each * 2)
        for one in done:
            one.result()
    assert len(read) == len(set(read)) == writers * each * 2
    assert read == [entry.confirmation for entry in kiosk.feed(limit=500).entries]


def test_registrars_share_the_work(site: Site, used: BackendSettings) -> None:
    kiosks = _enrolled(site, 3)
    for kiosk in kiosks:
        kiosk.post(*(kiosk.seal() for _ in range(20)))
    backends = [Backend(used, lambda: NOW, registrar=False) for _ in range(3)]
    start = Barrier(len(backends))

    def work(backend: Backend) -> int:
        start.wait()
        done = 0
        while count := register_pending(
            backend.database, backend.keys, backend.settings, backend.checker, now=NOW, limit=5
        ):
            done += count
        return done

    with ThreadPoolExecutor(len(backends)) as pool:
        assert sum(pool.map(work, backends)) == 60
    for backend in backends:
        backend.stop()
    assert sorted(row.number for row in site.rows(tables.registrations)) == [
        f"77-2026-{number:07d}" for number in range(1, 61)
    ]
    assert [len(kiosk.feed().entries) for kiosk in kiosks] == [20, 20, 20]
