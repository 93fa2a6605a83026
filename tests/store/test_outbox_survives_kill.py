"""SIGKILL at the worst moments; another process opens the same files."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.errors import KioskError
from kiosk.store import outbox
from kiosk.store.database import Store, check, open_store
from kiosk.store.keys import StoreKey
from tests.helpers.patience import PATIENCE_S
from tests.store import samples

ROOT = Path(__file__).parents[2]
HEAD = """
import os, signal, sys
from pathlib import Path
from kiosk.store import keys, outbox, files
from kiosk.store.database import open_store
from tests.store import samples
profile = Path(sys.argv[1])
store = open_store(profile, keys.load(profile, allow_file=True))
die = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
outbox.submit(store, profile, samples.submission)
"""
AFTER_COMMIT = HEAD + "outbox.submit(store, profile, samples.submission)\ndie()\n"
BETWEEN_FILE_AND_ROW = (
    HEAD + "outbox.write_durably = lambda path, data: (files.write_durably(path, data), die())\n"
    "outbox.submit(store, profile, samples.submission)\n"
)
IN_THE_FILE = HEAD + "os.fsync = die\noutbox.submit(store, profile, samples.submission)\n"


def _run_until_killed(script: str, profile: Path) -> None:
    done = subprocess.run([sys.executable, "-c", script, str(profile)], cwd=ROOT, check=False, timeout=PATIENCE_S)
    assert done.returncode == -signal.SIGKILL


def test_killed_right_after_the_commit(profile: Path, key: StoreKey) -> None:
    _run_until_killed(AFTER_COMMIT, profile)
    with open_store(profile, key) as store:
        done = outbox.reconcile(store, profile, samples.read)
        assert done == outbox.Reconciled((), (), ())
        rows = outbox.rows(store)
        assert [row.sequence for row in rows] == [1, 2]
        for row in rows:
            assert outbox.envelope(store, row.id) == outbox.file_of(profile, row.id).read_bytes()
            assert row.state == "waiting"
    assert check(profile, key) == ()


def test_killed_between_file_and_row_the_envelope_is_adopted(profile: Path, key: StoreKey) -> None:
    _run_until_killed(BETWEEN_FILE_AND_ROW, profile)
    with open_store(profile, key) as store:
        assert [row.sequence for row in outbox.rows(store)] == [1]
        done = outbox.reconcile(store, profile, samples.read)
        assert done.adopted == (samples.submission(2).id,)
        assert [(row.sequence, row.state) for row in outbox.rows(store)] == [(1, "waiting"), (2, "waiting")]
        assert outbox.envelope(store, samples.submission(2).id) == samples.submission(2).envelope
        assert outbox.submit(store, profile, samples.submission).sequence == 3
        assert outbox.reconcile(store, profile, samples.read) == outbox.Reconciled((), (), ())


def test_killed_while_the_file_is_written_nothing_was_promised(profile: Path, key: StoreKey) -> None:
    _run_until_killed(IN_THE_FILE, profile)
    assert list((profile / "outbox").glob("*.tmp"))
    with open_store(profile, key) as store:
        assert outbox.reconcile(store, profile, samples.read) == outbox.Reconciled((), (), ())
        assert outbox.submit(store, profile, samples.submission).sequence == 2
    assert not list((profile / "outbox").glob("*.tmp"))


def test_a_row_without_a_file_is_written_as_a_file_again(store: Store, profile: Path) -> None:
    row = outbox.submit(store, profile, samples.submission)
    outbox.file_of(profile, row.id).unlink()
    assert outbox.reconcile(store, profile, samples.read).mirrored == (row.id,)
    assert outbox.file_of(profile, row.id).read_bytes() == samples.submission(1).envelope


def test_a_file_that_is_no_envelope_is_named_and_left(store: Store, profile: Path) -> None:
    outbox.submit(store, profile, samples.submission)
    (profile / "outbox" / "holiday.env").write_bytes(b"not an envelope")
    wrong_name = profile / "outbox" / "other.env"
    wrong_name.write_bytes(samples.submission(9).envelope)
    done = outbox.reconcile(store, profile, samples.read)
    assert done == outbox.Reconciled((), (), ("holiday.env", "other.env"))
    assert wrong_name.exists() and len(outbox.rows(store)) == 1


def test_a_refusal_while_sealing_costs_no_number_and_leaves_no_file(store: Store, profile: Path) -> None:
    class Refused(KioskError):
        pass

    def make(sequence: int) -> outbox.NewSubmission:
        raise Refused("no key")

    with pytest.raises(Refused):
        outbox.submit(store, profile, make)
    assert list((profile / "outbox").iterdir()) == []
    assert outbox.submit(store, profile, samples.submission).sequence == 1


def test_an_id_that_is_taken_changes_nothing(store: Store, profile: Path) -> None:
    first = outbox.submit(store, profile, samples.submission)
    with pytest.raises(Exception, match="UNIQUE"):
        outbox.submit(store, profile, lambda n: samples.submission(1))
    assert [row.id for row in outbox.rows(store)] == [first.id]
    assert outbox.file_of(profile, first.id).read_bytes() == outbox.envelope(store, first.id)
    assert outbox.submit(store, profile, samples.submission).sequence == 2
