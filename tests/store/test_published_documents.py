"""An update comes in whole or not at all, with its index, its list rows and its trust."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from kiosk.errors import ContentMissing, ContentRefused, DamagedStore
from kiosk.model.content import ContentState, Document
from kiosk.model.service import Service, Theme
from kiosk.store import documents
from kiosk.store.database import Store, open_store
from kiosk.store.keys import StoreKey
from kiosk.store.search_index import StoreCandidates, service_rows
from tests.store import samples

WHEN = "2026-03-01T00:00:00Z"
FIRST = [
    samples.theme(),
    samples.service(1, "Замена паспорта", "Replace a passport"),
    samples.service(2, "Запись в детский сад", "Kindergarten place"),
]


def _apply(store: Store, version: int, added: list[Document], removed: list[str]) -> None:
    documents.apply(store, version=version, verified_at=WHEN, added=added, removed=removed, trust=samples.TRUST)


def _everything(store: Store) -> object:
    return (
        documents.digests(store),
        documents.content_state(store),
        documents.trust(store),
        service_rows(store),
        StoreCandidates(store).by_terms(["паспорт"], "ru", 9),
        StoreCandidates(store).vocabulary("ru"),
    )


def test_a_new_store_holds_nothing(store: Store) -> None:
    assert documents.content_state(store) == ContentState(0, None, 0)
    assert documents.trust(store) == {} and documents.ids(store, "service") == []
    with pytest.raises(ContentMissing, match="service/S0001"):
        documents.get(store, "service/S0001", Service)


def test_what_was_published_is_read_back_by_another_connection(store: Store, profile: Path, key: StoreKey) -> None:
    _apply(store, 7, FIRST, [])
    with open_store(profile, key, read_only=True) as again:
        assert documents.content_state(again) == ContentState(7, WHEN, 3)
        assert documents.trust(again) == samples.TRUST
        assert documents.ids(again, "service") == ["service/S0001", "service/S0002"]
        assert documents.get(again, "service/S0002", Service).title.en == "Kindergarten place"
        assert [theme.id for theme in documents.every(again, "theme", Theme)] == ["documents"]
        assert documents.body(again, FIRST[1].id) == FIRST[1].body
        assert documents.digests(again)[FIRST[1].id] == (hashlib.sha256(FIRST[1].body).digest(), len(FIRST[1].body))


def test_an_update_changes_adds_and_removes(store: Store) -> None:
    _apply(store, 1, FIRST, [])
    changed = samples.service(1, "Новый загранпаспорт", "A new travel passport")
    _apply(store, 2, [changed, samples.service(3, "Парковка", "Parking")], ["service/S0002"])
    assert documents.ids(store, "service") == ["service/S0001", "service/S0003"]
    candidates = StoreCandidates(store)
    assert [row.title.ru for row in candidates.rows().values()] == ["Новый загранпаспорт", "Парковка"]
    assert candidates.by_terms(["сад"], "ru", 9) == []
    assert [found.id for found in candidates.by_terms(["загранпаспорт"], "ru", 9)] == ["S0001"]
    assert candidates.completions("детск", "ru", 9) == []


def test_applying_the_same_again_changes_nothing(store: Store) -> None:
    _apply(store, 1, FIRST, [])
    before = _everything(store)
    _apply(store, 1, FIRST, ["service/none"])
    assert _everything(store) == before


def test_an_update_that_fails_leaves_the_old_content(store: Store) -> None:
    _apply(store, 1, FIRST, [])
    before = _everything(store)
    broken = Document("service/S0009", b'{"id": "S0009"}')
    with pytest.raises(ContentRefused, match="version 2"):
        _apply(store, 2, [samples.service(3, "Парковка", "Parking"), broken], ["service/S0001"])
    assert _everything(store) == before


def test_a_first_update_that_fails_leaves_nothing(store: Store) -> None:
    before = _everything(store)
    broken = Document("service/S0009", b'{"id": "S0009"}')
    with pytest.raises(ContentRefused, match="version 1"):
        _apply(store, 1, [*FIRST, broken], [])
    assert _everything(store) == before
    _apply(store, 1, FIRST, [])
    assert _everything(store) != before


def test_more_rows_than_one_statement_takes_are_all_written(store: Store) -> None:
    """SQLite takes 32,766 parameters, 8,191 documents."""
    many = [Document(f"news/n{number}", str(number).encode()) for number in range(8_200)]
    _apply(store, 1, many, [])
    assert documents.ids(store, "news") == sorted(one.id for one in many)
    assert documents.body(store, "news/n8199") == b"8199"


def test_services_follow_the_name_of_their_theme(store: Store) -> None:
    _apply(store, 1, FIRST, [])
    assert StoreCandidates(store).by_terms(["жил"], "ru", 9) == []
    _apply(store, 2, [samples.theme(ru="Жильё и документы")], [])
    assert len(StoreCandidates(store).by_terms([], "ru", 9, ["жил"])) == 2


def test_trust_is_kept_also_without_new_content(store: Store) -> None:
    _apply(store, 1, FIRST, [])
    documents.save_trust(store, {"root.json": b"2"})
    assert documents.trust(store) == {"root.json": b"2"}
    assert documents.content_state(store).verified_at == WHEN
    documents.save_trust(store, {"root.json": b"3"}, verified_at="2026-04-01T00:00:00Z")
    assert documents.content_state(store) == ContentState(1, "2026-04-01T00:00:00Z", 3)


def test_a_document_of_another_type_is_damage(store: Store) -> None:
    _apply(store, 1, FIRST, [])
    with pytest.raises(DamagedStore, match="theme/documents"):
        documents.get(store, "theme/documents", Service)
    with pytest.raises(DamagedStore, match="service"):
        documents.every(store, "service", Theme)


def test_kinds_do_not_mix(store: Store) -> None:
    _apply(store, 1, [*FIRST, Document("service-note/1", b"{}"), Document("form/a", b"{}")], [])
    assert documents.ids(store, "service") == ["service/S0001", "service/S0002"]
    assert documents.ids(store, "service-note") == ["service-note/1"]


def test_many_small_updates_end_where_one_big_one_does(store: Store, tmp_path: Path) -> None:
    """The counts of words, the index and the rows do not drift."""
    from kiosk.store import keys

    titles = ["Замена паспорта", "Паспорт дома", "Запись в сад", "Справка о доме", "Замена справки"]
    _apply(store, 1, [samples.theme()], [])
    for version in range(2, 40):
        number = version % 7
        if version % 5 == 0:
            _apply(store, version, [], [f"service/S{number:04}"])
        else:
            _apply(store, version, [samples.service(number, titles[version % 5], f"Title {version}")], [])
    _apply(store, 40, [samples.service(3, titles[0], "Last")], ["service/S0003"][:0])
    final = [Document(id_, documents.body(store, id_)) for id_ in documents.digests(store)]
    other = tmp_path / "other"
    with open_store(other, keys.create(other, "file", allow_file=True)) as fresh:
        _apply(fresh, 40, final, [])
        for language in ("ru", "en"):
            assert StoreCandidates(fresh).vocabulary(language) == StoreCandidates(store).vocabulary(language)
        assert service_rows(fresh) == service_rows(store)
        for term in ("паспорт", "замен", "справк", "дом"):
            expected = {one.id: one.hits for one in StoreCandidates(fresh).by_terms([term], "ru", 9)}
            assert {one.id: one.hits for one in StoreCandidates(store).by_terms([term], "ru", 9)} == expected
    assert len(final) > 4
