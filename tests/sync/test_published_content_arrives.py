"""Published content arrives: whole at first, then what changed, over HTTP and from a stick."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.catalogue.search import Search
from kiosk.errors import NetworkFault, UsageError
from kiosk.publish import keys as publish_keys
from kiosk.store import documents
from kiosk.store.search_index import StoreCandidates
from kiosk.sync import published
from tests.sync.content_world import World, bodies, content, world


@pytest.fixture
def here(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path) as one:
        yield one


def test_an_empty_store_takes_everything_by_the_pack(here: World) -> None:
    made = content(300)
    here.publish(made)
    report = here.sync()
    assert here.held() == bodies(made)
    assert (report.version, report.documents, report.changed) == (1, 301, 301)
    assert report.requests == len(here.site.asked) <= 6
    assert report.bytes == here.site.sent
    state = documents.content_state(here.store)
    assert (state.version, state.documents, state.verified_at) == (1, 301, "2027-01-15T08:01:00Z")


def test_what_arrived_is_found(here: World) -> None:
    here.publish(content(20))
    here.sync()
    found = Search(StoreCandidates(here.store)).find("edition", "en", 50).results
    assert {one.id for one in found} == {f"S{number:04}" for number in range(20)}


def test_incremental_and_full_give_the_same_rows(here: World) -> None:
    here.publish(content(120))
    here.sync()
    here.publish(content(120, changed=(3, 4)))
    here.sync()
    last = [*content(115, changed=(4, 5, 6)), *content(140)[-3:]]
    here.publish(last)
    here.sync()
    with here.new_store("other") as other:
        here.sync(store=other)
        assert here.held() == here.held(other) == bodies(last)
        assert documents.digests(here.store) == documents.digests(other)
        cards = "SELECT id, title_ru, title_en, theme, kind FROM service_card_rows ORDER BY id"
        assert here.store.rows(cards) == other.rows(cards)
        words = "SELECT * FROM words ORDER BY language, word"
        assert here.store.rows(words) == other.rows(words)


def test_a_client_far_behind_reads_the_manifests_that_differ(here: World) -> None:
    here.publish(content(200))
    here.sync()
    for edition in range(2, 9):
        here.publish(content(200, changed=tuple(range(10)), edition=edition))
    report = here.sync()
    assert report.changed == 10
    assert here.held() == bodies(content(200, changed=tuple(range(10)), edition=8))
    assert any("manifest-" in path for path in here.site.asked)
    assert not any(path.endswith(".pack") for path in here.site.asked)


def test_a_client_a_few_versions_behind_reads_the_list_of_changes(here: World) -> None:
    here.publish(content(200))
    here.sync()
    for edition in (2, 3, 4):
        here.publish(content(200, changed=(edition, 90), edition=edition))
    report = here.sync()
    assert report.changed == 2
    assert not any("manifest-" in path for path in here.site.asked)
    assert here.held() == bodies(content(200, changed=(4, 90), edition=4))


def test_many_changes_come_by_the_pack(here: World) -> None:
    here.publish(content(60))
    here.sync()
    made = content(60, changed=tuple(range(40)))
    here.publish(made)
    here.sync()
    assert here.held() == bodies(made)
    assert any(path.endswith(".pack") for path in here.site.asked)


def test_removed_documents_leave_the_store_and_the_lists(here: World) -> None:
    here.publish(content(50))
    here.sync()
    here.publish(content(49))
    assert here.sync().changed == 1
    assert "service/S0049" not in here.held()
    assert here.store.row("SELECT count(*) FROM service_card_rows") == (49,)


def test_content_that_went_back_to_earlier_words_has_a_new_version(here: World) -> None:
    here.publish(content(30))
    here.sync()
    here.publish(content(30, changed=(1,)))
    here.publish(content(30))
    report = here.sync()
    assert (report.version, report.changed) == (3, 0)
    assert documents.content_state(here.store).version == 3


def test_a_stick_is_the_same_over_a_folder(here: World) -> None:
    made = content(120)
    here.publish(made)
    stick = here.photograph("stick")
    report = published.update(here.store, root=here.root, directory=stick, now=here.now)
    assert here.held() == bodies(made)
    assert (report.version, here.site.asked) == (1, [])
    here.publish(content(120, changed=(1,)))
    assert here.sync().changed == 1


def test_a_stick_that_was_pulled_out_is_a_network_fault(here: World) -> None:
    here.publish(content(10))
    with pytest.raises(NetworkFault, match="stick"):
        published.update(here.store, root=here.root, directory=here.folder / "gone", now=here.now)


def test_no_source_is_wrong_usage(here: World) -> None:
    with pytest.raises(UsageError):
        published.update(here.store, root=b"{}", now=here.now)


@pytest.mark.parametrize("role", publish_keys.ROLES)
def test_a_rotated_key_is_followed(here: World, role: str) -> None:
    here.publish(content(10))
    here.sync()
    shipped = here.root
    publish_keys.rotate(here.folder / "keys", role)
    here.publish(content(10, changed=(1,)))
    assert here.sync(root=shipped).changed == 1
    here.publish(content(10, changed=(1,)))
    assert here.sync(root=shipped).requests == 2, "the new root is remembered"
