"""`<profile>/keys.json`: which slots keep the store key, and which key each should give.

Rules. A slot is a kind, an id `<kind>-<number>` and the key check value of its key. Numbers are not used twice while
anything of the old number may be left. `discarded` lists places that may still hold something that counts no more: they
are written here before anything is put into a new place and before an old one is emptied, so that a process that dies
in between leaves nothing that nobody knows of. The file is replaced whole. Changing it is done under `changing`.
It holds no key and touches no slot.

    {"profile": "<32 hex digits>", "slots": [{"kind": "keyring", "id": "keyring-1", "check": "<16 hex digits>"}]}
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from kiosk.errors import EnvironmentFault, KeyUnavailable
from kiosk.store.files import fault, private_folder, write_durably

SlotKind = Literal["keyring", "credential", "file", "recovery"]
FILE = "keys.json"
_LOCK = "keys.lock"


class Slot(Struct, frozen=True, forbid_unknown_fields=True):
    """One place that keeps the key. `check` is the key check value of the key it should give."""

    kind: SlotKind
    id: str
    check: str

    @property
    def number(self) -> int:
        digits = self.id.rpartition("-")[2]
        return int(digits) if digits.isascii() and digits.isdecimal() else 1


class Slots(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The slots file. `profile` is a random id, the user name in the keyring."""

    profile: str
    slots: tuple[Slot, ...]
    discarded: tuple[Slot, ...] = ()

    def next(self, kind: SlotKind, check: str) -> Slot:
        """A slot of this kind under a number that is free."""
        taken = [slot.number for slot in (*self.slots, *self.discarded) if slot.kind == kind]
        return Slot(kind, f"{kind}-{max(taken, default=0) + 1}", check)

    @property
    def checks(self) -> frozenset[str]:
        """The key check values in use: two of them while the data key is being renewed."""
        return frozenset(slot.check for slot in self.slots)


def read(profile: Path) -> Slots | None:
    """The slots of a profile, None before there are any. Raises KeyUnavailable when the file cannot be understood."""
    path = profile / FILE
    try:
        return msgspec.json.decode(path.read_bytes(), type=Slots)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise KeyUnavailable(f"the list of key slots {path} cannot be read ({error}); put back a copy of it") from error


def save(profile: Path, listed: Slots) -> None:
    """Durable when it returns. Raises StorageFull, EnvironmentFault."""
    write_durably(profile / FILE, msgspec.json.encode(listed))


@contextmanager
def changing(profile: Path) -> Generator[None]:
    """One process at a time changes the slots of a profile. Raises EnvironmentFault when another one is at it."""
    private_folder(profile)
    try:
        descriptor = os.open(profile / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise fault(error, f"the key slots of {profile} cannot be changed") from error
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise EnvironmentFault(f"another process is changing the key slots of {profile}; try again") from error
        yield
    finally:
        os.close(descriptor)
