"""What an open store promises: durable, private, quick, shared between threads and processes."""

from __future__ import annotations

import hashlib
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from kiosk.store import documents, outbox
from kiosk.store.database import Store, open_store
from kiosk.store.keys import StoreKey
from tests.helpers.patience import PATIENCE_S
from tests.store import samples

ROOT = Path(__file__).parents[2]
SQLCIPHER_ROUNDS = 256_000


def test_a_commit_means_on_the_disk(store: Store) -> None:
    settings = {
        name: store.rows(f"PRAGMA {name}")[0][0]
        for name in ("journal_mode", "synchronous", "foreign_keys", "temp_store", "secure_delete", "cipher_status")
    }
    assert settings == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "temp_store": 2,
        "secure_delete": 1,
        "cipher_status": "1",
    }


def test_only_the_owner_may_read(store: Store, profile: Path) -> None:
    outbox.submit(store, profile, samples.submission)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in profile.iterdir()}
    assert modes.pop("outbox") == 0o700
    assert {"store.db", "store.db-wal", "store.db-shm"} <= modes.keys()
    assert set(modes.values()) == {0o600}
    assert stat.S_IMODE(next((profile / "outbox").iterdir()).stat().st_mode) == 0o600


def test_it_opens_without_deriving_a_key(store: Store, profile: Path, key: StoreKey) -> None:
    """Against what a passphrase would cost, both in this thread's own time, which no load changes."""
    opening, deriving = [], []
    for _ in range(5):
        start = time.thread_time()
        open_store(profile, key).close()
        opening.append(time.thread_time() - start)
        start = time.thread_time()
        hashlib.pbkdf2_hmac("sha512", b"passphrase", b"salt" * 4, SQLCIPHER_ROUNDS)
        deriving.append(time.thread_time() - start)
    print(f"opening the store: {min(opening) * 1000:.2f} ms; deriving a key: {min(deriving) * 1000:.0f} ms")
    assert min(opening) < min(deriving) / 10


def test_no_plaintext_reaches_the_disk(profile: Path, key: StoreKey) -> None:
    canary = "канарейка-плейнтекст"
    store = open_store(profile, key)
    documents.apply(
        store,
        version=1,
        verified_at="2026-03-01T00:00:00Z",
        added=[samples.theme(), samples.service(1, canary, "canary-plaintext", keywords=("кенар",))],
        removed=(),
        trust=samples.TRUST,
    )
    outbox.submit(store, profile, lambda n: samples.submission(n, "canary"))

    def leaks() -> list[str]:
        words = (canary, "canary-plaintext", "кенар", "service/S0001", "SQLite format", "CREATE TABLE", "root.json")
        return [
            f"{path.name}: {word}"
            for path in profile.glob("store.db*")
            for word in words
            if word.encode() in path.read_bytes()
        ]

    assert (profile / "store.db-wal").stat().st_size > 0
    assert leaks() == []
    store.close()
    assert leaks() == []
    with open_store(profile, key) as again:
        assert canary.encode() in documents.body(again, "service/S0001")


def test_a_store_stays_on_its_thread(store: Store) -> None:
    caught: list[Exception] = []

    def use() -> None:
        try:
            store.rows("SELECT 1")
        except Exception as error:
            caught.append(error)

    thread = threading.Thread(target=use)
    thread.start()
    thread.join()
    assert len(caught) == 1 and "thread" in str(caught[0])


def test_data_version_tells_of_others(store: Store, profile: Path, key: StoreKey) -> None:
    before = store.data_version()
    outbox.save_cursor(store, "mine")
    assert store.data_version() == before
    with open_store(profile, key) as other:
        outbox.save_cursor(other, "theirs")
    assert store.data_version() != before
    assert outbox.cursor(store) == "theirs"


def test_a_transaction_that_fails_leaves_nothing(store: Store) -> None:
    with pytest.raises(RuntimeError), store.transaction():
        store.execute("INSERT INTO cursors VALUES ('a', 'b')")
        raise RuntimeError
    assert store.rows("SELECT * FROM cursors") == []
    outbox.save_cursor(store, "still usable")


WRITER = """
import sys
from pathlib import Path
from kiosk.store import keys, outbox
from kiosk.store.database import open_store
from tests.store import samples
profile, name = Path(sys.argv[1]), sys.argv[2]
sys.stdin.readline()
with open_store(profile, keys.load(profile, allow_file=True)) as store:
    for _ in range(40):
        outbox.submit(store, profile, lambda n: samples.submission(n, name))
"""


def test_two_processes_write_at_once(profile: Path, key: StoreKey) -> None:
    """Also the store itself is made by whichever comes first."""
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(profile), name], cwd=ROOT, stdin=subprocess.PIPE, text=True)
        for name in ("left", "right")
    ]
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write("go\n")
        writer.stdin.flush()
    for writer in writers:
        writer.communicate(timeout=PATIENCE_S)
    assert [writer.returncode for writer in writers] == [0, 0]
    with open_store(profile, key) as store:
        rows = outbox.rows(store)
    assert [row.sequence for row in rows] == list(range(1, 81)), "running numbers without a gap, none twice"
    assert len({row.id for row in rows}) == 80
    assert not list(profile.glob("*.tmp*")) and not list(profile.glob("damaged-*"))
