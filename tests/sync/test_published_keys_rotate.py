"""Signing keys are renewed and stolen ones put out of use, and nobody else can do either."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import Metadata, MetaFile, Snapshot, Targets, Timestamp

from kiosk.errors import ContentRefused
from kiosk.publish import keys as publish_keys
from kiosk.publish import repository
from kiosk.store import documents
from tests.sync.content_world import World, bodies, content, world

BEFORE = content(30)
AFTER = content(30, changed=(3,))


@pytest.fixture
def here(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path) as one:
        one.publish(BEFORE)
        one.sync()
        yield one


def rotate(here: World, role: str) -> None:
    publish_keys.rotate(here.folder / "keys", role)
    here.publish(AFTER)


def refused(here: World, match: str) -> None:
    with pytest.raises(ContentRefused, match=match):
        here.sync()
    assert here.held() == bodies(BEFORE)


@pytest.mark.parametrize("role", publish_keys.ROLES)
def test_a_new_key_is_followed(here: World, role: str) -> None:
    shipped = here.root
    rotate(here, role)
    assert here.sync(root=shipped).version == 2
    assert here.held() == bodies(AFTER)


@pytest.mark.parametrize("role", ["targets", "snapshot", "timestamp"])
def test_the_key_before_signs_nothing_any_more(here: World, role: str) -> None:
    thief = here.keys
    rotate(here, role)
    here.sync()
    forge(here, {**publish_keys.load_or_make(here.folder / "keys").signers, role: thief.signers[role]})
    with pytest.raises(ContentRefused, match=f"{role} was signed by 0/1 keys"):
        here.sync()
    assert here.held() == bodies(AFTER)


def forge(here: World, signers: Mapping[str, CryptoSigner]) -> None:
    """Newer targets, snapshot and timestamp in the repository, each by the signer given."""
    folder = here.repo / "metadata"
    stamp = Metadata[Timestamp].from_file(str(folder / "timestamp.json"))
    snapshot = Metadata[Snapshot].from_file(str(folder / f"{stamp.signed.snapshot_meta.version}.snapshot.json"))
    version = snapshot.signed.meta["targets.json"].version + 1
    targets = Metadata[Targets].from_file(str(folder / f"{version - 1}.targets.json"))
    targets.signed.version = version
    targets.sign(signers["targets"])
    targets.to_file(str(folder / f"{version}.targets.json"))
    data = (folder / f"{version}.targets.json").read_bytes()
    snapshot.signed.meta["targets.json"] = MetaFile.from_data(version, data, ["sha256"])
    snapshot.signed.version += 1
    snapshot.sign(signers["snapshot"])
    name = f"{snapshot.signed.version}.snapshot.json"
    snapshot.to_file(str(folder / name))
    meta = MetaFile.from_data(snapshot.signed.version, (folder / name).read_bytes(), ["sha256"])
    stamp.signed.snapshot_meta = meta
    stamp.signed.version += 1
    stamp.sign(signers["timestamp"])
    stamp.to_file(str(folder / "timestamp.json"))


def test_a_device_that_is_many_roots_behind_follows_each(here: World) -> None:
    shipped = here.root
    for role in ("timestamp", "root", "targets", "root", "snapshot"):
        rotate(here, role)
    assert (here.repo / "metadata" / "6.root.json").exists()
    assert here.sync(root=shipped).version == 2
    assert "root_history/6.root.json" in documents.trust(here.store)


def test_a_root_that_the_former_root_did_not_sign(here: World) -> None:
    former = here.keys.signers["root"].public_key.keyid
    rotate(here, "root")
    path = here.repo / "metadata" / "2.root.json"
    root = Metadata.from_file(str(path))
    del root.signatures[former]
    root.to_file(str(path))
    refused(here, "not signed")


def test_a_root_that_only_the_former_root_signed(here: World) -> None:
    former = here.keys.signers["root"].public_key.keyid
    rotate(here, "root")
    path = here.repo / "metadata" / "2.root.json"
    root = Metadata.from_file(str(path))
    for keyid in list(root.signatures):
        if keyid != former:
            del root.signatures[keyid]
    root.to_file(str(path))
    refused(here, "not signed")


def test_a_root_that_skips_a_version(here: World) -> None:
    rotate(here, "root")
    rotate(here, "root")
    folder = here.repo / "metadata"
    (folder / "2.root.json").write_bytes((folder / "3.root.json").read_bytes())
    refused(here, "refused|not signed|rollback")


def test_a_root_once_followed_is_not_forgotten(here: World) -> None:
    shipped = here.root
    before = here.photograph("before")
    rotate(here, "timestamp")
    here.sync(root=shipped)
    here.site.folder = before
    with pytest.raises(ContentRefused):
        here.sync(root=shipped)
    assert "root_history/2.root.json" in documents.trust(here.store)


def test_a_fast_forward_by_a_stolen_key_is_healed_by_new_keys(here: World) -> None:
    """The thief of the online keys signs version 1,000,000; then nothing newer could ever come (TUF 5.3.11)."""
    signers, folder = here.keys.signers, here.repo / "metadata"
    honest = (folder / "timestamp.json").read_bytes()
    meta = Metadata[Timestamp].from_bytes(honest).signed.snapshot_meta
    until = datetime.fromtimestamp(here.clock, UTC).replace(microsecond=0) + timedelta(days=5)
    far = Metadata(Timestamp(1_000_000, None, until, meta))
    far.sign(signers["timestamp"])
    far.to_file(str(folder / "timestamp.json"))
    assert here.sync().changed == 0

    (folder / "timestamp.json").write_bytes(honest)
    repository.write(here.repo, AFTER, here.keys, now=here.now)
    refused(here, "rollback")

    rotate(here, "timestamp")
    assert here.sync().version == 2
    assert here.held() == bodies(AFTER)
