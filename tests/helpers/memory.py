"""What lies in the memory of a process: for proving that a visitor's words are gone."""

from __future__ import annotations

import re
from pathlib import Path

CHUNK = 16 * 1024 * 1024


def holds(pid: int, text: str) -> bool:
    """Whether the writable memory of a process holds `text` as UTF-8, or as UTF-16 (Qt's strings)."""
    needles = (text.encode(), text.encode("utf-16-le"))
    overlap = max(map(len, needles))
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            found = re.match(r"([0-9a-f]+)-([0-9a-f]+) (\S+)", line)
            if found is None or not found[3].startswith("rw") or line.endswith(("[vvar]", "[vsyscall]")):
                continue
            at, end = int(found[1], 16), int(found[2], 16)
            while at < end:
                try:
                    memory.seek(at)
                    data = memory.read(min(CHUNK, end - at))
                except (OSError, ValueError):
                    break
                if any(needle in data for needle in needles):
                    return True
                at += max(len(data) - overlap, 1) if len(data) > overlap and at + len(data) < end else len(data) or 1
    return False
