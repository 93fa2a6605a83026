"""What came before a cut, so that the next attempt continues and does not begin anew.

Rules. Only bodies named by their hash are kept: the file of such a name is the same for ever, so two halves belong
together. What is kept is public content, not yet verified, and is verified when it is whole. It is deleted when an
update was applied or when the whole is not what was signed. A part that cannot be written is no fault: it only means
that the next attempt begins anew.
"""

from __future__ import annotations

import re
import shutil
from contextlib import suppress
from pathlib import Path

_HASHED = re.compile(r"[0-9a-f]{64}\.[A-Za-z0-9.-]{1,40}")


class Part:
    """What is kept of one body: its beginning (`<name>.part`) or the whole (`<name>`)."""

    def __init__(self, path: Path) -> None:
        self._whole = path
        self._part = path.with_name(f"{path.name}.part")

    def read(self) -> tuple[bytes, bool]:
        """The bytes, and whether they are the whole."""
        for path, whole in ((self._whole, True), (self._part, False)):
            with suppress(OSError):
                return path.read_bytes(), whole
        return b"", False

    def append(self, chunk: bytes) -> None:
        with suppress(OSError):
            self._part.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with self._part.open("ab") as file:
                file.write(chunk)

    def finish(self) -> None:
        """The body has come to its end."""
        with suppress(OSError):
            self._part.replace(self._whole)

    def forget(self) -> bool:
        """Delete what is kept; answers whether there was anything."""
        there = self._whole.exists() or self._part.exists()
        for path in (self._whole, self._part):
            with suppress(OSError):
                path.unlink()
        return there


class Incoming:
    """The folder of the parts."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def part(self, url: str) -> Part | None:
        """The part of a body; None when its name says no hash."""
        name = url.rpartition("/")[2]
        return Part(self._folder / name) if _HASHED.fullmatch(name) else None

    def clear(self) -> None:
        """Delete every part."""
        shutil.rmtree(self._folder, ignore_errors=True)
