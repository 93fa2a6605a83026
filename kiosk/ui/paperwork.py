"""Printing or saving one paper, and what to tell about it: shared by receipt, checklist and saved application. No Qt.

Rules. One at a time for each view-model; the work runs as an errand. A fault of a device is told in its own words, a
folder that cannot be written in plain ones; nothing of it is lost, the visitor may press again.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from kiosk.errors import DeviceFault, KioskError
from kiosk.ui.errands import Errands
from kiosk.ui.visit import Visit

# On the desktop the printer may stand anywhere: nobody is told to take the paper "below".
ELSEWHERE = {
    "receipt.printed": "receipt.printed_desktop",
    "receipt.list_printed": "receipt.list_printed_desktop",
    "draft.printed": "draft.printed_desktop",
}


class Paperwork:
    """`changed` is called on the main thread whenever `busy` or `notice` change; `printed`, `saved` and `unprinted` are
    keys of words, the last for a printer that fails ("" for the fault's own).
    """

    def __init__(
        self,
        visit: Visit,
        errands: Errands,
        changed: Callable[[], None],
        printed: str = "receipt.printed",
        saved: str = "receipt.saved",
        unprinted: str = "",
    ) -> None:
        self._visit = visit
        self._errands = errands
        self._changed = changed
        self._notice: tuple[str, dict[str, str]] | None = None
        self._printed, self._saved, self._unprinted = printed, saved, unprinted
        self.busy = False
        self.failed = False
        """The last attempt did not come to anything."""

    @property
    def notice(self) -> str:
        """What became of it, in the visitor's language; "" before."""
        return self._visit.t(self._notice[0], **self._notice[1]) if self._notice else ""

    def forget(self) -> None:
        self._notice, self.failed = None, False

    def print(self, work: Callable[[], None]) -> None:
        """Print in the worker; does nothing while something is under way."""
        desktop = self._visit.settings.mode == "desktop"
        self._run(work, "receipt.printing", ELSEWHERE[self._printed] if desktop else self._printed, {})

    def save(self, make: Callable[[], bytes], target: Path) -> None:
        """Make a PDF and write it to `target` in the worker."""

        def work() -> None:
            target.write_bytes(make())

        self._run(work, "receipt.saving", self._saved, {"file": target.name})

    def _run(self, work: Callable[[], None], begun: str, done: str, arguments: dict[str, str]) -> None:
        if self.busy:
            return
        self.busy, self.failed, self._notice = True, False, (begun, {})
        self._changed()

        def finished(_: Any, error: BaseException | None) -> None:
            self.busy, self.failed = False, error is not None
            self._notice = (done, arguments) if error is None else (self._words_for(error), {})
            self._changed()

        self._errands.run(work, finished)

    def _words_for(self, error: BaseException) -> str:
        if isinstance(error, DeviceFault) and self._unprinted:
            return self._unprinted
        if isinstance(error, KioskError):
            return error.visitor
        return "receipt.not_saved" if isinstance(error, OSError) else "error.general"


def path_of(target: str) -> Path:
    """A path, or the file: URL of a file dialog, as a path."""
    if not target.startswith("file:"):
        return Path(target)
    from urllib.request import url2pathname

    return Path(url2pathname(urlsplit(target).path))
