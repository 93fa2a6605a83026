"""A kiosk and two backend processes on PostgreSQL with the real nginx of docs/operations.md between them."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import Connection, create_engine, insert, select

from kiosk.backend import tables
from kiosk.backend.settings import BackendSettings
from kiosk.config import Settings
from kiosk.desk.applications import Application
from kiosk.desk.attachments import FileOffered
from kiosk.publish import keys as publish_keys
from kiosk.publish import repository
from kiosk.store import device, documents, keys, outbox, uploads
from kiosk.store.database import open_store
from kiosk.sync import published
from kiosk.sync.channel import Channel
from kiosk.sync.client import make_client
from kiosk.sync.worker import Worker
from tests.helpers import nginx
from tests.helpers.patience import PATIENCE_S
from tests.helpers.profiles import KioskProfile
from tests.helpers.tls import Authority
from tests.sync.content_world import content

pytestmark = pytest.mark.skipif(nginx.unavailable() != "", reason=nginx.unavailable() or "it is here")
SERVICES = 40
PDF = b"%PDF-1.7" + bytes(range(256)) * 10_000
_PROGRAM = """
import sys
from pathlib import Path
from kiosk.backend import server
from kiosk.backend.settings import BackendSettings
used = BackendSettings(data=Path(sys.argv[1]), database_url=sys.argv[2], register_every_s=0.05)
server.serve(used, 0, lambda port: print(port, flush=True))
"""


class Place(msgspec.Struct, frozen=True):
    """What stands: nginx's address, the settings of a client that trusts it, and the backend processes behind."""

    url: str
    settings: Settings
    backends: list[subprocess.Popen[str]]
    database_url: str
    root: bytes


@pytest.fixture
def place(kiosk_profile: KioskProfile, on_postgres: BackendSettings, tmp_path: Path) -> Iterator[Place]:
    """The backend of the kiosk, moved to PostgreSQL, as two processes; its content beside them."""
    _move(kiosk_profile.backend.url(), on_postgres.url())
    used = publish_keys.load_or_make(tmp_path / "signing")
    repository.write(tmp_path / "srv" / "content", content(SERVICES), used)
    folder = tmp_path / "nginx"
    folder.mkdir()
    authority = Authority(tmp_path)
    with ExitStack() as stack:
        processes = [stack.enter_context(_backend(kiosk_profile.backend.data, on_postgres.url())) for _ in range(2)]
        urls = [f"http://127.0.0.1:{int(one.stdout.readline())}" for one in processes if one.stdout]
        url = stack.enter_context(nginx.running(folder, urls, tmp_path / "srv" / "content", authority.issue()))
        settings = Settings(backend_url=url, ca_file=str(authority.ca_file), request_timeout_s=PATIENCE_S)
        yield Place(url, settings, processes, on_postgres.url(), (tmp_path / "signing" / "root.json").read_bytes())


def _move(from_url: str, to_url: str) -> None:
    with _database(from_url) as old, _database(to_url) as new:
        rows = [dict(row) for row in old.execute(select(tables.devices)).mappings()]
        new.execute(insert(tables.devices), rows)


@contextmanager
def _database(url: str) -> Iterator[Connection]:
    engine = create_engine(url)
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


@contextmanager
def _backend(data: Path, database_url: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", _PROGRAM, str(data), database_url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def test_content_comes_through_it_and_only_metadata_is_asked_for_again(place: Place, tmp_path: Path) -> None:
    profile = tmp_path / "new"
    profile.mkdir()
    with make_client(place.settings) as client:
        with open_store(profile, keys.create(profile, "file", allow_file=True)) as store:
            report = published.update(store, root=place.root, base_url=f"{place.url}/content", client=client)
            assert report.documents == SERVICES + 1 == documents.content_state(store).documents
            again = published.update(store, root=place.root, base_url=f"{place.url}/content", client=client)
            assert (again.changed, again.requests) == (0, 2)
        fresh = client.get(f"{place.url}/content/metadata/timestamp.json").headers["cache-control"]
        (pack,) = (tmp_path / "srv" / "content" / "targets").glob("*.pack")
        kept = client.get(f"{place.url}/content/targets/{pack.name}").headers["cache-control"]
    assert fresh == "no-cache" and "immutable" in kept


def test_a_backend_that_dies_under_way_costs_nothing(place: Place, kiosk_profile: KioskProfile) -> None:
    counter = kiosk_profile.counter()
    answers = kiosk_profile.answers()
    for _ in range(60):
        kiosk_profile.submit(answers)
    offered = (FileOffered("scan.pdf", PDF),)
    application = Application(service="S0438", answers=answers, language="ru", consent=True, attachments=offered)
    counter.submit(application)
    stop, wake = threading.Event(), threading.Event()
    with kiosk_profile.store() as store, make_client(place.settings) as client:
        sent = sorted(row.id for row in outbox.rows(store))
        identity = device.identity(store)
        assert identity is not None
        channel = Channel(client, place.url, lambda: device.speaker(store, identity))

        class Watch:
            """Kills one of the backends at the first news of the outbox; stops when all of it has arrived."""

            def link_changed(self, up: bool) -> None: ...

            def content_changed(self) -> None: ...

            def outbox_changed(self) -> None:
                place.backends[0].send_signal(signal.SIGKILL)
                settled = all(outbox.confirmation(store, id_) for id_ in sent)
                if settled and not sum(uploads.still_to_send(store).values()):
                    stop.set()

        limit = threading.Timer(PATIENCE_S, stop.set)
        limit.start()
        Worker(store, kiosk_profile.path, channel, cap_s=1.0, listener=Watch()).run(stop, wake)
        limit.cancel()
        assert all(outbox.confirmation(store, id_) for id_ in sent)
        assert not any(uploads.still_to_send(store).values())
    assert place.backends[0].wait(PATIENCE_S) == -signal.SIGKILL
    with _database(place.database_url) as connection:
        kept = [row.id for row in connection.execute(select(tables.submissions.c.id))]
    assert sorted(kept) == sent and len(sent) == 61


def test_what_nobody_answers_is_our_problem_and_not_a_page_of_its_own(place: Place) -> None:
    with make_client(place.settings) as client:
        assert client.get(f"{place.url}/v1/health").status_code == 200
        answer = client.get(f"{place.url}/v1/nothing")
    assert answer.status_code == 404 and answer.headers["content-type"] == "application/problem+json"
