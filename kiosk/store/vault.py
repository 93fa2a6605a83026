"""What a signed-in person's session may keep: profile, bills, bookings, passes.

Rules. In kiosk mode it is memory of the session process and nothing else: nothing of it reaches a disk, and `close`
overwrites what it held before the process ends. It hands out copies. The desktop's encrypted file is another Vault.
It does not fetch or understand what it keeps.
"""

from __future__ import annotations

from typing import Protocol


class Vault(Protocol):
    """Named bytes of one person, for one session."""

    def put(self, name: str, data: bytes) -> None: ...

    def get(self, name: str) -> bytes | None: ...

    def names(self) -> tuple[str, ...]: ...

    def close(self) -> None: ...


class MemoryVault:
    """The vault of a kiosk. After `close` it is empty and takes nothing."""

    def __init__(self) -> None:
        self._held: dict[str, bytearray] = {}
        self._closed = False

    def put(self, name: str, data: bytes) -> None:
        """Keep a copy of `data`, in the place of what had this name."""
        if self._closed:
            raise ValueError("this vault is closed")
        self._wipe(name)
        self._held[name] = bytearray(data)

    def get(self, name: str) -> bytes | None:
        """A copy of what was kept, or None."""
        held = self._held.get(name)
        return None if held is None else bytes(held)

    def names(self) -> tuple[str, ...]:
        """What is kept, by name, in order."""
        return tuple(sorted(self._held))

    def close(self) -> None:
        """Overwrite and forget everything; twice does no harm."""
        for name in list(self._held):
            self._wipe(name)
        self._closed = True

    def _wipe(self, name: str) -> None:
        held = self._held.pop(name, None)
        if held is not None:
            held[:] = bytes(len(held))
