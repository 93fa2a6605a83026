"""The audit chain: entries that each name the SHA-256 of the one before.

Rules. An entry is deterministic CBOR [hash of the entry before, time, event, detail]; the first names 32 zero bytes.
Changing, dropping, adding or moving an entry breaks the chain behind it. A chain that was cut at its end is still a
chain: whoever must notice keeps the hash of the last entry elsewhere (`last` of `verify`). Entries say what the machine
did, never what a visitor answered.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import msgspec
from msgspec import Struct

from kiosk.errors import Refusal
from kiosk.protocol import cbor

MOST_BYTES = 8 * 1024
_START = bytes(32)


class AuditEntry(Struct, frozen=True):
    """`time` UNIX seconds, `event` a dotted name ("submission.committed"), `detail` short values by name."""

    time: int
    event: str
    detail: dict[str, str | int] = {}


def head(entry: bytes) -> bytes:
    """The hash that the next entry must name: SHA-256 of an entry, or 32 zero bytes for b""."""
    return hashlib.sha256(entry).digest() if entry else _START


def append(previous: bytes, entry: AuditEntry) -> bytes:
    """The bytes of the next entry. `previous` is the whole last entry, b"" at the start."""
    return cbor.encode([head(previous), entry.time, entry.event, entry.detail])


def read(data: bytes) -> tuple[bytes, AuditEntry]:
    """The hash that an entry names, and the entry. Raises Refusal for bytes that are none."""
    value = cbor.decode(data, MOST_BYTES)
    match value:
        case [bytes(previous), *rest] if len(previous) == 32 and len(rest) == 3:
            try:
                return previous, msgspec.convert(dict(zip(AuditEntry.__struct_fields__, rest, strict=True)), AuditEntry)
            except msgspec.ValidationError as error:
                raise Refusal("not an audit entry") from error
    raise Refusal("not an audit entry")


def verify(entries: Iterable[bytes], last: bytes | None = None) -> int | None:
    """The index of the first entry that breaks the chain, None when it is whole.

    With `last` (the hash kept elsewhere) a chain that ends too early breaks at its length.
    """
    previous, index = b"", -1
    for index, entry in enumerate(entries):
        try:
            named, _ = read(entry)
        except Refusal:
            return index
        if named != head(previous):
            return index
        previous = entry
    return index + 1 if last is not None and head(previous) != last else None
