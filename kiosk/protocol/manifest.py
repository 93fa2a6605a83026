"""Manifests: which documents are published, in bytes that a client can make again from its own rows.

Rules. A manifest is canonical: the same rows give the same bytes, so a client hashes what it holds and compares with
the signed hash of the target, and keeps no manifest. A document belongs to the shard that the SHA-256 of its id says.
Whatever is not exactly canonical is refused. Nothing here is trusted by itself: python-tuf decides about the bytes.

    manifest = "MDM1" row*          row = head sha256[32] varint(length of the body in bytes)
    head     = varint(bytes shared with the id before) varint(bytes that follow) rest of the id   (rows in order of ids)
    changes  = "MDC1" block*        newest content version first, versions without a gap
    block    = varint(version) varint(rows) row* varint(removed) head*      (ids start anew in both lists)
    varint   = unsigned LEB128

It does not read or write files, and it does not know what a document says (pack.py carries documents).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping

from msgspec import Struct

from kiosk.errors import ContentRefused
from kiosk.protocol.varint import Reader, varint

PACK = "pack"
DICTIONARY = "dictionary"
CHANGES = "changes"
MOST_DOCUMENTS = 200_000
MOST_BYTES = 64 * 1024 * 1024
"""The longest single document."""

_ID = re.compile(r"[a-z][a-z0-9_-]{0,31}/[A-Za-z0-9._-]{1,96}")
_MANIFEST = b"MDM1"
_CHANGES = b"MDC1"


class Row(Struct, frozen=True, order=True):
    """One published document: its id, the SHA-256 of its body (32 bytes) and the body's length in bytes."""

    id: str
    sha256: bytes
    length: int


class Changes(Struct, frozen=True):
    """What one content version changed against the one before it."""

    version: int
    rows: tuple[Row, ...]
    removed: tuple[str, ...] = ()


class ContentIndex(Struct, frozen=True):
    """What the signed target `pack` says about the content (`custom` in its target metadata).

    `version` counts changes of content; `created` is UTC, ISO 8601; `size` the bytes of all bodies; `dictionary` the
    SHA-256 of the zstd dictionary in hex ("": none); `changes_from`: the target `changes` leads from this version on.
    """

    version: int
    documents: int
    shards: int
    size: int
    created: str
    dictionary: str
    changes_from: int


def shard_count(documents: int) -> int:
    """How many manifests a repository of so many documents has; with the other targets never more than 256.

    Each target costs about 110 bytes of signed metadata in every update, each row of a fetched manifest about 40.
    """
    return 8 if documents <= 4_000 else 240


def shard(document_id: str, shards: int) -> int:
    """The manifest a document belongs to, 0 to shards - 1."""
    return int.from_bytes(hashlib.sha256(document_id.encode()).digest()[:4], "big") % shards


def manifest_name(number: int) -> str:
    """The TUF target of a manifest."""
    return f"manifest-{number}"


def row(document_id: str, body: bytes) -> Row:
    """The row of a document. Raises ContentRefused for an id that is not `<kind>/<name>`."""
    return Row(checked_id(document_id), hashlib.sha256(body).digest(), len(body))


def checked_id(document_id: str) -> str:
    """The id itself. Raises ContentRefused."""
    if not _ID.fullmatch(document_id):
        raise ContentRefused(f"{document_id!r} is not the id of a document")
    return document_id


def encode(rows: Iterable[Row]) -> bytes:
    """The canonical bytes of a manifest."""
    return _MANIFEST + _rows(rows)


def decode(data: bytes) -> list[Row]:
    """The rows of a manifest. Raises ContentRefused for bytes that are not canonical."""
    if not data.startswith(_MANIFEST):
        raise ContentRefused("a manifest does not begin as one")
    reader = Reader(data, len(_MANIFEST))
    rows: list[Row] = []
    before = ""
    while not reader.ended:
        rows.append(_read_row(reader, before))
        before = rows[-1].id
    if encode(rows) != data:
        raise ContentRefused("a manifest is not canonical")
    return rows


def manifests(digests: Mapping[str, tuple[bytes, int]], shards: int) -> list[bytes]:
    """The canonical bytes of every shard, from document id -> (SHA-256, length)."""
    parts: list[list[Row]] = [[] for _ in range(shards)]
    for document_id, (sha256, length) in digests.items():
        parts[shard(document_id, shards)].append(Row(document_id, sha256, length))
    return [encode(part) for part in parts]


def encode_changes(blocks: Iterable[Changes]) -> bytes:
    """The canonical bytes of the changes, newest version first."""
    parts = [_CHANGES]
    for block in sorted(blocks, key=lambda one: -one.version):
        before = ""
        parts += [varint(block.version), varint(len(block.rows)), _rows(block.rows), varint(len(block.removed))]
        for document_id in sorted(block.removed):
            parts.append(head(document_id, before))
            before = document_id
    return b"".join(parts)


def decode_changes(data: bytes) -> list[Changes]:
    """The changes, newest version first. Raises ContentRefused for bytes that are not canonical."""
    if not data.startswith(_CHANGES):
        raise ContentRefused("the changes do not begin as such")
    reader = Reader(data, len(_CHANGES))
    blocks: list[Changes] = []
    while not reader.ended:
        version = reader.varint()
        rows: list[Row] = []
        for _ in range(reader.varint()):
            rows.append(_read_row(reader, rows[-1].id if rows else ""))
        removed: list[str] = []
        for _ in range(reader.varint()):
            removed.append(read_head(reader, removed[-1] if removed else ""))
        if blocks and version != blocks[-1].version - 1:
            raise ContentRefused("the changes have a gap")
        blocks.append(Changes(version, tuple(rows), tuple(removed)))
    if encode_changes(blocks) != data:
        raise ContentRefused("the changes are not canonical")
    return blocks


def _rows(rows: Iterable[Row]) -> bytes:
    parts: list[bytes] = []
    before = ""
    for one in sorted(rows):
        parts += [head(one.id, before), one.sha256, varint(one.length)]
        before = one.id
    return b"".join(parts)


def head(document_id: str, before: str) -> bytes:
    """An id after the one before it in order."""
    shared = 0
    for ours, theirs in zip(document_id, before, strict=False):
        if ours != theirs:
            break
        shared += 1
    rest = document_id[shared:].encode()
    return varint(shared) + varint(len(rest)) + rest


def _read_row(reader: Reader, before: str) -> Row:
    return Row(read_head(reader, before), reader.take(32), reader.varint(MOST_BYTES))


def read_head(reader: Reader, before: str) -> str:
    """The next id. Raises ContentRefused for one that is none or does not come after the one before."""
    shared = reader.varint(len(before))
    rest = reader.take(reader.varint(256))
    document_id = checked_id(before[:shared] + rest.decode("ascii", "replace"))
    if document_id <= before:
        raise ContentRefused("the ids of a manifest are not in order")
    return document_id
