"""Published content comes in: fetched, verified, applied in one transaction.

Rules. What the store holds is compared with the signed manifests every time, so an update that was cut anywhere is
simply continued by the next. An empty store takes the solid pack; a few changes come as single documents, found by the
signed list of changes or by the manifests of the shards that differ. Whichever way they came, the rows that result
must give exactly the signed manifests, or nothing is applied and the old content stays in use. Verified metadata goes
back to the store after every refresh, failed ones too. A USB stick is the same over a folder.

It judges no signature (trusted.py) and knows no HTTP (fetcher.py).
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from kiosk.catalogue import analysis
from kiosk.catalogue.ports import Analyse
from kiosk.errors import ContentRefused, UsageError
from kiosk.model.content import Document
from kiosk.protocol import manifest
from kiosk.protocol.manifest import ContentIndex, Row
from kiosk.store import clock
from kiosk.store import documents as stored
from kiosk.store.clock import Moment
from kiosk.sync.remembered import refreshed, with_ours

if TYPE_CHECKING:
    import httpx

    from kiosk.protocol.bundle import Bundle
    from kiosk.store.database import Store
    from kiosk.sync.fetcher import Fetcher
    from kiosk.sync.trusted import Trusted

Digests = Mapping[str, tuple[bytes, int]]

_PACK_SHARE = 4
"""The pack is taken when more than a quarter of all bytes changed."""


class Spent(Struct):
    """Body bytes and requests of a run so far; a run that fails has them too."""

    bytes: int = 0
    requests: int = 0


class SyncReport(Struct, frozen=True):
    """`version` of the content in use, its `documents`; this run's body `bytes` and `requests`; documents `changed`."""

    version: int
    documents: int
    bytes: int
    requests: int
    changed: int


def update(
    store: Store,
    *,
    root: bytes,
    base_url: str = "",
    directory: Path | None = None,
    bundle: Bundle | None = None,
    client: httpx.Client | None = None,
    now: Callable[[], float] = time.time,
    look: Callable[[Callable[[], float]], Moment] = clock.look,
    analyse: Analyse = analysis.analyse,
    spent: Spent | None = None,
) -> SyncReport:
    """Bring the store to the newest published content, from `base_url` by `client`, a `directory` or a `bundle`.

    `root` is the TUF root that the device was given; `look` reads both clocks, the wall clock by `now`; `spent` is
    filled in, whatever the end. Raises NetworkFault (try again later), ContentRefused (the source must not be believed;
    the old content stays), StorageFull, DamagedStore, EnvironmentFault.
    """
    # They load python-tuf and httpx, which a starting program does not wait for.
    from kiosk.sync.fetcher import FOLDER_URL, BundleFetcher, FolderFetcher, HttpFetcher
    from kiosk.sync.incoming import Incoming
    from kiosk.sync.trusted import Source

    incoming = Incoming(store.profile / "incoming")
    fetcher: Fetcher
    if bundle is not None:
        fetcher, base_url = BundleFetcher(bundle), FOLDER_URL
    elif directory is not None:
        fetcher, base_url = FolderFetcher(directory), FOLDER_URL
    elif client is not None and base_url:
        fetcher = HttpFetcher(client, incoming)
    else:
        raise UsageError("published content comes from an address or from a folder; neither is set")
    moment = look(now)
    try:
        with refreshed(store, fetcher, Source.under(base_url), root, moment) as trusted:
            index = trusted.index()
            changed = _Update(store, trusted, index, moment).run(analyse)
    finally:
        if spent is not None:
            spent.bytes, spent.requests = fetcher.bytes, fetcher.requests
    incoming.clear()
    return SyncReport(index.version, index.documents, fetcher.bytes, fetcher.requests, changed)


class _Update:
    """One update of the store towards one verified index."""

    def __init__(self, store: Store, trusted: Trusted, index: ContentIndex, moment: Moment) -> None:
        self._store = store
        self._trusted = trusted
        self._index = index
        self._moment = moment
        self._known = stored.trust(store)
        self._dictionary = self._known.get(manifest.DICTIONARY, b"")
        self._have: Digests = stored.digests(store)
        self._made: dict[str, bytes] = {}

    def run(self, analyse: Analyse) -> int:
        """Fetch and apply; answers how many documents changed."""
        index = self._index
        state = stored.content_state(self._store)
        if index.version < state.version:
            raise ContentRefused(
                f"the published content is version {index.version}, older than version {state.version} in use"
            )
        if not 1 <= index.shards <= 250 or not 0 <= index.documents <= manifest.MOST_DOCUMENTS:
            raise ContentRefused("the published content says numbers that it cannot have")
        if not self._differ(self._have):
            if index.version == state.version:
                stored.save_trust(self._store, self._trust(), verified_at=self._verified_at())
                return 0
            added: list[Document] = []
            removed: list[str] = []
        elif len(self._have) * 2 > index.documents:
            added, removed = self._single_documents(state.version)
        else:
            added, removed = self._whole_pack()
        if index.dictionary and _sha256(self._dictionary) != index.dictionary:
            self._fetch_dictionary()
        stored.apply(
            self._store,
            version=index.version,
            verified_at=self._verified_at(),
            added=added,
            removed=removed,
            trust=self._trust(),
            analyse=analyse,
            digests=self._made,
        )
        return len(added) + len(removed)

    def _trust(self) -> dict[str, bytes]:
        """The metadata, and beside it the dictionary and the mark of a verification that has succeeded."""
        mark = clock.write_mark(clock.read_mark(self._known), self._moment, clock.unix(self._index.created) or 0.0)
        return with_ours(self._trusted.metadata(), {manifest.DICTIONARY: self._dictionary, clock.MARK: mark})

    def _verified_at(self) -> str:
        return clock.iso(max(self._trusted.at, clock.unix(self._index.created) or 0.0))

    def _single_documents(self, version: int) -> tuple[list[Document], list[str]]:
        wanted = self._by_changes(version) or self._by_manifests()
        rows = [row for row in wanted.values() if self._have.get(row.id) != (row.sha256, row.length)]
        if sum(row.length for row in rows) * _PACK_SHARE > self._index.size:
            return self._whole_pack()
        return self._documents(rows), sorted(self._have.keys() - wanted.keys())

    def _by_changes(self, version: int) -> dict[str, Row] | None:
        """The rows of the new content by the signed list of changes; None when it does not lead from here to there."""
        if not self._index.changes_from <= version < self._index.version:
            return None
        wanted = {id_: Row(id_, *digest) for id_, digest in self._have.items()}
        for block in reversed(manifest.decode_changes(self._trusted.fetch(manifest.CHANGES))):
            if block.version > version:
                wanted.update((row.id, row) for row in block.rows)
                for document_id in block.removed:
                    wanted.pop(document_id, None)
        return None if self._differ(_digests(wanted)) else wanted

    def _by_manifests(self) -> dict[str, Row]:
        shards = self._index.shards
        differing = set(self._differ(self._have))
        wanted = {
            id_: Row(id_, *digest) for id_, digest in self._have.items() if manifest.shard(id_, shards) not in differing
        }
        for number in sorted(differing):
            for row in manifest.decode(self._trusted.fetch(manifest.manifest_name(number))):
                if manifest.shard(row.id, shards) != number:
                    raise ContentRefused(f"the document {row.id} stands in a manifest that is not its own")
                wanted[row.id] = row
        return wanted

    def _documents(self, rows: list[Row]) -> list[Document]:
        from kiosk.protocol import pack

        if rows and self._index.dictionary and _sha256(self._dictionary) != self._index.dictionary:
            self._fetch_dictionary()
        codec = pack.Codec(self._dictionary if self._index.dictionary else b"")
        found = []
        for row in rows:

            def expand(data: bytes, length: int = row.length) -> bytes:
                return codec.expand(data, length)

            name = pack.document_name(row.sha256, codec.dictionary)
            body = self._trusted.document(name, row.sha256, expand, row.length + pack.FRAME_BYTES)
            found.append(Document(row.id, body))
        return found

    def _whole_pack(self) -> tuple[list[Document], list[str]]:
        from kiosk.protocol import pack

        all_documents = pack.unpack(self._trusted.fetch(manifest.PACK))
        rows = {one.id: manifest.row(one.id, one.body) for one in all_documents}
        if self._differ(_digests(rows)):
            raise ContentRefused("the pack of the published content is not what its manifests say")
        self._made = {row.id: row.sha256 for row in rows.values()}
        added = [one for one in all_documents if self._have.get(one.id) != (rows[one.id].sha256, rows[one.id].length)]
        return added, sorted(self._have.keys() - rows.keys())

    def _fetch_dictionary(self) -> None:
        from kiosk.protocol import pack

        dictionary = pack.unsqueeze(self._trusted.fetch(manifest.DICTIONARY))
        if _sha256(dictionary) != self._index.dictionary:
            raise ContentRefused("the published dictionary is not the one that the documents were made with")
        self._dictionary = dictionary

    def _differ(self, digests: Digests) -> list[int]:
        """The shards in which these rows are not the signed ones."""
        return [
            number
            for number, data in enumerate(manifest.manifests(digests, self._index.shards))
            if hashlib.sha256(data).digest() != self._trusted.sha256(manifest.manifest_name(number))
        ]


def _digests(rows: Mapping[str, Row]) -> Digests:
    return {row.id: (row.sha256, row.length) for row in rows.values()}


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
