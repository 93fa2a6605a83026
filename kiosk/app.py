"""The composition root: the only place that wires parts.

The engine (`kiosk run`, `kiosk demo`) starts in this order: settings are read; the profile's lock is taken, so that
one engine owns it; the store key comes from its slot; the store is opened and the boot is counted; the sync thread
begins; then the supervisor starts the first session and, when that has drawn itself, the spare. It stops in the
opposite order: sessions first (each wipes itself and exits), then the sync thread after the request it is in, then the
lock.

A session (`kiosk session`) starts when its engine's first message names profile, key and settings: Qt comes up, the
house is opened, the shell is drawn out of sight, "ready" is said. It stops by exiting: the QML engine goes before the
view-models, the errands thread is joined, the store is closed.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from kiosk.config import Settings
from kiosk.errors import ConfigurationError
from kiosk.store import keys
from kiosk.store.keys import StoreKey

if TYPE_CHECKING:
    from kiosk.engine.process import SessionProcess
    from kiosk.engine.refresh import RefreshAnswer
    from kiosk.protocol import wire

TURN_S = 0.5


def profile_key(profile: Path, settings: Settings) -> StoreKey:
    """The store key of a profile, made where the profile is new. A key file is for demo only. Raises KeyUnavailable."""
    if settings.key_slot == "file" and not settings.demo:
        raise ConfigurationError('a key file keeps nothing secret: key_slot = "file" is for the demo and tests only')
    if keys.slots(profile) is None:
        return keys.create(profile, settings.key_slot, allow_file=settings.demo)
    return keys.load(profile, allow_file=settings.demo)


def trusted_root(profile: Path, settings: Settings) -> bytes:
    """The TUF root that content is trusted from: the configured file, else `<profile>/root.json`."""
    path = Path(settings.root_file) if settings.root_file else profile / "root.json"
    try:
        return path.read_bytes()
    except OSError as error:
        raise ConfigurationError(f"the trusted root {path} cannot be read: {error.strerror}; set root_file") from error


class Engine:
    """One engine over one profile. `start_session` may be replaced by tests and the self-test."""

    def __init__(
        self,
        profile: Path,
        settings: Settings,
        *,
        offscreen: bool = False,
        full_screen: bool = False,
        driving: Callable[[], int] | None = None,
    ) -> None:
        from kiosk.engine.lock import ProfileLock
        from kiosk.engine.supervisor import Supervisor
        from kiosk.engine.sync_thread import SyncThread
        from kiosk.store import device
        from kiosk.store.database import open_store

        self.profile = profile
        self.settings = settings
        self._offscreen = offscreen
        self._full_screen = full_screen
        self._driving = driving
        self._stopping = False
        self._lock = ProfileLock(profile)
        self._lock.acquire()
        try:
            self._key = profile_key(profile, settings)
            trusted_root(profile, settings)
            with open_store(profile, self._key) as store:
                device.count_boot(store)
            self.sync = SyncThread(profile, self._key, settings)
        except BaseException:
            self._lock.release()
            raise
        self.supervisor = Supervisor(
            self.start_session,
            spare=settings.mode == "kiosk",
            on_wake=self.sync.wake,
            on_crash=self.sync.session_crashed,
            once=settings.mode == "desktop",
        )
        self.supervisor.listen(self.sync.changes, self._tell_sessions)

    def start_session(self) -> SessionProcess:
        from kiosk.engine.process import SessionProcess

        return SessionProcess(
            self.profile,
            self._key.raw,
            self.settings,
            offscreen=self._offscreen,
            full_screen=self._full_screen,
            driving=self._driving() if self._driving else -1,
        )

    def run(self) -> int:
        """Until SIGTERM or SIGINT, or on the desktop until the window is closed; the exit code."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._asked_to_stop)
        try:
            self.begin()
            while not self._stopping and not self.supervisor.finished:
                self.supervisor.turn(TURN_S)
        finally:
            self.close()
        return 0

    def begin(self) -> None:
        self.sync.start()

    def close(self) -> None:
        """Sessions, then the sync thread, then the lock."""
        self.supervisor.stop()
        self.sync.stop()
        self._lock.release()

    def stop(self) -> None:
        """Ask `run` to end; from any thread."""
        self._stopping = True

    def _asked_to_stop(self, number: int, frame: FrameType | None) -> None:
        self._stopping = True

    def _tell_sessions(self) -> None:
        from kiosk.engine import sync_thread
        from kiosk.protocol import wire

        told = self.sync.read()
        for byte in told:
            if bytes([byte]) in (sync_thread.LINK_UP, sync_thread.LINK_DOWN):
                self.supervisor.tell(wire.Link(bytes([byte]) == sync_thread.LINK_UP))
        if told:
            self.supervisor.tell(wire.Wake())


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
    except KioskError as fault:
        return RefreshAnswer("environment", fault=fault.engineer)
    return RefreshAnswer("done", report.changed)


def run_session(opened: wire.Open, reading: int, writing: int) -> int:
    """The main of a session process; its exit code."""
    from kiosk.devices.printer import printer_of
    from kiosk.devices.speech import SystemVoice
    from kiosk.ui.session import SessionOptions
    from kiosk.ui.session import run_session as run

    def make_house() -> object:
        from kiosk.desk.house import StoreHouse

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
