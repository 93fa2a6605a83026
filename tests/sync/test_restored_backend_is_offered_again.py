"""The restore drill: an older copy of the backend's database is put back, and the kiosk offers what it has forgotten.

Everything goes through real HTTP. In the end the backend keeps every submission of the kiosk, each once.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from kiosk.backend import tables
from kiosk.backend.inspecting import inspect
from kiosk.backend.migrate import migrate
from kiosk.backend.restored import compare_uploads
from kiosk.backend.settings import BackendSettings
from kiosk.desk.attachments import FileOffered
from kiosk.protocol import batch
from kiosk.store import outbox
from tests.helpers.postgres import Postgres
from tests.helpers.profiles import KioskProfile
from tests.sync import bent_backend as bends
from tests.sync.worker_world import NOW, Line, line

Copy = Callable[[], None]


class Drill:
    """A kiosk, and the two halves of a drill: take a copy now, put it back later."""

    def __init__(self, kiosk: KioskProfile, backup: Copy, restore: Copy) -> None:
        self.kiosk = kiosk
        self.backup = backup
        self.restore = restore

    @contextmanager
    def line(self) -> Iterator[Line]:
        with line(self.kiosk) as made:
            yield made


def _sqlite(kiosk: KioskProfile, tmp_path: Path) -> Drill:
    file, copy = kiosk.backend.data / "backend.sqlite", tmp_path / "copy.sqlite"

    def backup() -> None:  # as the page on operations says: while the backend runs
        source, target = sqlite3.connect(file), sqlite3.connect(copy)
        source.backup(target)
        source.close()
        target.close()

    def restore() -> None:
        for part in file.parent.glob("backend.sqlite-*"):
            part.unlink()
        shutil.copy(copy, file)

    return Drill(kiosk, backup, restore)


def _postgresql(kiosk: KioskProfile, tmp_path: Path, server: Postgres) -> Drill:
    old = kiosk.backend
    url = server.new_database()
    kiosk.backend = BackendSettings(data=old.data, port=0, register_every_s=3600.0, database_url=url)
    migrate(kiosk.backend)
    file = create_engine(old.url())
    new = create_engine(url)
    with file.connect() as before, new.begin() as after:  # the kiosk is enrolled in the SQLite file of its template
        for table in (tables.devices, tables.enrolment_codes):
            after.execute(table.insert(), [dict(row) for row in before.execute(table.select()).mappings()])
    file.dispose()
    new.dispose()
    name, copy = make_url(url).database, tmp_path / "copy.dump"
    where = ["-h", str(server.folder), "-U", "postgres", "-d", str(name)]

    def backup() -> None:
        subprocess.run([server.programs / "pg_dump", *where, "-Fc", "-f", copy], check=True, capture_output=True)

    def restore() -> None:
        server.do(f'DROP DATABASE "{name}" WITH (FORCE)')
        server.do(f'CREATE DATABASE "{name}"')
        subprocess.run([server.programs / "pg_restore", *where, copy], check=True, capture_output=True)

    return Drill(kiosk, backup, restore)


@pytest.fixture(params=["sqlite", "postgresql"])
def drill(request: pytest.FixtureRequest, kiosk_profile: KioskProfile, tmp_path: Path) -> Drill:
    if request.param == "sqlite":
        return _sqlite(kiosk_profile, tmp_path)
    return _postgresql(kiosk_profile, tmp_path, request.getfixturevalue("postgres_server"))


def _settle_everything(world: Line) -> None:
    for _ in range(4):
        world.work()
        while world.site.register():
            pass
        world.pass_time()
    world.work()


def _forget(drill: Drill, *, before: int = 3, after: int = 4) -> list[str]:
    """Submit, copy, submit more, lose the newest: the ids of all."""
    with drill.line() as world:
        ids = world.submit(before)
        _settle_everything(world)
        drill.backup()
        ids += world.submit(after)
        _settle_everything(world)
        assert world.states() == ["registered"] * (before + after)
    drill.restore()
    return ids


def _all_there(world: Line, ids: list[str]) -> None:
    assert world.kept() == sorted(ids)
    assert world.states() == ["registered"] * len(ids)
    assert len({row.number for row in world.site.rows(tables.registrations)}) == len(ids)
    assert outbox.newest_settled(world.store) == world.rows()[-1]


def test_an_idle_kiosk_notices_by_the_feed(drill: Drill) -> None:
    ids = _forget(drill)
    with drill.line() as world:
        assert len(world.kept()) == 3
        world.work()
        assert world.states()[:3] == ["registered"] * 3, "what is still there is not sent again"
        _settle_everything(world)
        _all_there(world, ids)
        assert [len(batch.unpack(body)) for body in world.between.posts] == [4]


def test_a_new_submission_hides_nothing(drill: Drill) -> None:
    """It has the highest running number: a mark that followed it would hide the forgotten ones below."""
    ids = _forget(drill)
    with drill.line() as world:
        ids += world.submit(1)
        _settle_everything(world)
        _all_there(world, ids)


def test_a_lost_first_answer_hides_nothing(drill: Drill) -> None:
    ids = _forget(drill)
    with drill.line() as world:
        world.between.bend["/submissions$"] = bends.cut_body
        ids += world.submit(1)
        world.work()
        assert len(world.kept()) == 4, "taken, and the kiosk does not know"
        world.restart()  # and loses its memory too
        world.between.bend.clear()
        world.pass_time()
        _settle_everything(world)
        _all_there(world, ids)


def test_what_was_received_and_not_registered_is_offered_too(drill: Drill) -> None:
    with drill.line() as world:
        ids = world.submit(1)
        _settle_everything(world)
        drill.backup()
        ids += world.submit(2)
        world.work()
        assert world.states() == ["registered", "received", "received"]
    drill.restore()
    with drill.line() as world:
        _settle_everything(world)
        _all_there(world, ids)


def test_many_are_offered_in_batches(drill: Drill) -> None:
    ids = _forget(drill, before=1, after=110)
    with drill.line() as world:
        _settle_everything(world)
        _all_there(world, ids)
        assert [len(batch.unpack(body)) for body in world.between.posts] == [50, 50, 10]


def test_a_backend_that_forgot_nothing_is_left_alone(drill: Drill) -> None:
    with drill.line() as world:
        world.submit(3)
        _settle_everything(world)
        seen = len(world.between.posts)
        _settle_everything(world)
        assert len(world.between.posts) == seen


SCAN = b"%PDF-1.7\n" + os.urandom(1_500_000)


def _submit_with_file(world: Line) -> str:
    return world.kiosk.submit(attachments=(FileOffered("scan.pdf", SCAN),)).submission


def _attachments(world: Line) -> list[str]:
    return sorted(row.state for row in world.site.rows(tables.attachments))


def _work_through(world: Line) -> None:
    """Everything that kiosk and office find to do, over some hours."""
    for _ in range(5):
        world.work()
        office = world.site.backend
        while inspect(office.database, office.keys, office.place, office.settings, NOW):
            pass
        while world.site.register():
            pass
        world.pass_time()
    world.work()


def test_attachments_that_were_forgotten_come_again(drill: Drill) -> None:
    with drill.line() as world:
        world.kiosk.submit()
        _work_through(world)
        drill.backup()
        _submit_with_file(world)
        _work_through(world)
        assert _attachments(world) == ["good"] and world.states() == ["registered"] * 2
    drill.restore()
    with drill.line() as world:
        assert _attachments(world) == []
        _work_through(world)
        assert _attachments(world) == ["good"] and world.states() == ["registered"] * 2
        assert len(world.site.rows(tables.registrations)) == 2


def test_a_submission_that_is_received_again_waits_for_its_attachment_again(drill: Drill) -> None:
    """The copy has the submission and not its file, which the kiosk takes to be sent: the feed says it is awaited."""
    with drill.line() as world:
        _submit_with_file(world)
        world.between.bend["/uploads"] = bends.portal
        for _ in range(3):
            world.work()
            world.pass_time()
        assert world.states() == ["received"] and _attachments(world) == ["awaited"]
        drill.backup()
        world.between.bend.clear()
        _work_through(world)
        assert world.states() == ["registered"]
    drill.restore()
    with drill.line() as world:
        assert _attachments(world) == ["awaited"] and world.site.rows(tables.registrations) == []
        _work_through(world)
        assert _attachments(world) == ["good"] and len(world.site.rows(tables.registrations)) == 1


def test_files_that_the_office_lost_come_again(drill: Drill) -> None:
    """The database is whole, the folder of uploads is gone: the operator says so, and kiosks still have the files."""
    with drill.line() as world:
        _submit_with_file(world)
        _work_through(world)
        assert world.states() == ["registered"]
        settings = world.site.settings
    shutil.rmtree(settings.upload_folder())
    assert compare_uploads(settings, time.time()).uploads == 1
    with drill.line() as world:
        assert _attachments(world) == ["awaited"]
        _work_through(world)
        assert _attachments(world) == ["good"] and len(world.site.rows(tables.registrations)) == 1


def test_envelopes_of_another_kiosk_are_not_offered(drill: Drill) -> None:
    """The machine was enrolled as k16 before and is k17 now: k17 has sent nothing, which is not forgetting."""
    with drill.line() as world:
        world.submit(2)
        _settle_everything(world)
        engine = create_engine(drill.kiosk.backend.url())
        with engine.begin() as connection:
            connection.execute(text("UPDATE devices SET last_sequence = 0"))
        engine.dispose()
        from msgspec.structs import replace

        from kiosk.store import device

        device.save_identity(world.store, replace(world.device, kiosk="k17"))
        world.restart()
        world.pass_time()
        world.work()
        assert world.states() == ["registered"] * 2
