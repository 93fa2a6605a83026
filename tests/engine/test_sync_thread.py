"""The thread of the sync worker: begins after enrolment, anew after a bug, tells what changed, ends when told."""

from __future__ import annotations

import select
import threading
from collections.abc import Iterator

import pytest

from kiosk.backend import keys as backend_keys
from kiosk.engine import sync_thread
from kiosk.engine.sync_thread import CHANGED, DAMAGED, LINK_DOWN, LINK_UP, SyncThread
from kiosk.errors import DamagedStore
from kiosk.protocol import recovery
from kiosk.store import device, keys, outbox, slot_places
from kiosk.store.slot_list import Slot
from kiosk.sync.worker import Worker
from tests.backend import site as sites
from tests.backend.site import Site
from tests.helpers.patience import PATIENCE_S, until
from tests.helpers.profiles import KioskProfile


@pytest.fixture
def site(kiosk_profile: KioskProfile) -> Iterator[Site]:
    with sites.running(kiosk_profile.backend) as running:
        yield running


def thread_of(kiosk: KioskProfile, url: str) -> SyncThread:
    return SyncThread(kiosk.path, kiosk.key, kiosk.configure(backend_url=url, link_probe_cap_s=0.5))


def told(thread: SyncThread, byte: bytes) -> None:
    """Wait until the thread has said this."""
    for _ in range(100):
        ready, _, _ = select.select([thread.changes], [], [], 20)
        assert ready, f"{byte!r} was never said"
        if byte in thread.read():
            return
    raise AssertionError(f"{byte!r} was never said")


def test_it_sends_what_a_session_submits(kiosk_profile: KioskProfile, site: Site) -> None:
    thread = thread_of(kiosk_profile, site.url)
    thread.start()
    try:
        told(thread, LINK_UP)
        kiosk_profile.submit()
        thread.wake()
        with kiosk_profile.store() as store:
            while outbox.rows(store)[0].state.value != "received":
                told(thread, CHANGED)
    finally:
        thread.stop()


def test_it_waits_for_the_enrolment(kiosk_profile: KioskProfile, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    identity = kiosk_profile.identity
    with kiosk_profile.store() as store, store.transaction():
        store.execute("DELETE FROM device")
    looked = threading.Event()
    real = device.identity

    def look(store: object) -> object:
        looked.set()
        return real(store)  # type: ignore[arg-type]

    monkeypatch.setattr(sync_thread.device, "identity", look)
    thread = thread_of(kiosk_profile, site.url)
    thread.start()
    try:
        assert looked.wait(PATIENCE_S)
        assert thread.read() == b"", "nobody is told of a link before there is one"
        with kiosk_profile.store() as store:
            device.save_identity(store, identity)
        told(thread, LINK_UP)
    finally:
        thread.stop()


def test_it_can_be_stopped_before_the_enrolment(kiosk_profile: KioskProfile) -> None:
    with kiosk_profile.store() as store, store.transaction():
        store.execute("DELETE FROM device")
    before = threading.active_count()
    thread = thread_of(kiosk_profile, "http://127.0.0.1:9")
    thread.start()
    thread.stop()
    assert threading.active_count() == before


def test_it_begins_anew_after_a_bug(kiosk_profile: KioskProfile, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sync_thread, "PAUSE_S", 0.01)
    real, runs = Worker.run, []

    def run(self: Worker, stop: threading.Event, wake: threading.Event) -> None:
        runs.append(self)
        if len(runs) < 3:
            raise RuntimeError("a bug of ours")
        real(self, stop, wake)

    monkeypatch.setattr(Worker, "run", run)
    kiosk_profile.submit()
    thread = thread_of(kiosk_profile, site.url)
    thread.start()
    try:
        told(thread, CHANGED)
        with kiosk_profile.store() as store:
            while outbox.rows(store)[0].state.value != "received":
                told(thread, CHANGED)
        assert len(set(map(id, runs))) == 3, "each time a new worker"
    finally:
        thread.stop()


def test_a_document_of_another_version_is_no_damage(
    kiosk_profile: KioskProfile, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file is whole: nothing is set aside, and the work goes on once the document can be read."""
    monkeypatch.setattr(sync_thread, "PAUSE_S", 0.01)
    real, runs = Worker.run, []

    def run(self: Worker, stop: threading.Event, wake: threading.Event) -> None:
        runs.append(self)
        if len(runs) < 3:
            raise DamagedStore("a document of the kind event is not a LifeEvent")
        real(self, stop, wake)

    monkeypatch.setattr(Worker, "run", run)
    thread = thread_of(kiosk_profile, site.url)
    thread.start()
    try:
        until(lambda: len(runs) == 3, "begun anew")
        assert DAMAGED not in thread.read()
    finally:
        thread.stop()


def test_damage_of_the_file_is_told_and_ends_the_work(kiosk_profile: KioskProfile) -> None:
    path = kiosk_profile.path / "store.db"
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 8192 * 4096 + 500)
        file.write(b"damage")
    thread = thread_of(kiosk_profile, "http://127.0.0.1:9")
    thread.start()
    try:
        told(thread, DAMAGED)
    finally:
        thread.stop()


def test_a_crashed_session_makes_it_look_for_stray_files(kiosk_profile: KioskProfile, site: Site) -> None:
    thread = thread_of(kiosk_profile, site.url)
    thread.start()
    try:
        told(thread, LINK_UP)
        receipt = kiosk_profile.submit()
        with kiosk_profile.store() as store:
            with store.transaction():
                store.execute("DELETE FROM outbox")
            thread.session_crashed()
            while (row := outbox.row(store, receipt.submission)) is None or row.state.value != "received":
                told(thread, CHANGED)
    finally:
        thread.stop()


def test_it_says_when_the_link_is_down(kiosk_profile: KioskProfile) -> None:
    thread = thread_of(kiosk_profile, "http://127.0.0.1:9")
    thread.session_crashed()
    thread.start()
    try:
        told(thread, LINK_DOWN)
    finally:
        thread.stop()


def test_an_engine_that_never_began_can_be_closed(kiosk_profile: KioskProfile) -> None:
    thread_of(kiosk_profile, "http://127.0.0.1:9").stop()


def test_a_reader_that_does_not_read_blocks_nothing(kiosk_profile: KioskProfile) -> None:
    thread = thread_of(kiosk_profile, "http://127.0.0.1:9")
    for _ in range(200_000):
        thread.outbox_changed()
    assert set(thread.read()) == set(CHANGED)
    thread.start()
    thread.stop()
    thread.outbox_changed()


def test_it_keeps_a_recovery_slot_that_the_backend_opens(kiosk_profile: KioskProfile, site: Site) -> None:
    assert [slot.kind for slot in _slots(kiosk_profile)] == ["file"]
    thread = thread_of(kiosk_profile, site.url)
    thread.start()
    try:
        told(thread, LINK_UP)
    finally:
        thread.stop()
    kept = _slots(kiosk_profile)
    assert [slot.kind for slot in kept] == ["file", "recovery"]
    sealed = recovery.read(slot_places.recovery_file(kiosk_profile.path, kept[1]).read_bytes())
    pair = backend_keys.recovery_pair(kiosk_profile.backend.data / backend_keys.RECOVERY_PRIVATE)
    assert recovery.open_slot(sealed, pair.private) == kiosk_profile.key.raw


def _slots(kiosk: KioskProfile) -> tuple[Slot, ...]:
    listed = keys.slots(kiosk.path)
    assert listed is not None
    return listed.slots
