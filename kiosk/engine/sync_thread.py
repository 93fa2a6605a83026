"""The sync worker's thread in the engine: starts it once the device is enrolled, and tells the sessions what changed.

Rules. The thread has its own connection to the store and its own HTTP client. What it tells goes through a pipe of
single bytes that the engine's main thread listens to; a lost byte costs nothing: everything is derived from the store.
The store is read through at the start and before each refresh of content, so that damage in a corner that nobody visits
is found. Damage of the file is told and ends the work: the engine sets the store aside. Any other error, a document of
another version of the program too, is logged and the work begins anew after a pause: the sync never dies while the
engine lives.
"""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from pathlib import Path

from kiosk.config import Settings
from kiosk.engine.refresh import refresh
from kiosk.errors import DamagedStore, EnvironmentFault, KioskError
from kiosk.log import logger
from kiosk.protocol import wire
from kiosk.store import counterfoil, device, slot_upkeep
from kiosk.store.database import check, open_store
from kiosk.store.keys import StoreKey
from kiosk.sync.channel import Channel
from kiosk.sync.client import make_client
from kiosk.sync.worker import Worker

_log = logger("sync")
PAUSE_S = 5.0
LINK_UP, LINK_DOWN, CHANGED, DAMAGED = b"U", b"D", b"C", b"X"


class SyncThread:
    """`changes` is a descriptor that becomes readable when the link, the outbox or the content has changed."""

    def __init__(self, profile: Path, key: StoreKey, settings: Settings) -> None:
        self._profile = profile
        self._key = key
        self._settings = settings
        self._worker: Worker | None = None
        self._stop = threading.Event()
        self._wake = threading.Event()
        self.changes, self._tell = os.pipe()
        os.set_blocking(self._tell, False)
        os.set_blocking(self.changes, False)
        self._telling = threading.Lock()
        self._told_no_more = False
        self._thread = threading.Thread(target=self._run, name="sync", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def wake(self) -> None:
        """There may be something to do."""
        self._wake.set()

    def session_crashed(self) -> None:
        """A session ended badly: an envelope file may lie there without its row."""
        if self._worker is not None:
            self._worker.reconcile_soon()
        self._wake.set()

    def stop(self, wait_s: float = 30.0) -> None:
        """Finish the request under way, then end."""
        self._stop.set()
        self._wake.set()
        if self._thread.ident is not None:
            self._thread.join(wait_s)
        with self._telling:
            self._told_no_more = True
        os.close(self._tell)
        os.close(self.changes)

    def read(self) -> bytes:
        """The bytes told since the last call."""
        try:
            return os.read(self.changes, 4096)
        except BlockingIOError:
            return b""

    def link_changed(self, up: bool) -> None:
        self._say(LINK_UP if up else LINK_DOWN)

    def outbox_changed(self) -> None:
        self._say(CHANGED)

    def content_changed(self) -> None:
        self._say(CHANGED)

    def _say(self, byte: bytes) -> None:
        # A descriptor that is closed may be somebody else's by now.
        with self._telling, suppress(BlockingIOError):
            if not self._told_no_more:
                os.write(self._tell, byte)

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self._work()
            except DamagedStore as damage:
                _log.error("the store is damaged", error=damage.engineer)
                if self._file_is_damaged():
                    self._say(DAMAGED)
                    return
            except KioskError as error:
                _log.error("sync cannot run", error=error.engineer)
            except Exception:
                _log.exception("the sync worker failed; beginning anew")
            self._stop.wait(PAUSE_S)

    def _read_through(self) -> None:
        if problems := check(self._profile, self._key):
            raise DamagedStore(problems[0])

    def _file_is_damaged(self) -> bool:
        try:
            return bool(check(self._profile, self._key))
        except KioskError:
            return False  # it cannot be told now; the next turn meets it again

    def _work(self) -> None:
        self._read_through()
        with open_store(self._profile, self._key) as store, make_client(self._settings) as client:
            while (known := device.identity(store)) is None:
                if self._stop.wait(1.0):
                    return

            def refreshed() -> bool:
                self._read_through()
                changed = refresh(opened, self._stop) > 0
                look_after(slots=changed)
                return changed

            def look_after(slots: bool) -> None:
                try:
                    counterfoil.keep(store, self._key)
                except DamagedStore:
                    raise
                except EnvironmentFault as fault:
                    _log.warning("the counterfoil could not be kept", error=fault.engineer)
                if slots:
                    # Here and not in the engine's first moments: sealing imports cryptography.
                    slot_upkeep.look_after(store, self._key, allow_file=self._settings.demo)

            look_after(slots=True)
            opened = wire.Open(str(self._profile), self._key.raw.hex(), self._settings)
            worker = Worker(
                store,
                self._profile,
                Channel(client, self._settings.backend_url, lambda: device.speaker(store, known)),
                cap_s=self._settings.link_probe_cap_s,
                listener=self,
                refresh=refreshed,
                refresh_every_s=self._settings.content_every_s,
                kept_s=self._settings.settled_kept_days * 86400.0,
                chunk_bytes=self._settings.upload_chunk_kib * 1024,
                drafts_kept_s=self._settings.drafts_kept_days * 86400.0,
            )
            self._worker = worker
            self.link_changed(worker.link_up)
            worker.run(self._stop, self._wake)
