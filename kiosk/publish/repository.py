"""A repository folder: signed metadata, targets and document files, ready for any web server or a USB stick.

    metadata/    <n>.root.json <n>.targets.json <n>.snapshot.json timestamp.json      python-tuf, consistent snapshots
    targets/     <sha256>.{pack,dictionary,changes,manifest-<n>}
    documents/   <sha256>.<dictionary>.zst (protocol/pack.py); not targets: the manifests give hash and length

Rules. Files named by content are written first, the timestamp last: a power cut or a reader in between sees the old
content whole. Compressing and waiting for the disk go on several threads; the same documents give the same bytes. The
content version goes up only when a document changed; then only what changed is written. Files of earlier versions stay
for clients in the middle of an update, until `prune`. One publisher at a time. It does not judge
documents (check.py does).
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

import msgspec
from msgspec import Struct
from tuf.api.exceptions import StorageError
from tuf.api.metadata import Metadata, Snapshot, TargetFile, Targets, Timestamp
from tuf.api.serialization import DeserializationError

from kiosk.errors import ContentRefused, SourceRefused
from kiosk.model.content import Document
from kiosk.model.form import FormDefinition
from kiosk.protocol import manifest, pack
from kiosk.protocol.manifest import Changes, ContentIndex, Row
from kiosk.publish import files
from kiosk.publish.keys import PublishKeys
from kiosk.publish.signing import DEFAULT_TERMS, RepositoryMetadata, Terms

_FORM = "form/"
_LEAST_CHANGES = 24
_CHANGES_SHARE = 50
_WRITERS = 8
"""Threads that write documents: what they wait for together, the disk does together."""


class PublishReport(Struct, frozen=True):
    """`version` of the content, how many `documents` it has, how many `changed`, `bytes` of the files written."""

    version: int
    documents: int
    changed: int
    bytes: int


def write(
    repo: Path,
    documents: Sequence[Document],
    keys: PublishKeys,
    *,
    now: Callable[[], float] = time.time,
    terms: Terms = DEFAULT_TERMS,
) -> PublishReport:
    """Build or update the repository. Without a change only signatures are renewed.

    Raises SourceRefused (two documents of one id, an id that is none, a repository of other keys), StorageFull,
    EnvironmentFault.
    """
    moment = now()
    metadata = RepositoryMetadata(repo / "metadata", keys, terms, moment)
    before = _Published(repo, metadata.targets.targets if metadata.targets else {})
    rows = _rows(documents)
    changes = _compare(before, rows)
    if before.index is not None and not changes.rows and not changes.removed:
        metadata.sign(None)
        return PublishReport(before.index.version, len(rows), 0, metadata.written)
    writer = _Writer(repo)
    with ThreadPoolExecutor(1) as beside:
        packed = beside.submit(pack.pack, documents)
        dictionary = before.dictionary_for(len(rows)) or pack.train([one.body for one in documents])
        codec = pack.Codec(dictionary)
        writer.documents(documents, codec)
    history = _history(before.changes, changes, len(rows))
    index = ContentIndex(
        version=changes.version,
        documents=len(rows),
        shards=manifest.shard_count(len(rows)),
        size=sum(one.length for one in rows.values()),
        created=datetime.fromtimestamp(int(moment), UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        dictionary=codec.dictionary,
        changes_from=history[-1].version - 1 if history else changes.version,
    )
    digests = {one.id: (one.sha256, one.length) for one in rows.values()}
    for number, data in enumerate(manifest.manifests(digests, index.shards)):
        writer.target(manifest.manifest_name(number), data)
    writer.target(manifest.CHANGES, manifest.encode_changes(history))
    if dictionary:
        writer.target(manifest.DICTIONARY, pack.squeeze(dictionary))
    writer.target(manifest.PACK, packed.result(), msgspec.to_builtins(index))
    writer.finish()
    metadata.sign(writer.targets)
    return PublishReport(
        index.version, len(rows), len(changes.rows) + len(changes.removed), writer.written + metadata.written
    )


def forms_replaced(repo: Path, documents: Sequence[Document], keys: PublishKeys) -> dict[str, FormDefinition]:
    """The forms as they are published that `documents` would change, by their ids; none in a new repository.

    Raises SourceRefused for a repository of other keys, or one that is not what was signed.
    """
    metadata = RepositoryMetadata(repo / "metadata", keys, DEFAULT_TERMS, 0)
    before = _Published(repo, metadata.targets.targets if metadata.targets else {})
    found: dict[str, FormDefinition] = {}
    for document in documents:
        row = before.rows.get(document.id)
        if document.id.startswith(_FORM) and row is not None and row != manifest.row(document.id, document.body):
            found[document.id.removeprefix(_FORM)] = before.form(row)
    return found


def prune(repo: Path, *, keep: int = 3) -> int:
    """Delete what none of the newest `keep` signed versions of targets and snapshot names; answers how many files.

    Versions, not ages: a client in the middle of an update reads the version before, however old its files are. What
    the timestamp names is the newest; what a publisher that died had written beyond it stays. Raises SourceRefused for
    a repository that is not whole: then nothing is deleted.
    """
    folder = repo / "metadata"
    snapshot, signed = _named(folder)
    targets = _newest(folder, "targets.json", keep, signed)
    kept = {"timestamp.json", *(path.name for path in targets + _newest(folder, "snapshot.json", keep, snapshot))}
    for path in targets:
        listed = Metadata[Targets].from_file(str(path)).signed.targets
        kept |= {_target_file(name, target.hashes["sha256"]) for name, target in listed.items()}
        published = _Published(repo, listed)
        dictionary = published.index.dictionary if published.index else ""
        kept |= {pack.document_name(one.sha256, dictionary) for one in published.rows.values()}
    gone = 0
    for place in ("metadata", "targets", "documents"):
        for path in sorted((repo / place).iterdir()):
            if path.name not in kept and not path.name.endswith(".root.json"):
                path.unlink()
                gone += 1
    return gone


class _Published:
    """What signed targets publish; empty for a new repository. Every target is checked against its signed hash."""

    def __init__(self, repo: Path, targets: dict[str, TargetFile]) -> None:
        self._repo = repo
        self._targets = targets
        self.index: ContentIndex | None = None
        self.rows: dict[str, Row] = {}
        self.changes: list[Changes] = []
        if manifest.PACK not in targets:
            return
        self.index = msgspec.convert(targets[manifest.PACK].custom, ContentIndex)
        for number in range(self.index.shards):
            self.rows |= {one.id: one for one in manifest.decode(self._target(manifest.manifest_name(number)))}
        self.changes = manifest.decode_changes(self._target(manifest.CHANGES))

    def dictionary_for(self, documents: int) -> bytes:
        """The dictionary in use, or b"" when there is none or there are now more than twice the documents."""
        if self.index is None or not self.index.dictionary or documents > 2 * self.index.documents:
            return b""
        return pack.unsqueeze(self._target(manifest.DICTIONARY))

    def form(self, row: Row) -> FormDefinition:
        """A published form, checked against its signed hash. Raises SourceRefused."""
        assert self.index is not None
        name = pack.document_name(row.sha256, self.index.dictionary)
        try:
            data = files.read(self._repo / "documents" / name)
            body = self._codec.expand(data or b"", row.length)
            if hashlib.sha256(body).digest() != row.sha256:
                raise ContentRefused("it is another one")
            return msgspec.json.decode(body, type=FormDefinition)
        except (ContentRefused, msgspec.MsgspecError) as error:
            raise SourceRefused(
                f"the document {row.id} of {self._repo} is not what was signed; restore it from its copy"
            ) from error

    @cached_property
    def _codec(self) -> pack.Codec:
        return pack.Codec(self.dictionary_for(0))

    def _target(self, name: str) -> bytes:
        sha256 = self._targets[name].hashes["sha256"]
        data = files.read(self._repo / "targets" / _target_file(name, sha256))
        if data is None or hashlib.sha256(data).hexdigest() != sha256:
            raise SourceRefused(f"the target {name} of {self._repo} is not what was signed; restore it from its copy")
        return data


class _Writer:
    """Writes the files that are named by their content, and lists the targets."""

    def __init__(self, repo: Path) -> None:
        self._repo = repo
        self.targets: dict[str, TargetFile] = {}
        self.written = 0

    def target(self, name: str, data: bytes, custom: object = None) -> None:
        sha256 = hashlib.sha256(data).hexdigest()
        extra = {} if custom is None else {"custom": custom}
        self.targets[name] = TargetFile(len(data), {"sha256": sha256}, name, extra)
        self.written += files.write_new(self._repo / "targets" / _target_file(name, sha256), data)

    def documents(self, documents: Sequence[Document], codec: pack.Codec) -> None:
        """Write those that are not there. Most of the time is spent waiting for the disk, file by file."""
        folder = self._repo / "documents"
        there = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
        named = {pack.document_name(hashlib.sha256(one.body).digest(), codec.dictionary): one for one in documents}
        new = [(name, one.body) for name, one in named.items() if name not in there]
        own = threading.local()  # a codec serves one thread at a time

        def write_one(name: str, body: bytes) -> int:
            if not hasattr(own, "codec"):
                own.codec = codec.another()
            data: bytes = own.codec.compress(body)
            files.write(folder / name, data)
            return len(data)

        with ThreadPoolExecutor(_WRITERS) as threads:
            self.written += sum(threads.map(lambda one: write_one(*one), new))

    def finish(self) -> None:
        for folder in ("documents", "targets"):
            files.sync_folder(self._repo / folder)


def _target_file(name: str, sha256: str) -> str:
    return f"{sha256}.{name}"


def _rows(documents: Sequence[Document]) -> dict[str, Row]:
    rows: dict[str, Row] = {}
    for document in documents:
        if document.id in rows:
            raise SourceRefused(f"two documents have the id {document.id}")
        if len(document.body) > manifest.MOST_BYTES:
            raise SourceRefused(f"the document {document.id} is longer than {manifest.MOST_BYTES} bytes")
        rows[document.id] = manifest.row(document.id, document.body)
    if len(rows) > manifest.MOST_DOCUMENTS:
        raise SourceRefused(f"more than {manifest.MOST_DOCUMENTS} documents are not published in one repository")
    return rows


def _compare(before: _Published, rows: dict[str, Row]) -> Changes:
    version = before.index.version + 1 if before.index else 1
    changed = sorted(one for one in rows.values() if before.rows.get(one.id) != one)
    return Changes(version, tuple(changed), tuple(sorted(before.rows.keys() - rows.keys())))


def _history(past: Sequence[Changes], newest: Changes, documents: int) -> list[Changes]:
    """The changes worth publishing, newest first: few rows, since every client reads them all.

    Empty when the newest version changed more than a quarter: its clients take the pack.
    """
    if (len(newest.rows) + len(newest.removed)) * 4 > documents:
        return []
    kept: list[Changes] = []
    room = max(_LEAST_CHANGES, documents // _CHANGES_SHARE)
    for block in (newest, *past):
        room -= len(block.rows) + len(block.removed)
        if kept and room < 0:
            break
        kept.append(block)
    return kept


def _named(folder: Path) -> tuple[int, int]:
    """The versions of snapshot and targets that the timestamp leads to. Raises SourceRefused."""
    try:
        timestamp = Metadata[Timestamp].from_file(str(folder / "timestamp.json")).signed
        version = timestamp.snapshot_meta.version
        snapshot = Metadata[Snapshot].from_file(str(folder / f"{version}.snapshot.json")).signed
    except (StorageError, DeserializationError) as error:
        raise SourceRefused(f"the repository {folder.parent} is not whole; publish it again: {error}") from error
    return version, snapshot.meta["targets.json"].version


def _newest(folder: Path, ending: str, keep: int, signed: int) -> list[Path]:
    """The files of the newest `keep` versions up to the signed one, and any beyond it."""
    found = {
        int(path.name.partition(".")[0]): path
        for path in folder.glob(f"*.{ending}")
        if path.name.partition(".")[0].isdigit()
    }
    old = sorted((version for version in found if version <= signed), reverse=True)[keep:]
    return [path for version, path in found.items() if version not in old]
