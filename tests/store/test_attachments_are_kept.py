"""Sealed files: before the envelope, with its row, gone with it, and back after a store that was lost."""

from __future__ import annotations

import hashlib
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from kiosk.errors import EnvironmentFault, StorageFull
from kiosk.store import database, files, keys, outbox, uploads
from kiosk.store.database import Store, open_store
from kiosk.store.keys import StoreKey
from tests.store import attachments, samples

NOW = 1_790_000_000.0
DAY = 86_400.0
ROOT = Path(__file__).parents[2]


def received(store: Store, *ids: str) -> None:
    outbox.settle(store, [(id_, b"received") for id_ in ids], now=NOW)


def open_ids(store: Store) -> list[str]:
    return [row.id for row in uploads.open_rows(store)]


def test_kept_as_files_and_rows(store: Store, profile: Path) -> None:
    id_ = attachments.submit(store, profile, 1)
    assert uploads.still_to_send(store) == {id_: 2}
    assert open_ids(store) == [], "the envelope goes first"
    received(store, id_)
    rows = uploads.open_rows(store)
    assert [row.id for row in rows] == [attachments.id_of(1, 1), attachments.id_of(1, 2)]
    for number, row in enumerate(rows, 1):
        data = attachments.content(1, number)
        assert uploads.file_of(profile, id_, row.id).read_bytes() == data
        assert (row.length, row.sha256) == (len(data), hashlib.sha256(data).hexdigest())
        assert (row.path, row.next_attempt, bool(row.wanted)) == ("", 0.0, True) and uploads.whole(profile, row)
    for path in (profile / "attachments").rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600)


def test_the_file_is_durable_before_the_envelope_and_the_row(
    store: Store, profile: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    real_replace, real_folder = Path.replace, files.sync_folder

    def replace(self: Path, target: Path) -> Path:
        order.append(f"name {Path(target).suffix or 'sealed'}")
        return real_replace(self, target)

    def sync_folder(path: Path) -> None:
        order.append(f"sync {path.name if path.name in ('outbox', 'attachments') else 'folder'}")
        real_folder(path)

    monkeypatch.setattr(Path, "replace", replace)
    monkeypatch.setattr(files, "sync_folder", sync_folder)
    attachments.submit(store, profile, 1, count=1)
    steps = [step for step in order if step in ("name sealed", "name .env", "sync outbox", "sync attachments")]
    assert steps == ["sync attachments", "name sealed", "name .env", "sync outbox"]
    assert order[order.index("name sealed") + 1] == "sync folder"


def test_a_file_that_vanished_before_the_commit_refuses_the_submission(store: Store, profile: Path) -> None:
    kept = attachments.keep(profile, 1)
    uploads.discard(profile, samples.submission(1, attachments.NAME).id)
    with pytest.raises(EnvironmentFault, match="not on the disk"):
        outbox.submit(
            store,
            profile,
            lambda n: msgspec.structs.replace(samples.submission(n, attachments.NAME), attachments=kept),
        )
    assert outbox.rows(store) == [] and list((profile / "outbox").iterdir()) == []
    assert outbox.submit(store, profile, samples.submission).sequence == 1


def test_what_sealing_raises_leaves_nothing(profile: Path) -> None:
    class Odd(Exception):
        pass

    def broken() -> Iterator[bytes]:
        yield b"some"
        raise Odd

    with pytest.raises(Odd):
        uploads.keep(profile, "a", "b", broken())
    assert list(uploads.folder_of(profile, "a").iterdir()) == []


def test_the_way_of_an_upload(store: Store, profile: Path) -> None:
    id_ = attachments.submit(store, profile, 1)
    received(store, id_)
    first, second = open_ids(store)
    uploads.created(store, first, "/v1/x")
    uploads.put_off(store, second, NOW + 5)
    rows = uploads.open_rows(store)
    assert (rows[0].path, rows[1].next_attempt) == ("/v1/x", NOW + 5)
    uploads.sent(store, first, now=NOW)
    assert uploads.still_to_send(store) == {id_: 1} and open_ids(store) == [second]
    assert uploads.awaited(store, [first, second, "nobody"], now=NOW + 1) == 0, "said before it had arrived"
    assert uploads.awaited(store, [first, second, "nobody"], now=NOW + 61) == 1, "the backend has lost what it had"
    assert uploads.open_rows(store)[0].path == "/v1/x", "it is asked what it has"
    uploads.created(store, first, "")
    assert uploads.still_to_send(store) == {id_: 2} and uploads.open_rows(store)[0].path == ""
    uploads.sent(store, first, now=NOW)
    uploads.sent(store, second, now=NOW)
    outbox.register(store, id_, "77-1", b"registered", now=NOW)
    assert open_ids(store) == [] and uploads.still_to_send(store) == {}


def test_with_an_official_it_is_still_sent(store: Store, profile: Path) -> None:
    id_ = attachments.submit(store, profile, 1)
    received(store, id_)
    first, second = open_ids(store)
    uploads.sent(store, first, now=NOW)
    outbox.with_official(store, id_, '{"detail":"missing"}', b"with", now=NOW)
    assert open_ids(store) == [second]


def test_a_refused_submission_has_nothing_to_send_and_is_ended_there(store: Store, profile: Path) -> None:
    id_ = attachments.submit(store, profile, 1)
    received(store, id_)
    first, second = open_ids(store)
    uploads.created(store, first, "/v1/x")
    outbox.refused(store, id_, "{}", b"refused", now=NOW)
    assert uploads.still_to_send(store) == {}
    (row,) = uploads.open_rows(store)
    assert row.id == first and not row.wanted, "only what was created there"
    uploads.ended(store, first)
    assert open_ids(store) == [] and second


def test_a_submission_that_needs_attention_waits_with_its_files(store: Store, profile: Path) -> None:
    id_ = attachments.submit(store, profile, 1)
    outbox.needs_attention(store, id_, "{}")
    assert open_ids(store) == [] and uploads.still_to_send(store) == {id_: 2}
    outbox.retry(store, id_)
    received(store, id_)
    assert len(open_ids(store)) == 2


def test_purged_with_its_submission_and_only_after_the_outcome(store: Store, profile: Path) -> None:
    first, second = attachments.submit(store, profile, 1), attachments.submit(store, profile, 2)
    plain = outbox.submit(store, profile, samples.submission).id
    received(store, first, second, plain)
    outbox.register(store, first, "77-1", b"registered", now=NOW)
    assert outbox.purge(store, profile, NOW + 1e9) == 2, "the plain one, and the one that has its outcome"
    assert [row.id for row in outbox.rows(store)] == [second]
    assert [path.name for path in (profile / "attachments").iterdir()] == [second]
    assert store.rows("SELECT DISTINCT submission FROM uploads") == [(second,)]


def test_a_restored_backend_gets_the_files_again(store: Store, profile: Path) -> None:
    ids = [attachments.submit(store, profile, sequence) for sequence in (1, 2)]
    received(store, *ids)
    for row in uploads.open_rows(store):
        uploads.created(store, row.id, f"/v1/{row.id}")
        uploads.sent(store, row.id, now=NOW)
    for id_ in ids:
        outbox.register(store, id_, "77-1", b"registered", now=NOW)
    outbox.offer_again(store, above=1)
    assert uploads.still_to_send(store) == {ids[1]: 2}
    assert open_ids(store) == [], "its envelope goes first"
    received(store, ids[1])
    assert [row.path for row in uploads.open_rows(store)] == [f"/v1/{id_}" for id_ in open_ids(store)]


def test_a_store_that_was_lost_gets_the_rows_again(profile: Path, key: StoreKey) -> None:
    with open_store(profile, key) as store:
        id_ = attachments.submit(store, profile, 1)
        before = store.rows("SELECT id, submission, length, sha256, state FROM uploads ORDER BY id")
    database.set_aside(profile)
    with open_store(profile, key) as store:
        outbox.reconcile(store, profile, samples.read)
        done = uploads.reconcile(store, profile, now=NOW)
        assert done == uploads.Reconciled(adopted=(attachments.id_of(1, 1), attachments.id_of(1, 2)))
        assert store.rows("SELECT id, submission, length, sha256, state FROM uploads ORDER BY id") == before
        assert uploads.reconcile(store, profile, now=NOW) == uploads.Reconciled()
        assert uploads.still_to_send(store) == {id_: 2}


def aged(profile: Path, sequence: int, age_s: float) -> str:
    id_ = samples.submission(sequence, attachments.NAME).id
    os.utime(uploads.folder_of(profile, id_), (NOW - age_s, NOW - age_s))
    return id_


def test_leftovers_without_envelope_and_row_go_after_a_day(store: Store, profile: Path) -> None:
    whole = attachments.submit(store, profile, 1)
    for sequence in (2, 3, 4, 5):
        attachments.keep(profile, sequence)
    aged(profile, 1, 9 * DAY)
    fresh, old = aged(profile, 2, 0.5 * DAY), aged(profile, 3, 1.1 * DAY)
    adoptable, ahead = aged(profile, 4, 9 * DAY), aged(profile, 5, -9 * DAY)
    files.write_durably(outbox.file_of(profile, adoptable), b"an envelope that nobody could read yet")
    (profile / "attachments" / "README").write_text("not ours")
    done = uploads.reconcile(store, profile, now=NOW)
    assert done == uploads.Reconciled(removed=tuple(sorted((old, ahead))))
    left = {path.name for path in (profile / "attachments").iterdir()}
    assert left == {whole, fresh, adoptable, "README"}


def test_half_written_files_of_a_kept_submission_go_at_once(store: Store, profile: Path) -> None:
    id_ = attachments.submit(store, profile, 1)
    stray = uploads.folder_of(profile, id_) / f"{attachments.id_of(1, 3)}.99.tmp"
    stray.write_bytes(b"half")
    assert uploads.reconcile(store, profile, now=NOW) == uploads.Reconciled()
    assert not stray.exists() and uploads.still_to_send(store) == {id_: 2}


def test_a_file_that_is_gone_or_cut_is_lost(store: Store, profile: Path) -> None:
    id_ = attachments.submit(store, profile, 1, count=3)
    received(store, id_)
    first, second, third = uploads.open_rows(store)
    uploads.file_of(profile, id_, first.id).unlink()
    os.truncate(uploads.file_of(profile, id_, second.id), 10)
    changed = uploads.file_of(profile, id_, third.id)
    changed.write_bytes(changed.read_bytes()[:-1] + b"?")
    assert [uploads.whole(profile, row) for row in (first, second, third)] == [False] * 3
    assert uploads.reconcile(store, profile, now=NOW).lost == (first.id, second.id)
    assert open_ids(store) == [third.id], "found out when it is read"
    uploads.lost(store, third.id)
    assert uploads.still_to_send(store) == {}


def test_an_older_store_gets_the_table(profile: Path, key: StoreKey, monkeypatch: pytest.MonkeyPatch) -> None:
    from kiosk.store import migrations

    steps = migrations.STEPS
    with monkeypatch.context() as older:
        older.setattr(database.migrations.bring_up, "__defaults__", (steps[:1],))
        with open_store(profile, key) as store:
            assert migrations.version(store) == 1
    with open_store(profile, key) as store:
        assert migrations.version(store) == len(steps)
        assert attachments.submit(store, profile, 1)


SUBMITTED = """
import os, signal, sys
from pathlib import Path
from kiosk.store import files, keys, outbox, uploads
from kiosk.store.database import open_store
from tests.store import attachments
profile, moment = Path(sys.argv[1]), sys.argv[2]
store = open_store(profile, keys.load(profile, allow_file=True))
die = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
if moment == "in the file":
    real, written = os.write, []
    os.write = lambda descriptor, data: (real(descriptor, data), written.append(1), len(written) > 1 and die())[0]
elif moment == "between files":
    outbox.submit = die
elif moment == "before the row":
    outbox.write_durably = lambda path, data: (files.write_durably(path, data), die())
attachments.submit(store, profile, 1)
die()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is of POSIX")
@pytest.mark.parametrize(
    ("moment", "kept"), [("in the file", False), ("between files", False), ("before the row", True), ("after", True)]
)
def test_killed_at_any_moment_all_or_nothing_is_kept(profile: Path, key: StoreKey, moment: str, kept: bool) -> None:
    open_store(profile, key).close()
    command = [sys.executable, "-c", SUBMITTED, str(profile), moment]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == -signal.SIGKILL, done.stderr
    id_ = samples.submission(1, attachments.NAME).id
    later = uploads.folder_of(profile, id_).stat().st_mtime + 2 * DAY
    with open_store(profile, key) as store:
        outbox.reconcile(store, profile, samples.read)
        done_now = uploads.reconcile(store, profile, now=later)
        assert [row.id for row in outbox.rows(store)] == ([id_] if kept else [])
        assert uploads.still_to_send(store) == ({id_: 2} if kept else {})
        assert done_now.removed == (() if kept else (id_,))
        if kept:
            received(store, id_)
            assert [uploads.whole(profile, row) for row in uploads.open_rows(store)] == [True, True]
        else:
            assert list((profile / "attachments").iterdir()) == []


LIMITED = """
import resource, signal, sys
from pathlib import Path
from kiosk.errors import StorageFull
from kiosk.store import keys, outbox, uploads
from kiosk.store.database import open_store
from tests.store import attachments
profile = Path(sys.argv[1])
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
with open_store(profile, keys.load(profile, allow_file=True)) as store:
    resource.setrlimit(resource.RLIMIT_FSIZE, (512, resource.RLIM_INFINITY))
    try:
        attachments.submit(store, profile, 1)
    except StorageFull as error:
        print("full:", error.engineer)
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    assert outbox.rows(store) == [] and not list((profile / "attachments").rglob("*-*-*-*-*/*"))
    print("then:", uploads.still_to_send(store), attachments.submit(store, profile, 1) != "")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no RLIMIT_FSIZE on Windows")
def test_no_room_for_the_file(tmp_path: Path) -> None:
    profile = tmp_path / "profile"
    open_store(profile, keys.create(profile, "file", allow_file=True)).close()
    command = [sys.executable, "-c", LIMITED, str(profile)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("full: no room on the disk") and done.stdout.endswith("then: {} True\n")


def test_storage_full_is_said_as_such(profile: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "write", full)
        with pytest.raises(StorageFull):
            uploads.keep(profile, "a", "b", [b"x"])
    assert list(uploads.folder_of(profile, "a").iterdir()) == []


def test_what_waits_is_found_without_reading_the_outbox(store: Store, profile: Path) -> None:
    asked: list[str] = []
    real = store.rows
    store.rows = lambda sql, *given: asked.append(sql) or real(sql, *given)  # type: ignore[method-assign,func-returns-value]
    uploads.open_rows(store)
    plan = [row[3] for row in real("EXPLAIN QUERY PLAN " + asked[0])]
    assert "uploads_waiting" in plan[0] and not any(step.startswith("SCAN outbox") for step in plan), plan
