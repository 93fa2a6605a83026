"""An engine that cannot serve stays, says why, mends what it can, and serves again by itself."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kiosk import app
from kiosk.engine.process import SessionProcess
from kiosk.errors import (
    DamagedStore,
    EnvironmentFault,
    KeyUnavailable,
    NewerStore,
    NotEnrolled,
    NotReady,
    StorageFull,
    StorageReadOnly,
    WrongStoreKey,
)
from kiosk.store import counterfoil, healing
from tests.engine.test_supervisor import GOOD, gone
from tests.helpers.patience import PATIENCE_S
from tests.helpers.profiles import KioskProfile

VISITED = ("ready", "show", "shown", "started", "trouble", "wake", "ended", "quit")
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="pipes and signals of POSIX")


class Place:
    """An engine whose sessions are stand-ins; the clock of its looks is turned by hand."""

    def __init__(self, kiosk: KioskProfile, monkeypatch: pytest.MonkeyPatch) -> None:
        self.kiosk = kiosk
        self.now = 1000.0
        self.scripts: list[tuple[str, ...]] = [GOOD]
        self.started: list[SessionProcess] = []
        (kiosk.path / "root.json").write_bytes(b"{}")
        self._settings = kiosk.configure(backend_url="http://127.0.0.1:9")
        self._engine: app.Engine | None = None
        monkeypatch.chdir(Path(__file__).parents[2])
        monkeypatch.setattr(app.Engine, "start_session", lambda engine: self._start(engine))

    @property
    def engine(self) -> app.Engine:
        if self._engine is None:
            self._engine = app.Engine(self.kiosk.path, self._settings, monotonic=lambda: self.now)
        return self._engine

    def until(self, true: Callable[[], object]) -> None:
        end = time.monotonic() + PATIENCE_S
        while not true():
            assert time.monotonic() < end
            self.engine.turn(0.02)

    def look_again(self) -> None:
        self.now += 2 * app.LOOK_LAST_S
        self.engine.turn(0.0)

    def front(self) -> SessionProcess:
        """The session in front, once it has drawn itself."""
        supervisor = self.engine.supervisor
        self.until(lambda: supervisor.front is not None and supervisor.front.pid in supervisor.shown)
        assert supervisor.front is not None
        return supervisor.front

    def close(self) -> None:
        if self._engine is not None:
            self._engine.close()
        for session in self.started:
            session.kill()

    def _start(self, engine: app.Engine) -> SessionProcess:
        script = self.scripts[min(len(self.started), len(self.scripts) - 1)]
        command = (sys.executable, "-m", "tests.engine.stand_in", *script)
        closed = engine.closed.visitor if engine.closed else ""
        self.started.append(SessionProcess(self.kiosk.path, b"", self._settings, closed=closed, command=command))
        return self.started[-1]


@pytest.fixture
def place(kiosk_profile: KioskProfile, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    made = Place(kiosk_profile, monkeypatch)
    yield made
    made.close()


def _key_away(kiosk: KioskProfile) -> Callable[[], object]:
    (kiosk.path / "store.key").rename(kiosk.path / "away")
    return lambda: (kiosk.path / "away").rename(kiosk.path / "store.key")


def _slots_away(kiosk: KioskProfile) -> Callable[[], object]:
    (kiosk.path / "keys.json").rename(kiosk.path / "away")
    return lambda: (kiosk.path / "away").rename(kiosk.path / "keys.json")


def _slots_damaged(kiosk: KioskProfile) -> Callable[[], object]:
    path = kiosk.path / "keys.json"
    before = path.read_bytes()
    path.write_bytes(b'{"profile":"\xff\xfe"}')
    return lambda: path.write_bytes(before)


def _other_key(kiosk: KioskProfile) -> Callable[[], object]:
    path = kiosk.path / "store.key"
    before = path.read_bytes()
    path.write_bytes(bytes(32).hex().encode())
    return lambda: path.write_bytes(before)


def _newer(kiosk: KioskProfile) -> Callable[[], object]:
    def version(by: int) -> None:
        import sqlcipher3.dbapi2 as sqlcipher

        connection = sqlcipher.connect(kiosk.path / "store.db", isolation_level=None)
        connection.execute(f"PRAGMA key = \"x'{kiosk.key.raw.hex()}'\"")
        connection.execute("UPDATE store_version SET version = version + ?", (by,))
        connection.close()

    version(1)
    return lambda: version(-1)


def _not_enrolled(kiosk: KioskProfile) -> Callable[[], object]:
    from kiosk.store import device

    identity = kiosk.identity
    counterfoil.drop(kiosk.path)
    with kiosk.store() as store, store.transaction():
        store.execute("DELETE FROM device")

    def enrol() -> None:
        with kiosk.store() as store:
            device.save_identity(store, identity)

    return enrol


FAULTS: dict[Callable[[KioskProfile], Callable[[], object]], type[EnvironmentFault]] = {
    _key_away: KeyUnavailable,
    _slots_away: KeyUnavailable,
    _slots_damaged: KeyUnavailable,
    _other_key: WrongStoreKey,
    _newer: NewerStore,
    _not_enrolled: NotEnrolled,
}


@pytest.mark.parametrize("harm", FAULTS, ids=lambda harm: harm.__name__.strip("_"))
def test_it_stays_closed_and_opens_again(
    place: Place, harm: Callable[[KioskProfile], Callable[[], object]], capfd: pytest.CaptureFixture[str]
) -> None:
    mend = harm(place.kiosk)
    before = (place.kiosk.path / "store.db").read_bytes()
    assert type(place.engine.closed) is FAULTS[harm]
    told = [line for line in capfd.readouterr().err.splitlines() if '"out of service"' in line]
    assert len(told) == 1 and "kiosk doctor" in told[0]
    closed = place.front()
    assert closed.closed == FAULTS[harm].visitor
    place.look_again()
    assert place.engine.closed is not None and place.front() is closed, "no session is changed for nothing"
    if harm is not _not_enrolled:
        assert (place.kiosk.path / "store.db").read_bytes() == before, "nothing was touched"
    mend()
    place.look_again()
    assert place.engine.closed is None
    place.until(lambda: gone(closed.pid))
    assert place.front().closed == ""
    assert healing.set_aside_stores(place.kiosk.path) == []


def test_a_damaged_store_is_replaced_at_the_start(place: Place) -> None:
    (place.kiosk.path / "counterfoil.db").unlink(missing_ok=True)
    with place.kiosk.store() as store:
        counterfoil.keep(store, place.kiosk.key)
    (place.kiosk.path / "store.db").write_bytes(b"GIF89a" * 4000)
    assert type(place.engine.closed) is NotReady
    assert place.front().closed == NotReady.visitor
    (aside,) = healing.set_aside_stores(place.kiosk.path)
    assert (aside / "store.db").read_bytes() == b"GIF89a" * 4000


def test_the_sync_finds_damage_and_the_engine_heals(place: Place) -> None:
    path = place.kiosk.path / "store.db"
    middle = path.stat().st_size // 8192 * 4096
    with path.open("r+b") as file:
        file.seek(middle + 500)
        file.write(b"damage")
    assert place.engine.closed is None, "it is in a corner"
    place.engine.begin()
    place.until(lambda: place.engine.closed is not None)
    assert type(place.engine.closed) is NotReady and place.engine.sync is not None
    (aside,) = healing.set_aside_stores(place.kiosk.path)
    with (aside / "store.db").open("rb") as file:
        file.seek(middle + 500)
        assert file.read(6) == b"damage"


@pytest.mark.parametrize("fault", [StorageFull, StorageReadOnly])
def test_a_visitor_who_meets_a_fault_stays_and_the_next_finds_it_closed(
    place: Place, fault: type[EnvironmentFault], monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = True

    def look(profile: Path) -> None:
        if broken:
            raise fault("a test")

    monkeypatch.setattr(healing, "examine_disk", look)
    place.scripts = [VISITED, GOOD]
    visited = place.front()
    place.until(lambda: place.engine.closed is not None)
    assert type(place.engine.closed) is fault
    supervisor = place.engine.supervisor
    place.until(lambda: any(one.closed and one.pid in supervisor.ready for one in place.started))
    assert supervisor.front is visited, "nobody is sent away with answers on the screen"
    from kiosk.protocol import wire

    supervisor.tell(wire.Wake())
    place.until(lambda: supervisor.front is not visited and supervisor.front is not None)
    assert place.front().closed == fault.visitor
    broken = False
    place.look_again()
    place.until(lambda: place.engine.closed is None and place.front().closed == "")


def test_a_trouble_that_is_over_closes_nothing(place: Place) -> None:
    place.scripts = [("ready", "show", "shown", "started", "trouble", "quit"), GOOD]
    front = place.front()
    for _ in range(20):
        place.engine.turn(0.01)
    assert place.engine.closed is None and place.engine.supervisor.front is front


def test_the_desktop_serves_again_in_a_new_window(kiosk_profile: KioskProfile, monkeypatch: pytest.MonkeyPatch) -> None:
    mend = _key_away(kiosk_profile)
    place = Place(kiosk_profile, monkeypatch)
    place._settings = kiosk_profile.configure(backend_url="http://127.0.0.1:9", mode="desktop")
    try:
        closed = place.front()
        assert closed.closed == KeyUnavailable.visitor
        mend()
        place.look_again()
        place.until(lambda: gone(closed.pid))
        assert place.front().closed == "" and not place.engine.supervisor.finished
    finally:
        place.close()


def test_damage_that_cannot_be_set_aside_is_said(place: Place) -> None:
    for number in range(healing.MOST_ASIDE):
        (place.kiosk.path / f"damaged-{number}").mkdir()
    (place.kiosk.path / "store.db").write_bytes(b"GIF89a" * 4000)
    assert type(place.engine.closed) is DamagedStore
    assert (place.kiosk.path / "store.db").read_bytes() == b"GIF89a" * 4000
