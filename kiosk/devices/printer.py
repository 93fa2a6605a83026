"""Printers: a port, and the two that exist today.

Rules. A document goes to the printer through a pipe or a folder that the installation names; nothing of it is
kept here. A fault never loses the result: the screen keeps the code and printing can be tried again.
It does not lay anything out (paper/) and does not watch the queue of the printer.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from kiosk.errors import ConfigurationError, DeviceFault

TIMEOUT_S = 15


class Printer(Protocol):
    """Something that puts a PDF on paper."""

    def print_pdf(self, document: bytes) -> None:
        """Raises DeviceFault with one sentence for staff."""
        ...


class QueuePrinter:
    """A queue of the printing system (CUPS), by its command `lp`."""

    def __init__(self, queue: str) -> None:
        self._queue = queue

    def print_pdf(self, document: bytes) -> None:
        command = ["lp", "-d", self._queue, "-o", "media=A4", "-s", "-"]
        try:
            done = subprocess.run(command, input=document, capture_output=True, timeout=TIMEOUT_S, check=False)
        except FileNotFoundError as error:
            raise DeviceFault("the printing system (command lp) is not installed") from error
        except OSError as error:
            raise DeviceFault(f"the command lp cannot be run: {error.strerror}") from error
        except subprocess.TimeoutExpired as error:
            raise DeviceFault(f"the printer {self._queue} does not answer") from error
        if done.returncode:
            raise DeviceFault(f"the printer {self._queue} refused: {done.stderr.decode(errors='replace').strip()}")


class FolderPrinter:
    """A folder that something else prints from; also the printer of the demo."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def print_pdf(self, document: bytes) -> None:
        name = ""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            descriptor, name = tempfile.mkstemp(suffix=".tmp", dir=self._folder)
            with os.fdopen(descriptor, "wb") as file:
                file.write(document)
            Path(name).rename(Path(name).with_suffix(".pdf"))
        except OSError as error:
            if name:
                with suppress(OSError):
                    Path(name).unlink()
            raise DeviceFault(f"the print folder {self._folder} cannot be written: {error.strerror}") from error


def printer_of(setting: str) -> Printer | None:
    """The printer that the setting names: "" none, "queue:NAME", "folder:DIR". Raises ConfigurationError."""
    if not setting:
        return None
    kind, _, name = setting.partition(":")
    if kind == "queue" and name:
        return QueuePrinter(name)
    if kind == "folder" and name:
        return FolderPrinter(Path(name))
    raise ConfigurationError(f"the setting printer = {setting!r} is neither queue:NAME nor folder:DIR")


def queue_is_there(setting: str) -> bool:
    """Whether the printer of the setting can be used as far as this machine knows (for doctor)."""
    kind, _, name = setting.partition(":")
    return bool(name) and (kind == "folder" or shutil.which("lp") is not None)
