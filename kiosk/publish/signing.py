"""The TUF metadata of a repository: read what is there, sign what is new.

Rules. The TUF specification 1.0, consistent snapshots, one Ed25519 key a role. A version goes up by one whenever
something new is signed. Root, targets and snapshot are signed anew when they changed, half of their term is over or
their key is a new one; the timestamp every time, last of all, so that a reader sees the old content or the new, never a
part of it. What the folder holds is believed only if our keys signed it. It does not know what a target holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from msgspec import Struct
from securesystemslib.signer import CryptoSigner
from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import (
    Metadata,
    MetaFile,
    Root,
    Signed,
    Snapshot,
    TargetFile,
    Targets,
    Timestamp,
)
from tuf.api.serialization.json import JSONSerializer

from kiosk.errors import SourceRefused
from kiosk.publish import files
from kiosk.publish.keys import ROLES, ROOT_FILE, PublishKeys

_COMPACT = JSONSerializer(compact=True)


class Terms(Struct, frozen=True):
    """How long signatures count, in days."""

    root_days: float = 365
    targets_days: float = 90
    snapshot_days: float = 90
    timestamp_days: float = 7


DEFAULT_TERMS = Terms()


class RepositoryMetadata:
    """The four top-level roles of one repository folder, as found, and as they are signed next."""

    def __init__(self, folder: Path, keys: PublishKeys, terms: Terms, now: float) -> None:
        self._folder = folder
        self._keys = keys
        self._terms = terms
        self._now = datetime.fromtimestamp(int(now), UTC)
        self.root: Root | None = None
        self.targets: Targets | None = None
        self.snapshot: Snapshot | None = None
        self.timestamp: Timestamp | None = None
        self.written = 0
        self._read()

    def sign(self, targets: Mapping[str, TargetFile] | None) -> None:
        """Sign and write; `targets` None: they have not changed."""
        rotated = self._sign_root()
        assert self.root is not None
        fresh = self.targets is None or targets is not None or "targets" in rotated
        if fresh or self._due(self.targets, self._terms.targets_days):
            version = 1 if self.targets is None else self.targets.version + 1
            listed = dict(targets) if targets is not None else self.targets.targets if self.targets else {}
            self.targets = Targets(version, None, self._until(self._terms.targets_days), listed)
            data = self._put(f"{version}.targets.json", self.targets, "targets")
            self._sign_snapshot(MetaFile.from_data(version, data, ["sha256"]))
        elif "snapshot" in rotated or self._due(self.snapshot, self._terms.snapshot_days):
            assert self.snapshot is not None
            self._sign_snapshot(self.snapshot.meta["targets.json"])
        files.sync_folder(self._folder)
        self._sign_timestamp()

    def _read(self) -> None:
        while (
            data := files.read(self._folder / f"{(self.root.version if self.root else 0) + 1}.root.json")
        ) is not None:
            self.root = self._decoded(Root, data, "root", self.root)
        if self.root is None:
            return
        known = self.root.keys
        ours = [self._keys.signers["root"], *([self._keys.former_root] if self._keys.former_root else [])]
        if not any(signer.public_key.keyid in known for signer in ours):
            raise SourceRefused(f"the repository {self._folder.parent} was signed by another root key than ours")
        data = files.read(self._folder / "timestamp.json")
        if data is None:
            return
        self.timestamp = self._decoded(Timestamp, data, "timestamp", self.root)
        version = self.timestamp.snapshot_meta.version
        self.snapshot = self._decoded(Snapshot, self._needed(f"{version}.snapshot.json"), "snapshot", self.root)
        version = self.snapshot.meta["targets.json"].version
        self.targets = self._decoded(Targets, self._needed(f"{version}.targets.json"), "targets", self.root)

    def _needed(self, name: str) -> bytes:
        data = files.read(self._folder / name)
        if data is None:
            raise SourceRefused(f"the repository {self._folder.parent} lacks metadata/{name}; restore it from its copy")
        return data

    def _decoded(self, kind: type[Any], data: bytes, role: str, delegator: Root | None) -> Any:
        try:
            found: Metadata[Any] = Metadata.from_bytes(data)
            if not isinstance(found.signed, kind):
                raise RepositoryError(f"it is a {found.signed.type}")
            (delegator or found.signed).verify_delegate(role, found.signed_bytes, found.signatures)
        except RepositoryError as error:
            raise SourceRefused(f"{role}.json in {self._folder} is not what we signed: {error}") from error
        return found.signed

    def _sign_root(self) -> set[str]:
        """A new root where one is due; answers the roles whose key is another now: what they signed counts no more."""
        signers = self._keys.signers
        wanted = {role: signers[role].public_key.keyid for role in ROLES}
        has = {role: self.root.roles[role].keyids for role in ROLES} if self.root else {}
        same = all(has.get(role) == [wanted[role]] for role in ROLES)
        if same and not self._due(self.root, self._terms.root_days):
            return set()
        version = self.root.version + 1 if self.root else 1
        root = Root(version, None, self._until(self._terms.root_days), consistent_snapshot=True)
        for role in ROLES:
            root.add_key(signers[role].public_key, role)
        former = self._keys.former_root if self.root and has["root"] != [wanted["root"]] else None
        data = self._put(f"{version}.root.json", root, "root", former)
        files.write(self._keys.folder / ROOT_FILE, data)
        self.root = root
        return {role for role in ROLES if has.get(role) != [wanted[role]]}

    def _sign_snapshot(self, targets: MetaFile) -> None:
        version = self.snapshot.version + 1 if self.snapshot else 1
        self.snapshot = Snapshot(version, None, self._until(self._terms.snapshot_days), {"targets.json": targets})
        self._put(f"{version}.snapshot.json", self.snapshot, "snapshot")

    def _sign_timestamp(self) -> None:
        assert self.snapshot is not None
        data = self._needed(f"{self.snapshot.version}.snapshot.json")
        meta = MetaFile.from_data(self.snapshot.version, data, ["sha256"])
        version = self.timestamp.version + 1 if self.timestamp else 1
        self.timestamp = Timestamp(version, None, self._until(self._terms.timestamp_days), meta)
        self._put("timestamp.json", self.timestamp, "timestamp")
        files.sync_folder(self._folder)

    def _put(self, name: str, signed: Signed, role: str, also: CryptoSigner | None = None) -> bytes:
        metadata: Metadata[Any] = Metadata(signed)
        metadata.sign(self._keys.signers[role])
        if also is not None:
            metadata.sign(also, append=True)
        data: bytes = metadata.to_bytes(_COMPACT)
        files.write(self._folder / name, data)
        self.written += len(data)
        return data

    def _until(self, days: float) -> datetime:
        return self._now + timedelta(days=days)

    def _due(self, signed: Signed | None, days: float) -> bool:
        return signed is None or bool(signed.expires < self._now + timedelta(days=days / 2))
