"""The order of results is the same every time, on every machine, and what is history comes last."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from kiosk.catalogue.analysis import analyse
from kiosk.desk.catalogue import StoreCatalogue
from kiosk.errors import ContentMissing
from kiosk.model.content import Document
from kiosk.model.service import EventStep, LifeEvent, Service, Synonyms
from kiosk.model.text import Text
from kiosk.store import documents, keys
from kiosk.store.database import Store, open_store
from kiosk.store.search_index import StoreCandidates
from tests.store import samples

QUERIES = ("паспорт", "пропуск", "справка о", "пособ", "ребёнок", "card", "pass for a", "регистрация права", "билит")


def answers(store: Store) -> list[object]:
    catalogue = StoreCatalogue(store)
    return [catalogue.search(query, language, 30) for query in QUERIES for language in ("ru", "en")]


def test_the_same_question_has_the_same_answer(real_store: Store) -> None:
    catalogue = StoreCatalogue(real_store)
    first = answers(real_store)
    for query in reversed(QUERIES):
        catalogue.search(query[:3], "ru")
    assert answers(real_store) == first


def test_the_order_of_arrival_does_not_matter(real_store: Store, tmp_path: Path) -> None:
    """The same documents, brought in backwards and in two updates: ties go by id, not by row."""
    made = [Document(id_, documents.body(real_store, id_)) for id_ in sorted(documents.digests(real_store))]
    with open_store(tmp_path, keys.create(tmp_path, "file", allow_file=True)) as other:
        half = len(made) // 2
        for version, part in enumerate((made[half:][::-1], made[:half][::-1]), 1):
            documents.apply(other, version=version, verified_at="", added=part, removed=(), trust={})
        assert answers(other) == answers(real_store)


def test_history_comes_last_however_well_it_fits(tmp_path: Path) -> None:
    old = msgspec.json.decode(samples.service(1, "Цифровой пропуск", "Digital pass").body, type=Service)
    with open_store(tmp_path, keys.create(tmp_path, "file", allow_file=True)) as store:
        added = [
            samples.theme(),
            samples.document("service/S0001", msgspec.structs.replace(old, historical=True)),
            samples.service(2, "Пропуск на грузовой автомобиль в центр города", "Pass for a truck"),
            samples.service(3, "Постоянный цифровой билет и пропуск в музей", "Museum ticket and pass"),
        ]
        documents.apply(store, version=1, verified_at="", added=added, removed=(), trust={})
        found = StoreCatalogue(store).search("цифровой пропуск", "ru").found
        assert [one.service.id for one in found] == ["S0003", "S0002", "S0001"]
        assert found[-1].score > found[-2].score, "it fits best, and is last all the same"


def test_a_step_of_a_life_event_comes_before_its_equal(tmp_path: Path) -> None:
    """Editors put it there because most people mean it; when they take it out again, ties go by id as before."""
    twins = [samples.service(number, "Пропуск в музей", "Museum pass") for number in (1, 2)]
    steps = (EventStep(Text("Пойти в музей", "Go to a museum"), ("S0002",)),)
    event = LifeEvent("museum", Text("Музей", "Museum"), "city", 1, "city", steps)
    with open_store(tmp_path, keys.create(tmp_path, "file", allow_file=True)) as store:
        catalogue = StoreCatalogue(store)
        added = [samples.theme(), *twins, samples.document("event/museum", event)]
        documents.apply(store, version=1, verified_at="", added=added, removed=(), trust={})
        assert [one.service.id for one in catalogue.search("пропуск в музей", "ru").found] == ["S0002", "S0001"]
        documents.apply(store, version=2, verified_at="", added=(), removed=["event/museum"], trust={})
        assert [one.service.id for one in catalogue.search("пропуск в музей", "ru").found] == ["S0001", "S0002"]


def test_of_equals_at_the_end_of_the_candidates_all_come_in_or_none(tmp_path: Path) -> None:
    """Which of them does must not depend on the order in which they came into the store."""
    better = samples.service(1, "Музей", "Museum")
    equal = [samples.service(number, "Музей и ещё два слова", "Museum and more") for number in range(2, 9)]
    with open_store(tmp_path, keys.create(tmp_path, "file", allow_file=True)) as store:
        added = [samples.theme(), better, *equal]
        documents.apply(store, version=1, verified_at="", added=added, removed=(), trust={})
        candidates = StoreCandidates(store)
        assert [one.id for one in candidates.by_terms(analyse("музей"), "ru", 4)] == ["S0001"]
        assert len(candidates.by_terms(analyse("музей"), "ru", 8)) == 8


def test_real_history_is_last_in_its_own_theme(real_store: Store) -> None:
    found = StoreCatalogue(real_store).search("пропуск", "ru", 100).found
    historical = [one.service.historical for one in found]
    assert any(historical) and historical == sorted(historical)


def test_new_content_is_searched_at_once(tmp_path: Path) -> None:
    key = keys.create(tmp_path, "file", allow_file=True)
    with open_store(tmp_path, key) as store, open_store(tmp_path, key) as other:
        catalogue = StoreCatalogue(store)
        with pytest.raises(ContentMissing):
            catalogue.themes()
        assert catalogue.search("тюлень", "ru").total == 0
        added = [samples.theme(), samples.service(1, "Встреча с тюленем", "Meet a seal")]
        documents.apply(other, version=1, verified_at="", added=added, removed=(), trust={})
        assert [one.service.id for one in catalogue.search("тюлень", "ru").found] == ["S0001"]
        words = samples.document("synonyms/ru", Synonyms("ru", (("тюлень", "ластоногое"),)))
        documents.apply(other, version=2, verified_at="", added=[words], removed=(), trust={})
        assert catalogue.search("ластоногое", "ru").also == ("тюлень",)
        documents.apply(other, version=3, verified_at="", added=(), removed=["service/S0001"], trust={})
        assert catalogue.search("тюлень", "ru").found == ()
