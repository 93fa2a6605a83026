"""The keeper: lets go of what is over its term, and holds the place of uploads against the tables.

Rules. It works in small transactions, between naps; what it did is logged as numbers, what failed by its type. Stopping
it waits for the transaction that is begun.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from kiosk.backend.database import Database
from kiosk.backend.retention import forget
from kiosk.backend.settings import BackendSettings
from kiosk.backend.upload_keeping import let_go, sweep
from kiosk.backend.upload_place import UploadPlace
from kiosk.log import logger

_log = logger("backend")


class Keeper:
    """Lets go every so often on a thread of its own."""

    def __init__(
        self, database: Database, place: UploadPlace, settings: BackendSettings, now: Callable[[], float]
    ) -> None:
        self._database = database
        self._place = place
        self._settings = settings
        self._next_sweep = now()
        self._every_s = settings.forget_every_s
        self._terms = settings.keep
        self._now = now
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="keeper", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Finish the transaction that is begun and end."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(self._every_s):
            try:
                done = self._round()
            except Exception as error:  # a database that is away: its words may hold data, its type does not
                _log.error("nothing can be let go of now", error=type(error).__name__)
            else:
                if any(done.values()):
                    _log.info("terms are over", **done)

    def _round(self) -> dict[str, int]:
        now = self._now()
        files = let_go(self._database, self._place, self._terms, now)
        done = {f"attachments_{term}": count for term, count in files.items() if count}
        done |= {term: count for term, count in forget(self._database, self._terms, now).items() if count}
        if now >= self._next_sweep:
            self._next_sweep = now + self._settings.sweep_every_s
            swept = sweep(self._database, self._place, now, self._settings.attachments_wait_days)
            done |= {"parts_without_a_row": swept.parts, "uploads_without_parts": swept.uploads}
        return done
