"""A wrong key, a damaged file, a newer store and a store that may not be written each have their own name."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.errors import ContentMissing, DamagedStore, EnvironmentFault, KioskError, NewerStore, WrongStoreKey
from kiosk.store import database, documents, keys, migrations, outbox
from kiosk.store.database import open_store
from kiosk.store.keys import StoreKey
from tests.store import samples

ROOT = Path(__file__).parents[2]
PAGE = 4096


@pytest.fixture
def filled(profile: Path, key: StoreKey) -> Path:
    """A closed store of many pages; answers its file."""
    with open_store(profile, key) as store:
        added = [samples.service(n, f"Замена паспорта номер {n}", f"Replace passport {n}") for n in range(200)]
        documents.apply(
            store, version=1, verified_at="2026-03-01T00:00:00Z", added=added, removed=(), trust=samples.TRUST
        )
        for _ in range(5):
            outbox.submit(store, profile, samples.submission)
    path = profile / "store.db"
    assert path.stat().st_size > 40 * 4096
    return path


def test_a_wrong_key_is_a_wrong_key(filled: Path, profile: Path) -> None:
    with pytest.raises(WrongStoreKey):
        open_store(profile, StoreKey(secrets.token_bytes(32)))


def test_a_wrong_key_prints_nothing(filled: Path, profile: Path) -> None:
    (profile / "keys.json").unlink()  # so that the key reaches SQLCipher
    code = (
        "import sys; from pathlib import Path\n"
        "from kiosk.store.database import open_store; from kiosk.store.keys import StoreKey\n"
        "from kiosk.errors import WrongStoreKey\n"
        "try: open_store(Path(sys.argv[1]), StoreKey(bytes(32)))\n"
        "except WrongStoreKey: print('wrong')"
    )
    done = subprocess.run([sys.executable, "-c", code, str(profile)], cwd=ROOT, capture_output=True, check=False)
    assert (done.stdout, done.stderr) == (b"wrong\n", b"")


def _flip(path: Path, at: int) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        byte = file.read(1)
        file.seek(at)
        file.write(bytes([byte[0] ^ 0x40]))


@pytest.mark.parametrize("at", [0, 5, 100, 4000])
def test_a_damaged_first_page_is_damage_and_not_a_wrong_key(
    filled: Path, profile: Path, key: StoreKey, at: int
) -> None:
    _flip(filled, at)
    with pytest.raises(DamagedStore, match="set it aside"):
        open_store(profile, key)
    with pytest.raises(WrongStoreKey):
        open_store(profile, StoreKey(bytes(32)))


def test_a_damaged_page_anywhere_is_found_by_check(filled: Path, profile: Path, key: StoreKey) -> None:
    assert database.check(profile, key) == ()
    whole = filled.read_bytes()
    pages = len(whole) // 4096
    for page in range(1, pages, 7):
        _flip(filled, page * 4096 + 1234)
        assert database.check(profile, key), f"page {page} of {pages}"
        filled.write_bytes(whole)
    assert database.check(profile, key) == ()


def cut_while_pages_are_moved(profile: Path, key: StoreKey, tmp_path: Path) -> tuple[Path, list[int]]:
    """What a power cut leaves in the middle of a checkpoint: the log whole, its pages torn in the file. And which."""
    left = tmp_path / "left"
    with open_store(profile, key) as store:
        outbox.submit(store, profile, lambda n: samples.submission(n, "moved"))
        shutil.copytree(profile, left)
    (left / "store.db-shm").unlink()
    log = (left / "store.db-wal").read_bytes()
    pages = sorted({int.from_bytes(log[at : at + 4], "big") for at in range(32, len(log), 24 + PAGE)})
    data = bytearray((left / "store.db").read_bytes())
    torn = [page for page in pages if page * PAGE <= len(data)]
    for page in torn:
        data[page * PAGE - PAGE // 2 : page * PAGE] = b"\xaa" * (PAGE // 2)
    (left / "store.db").write_bytes(data)
    return left, torn


def test_pages_torn_while_the_log_was_moved_are_no_damage(
    filled: Path, profile: Path, key: StoreKey, tmp_path: Path
) -> None:
    left, torn = cut_while_pages_are_moved(profile, key, tmp_path)
    assert torn, "a page of the file is torn"
    assert database.check(left, key) == ()
    with open_store(left, key) as store:
        assert outbox.rows(store)[-1].state.value == "waiting"
    assert database.check(left, key) == ()


def test_a_page_that_no_log_holds_is_damage_beside_them(
    filled: Path, profile: Path, key: StoreKey, tmp_path: Path
) -> None:
    left, torn = cut_while_pages_are_moved(profile, key, tmp_path)
    data = bytearray((left / "store.db").read_bytes())
    other = next(page for page in range(2, len(data) // PAGE + 1) if page not in torn)
    data[other * PAGE - 100] ^= 1
    (left / "store.db").write_bytes(data)
    assert database.check(left, key) != ()


def test_whoever_reads_meanwhile_makes_no_damage(filled: Path, profile: Path, key: StoreKey, tmp_path: Path) -> None:
    left, _ = cut_while_pages_are_moved(profile, key, tmp_path)
    with open_store(left, key, read_only=True) as reader:
        reader.execute("BEGIN")
        assert reader.rows("SELECT count(*) FROM outbox")
        assert database.check(left, key) == ()
        reader.execute("ROLLBACK")
    assert database.check(left, key) == ()


def test_reading_a_damaged_page_is_damage(filled: Path, profile: Path, key: StoreKey) -> None:
    for page in range(5, filled.stat().st_size // 4096):
        _flip(filled, page * 4096 + 99)
    with pytest.raises(DamagedStore), open_store(profile, key) as store:
        documents.digests(store)


@pytest.mark.parametrize("keep", [0, 1, 4095, 4096, 40960, -1])
def test_a_cut_file_is_damage(filled: Path, profile: Path, key: StoreKey, keep: int) -> None:
    os.truncate(filled, keep if keep >= 0 else filled.stat().st_size - 1)
    if keep == -1:
        assert database.check(profile, key)
        return
    with pytest.raises(DamagedStore):
        open_store(profile, key)
    assert filled.stat().st_size == keep, "nothing is mended or made anew by itself"


@pytest.mark.parametrize("foreign", [b"SQLite format 3\0" + bytes(8192), b"GIF89a" * 3000, bytes(4096 * 4)])
def test_a_foreign_file_is_damage(filled: Path, profile: Path, key: StoreKey, foreign: bytes) -> None:
    filled.write_bytes(foreign)
    with pytest.raises(DamagedStore):
        open_store(profile, key)
    assert filled.read_bytes() == foreign


def test_a_plain_sqlite_file_is_not_opened(filled: Path, profile: Path, key: StoreKey) -> None:
    import sqlite3

    filled.unlink()
    plain = sqlite3.connect(filled)
    plain.execute("CREATE TABLE store_version (version INTEGER)")
    plain.commit()
    plain.close()
    with pytest.raises(DamagedStore):
        open_store(profile, key)


def test_another_profiles_store_is_damage_under_our_key(filled: Path, tmp_path: Path, key: StoreKey) -> None:
    other = tmp_path / "other"
    other_key = keys.create(other, "file", allow_file=True)
    open_store(other, other_key).close()
    shutil.copy(filled, other / "store.db")
    with pytest.raises(DamagedStore):
        open_store(other, other_key)


def test_a_damaged_store_is_set_aside_and_its_envelopes_live_on(filled: Path, profile: Path, key: StoreKey) -> None:
    _flip(filled, 100)
    damaged = filled.read_bytes()
    aside = database.set_aside(profile)
    assert (aside / "store.db").read_bytes() == damaged
    with open_store(profile, key) as store:
        assert documents.content_state(store).version == 0
        done = outbox.reconcile(store, profile, samples.read)
        assert len(done.adopted) == 5
        assert [row.sequence for row in outbox.rows(store)] == [1, 2, 3, 4, 5]
        assert outbox.submit(store, profile, samples.submission).sequence == 6


def test_the_log_of_a_store_that_is_gone_is_not_played_into_the_new_one(profile: Path, key: StoreKey) -> None:
    with open_store(profile, key) as store:
        outbox.submit(store, profile, samples.submission)
        log = (profile / "store.db-wal").read_bytes()
    assert log
    (profile / "store.db").unlink()
    (profile / "store.db-wal").write_bytes(log)
    with open_store(profile, key) as store:
        assert outbox.rows(store) == []
    assert database.check(profile, key) == ()


def test_a_newer_store_is_refused_and_left_alone(filled: Path, profile: Path, key: StoreKey) -> None:
    newer = len(migrations.STEPS) + 1
    with open_store(profile, key) as store, store.transaction():
        store.execute("UPDATE store_version SET version = ?", (newer,))
    before = filled.read_bytes()
    with pytest.raises(NewerStore, match="newer version"):
        open_store(profile, key)
    with pytest.raises(NewerStore):
        open_store(profile, key, read_only=True)
    assert filled.read_bytes() == before


def test_a_migration_that_fails_leaves_the_store_as_it_was(store: database.Store) -> None:
    with pytest.raises(Exception, match="nonsense"):
        migrations.bring_up(store, (*migrations.STEPS, ("CREATE TABLE half (a)", "nonsense")))
    assert migrations.version(store) == len(migrations.STEPS)
    assert store.row("SELECT 1 FROM sqlite_schema WHERE name = 'half'") is None
    migrations.bring_up(store, (*migrations.STEPS, ("CREATE TABLE whole (a)",)))
    assert migrations.version(store) == len(migrations.STEPS) + 1
    assert store.rows("SELECT * FROM whole") == []


def test_a_read_only_connection_reads_and_cannot_write(filled: Path, profile: Path, key: StoreKey) -> None:
    with open_store(profile, key, read_only=True) as store:
        assert documents.content_state(store).documents == 200
        with pytest.raises(EnvironmentFault, match="read-only"):
            outbox.submit(store, profile, samples.submission)


def test_a_read_only_connection_makes_no_store(profile: Path, key: StoreKey) -> None:
    with pytest.raises(ContentMissing, match="kiosk sync"):
        open_store(profile, key, read_only=True)
    assert not (profile / "store.db").exists()


def test_a_disk_that_is_read_only_is_named(filled: Path, profile: Path, key: StoreKey, tmp_path: Path) -> None:
    if os.geteuid() != 0:
        filled.chmod(0o400)
        with pytest.raises(EnvironmentFault, match="read-only"):
            open_store(profile, key)
        return
    mounted = tmp_path / "disk"
    mounted.mkdir()
    bound = subprocess.run(["mount", "--bind", str(profile), str(mounted)], capture_output=True, check=False)
    if bound.returncode != 0:
        pytest.skip("this machine does not let us mount")
    try:
        again = subprocess.run(["mount", "-o", "remount,ro,bind", str(mounted)], capture_output=True, check=False)
        if again.returncode != 0:
            pytest.skip("this machine does not let us mount read-only")
        with pytest.raises(EnvironmentFault, match="read-only") as refusal:
            open_store(mounted, key)
        assert not isinstance(refusal.value, DamagedStore | WrongStoreKey)
    finally:
        subprocess.run(["umount", str(mounted)], check=True)


def test_every_refusal_is_one_of_ours(filled: Path, profile: Path, key: StoreKey) -> None:
    """Random damage never leaks an error of the library or opens as if nothing were wrong with the header."""
    whole = filled.read_bytes()
    for round_ in range(30):
        cut = secrets.SystemRandom(round_).randrange(1, 4096)
        filled.write_bytes(secrets.token_bytes(cut) + whole[cut:])
        with pytest.raises(KioskError):
            open_store(profile, key)
