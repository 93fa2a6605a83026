"""Published documents, and what was trusted when they came.

Rules. One update is one transaction: documents, list rows, search index, trust and version change together or not at
all. What is stored is what was verified, byte for byte; the digest is of these bytes. Nothing is verified here
(sync/published does), and no document is kept that was not published.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import TypeVar

import msgspec

from kiosk.catalogue import analysis
from kiosk.catalogue.ports import Analyse
from kiosk.errors import ContentMissing, ContentRefused, DamagedStore
from kiosk.model.content import ContentState, Document
from kiosk.store.database import Store

T = TypeVar("T")


def get(store: Store, document_id: str, type: type[T]) -> T:
    """A document as a model Struct. Raises ContentMissing, and DamagedStore when it is not of this type."""
    try:
        return msgspec.json.decode(body(store, document_id), type=type)
    except msgspec.DecodeError as error:
        raise DamagedStore(f"the document {document_id} is not a {type.__name__}: {error}; sync anew") from error


def body(store: Store, document_id: str) -> bytes:
    """The bytes of a document. Raises ContentMissing."""
    row = store.row("SELECT body FROM documents WHERE id = ?", (document_id,))
    if row is None:
        raise ContentMissing(f"the store holds no document {document_id}")
    return bytes(row[0])


def ids(store: Store, kind: str) -> list[str]:
    """Ids of the documents of a kind (`service`, `form` ...), in order, with the kind in front."""
    return [row[0] for row in store.rows("SELECT id FROM documents WHERE id > ? AND id < ? ORDER BY id", _span(kind))]


def every(store: Store, kind: str, type: type[T]) -> list[T]:
    """All documents of a kind as model Structs, in order of their ids. Raises DamagedStore."""
    decoder = msgspec.json.Decoder(type)
    found = store.rows("SELECT body FROM documents WHERE id > ? AND id < ? ORDER BY id", _span(kind))
    try:
        return [decoder.decode(row[0]) for row in found]
    except msgspec.DecodeError as error:
        raise DamagedStore(f"a document of the kind {kind} is not a {type.__name__}: {error}; sync anew") from error


def digests(store: Store) -> dict[str, tuple[bytes, int]]:
    """Document id -> (SHA-256, length in bytes)."""
    return {row[0]: (row[1], row[2]) for row in store.rows("SELECT id, sha256, length FROM documents")}


def content_state(store: Store) -> ContentState:
    """What the store holds. Version 0 before the first update."""
    row = store.row("SELECT version, verified_at, documents FROM content")
    return ContentState(0, None, 0) if row is None else ContentState(*row)


def trust(store: Store) -> dict[str, bytes]:
    """Metadata name (`root.json`, `timestamp.json` ...) -> bytes, as last verified."""
    return {row[0]: bytes(row[1]) for row in store.rows("SELECT name, body FROM trust")}


def save_trust(store: Store, metadata: Mapping[str, bytes], *, verified_at: str | None = None) -> None:
    """Keep metadata in the place of what was kept, also after an update that failed; a transaction of its own.

    With `verified_at` the content in use was found to be the newest: its age starts anew.
    """
    with store.transaction():
        _put_trust(store, metadata)
        if verified_at is not None:
            store.execute("UPDATE content SET verified_at = ?", (verified_at,))


def apply(
    store: Store,
    *,
    version: int,
    verified_at: str,
    added: Iterable[Document],
    removed: Iterable[str],
    trust: Mapping[str, bytes],
    analyse: Analyse = analysis.analyse,
    digests: Mapping[str, bytes] | None = None,
) -> None:
    """Bring in one verified update: all of it, or nothing of it.

    `added` are new and changed documents, `removed` ids; `analyse` makes index terms (catalogue.analysis); `digests`
    by id are SHA-256 sums that the caller has made of these very bodies. Raises
    StorageFull, DamagedStore, EnvironmentFault; ContentRefused for a service or theme that is not one.
    """
    from kiosk.store import indexing  # a session only reads

    documents = list(added)
    gone = list(removed)
    made = digests or {}
    with store.transaction():
        change = indexing.before(store, {*gone, *(one.id for one in documents)})
        try:
            with indexing.prepared(change, documents, analyse) as index:
                store.executemany("DELETE FROM documents WHERE id = ?", ((document_id,) for document_id in gone))
                store.insert(
                    "documents (id, sha256, length, body)",
                    [
                        (one.id, made.get(one.id) or hashlib.sha256(one.body).digest(), len(one.body), one.body)
                        for one in documents
                    ],
                    "ON CONFLICT (id) DO UPDATE "
                    "SET sha256 = excluded.sha256, length = excluded.length, body = excluded.body",
                )
                indexing.update(store, change, documents, gone, analyse, index)
        except msgspec.DecodeError as error:
            raise ContentRefused(
                f"published content version {version} holds a service or theme we cannot read: {error}"
            ) from error
        _put_trust(store, trust)
        store.execute(
            "UPDATE content SET version = ?, verified_at = ?, documents = (SELECT count(*) FROM documents)",
            (version, verified_at),
        )


def _put_trust(store: Store, metadata: Mapping[str, bytes]) -> None:
    store.execute("DELETE FROM trust")
    store.executemany("INSERT INTO trust (name, body) VALUES (?, ?)", metadata.items())


def _span(kind: str) -> tuple[str, str]:
    return f"{kind}/", f"{kind}0"
