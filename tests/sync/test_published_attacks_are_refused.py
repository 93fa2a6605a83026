"""Whoever owns the mirror or the line cannot bring in other content, older content, or half of it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
import zstandard

from kiosk.errors import ContentRefused, KioskError, NetworkFault
from kiosk.model.content import Document
from kiosk.publish import keys as publish_keys
from kiosk.publish import repository
from kiosk.publish.signing import Terms
from kiosk.store import documents
from kiosk.store.database import open_store
from kiosk.store.keys import load
from kiosk.sync import published
from tests.sync import content_site
from tests.sync.content_site import Behaviour, send
from tests.sync.content_world import DAY, World, bodies, content, world

BEFORE = content(60)
AFTER = content(60, changed=(3, 30))
METADATA = (r"/timestamp\.json", r"\.snapshot\.json", r"\.targets\.json")


@pytest.fixture
def here(tmp_path: Path) -> Iterator[World]:
    """A kiosk that has version 1, and a repository that has version 2."""
    with world(tmp_path) as one:
        one.publish(BEFORE)
        one.sync()
        one.photograph("before")
        one.publish(AFTER)
        yield one


def refused(here: World, error: type[KioskError] | tuple[type[KioskError], ...], match: str | None = None) -> None:
    """The sync fails so, the content before stays whole, and an honest source mends it."""
    with pytest.raises(error, match=match):
        here.sync()
    assert here.held() == bodies(BEFORE)
    assert documents.content_state(here.store).version == 1


def mended(here: World) -> None:
    here.site.behave.clear()
    assert here.sync().version == 2
    assert here.held() == bodies(AFTER)


def instead(body: bytes) -> Behaviour:
    def answer(handler: BaseHTTPRequestHandler, data: bytes) -> None:
        send(handler, body)

    return answer


@pytest.mark.parametrize("pattern", METADATA)
def test_metadata_with_a_wrong_byte(here: World, pattern: str) -> None:
    here.site.behave[pattern] = content_site.spoil
    refused(here, (ContentRefused, NetworkFault))
    mended(here)


@pytest.mark.parametrize("pattern", METADATA)
def test_metadata_signed_by_others(here: World, tmp_path: Path, pattern: str) -> None:
    others = publish_keys.load_or_make(tmp_path / "thief")
    for made in (BEFORE, AFTER):
        repository.write(tmp_path / "forged", made, others, now=here.now)
    name = dict(zip(METADATA, ("timestamp.json", "2.snapshot.json", "2.targets.json"), strict=True))[pattern]
    here.site.behave[pattern] = instead((tmp_path / "forged" / "metadata" / name).read_bytes())
    refused(here, ContentRefused, "not signed|not what was signed")
    mended(here)


def test_a_whole_mirror_signed_by_others(here: World, tmp_path: Path) -> None:
    others = publish_keys.load_or_make(tmp_path / "thief")
    for made in (BEFORE, AFTER, AFTER):
        repository.write(tmp_path / "forged", made, others, now=here.now)
    shipped = here.root
    here.site.folder = tmp_path / "forged"
    with pytest.raises(ContentRefused, match="not signed by the keys"):
        here.sync(root=shipped)
    assert here.held() == bodies(BEFORE)


def test_a_root_that_is_none_and_a_root_of_others(here: World, tmp_path: Path) -> None:
    with pytest.raises(ContentRefused, match="root"):
        here.sync(root=b"{}")
    others = publish_keys.load_or_make(tmp_path / "thief")
    repository.write(tmp_path / "forged", BEFORE, others, now=here.now)
    with pytest.raises(ContentRefused, match="not signed"):
        here.sync(root=(tmp_path / "forged" / "metadata" / "1.root.json").read_bytes())
    assert here.held() == bodies(BEFORE)


def test_an_older_mirror_is_a_rollback(here: World) -> None:
    here.sync()
    here.site.folder = here.folder / "before"
    with pytest.raises(ContentRefused, match="rollback"):
        here.sync()
    assert here.held() == bodies(AFTER)


def test_an_older_stick_is_a_rollback(here: World) -> None:
    here.sync()
    with pytest.raises(ContentRefused, match="rollback"):
        published.update(here.store, root=here.root, directory=here.folder / "before", now=here.now)
    assert here.held() == bodies(AFTER)


def test_a_rollback_is_refused_after_a_restart(here: World) -> None:
    here.sync()
    here.store.close()
    here.site.folder = here.folder / "before"
    profile = here.folder / "profile"
    with open_store(profile, load(profile, allow_file=True)) as reopened:
        with pytest.raises(ContentRefused, match="rollback"):
            here.sync(store=reopened)
        assert here.held(reopened) == bodies(AFTER)


def test_what_a_failed_refresh_saw_is_remembered(here: World) -> None:
    here.site.behave["/documents/"] = content_site.broken
    refused(here, NetworkFault, "503")
    here.site.behave.clear()
    current, here.site.folder = here.site.folder, here.folder / "before"
    refused(here, ContentRefused, "rollback")
    here.site.folder = current
    mended(here)


def test_an_old_content_version_under_new_signatures(here: World) -> None:
    here.sync()
    shipped = here.root
    again = here.folder / "again"
    shutil.copytree(
        here.repo / "metadata", again / "metadata", ignore=lambda _, names: [n for n in names if "root" not in n]
    )
    for _ in range(6):
        here.clock += 60
        repository.write(again, BEFORE, here.keys, now=here.now, terms=Terms(targets_days=1e-4, snapshot_days=1e-4))
    here.site.folder = again
    here.clock -= 55
    with pytest.raises(ContentRefused, match="version 1, older than version 2"):
        here.sync(root=shipped)
    assert here.held() == bodies(AFTER)


@pytest.mark.parametrize("name", ["snapshot.json", "targets.json"])
def test_new_and_old_metadata_are_not_mixed(here: World, name: str) -> None:
    old = (here.folder / "before" / "metadata" / f"1.{name}").read_bytes()
    here.site.behave[rf"2\.{name}"] = instead(old)
    refused(here, ContentRefused)
    mended(here)


def test_a_frozen_mirror_is_refused_once_its_signatures_expire(here: World) -> None:
    here.sync()
    here.clock += 6.9 * DAY
    assert here.sync().changed == 0
    here.clock += 0.2 * DAY
    with pytest.raises(ContentRefused, match="expired"):
        here.sync()
    assert here.held() == bodies(AFTER)
    here.publish(AFTER)
    assert here.sync().version == 2


def test_signatures_are_renewed_before_they_end(here: World) -> None:
    shipped = here.root
    for _ in range(30):
        here.clock += 20 * DAY
        here.publish(AFTER)
        assert here.sync(root=shipped).version == 2
    assert (here.repo / "metadata" / "2.root.json").exists()


def test_an_expired_root_is_refused(here: World) -> None:
    here.clock += 366 * DAY
    refused(here, ContentRefused, "expired")


@pytest.mark.parametrize("pattern", [r"\d\.root\.json", *METADATA, r"\.changes", "/documents/"])
def test_an_endless_body_is_not_read_to_its_end(here: World, pattern: str) -> None:
    here.site.behave[pattern] = content_site.endless
    refused(here, ContentRefused, "longer than it may be")
    mended(here)


def test_an_endless_pack_is_not_read_to_its_end(here: World) -> None:
    here.site.behave[r"\.pack"] = content_site.endless
    with here.new_store("other") as other:
        with pytest.raises(ContentRefused, match="longer than it may be"):
            here.sync(store=other)
        assert here.held(other) == {}
        here.site.behave.clear()
        here.sync(store=other)
        assert here.held(other) == bodies(AFTER)


@pytest.mark.parametrize("pattern", [r"\.changes", "/documents/"])
def test_a_target_or_document_with_a_wrong_byte(here: World, pattern: str) -> None:
    here.site.behave[pattern] = content_site.spoil
    refused(here, ContentRefused)
    mended(here)


@pytest.mark.parametrize("pattern", [r"\.pack", r"\.dictionary"])
def test_a_spoilt_pack_or_dictionary(here: World, pattern: str) -> None:
    here.publish(content(300))
    here.site.behave[pattern] = content_site.spoil
    with here.new_store("other") as other:
        with pytest.raises(ContentRefused, match="not what was signed"):
            here.sync(store=other)
        assert here.held(other) == {}
        here.site.behave.clear()
        here.sync(store=other)
        assert here.held(other) == bodies(content(300))


def test_one_document_in_the_place_of_another(here: World) -> None:
    any_other = next((here.repo / "documents").iterdir()).read_bytes()
    here.site.behave["/documents/"] = instead(any_other)
    refused(here, ContentRefused)
    mended(here)


def test_a_document_that_swells_is_not_expanded(here: World) -> None:
    here.site.behave["/documents/"] = instead(zstandard.compress(bytes(50_000_000)))
    refused(here, ContentRefused, "declares|longer")
    mended(here)


def test_a_pack_that_is_not_what_the_manifests_say(here: World, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = repository.pack.pack
    monkeypatch.setattr(repository.pack, "pack", lambda made: whole(list(made)[:-1]))
    here.publish(content(61))
    with here.new_store("other") as other:
        with pytest.raises(ContentRefused, match="manifests"):
            here.sync(store=other)
        assert here.held(other) == {}


def test_a_service_of_a_shape_this_version_does_not_know(here: World) -> None:
    here.publish([*BEFORE[:-1], Document("service/S0999", b'{"id":7}')])
    refused(here, ContentRefused, "cannot read")


def test_a_crash_inside_the_transaction_leaves_the_old_content_whole(here: World) -> None:
    indexed = here.store.rows("SELECT * FROM service_card_rows ORDER BY id")

    def crash(text: str, language: str) -> list[str]:
        raise MemoryError("the power goes now")

    with pytest.raises(MemoryError):
        published.update(
            here.store, root=here.root, base_url=here.site.url, client=here.client, now=here.now, analyse=crash
        )
    assert here.held() == bodies(BEFORE)
    assert documents.content_state(here.store).version == 1
    assert here.store.rows("SELECT * FROM service_card_rows ORDER BY id") == indexed
    mended(here)
