"""A disk without room: one clear error, nothing half-done, and the next attempt works when there is room."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.errors import StorageFull
from kiosk.store import database, documents, files, keys, outbox
from kiosk.store.database import open_store
from tests.helpers.patience import PATIENCE_S
from tests.store import samples

ROOT = Path(__file__).parents[2]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real file system of 2 MiB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)]
    if sys.platform != "linux" or os.geteuid() != 0 or subprocess.run(command, capture_output=True).returncode != 0:
        pytest.skip("this machine does not let us mount a small disk; the test with RLIMIT_FSIZE runs in its place")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def _fill(folder: Path) -> Path:
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (65536, 4096, 1):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError:
                continue
    return ballast


def test_no_room_for_the_envelope_file(small_disk: Path) -> None:
    profile = small_disk / "profile"
    with open_store(profile, keys.create(profile, "file", allow_file=True)) as store:
        outbox.submit(store, profile, samples.submission)
        ballast = _fill(small_disk)
        for _ in range(3):
            with pytest.raises(StorageFull, match="no room"):
                outbox.submit(store, profile, samples.submission)
        assert [path.suffix for path in (profile / "outbox").iterdir()] == [".env"], "no half-written file stays"
        assert [row.sequence for row in outbox.rows(store)] == [1]
        ballast.unlink()
        assert outbox.submit(store, profile, samples.submission).sequence == 2, "no number is lost"


def test_no_room_for_the_row(small_disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file fits into room that was kept for it, the log of the store does not."""
    profile = small_disk / "profile"
    with open_store(profile, keys.create(profile, "file", allow_file=True)) as store:
        outbox.submit(store, profile, samples.submission)
        ballast = _fill(small_disk)
        os.truncate(ballast, ballast.stat().st_size - 2 * 4096)
        written: list[Path] = []

        def write(path: Path, data: bytes) -> None:
            files.write_durably(path, data)
            written.append(path)

        monkeypatch.setattr(outbox, "write_durably", write)

        def make(sequence: int) -> outbox.NewSubmission:
            new = samples.submission(sequence)
            return outbox.NewSubmission(new.id, new.receipt_number, new.created_at, new.envelope + bytes(5000))

        with pytest.raises(StorageFull):
            outbox.submit(store, profile, make)
        assert len(written) == 1, "the file itself found room"
        assert len(list((profile / "outbox").iterdir())) == 1, "the file of a row that failed goes again"
        assert len(outbox.rows(store)) == 1
        ballast.unlink()
        assert outbox.submit(store, profile, make).sequence == 2
    assert database.check(profile, keys.load(profile, allow_file=True)) == ()


def test_no_room_for_content_leaves_the_old_content(small_disk: Path) -> None:
    profile = small_disk / "profile"
    with open_store(profile, keys.create(profile, "file", allow_file=True)) as store:
        when = "2026-03-01T00:00:00Z"
        documents.apply(
            store, version=1, verified_at=when, added=[samples.service(1, "Паспорт", "Passport")], removed=(), trust={}
        )
        before = documents.digests(store)
        many = [samples.service(n, f"Услуга {n} " + "слово " * 200, "Service") for n in range(2, 900)]
        with pytest.raises(StorageFull):
            documents.apply(store, version=2, verified_at=when, added=many, removed=["service/S0001"], trust={})
        assert documents.digests(store) == before
        assert documents.content_state(store).version == 1


def test_no_room_for_a_new_store(small_disk: Path) -> None:
    profile = small_disk / "profile"
    key = keys.create(profile, "file", allow_file=True)
    ballast = _fill(small_disk)
    with pytest.raises(StorageFull):
        open_store(profile, key)
    assert not list(profile.glob("store.db*"))
    ballast.unlink()
    open_store(profile, key).close()


LIMITED = """
import resource, signal, sys
from pathlib import Path
from kiosk.errors import StorageFull
from kiosk.store import keys, outbox
from kiosk.store.database import open_store
from tests.store import samples
profile = Path(sys.argv[1])
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
with open_store(profile, keys.load(profile, allow_file=True)) as store:
    resource.setrlimit(resource.RLIMIT_FSIZE, (512, resource.RLIM_INFINITY))
    try:
        outbox.submit(store, profile, samples.submission)
    except StorageFull as error:
        print("full:", error.engineer)
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    assert list((profile / "outbox").iterdir()) == [] and outbox.rows(store) == []
    print("then:", outbox.submit(store, profile, samples.submission).sequence)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no RLIMIT_FSIZE on Windows")
def test_a_file_that_may_not_grow_counts_as_a_full_disk(tmp_path: Path) -> None:
    profile = tmp_path / "profile"
    open_store(profile, keys.create(profile, "file", allow_file=True)).close()
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(profile)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_S,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("full: no room on the disk")
    assert done.stdout.endswith("then: 1\n")
