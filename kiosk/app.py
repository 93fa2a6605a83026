"""The composition root: the only place that wires parts.

The engine (`kiosk run`, `kiosk demo`) starts in this order: settings are read; the profile's lock is taken, so that
one engine owns it; the store key comes from its slot; the store is opened and the boot is counted; the sync thread
begins; then the supervisor starts the first session and, when that has drawn itself, the spare. It stops in the
opposite order: sessions first (each wipes itself and exits), then the sync thread after the request it is in, then the
lock. Where key, store or disk fail, at the start or later, the engine stays: its sessions say that the machine is out
of service, and it looks again and again until that is over (docs/damage.md).

A session (`kiosk session`) starts when its engine's first message names profile, key and settings: Qt comes up, the
house is opened, the shell is drawn out of sight, "ready" is said. It stops by exiting: the QML engine goes before the
view-models, the errands thread is joined, the store is closed.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from kiosk.config import Settings
from kiosk.errors import ConfigurationError, DamagedStore, EnvironmentFault, KeyUnavailable
from kiosk.log import logger
from kiosk.store import keys, probe
from kiosk.store.keys import StoreKey

if TYPE_CHECKING:
    from kiosk.engine.process import SessionProcess
    from kiosk.engine.refresh import RefreshAnswer
    from kiosk.engine.sync_thread import SyncThread
    from kiosk.protocol import wire

TURN_S = 0.5
LOOK_FIRST_S, LOOK_LAST_S = 2.0, 60.0
"""While nobody can be served: how soon it is looked at again, at first and at most."""

_log = logger("engine")


def profile_key(profile: Path, settings: Settings) -> StoreKey:
    """The store key of a profile, made where the profile is new. A key file is for demo only. Raises KeyUnavailable."""
    _refuse_key_file(settings)
    if keys.slots(profile) is None:
        if (profile / probe.STORE).exists():
            raise KeyUnavailable(
                f"the list of key slots {profile / 'keys.json'} is lost; put back a copy of it, "
                "or give the key with 'kiosk keys add KIND --key-from FILE'"
            )
        return keys.create(profile, settings.key_slot, allow_file=settings.demo)
    return keys.load(profile, allow_file=settings.demo)


def _refuse_key_file(settings: Settings) -> None:
    if settings.key_slot == "file" and not settings.demo:
        raise ConfigurationError('a key file keeps nothing secret: key_slot = "file" is for the demo and tests only')


def trusted_root(profile: Path, settings: Settings) -> bytes:
    """The TUF root that content is trusted from: the configured file, else `<profile>/root.json`."""
    path = Path(settings.root_file) if settings.root_file else profile / "root.json"
    try:
        return path.read_bytes()
    except OSError as error:
        raise ConfigurationError(f"the trusted root {path} cannot be read: {error.strerror}; set root_file") from error


class Engine:
    """One engine over one profile. `closed` is why nobody can be served, None while everybody can."""

    def __init__(
        self,
        profile: Path,
        settings: Settings,
        *,
        offscreen: bool = False,
        full_screen: bool = False,
        driving: Callable[[], int] | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        from kiosk.engine.lock import ProfileLock
        from kiosk.engine.supervisor import Supervisor

        self.profile = profile
        self.settings = settings
        self.closed: EnvironmentFault | None = None
        self.sync: SyncThread | None = None
        self._offscreen = offscreen
        self._full_screen = full_screen
        self._driving = driving
        self._monotonic = monotonic
        self._stopping = False
        self._begun = False
        self._suspect = False
        self._look_at = 0.0
        self._pause_s = LOOK_FIRST_S
        self._key: StoreKey | None = None
        self._lock = ProfileLock(profile)
        self._lock.acquire()
        self.supervisor = Supervisor(
            self.start_session,
            spare=settings.mode == "kiosk",
            on_wake=self._wake_sync,
            on_crash=self._session_crashed,
            on_trouble=self.look_soon,
            once=settings.mode == "desktop",
            hang_s=settings.session_hang_s,
        )
        try:
            _refuse_key_file(settings)
            trusted_root(profile, settings)
            self._look()
            if isinstance(self.closed, ConfigurationError):
                raise self.closed
        except BaseException:
            self.close()
            raise

    def start_session(self) -> SessionProcess:
        from kiosk.engine.process import SessionProcess

        return SessionProcess(
            self.profile,
            b"" if self.closed or self._key is None else self._key.raw,
            self.settings,
            offscreen=self._offscreen,
            full_screen=self._full_screen,
            driving=self._driving() if self._driving else -1,
            closed=self.closed.visitor if self.closed else "",
        )

    def run(self) -> int:
        """Until SIGTERM or SIGINT, or on the desktop until the window is closed; the exit code."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._asked_to_stop)
        try:
            self.begin()
            while not self._stopping and not self.supervisor.finished:
                self.turn(TURN_S)
        finally:
            self.close()
        return 0

    def begin(self) -> None:
        self._begun = True
        if self.sync is not None:
            self.sync.start()

    def turn(self, timeout_s: float) -> None:
        """One turn: what the sessions say, and a look at what keeps the house closed."""
        self.supervisor.turn(timeout_s)
        if self._suspect or (self.closed is not None and self._monotonic() >= self._look_at):
            self._look()

    def look_soon(self) -> None:
        """Something is wrong with the store, or has changed: look at the next turn."""
        self._suspect = True

    def close(self) -> None:
        """Sessions, then the sync thread, then the lock."""
        self.supervisor.stop()
        self._stop_sync()
        self._lock.release()

    def stop(self) -> None:
        """Ask `run` to end; from any thread."""
        self._stopping = True

    def _asked_to_stop(self, number: int, frame: FrameType | None) -> None:
        self._stopping = True

    def _tell_sessions(self) -> None:
        from kiosk.engine import sync_thread
        from kiosk.protocol import wire

        told = self.sync.read() if self.sync is not None else b""
        for byte in told:
            if bytes([byte]) in (sync_thread.LINK_UP, sync_thread.LINK_DOWN):
                self.supervisor.tell(wire.Link(bytes([byte]) == sync_thread.LINK_UP))
        if told:
            self.supervisor.tell(wire.Wake())
        if sync_thread.DAMAGED in told or (self.closed is not None and sync_thread.CHANGED in told):
            self.look_soon()

    def _look(self) -> None:
        """Look whether visitors can be served, mend what can be mended, and change the sessions over if need be."""
        self._suspect = False
        found: EnvironmentFault | None = None
        try:
            self._serve()
        except EnvironmentFault as fault:
            found = fault
        changed = type(found) is not type(self.closed)
        self._pause_s = LOOK_FIRST_S if changed else min(1.5 * self._pause_s, LOOK_LAST_S)
        self._look_at = self._monotonic() + self._pause_s
        if not changed:
            return
        if found is not None:
            _log.error("out of service", kind=type(found).__name__, error=found.engineer, see="kiosk doctor")
        else:
            _log.info("in service again")
        self.closed = found
        self.supervisor.renew()

    def _serve(self) -> None:
        """Raises EnvironmentFault: why nobody can be served."""
        from kiosk.engine import premises
        from kiosk.store import healing

        if self._key is None:
            key = profile_key(self.profile, self.settings)
            premises.take_over(self.profile, key)
            self._key = key
        else:
            try:
                healing.examine(self.profile, self._key)
            except DamagedStore as damage:
                self._stop_sync()
                premises.replace(self.profile, self._key, damage)
                self.supervisor.renew()
        if self.sync is None:
            self._start_sync(self._key)
        premises.require_ready(self.profile, self._key, enrolled=self.settings.mode == "kiosk")

    def _start_sync(self, key: StoreKey) -> None:
        from kiosk.engine.sync_thread import SyncThread

        self.sync = SyncThread(self.profile, key, self.settings)
        self.supervisor.listen(self.sync.changes, self._tell_sessions)
        if self._begun:
            self.sync.start()

    def _stop_sync(self) -> None:
        if self.sync is not None:
            self.supervisor.forget(self.sync.changes)
            self.sync.stop()
            self.sync = None

    def _wake_sync(self) -> None:
        if self.sync is not None:
            self.sync.wake()

    def _session_crashed(self) -> None:
        if self.sync is not None:
            self.sync.session_crashed()


def refresh(opened: wire.Open) -> RefreshAnswer:
    """The main of a refresh process."""
    from kiosk.engine.refresh import RefreshAnswer
    from kiosk.errors import ContentRefused, KioskError, NetworkFault
    from kiosk.store.database import open_store
    from kiosk.sync import published
    from kiosk.sync.client import make_client

    profile, settings = Path(opened.profile), opened.settings
    try:
        root = trusted_root(profile, settings)
        key = StoreKey(bytes.fromhex(opened.key))
        with open_store(profile, key) as store, make_client(settings) as client:
            report = published.update(
                store, base_url=settings.content_base(), directory=settings.content_folder(), root=root, client=client
            )
    except NetworkFault as fault:
        return RefreshAnswer("network", fault=fault.engineer)
    except ContentRefused as fault:
        return RefreshAnswer("refused", fault=fault.engineer)
    except DamagedStore as fault:
        return RefreshAnswer("damaged", fault=fault.engineer)
    except KioskError as fault:
        return RefreshAnswer("environment", fault=fault.engineer)
    return RefreshAnswer("done", report.changed)


def run_session(opened: wire.Open, reading: int, writing: int) -> int:
    """The main of a session process; its exit code."""
    from kiosk.devices.printer import printer_of
    from kiosk.devices.speech import SystemVoice
    from kiosk.errors import Closed
    from kiosk.ui.session import SessionOptions
    from kiosk.ui.session import run_session as run

    def make_house() -> object:
        from kiosk.desk.house import StoreHouse

        if opened.closed:
            raise Closed(opened.closed)
        key = StoreKey(bytes.fromhex(opened.key))
        return StoreHouse(Path(opened.profile), key, printer_of(opened.settings.printer))

    options = SessionOptions(
        offscreen=opened.offscreen,
        full_screen=opened.full_screen,
        reading=reading,
        writing=writing,
        driving=opened.driving if opened.driving >= 0 else None,
    )
    os.umask(0o077)
    return int(run(make_house, opened.settings, options, voice=SystemVoice()))
