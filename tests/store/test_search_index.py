"""Candidates out of the encrypted index: the right services, the right columns, no syntax from a visitor, quick."""

from __future__ import annotations

import pytest

from kiosk.catalogue.analysis import analyse
from kiosk.catalogue.ports import DOCUMENTS, KEYWORDS, SUMMARY, THEME, TITLE, Candidates
from kiosk.catalogue.search import Search
from kiosk.store import documents, indexing
from kiosk.store.database import Store
from kiosk.store.search_index import StoreCandidates
from tests.store import samples

SERVICES = [
    samples.theme(),
    samples.theme("children", "Дети", "Children"),
    samples.service(1, "Замена паспорта гражданина", "Replacement of a passport", keywords=("потерял паспорт",)),
    samples.service(2, "Загранпаспорт нового поколения", "Travel passport"),
    samples.service(3, "Запись ребёнка в детский сад", "Kindergarten place", theme="children"),
    samples.service(4, "Справка о паспорте дома", "House certificate"),
]


@pytest.fixture
def candidates(store: Store) -> Candidates:
    documents.apply(store, version=1, verified_at="2026-03-01T00:00:00Z", added=SERVICES, removed=(), trust={})
    return StoreCandidates(store)


def test_terms_and_prefixes_are_found_where_they_are(candidates: Candidates) -> None:
    found = candidates.by_terms(analyse("потерял паспорта"), "ru", 9, ["зам"])
    assert [one.id for one in found] == ["S0001", "S0004"]
    assert found[0].hits == (KEYWORDS, TITLE + KEYWORDS, TITLE)
    assert found[1].hits == (0, TITLE, 0)
    assert found[0].score > found[1].score > 0
    assert found[0].title == " ".join(analyse("Замена паспорта гражданина"))


def test_every_column_has_its_number(candidates: Candidates) -> None:
    terms = [*analyse("детский"), *analyse("описание"), *analyse("дети"), *analyse("заявление")]
    found = {one.id: one.hits for one in candidates.by_terms(terms, "ru", 9)}
    assert found["S0003"][1:] == (SUMMARY, found["S0003"][2], DOCUMENTS)
    assert found["S0003"][0] & TITLE
    assert found["S0003"][2] & THEME


def test_languages_have_indexes_of_their_own(candidates: Candidates) -> None:
    assert [one.id for one in candidates.by_terms(analyse("kindergarten"), "en", 9)] == ["S0003"]
    assert candidates.by_terms(analyse("kindergarten"), "ru", 9) == []


def test_a_short_prefix_finds_long_words(candidates: Candidates) -> None:
    for length in range(1, 9):
        assert "S0002" in {one.id for one in candidates.by_terms([], "ru", 9, ["загранпаспорт"[:length]])}


def test_a_prefix_is_of_a_word_and_not_of_its_middle(candidates: Candidates) -> None:
    assert "S0002" not in {one.id for one in candidates.by_terms(["паспорт"], "ru", 9, ["паспорт"])}


def test_the_limit_holds_and_nothing_asked_finds_nothing(candidates: Candidates) -> None:
    assert len(candidates.by_terms(["паспорт"], "ru", 1)) == 1
    assert candidates.by_terms(["паспорт"], "ru", 0) == []
    assert candidates.by_terms([], "ru", 9) == []
    assert candidates.by_terms(["", " "], "ru", 9, [""]) == []


@pytest.mark.parametrize(
    "term",
    [
        '"',
        '""',
        "паспорт OR 1",
        "a:b",
        "NEAR(",
        "*",
        "^",
        "-",
        "(",
        ")",
        "AND",
        "{title}",
        "\0",
        "'; --",
        "%",
        "🙂" * 500,
    ],
)
def test_nothing_a_visitor_types_is_syntax(candidates: Candidates, term: str) -> None:
    assert candidates.by_terms([term], "ru", 9, [term]) == []


def test_the_vocabulary_says_words_terms_and_counts(candidates: Candidates) -> None:
    words = {word.word: word for word in candidates.vocabulary("ru")}
    assert words["паспорта"].services == 1 and words["паспорта"].term == analyse("паспорта")[0]
    assert words["описание"].services == 4
    assert "ребенка" in words, "folded: ё as е"
    assert list(words) == sorted(words)
    assert "passport" in {word.word for word in candidates.vocabulary("en")}
    assert candidates.vocabulary("ru") is candidates.vocabulary("ru")


def test_completions_come_most_frequent_first(candidates: Candidates) -> None:
    found = candidates.completions("з", "ru", 3)
    assert found[0].word == "заявление" and found[0].services == 4
    assert len(found) == 3
    assert candidates.completions("щ", "ru", 3) == []


def test_rows_carry_what_lists_show(candidates: Candidates) -> None:
    row = candidates.rows()["S0003"]
    assert (row.title.en, row.theme, row.kind, row.fees[0].kopecks, row.form) == (
        "Kindergarten place",
        "children",
        "apply",
        30000,
        "general",
    )
    assert list(candidates.rows()) == ["S0001", "S0002", "S0003", "S0004"]
    assert candidates.rows() is candidates.rows()


def test_new_content_is_seen_at_once(candidates: Candidates, store: Store) -> None:
    candidates.rows(), candidates.vocabulary("ru")
    added = [samples.service(5, "Парковка инвалида", "Parking")]
    documents.apply(
        store, version=2, verified_at="2026-03-02T00:00:00Z", added=added, removed=["service/S0001"], trust={}
    )
    assert candidates.version() == 2
    assert list(candidates.rows()) == ["S0002", "S0003", "S0004", "S0005"]
    assert "парковка" in {word.word for word in candidates.vocabulary("ru")}


def test_rebuilding_with_another_analysis_changes_the_terms(candidates: Candidates, store: Store) -> None:
    before = candidates.by_terms(analyse("паспорт"), "ru", 9)
    indexing.rebuild(store, lambda text, language: [word.upper() for word in text.split()])
    assert [one.id for one in candidates.by_terms(["ЗАМЕНА"], "ru", 9)] == ["S0001"]
    indexing.rebuild(store, analyse)
    assert candidates.by_terms(analyse("паспорт"), "ru", 9) == before


def test_the_catalogue_searches_the_store(candidates: Candidates) -> None:
    answer = Search(candidates).find("замена паспорта", "ru")
    assert answer.results[0].id == "S0001"


def test_candidates_of_800_services_take_few_steps(store: Store) -> None:
    """Steps of the database's machine, which are the same everywhere; the ratio against a peer is bench/'s."""
    nouns = ["паспорт", "справка", "пособие", "разрешение", "лицензия", "выписка", "сертификат", "удостоверение"]
    verbs = ["Выдача", "Замена", "Оформление", "Продление", "Аннулирование", "Получение", "Восстановление"]
    added = [
        samples.service(n, f"{verbs[n % 7]} {nouns[n % 8]} для заявителя номер {n}", f"Service {n}") for n in range(800)
    ]
    documents.apply(store, version=1, verified_at="2026-03-01T00:00:00Z", added=added, removed=(), trust={})
    candidates = StoreCandidates(store)
    steps = 0

    def step() -> int:
        nonlocal steps
        steps += 10
        return 0

    store._connection.set_progress_handler(step, 10)
    most = 0
    for n in range(100):
        steps = 0
        candidates.by_terms(analyse(f"{verbs[n % 7]} {nouns[n % 5]}"), "ru", 60, ["заяв"[: 2 + n % 3]])
        most = max(most, steps)
    store._connection.set_progress_handler(None, 0)
    print(f"candidates of 800 services: at most {most} steps")
    assert 800 < most < 40 * 800
