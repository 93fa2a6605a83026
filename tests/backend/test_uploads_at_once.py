"""Many requests for one upload at once, from several processes and inspectors: it is never spoilt, and moves once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from threading import Barrier

import httpx
import pytest

from kiosk.backend import tables
from kiosk.backend.app import Backend
from kiosk.backend.enrolment import create_enrolment_code
from kiosk.backend.inspecting import inspect
from kiosk.backend.registrar import register_pending
from kiosk.backend.settings import BackendSettings
from kiosk.identity.enrolment import enrol
from tests.backend import site as sites
from tests.backend.site import BOTH, Kiosk, Site
from tests.backend.upload_client import PART, UploadOf, pdf, with_files
from tests.helpers.patience import PATIENCE_S

DATABASES = BOTH
_PROGRAM = """
import os, signal, sys, threading
from pathlib import Path
from kiosk.backend import server, upload_place
from kiosk.backend.app import create_app
from kiosk.backend.settings import BackendSettings

data, database, when = sys.argv[1:]
if when == "before commit":
    put = upload_place.Folder.put
    def put_and_die(self, name, body):
        put(self, name, body)
        os.kill(os.getpid(), signal.SIGKILL)
    upload_place.Folder.put = put_and_die

def die(method, path, status):
    if method == "PATCH" and when == "before answer":
        os.kill(os.getpid(), signal.SIGKILL)

settings = BackendSettings(data=Path(data), database_url=database, port=0)
with server.running(settings, create_app(settings, registrar=False, before_answer=die)) as url:
    print(url, flush=True)
    threading.Event().wait()
"""


def _bytes(site: Site, id_: str) -> bytes:
    rows = sorted((row for row in site.rows(tables.upload_parts) if row.upload == id_), key=lambda row: row.start)
    return b"".join(site.backend.place.get(row.name) for row in rows)


def _together(actions: list[Callable[[], httpx.Response]]) -> list[int]:
    start = Barrier(len(actions))

    def act(action: Callable[[], httpx.Response]) -> int:
        start.wait()
        return action().status_code

    with ThreadPoolExecutor(len(actions)) as pool:
        return list(pool.map(act, actions))


def test_one_of_many_moves_it(site: Site, kiosk: Kiosk) -> None:
    data = os.urandom(4 * PART)
    one = UploadOf(kiosk, data)
    one.create()
    for at in range(0, len(data), PART):
        seen = _together([partial(one.patch, at, data[at : at + PART])] * 6)
        assert sorted(seen) == [204] + [409] * 5, seen
    assert one.offset() == len(data) and _bytes(site, one.id) == data
    rows = site.rows(tables.upload_parts)
    assert len(rows) == 4 and len([path for path in site.settings.upload_folder().rglob("*") if path.is_file()]) == 4


def test_parts_of_other_lengths_do_not_mix(site: Site, kiosk: Kiosk) -> None:
    data = os.urandom(PART)
    one = UploadOf(kiosk, data)
    one.create()
    while (at := one.offset()) < len(data):
        _together([partial(one.patch, at, data[at : at + length]) for length in (9000, 17_000, 25_000)])
    assert _bytes(site, one.id) == data


def test_a_liar_beside_the_truth_never_ends_what_is_whole(site: Site, kiosk: Kiosk) -> None:
    for _ in range(5):
        data = os.urandom(2 * PART)
        one = UploadOf(kiosk, data)
        one.create()
        one.patch(0, data[:PART])
        honest, liar = _together([partial(one.patch, PART, data[PART:]), partial(one.patch, PART, bytes(PART))])
        if honest == 204:
            assert liar in (409, 422, 413) and one.offset() == len(data) and _bytes(site, one.id) == data
        else:
            assert liar == 422 and one.head().status_code == 404


def test_creations_at_once_are_one(site: Site, kiosk: Kiosk) -> None:
    one = UploadOf(kiosk, os.urandom(PART))
    assert set(_together([one.create] * 6)) == {201}
    assert len(site.rows(tables.uploads)) == 1


def test_ends_and_parts_at_once(site: Site, kiosk: Kiosk) -> None:
    for _ in range(5):
        data = os.urandom(2 * PART)
        one = UploadOf(kiosk, data)
        one.create()
        seen = _together([partial(one.patch, 0, data[:PART]), one.delete, partial(one.patch, 0, data[:PART])])
        assert set(seen) <= {204, 404, 409}
        if one.head().status_code == 404:
            one.create()
        one.rest()
        assert _bytes(site, one.id) == data


def test_the_last_part_and_the_envelope_at_once(site: Site, kiosk: Kiosk) -> None:
    """Whichever is first: the upload is claimed."""
    for _ in range(8):
        sent, (one,) = with_files(kiosk, [pdf()])
        one.create()
        sealed = kiosk.seal_this(sent)
        with ThreadPoolExecutor(2) as pool:
            start = Barrier(2)

            def post(sealed: bytes = sealed, start: Barrier = start) -> str:
                start.wait()
                return kiosk.post(sealed).results[0].status

            def last(one: UploadOf = one, start: Barrier = start) -> int:
                start.wait()
                return one.patch(0, one.data).status_code

            posted, moved = pool.submit(post), pool.submit(last)
            assert (posted.result(), moved.result()) == ("received", 204)
    assert kiosk.feed().awaits == ()
    assert {row.claimed for row in site.rows(tables.uploads)} == {True}
    assert {row.state for row in site.rows(tables.attachments)} == {"here"}


def test_inspectors_and_registrars_share_the_work(site: Site, kiosk: Kiosk, used: BackendSettings) -> None:
    """Attachments of one submission are opened by several at once: the last one frees it, whoever that is."""
    for _ in range(10):
        sent, files = with_files(kiosk, [pdf(), pdf(), pdf()])
        for one in files:
            one.whole()
        kiosk.post(kiosk.seal_this(sent))
    backends = [Backend(used, time.time, registrar=False) for _ in range(3)]
    start = Barrier(3)

    def work(part: Backend) -> int:
        start.wait()
        done = 0
        while looked := inspect(part.database, part.keys, part.place, part.settings, time.time()):
            done += looked
        return done

    with ThreadPoolExecutor(3) as pool:
        assert sum(pool.map(work, backends)) >= 30
    now = time.time()
    done = sum(register_pending(one.database, one.keys, one.settings, one.checker, now=now) for one in backends)
    for part in backends:
        part.stop()
    assert done == 10
    assert {row.state for row in site.rows(tables.registrations)} == {"registered"}


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is of POSIX")
@pytest.mark.parametrize("when", ["before commit", "before answer"])
def test_killed_in_a_part(used: BackendSettings, when: str) -> None:
    """Bytes without a row mean nothing, a row without an answer counts: the offset of the table is the truth."""
    data = os.urandom(2 * PART)
    code = create_enrolment_code(used, "k16", 16, "centre-1")
    with sites.running(used) as first, httpx.Client(timeout=PATIENCE_S) as client:
        kiosk = Kiosk(first, enrol(client, first.url, code))
        one = UploadOf(kiosk, data)
        one.create()
        with subprocess.Popen(
            [sys.executable, "-c", _PROGRAM, str(used.data), used.database_url, when],
            stdout=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.stdout is not None
            doomed = Site(first.backend, process.stdout.readline().strip(), client)
            with pytest.raises(httpx.TransportError):
                UploadOf(Kiosk(doomed, kiosk.device), data, one.id, one.submission).patch(0, data[:PART])
            assert process.wait(PATIENCE_S) == -signal.SIGKILL
        kept = 0 if when == "before commit" else PART
        files = [path for path in used.upload_folder().rglob("*") if path.is_file()]
        assert [path.stat().st_size for path in files] == [PART], "its bytes are on the disk in both cases"
        assert one.offset() == kept and _bytes(first, one.id) == data[:kept]
        one.rest()
        assert _bytes(first, one.id) == data


def test_several_processes_share_postgresql(on_postgres: BackendSettings, tmp_path: Path) -> None:
    """Every part goes to every process at once; the sum is the file."""
    code = create_enrolment_code(on_postgres, "k16", 16, "centre-1")
    data = os.urandom(6 * PART)
    programs = [
        subprocess.Popen(
            [sys.executable, "-c", _PROGRAM, str(on_postgres.data), on_postgres.database_url, "never"],
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    try:
        with sites.running(on_postgres) as site, httpx.Client(timeout=PATIENCE_S) as client:
            device = enrol(client, site.url, code)
            urls = [str(program.stdout.readline().strip()) for program in programs if program.stdout]
            ones = [UploadOf(Kiosk(Site(site.backend, url, client), device), data) for url in urls]
            for one in ones[1:]:
                one.id, one.submission, one.one = ones[0].id, ones[0].submission, ones[0].one
            assert set(_together([one.create for one in ones])) == {201}
            for at in range(0, len(data), PART):
                seen = _together([partial(one.patch, at, data[at : at + PART]) for one in ones])
                assert sorted(seen) == [204, 409, 409]
            assert {one.offset() for one in ones} == {len(data)} and _bytes(site, ones[0].id) == data
    finally:
        for program in programs:
            program.kill()
            program.communicate()
