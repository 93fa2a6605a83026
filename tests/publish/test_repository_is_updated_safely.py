"""A repository grows only where content changed, appears whole or not at all, and needs its own keys."""

from __future__ import annotations

from pathlib import Path

import pytest
from tuf.api.metadata import Metadata, Root, Targets

from kiosk.errors import ConfigurationError, ContentRefused, SourceRefused
from kiosk.model.content import Document
from kiosk.publish import files, keys, publish, repository
from kiosk.publish.repository import PublishReport
from tests.publish.small_source import SERVICES, write
from tests.publish.small_source import files as small_files

DAY = 86_400.0


class Editor:
    """Publishes into one folder, a minute later each time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.repo = folder / "repo"
        self.clock = 1_800_000_000.0

    def publish(self, made: dict[str, str]) -> PublishReport:
        self.clock += 60
        documents = [Document(f"service/{name}", body.encode()) for name, body in made.items()]
        return repository.write(self.repo, documents, keys.load_or_make(self.folder / "keys"), now=lambda: self.clock)

    def files(self) -> dict[str, bytes]:
        return {str(path.relative_to(self.repo)): path.read_bytes() for path in self.repo.rglob("*") if path.is_file()}


@pytest.fixture
def editor(tmp_path: Path) -> Editor:
    return Editor(tmp_path)


def test_the_first_publishing_makes_keys_and_a_root(editor: Editor) -> None:
    report = editor.publish({"S1": "one", "S2": "two"})
    assert (report.version, report.documents, report.changed) == (1, 2, 2)
    assert report.bytes == sum(map(len, editor.files().values()))
    for role in keys.ROLES:
        assert (editor.folder / "keys" / f"{role}.pem").stat().st_mode & 0o777 == 0o600
    root = (editor.folder / "keys" / "root.json").read_bytes()
    assert root == editor.files()["metadata/1.root.json"]
    signed = Metadata[Root].from_bytes(root).signed
    assert signed.consistent_snapshot
    assert {key.scheme for key in signed.keys.values()} == {"ed25519"} and len(signed.keys) == 4


def test_nothing_changed_renews_only_the_timestamp(editor: Editor) -> None:
    editor.publish({"S1": "one"})
    before = editor.files()
    report = editor.publish({"S1": "one"})
    after = editor.files()
    assert (report.version, report.changed) == (1, 0)
    assert {name for name in after if after[name] != before.get(name)} == {"metadata/timestamp.json"}
    assert report.bytes == len(after["metadata/timestamp.json"])


def test_what_did_not_change_is_not_written_again(editor: Editor) -> None:
    editor.publish({"S1": "one", "S2": "two"})
    before = {path: path.stat().st_mtime_ns for path in (editor.repo / "documents").iterdir()}
    report = editor.publish({"S1": "one", "S2": "other", "S3": "three"})
    assert (report.version, report.documents, report.changed) == (2, 3, 2)
    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert len(list((editor.repo / "documents").iterdir())) == 4, "the old document stays for clients in between"


def test_there_are_few_targets(editor: Editor) -> None:
    editor.publish({f"S{n}": f"{n}" for n in range(4_200)})
    (path,) = (editor.repo / "metadata").glob("*.targets.json")
    assert 240 < len(Metadata[Targets].from_file(str(path)).signed.targets) <= 256


def test_a_crash_before_the_timestamp_changes_nothing_for_readers(
    editor: Editor, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor.publish({"S1": "one"})
    before = editor.files()
    honest = files.write

    def crash(path: Path, data: bytes, mode: int = 0o644) -> None:
        if path.name == "timestamp.json":
            raise KeyboardInterrupt
        honest(path, data, mode)

    monkeypatch.setattr(files, "write", crash)
    with pytest.raises(KeyboardInterrupt):
        editor.publish({"S1": "two"})
    after = editor.files()
    assert {name: after[name] for name in before} == before
    monkeypatch.setattr(files, "write", honest)
    assert editor.publish({"S1": "three"}).version == 2


def test_prune_keeps_what_the_newest_versions_name(editor: Editor) -> None:
    for n in range(6):
        editor.publish({"S1": f"edition {n}", "S2": "same"})
    assert repository.prune(editor.repo, keep=2) > 0
    left = editor.files()
    assert sum(name.startswith("documents/") for name in left) == 3
    assert {name for name in left if name.endswith(("targets.json", "root.json"))} == {
        "metadata/1.root.json",
        "metadata/5.targets.json",
        "metadata/6.targets.json",
    }
    assert repository.prune(editor.repo, keep=2) == 0
    assert editor.publish({"S1": "edition 6", "S2": "same"}).version == 7


@pytest.mark.parametrize("keep", [1, 2])
def test_prune_keeps_what_is_signed_after_a_crash(editor: Editor, monkeypatch: pytest.MonkeyPatch, keep: int) -> None:
    for n in range(4):
        editor.publish({"S1": f"edition {n}"})
    honest = files.write

    def crash(path: Path, data: bytes, mode: int = 0o644) -> None:
        if path.name == "timestamp.json":
            raise KeyboardInterrupt
        honest(path, data, mode)

    monkeypatch.setattr(files, "write", crash)
    with pytest.raises(KeyboardInterrupt):
        editor.publish({"S1": "never signed"})
    monkeypatch.setattr(files, "write", honest)
    repository.prune(editor.repo, keep=keep)
    left = sorted(name for name in editor.files() if name.endswith("targets.json"))
    assert left == [f"metadata/{version}.targets.json" for version in range(5 - keep, 6)]
    assert editor.publish({"S1": "edition 5"}).version == 5


def test_prune_of_what_is_not_whole_deletes_nothing(editor: Editor) -> None:
    for n in range(4):
        editor.publish({"S1": f"edition {n}"})
    (editor.repo / "metadata" / "timestamp.json").unlink()
    before = editor.files()
    with pytest.raises(SourceRefused, match="not whole"):
        repository.prune(editor.repo, keep=1)
    assert editor.files() == before


def test_other_keys_do_not_publish_here(editor: Editor) -> None:
    editor.publish({"S1": "one"})
    (editor.folder / "keys").rename(editor.folder / "away")
    before = editor.files()
    with pytest.raises(SourceRefused, match="another root key"):
        editor.publish({"S1": "two"})
    assert editor.files() == before


@pytest.mark.parametrize("pattern", ["metadata/timestamp.json", "metadata/1.targets.json", "metadata/1.root.json"])
def test_metadata_that_somebody_changed_is_noticed(editor: Editor, pattern: str) -> None:
    editor.publish({"S1": "one"})
    path = editor.repo / pattern
    path.write_bytes(path.read_bytes().replace(b'"version":1', b'"version":3'))
    with pytest.raises(SourceRefused):
        editor.publish({"S1": "two"})


def test_a_target_that_somebody_changed_or_lost_is_noticed(editor: Editor) -> None:
    editor.publish({"S1": "one"})
    for path in (editor.repo / "targets").iterdir():
        path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(SourceRefused, match="not what was signed"):
        editor.publish({"S1": "two"})
    (editor.repo / "metadata" / "1.snapshot.json").unlink()
    with pytest.raises(SourceRefused, match=r"lacks metadata/1\.snapshot\.json"):
        editor.publish({"S1": "two"})


def test_two_documents_of_one_id_and_an_id_that_is_none(editor: Editor) -> None:
    made = keys.load_or_make(editor.folder / "keys")
    twice = [Document("service/S1", b"1"), Document("service/S1", b"2")]
    with pytest.raises(SourceRefused, match="two documents"):
        repository.write(editor.repo, twice, made)
    with pytest.raises(ContentRefused, match="not the id"):
        repository.write(editor.repo, [Document("../S1", b"1")], made)
    assert not editor.repo.exists()


def test_keys_that_are_missing_readable_by_others_or_no_keys(tmp_path: Path) -> None:
    keys.load_or_make(tmp_path)
    (tmp_path / "targets.pem").chmod(0o644)
    with pytest.raises(ConfigurationError, match="0600"):
        keys.load_or_make(tmp_path)
    (tmp_path / "targets.pem").chmod(0o600)
    (tmp_path / "targets.pem").write_text("nonsense")
    with pytest.raises(ConfigurationError, match="cannot be read"):
        keys.load_or_make(tmp_path)
    (tmp_path / "targets.pem").unlink()
    with pytest.raises(ConfigurationError, match=r"lacks targets\.pem"):
        keys.load_or_make(tmp_path)


def test_a_key_of_no_role_is_not_rotated(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError):
        keys.rotate(tmp_path, "root")
    with pytest.raises(ConfigurationError):
        keys.rotate(tmp_path, "../x")


def test_publish_goes_from_sources_to_a_signed_repository(tmp_path: Path) -> None:
    source = write(tmp_path / "source", small_files())
    report = publish(source, tmp_path / "repo", tmp_path / "keys", backend_keys=None)
    assert (report.version, report.documents, report.changed) == (1, 10, 10)
    made = small_files()
    made[SERVICES]["services"][0]["kind"] = "dance"
    before = {path: path.read_bytes() for path in (tmp_path / "repo").rglob("*") if path.is_file()}
    with pytest.raises(SourceRefused):
        publish(write(source, made), tmp_path / "repo", tmp_path / "keys", backend_keys=None)
    assert {path: path.read_bytes() for path in (tmp_path / "repo").rglob("*") if path.is_file()} == before
