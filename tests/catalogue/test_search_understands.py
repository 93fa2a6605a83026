"""Search on the real catalogue: word forms, unfinished words, slips of the finger, synonyms, what is marked."""

from __future__ import annotations

import pytest

from kiosk.desk.catalogue import SearchFound, StoreCatalogue
from kiosk.store.database import Store

LIBRARY = "S0438"
LOST_PASSPORT = "S0005"


@pytest.fixture(scope="module")
def catalogue(real_store: Store) -> StoreCatalogue:
    return StoreCatalogue(real_store)


def ids(found: SearchFound) -> list[str]:
    return [one.service.id for one in found.found]


@pytest.mark.parametrize(
    ("one", "other", "language"),
    [
        ("замена паспорта ", "замену паспортов ", "ru"),
        ("парковочное разрешение ", "парковочные разрешения ", "ru"),
        ("ёлка ", "елками ", "ru"),
        ("library card ", "library cards ", "en"),
        ("replacing passports ", "replace passport ", "en"),
    ],
)
def test_a_word_is_found_in_every_form(catalogue: StoreCatalogue, one: str, other: str, language: str) -> None:
    first, second = catalogue.search(one, language, 5), catalogue.search(other, language, 5)
    assert ids(first) and ids(first)[0] == ids(second)[0]
    assert set(ids(first)) & set(ids(second)) >= set(ids(first)[:2])


@pytest.mark.parametrize(("start", "language"), [("читат", "ru"), ("читател", "ru"), ("libr", "en"), ("librar", "en")])
def test_an_unfinished_word_finds_what_it_may_become(catalogue: StoreCatalogue, start: str, language: str) -> None:
    found = catalogue.search(start, language, 10)
    assert LIBRARY in ids(found)
    assert found.did_you_mean == "", "nobody is corrected while typing"


def test_a_finished_word_is_no_beginning(catalogue: StoreCatalogue) -> None:
    assert LIBRARY not in ids(catalogue.search("читат ", "ru", 50))


def test_typing_on_never_loses_the_service(catalogue: StoreCatalogue) -> None:
    text = "читательский билет"
    for length in range(4, len(text) + 1):
        assert LIBRARY in ids(catalogue.search(text[:length], "ru", 10)), text[:length]


@pytest.mark.parametrize(
    ("slip", "meant", "language", "service"),
    [
        ("читательский билит ", "читательский билет", "ru", LIBRARY),
        ("читатльский билет ", "читательский билет", "ru", LIBRARY),
        ("утеряный поспорт ", "утерянный паспорт", "ru", LOST_PASSPORT),
        ("librery card ", "library card", "en", LIBRARY),
        ("libray card ", "library card", "en", LIBRARY),
    ],
)
def test_a_slip_is_corrected_and_said(
    catalogue: StoreCatalogue, slip: str, meant: str, language: str, service: str
) -> None:
    found = catalogue.search(slip, language, 5)
    assert service in ids(found)
    said = found.did_you_mean.split()
    assert len(said) == len(meant.split()), "every word is said, also those that were right"
    assert found.did_you_mean.split()[-1] == meant.split()[-1]


def test_what_is_written_right_is_not_corrected(catalogue: StoreCatalogue) -> None:
    for text, language in (("паспорт", "ru"), ("library", "en"), ("ИНН", "ru"), ("2026", "ru")):
        assert catalogue.search(text, language).did_you_mean == ""


def test_a_word_that_is_like_no_other_is_left_alone(catalogue: StoreCatalogue) -> None:
    found = catalogue.search("фывапролдж ", "ru")
    assert found == SearchFound((), 0)


def test_other_words_for_the_same_thing_find_it_and_are_said(catalogue: StoreCatalogue) -> None:
    found = catalogue.search("потерял паспорт", "ru", 5)
    assert ids(found)[0] == LOST_PASSPORT
    assert "утраченный" in found.also
    assert 1 <= len(found.also) <= 3
    assert catalogue.search("детсад", "ru", 3).found[0].service.title.ru.startswith("Запись в детский сад")


def test_also_names_only_words_that_found_something(catalogue: StoreCatalogue) -> None:
    for text in ("потерял паспорт", "садик", "library", "водительские права"):
        found = catalogue.search(text, "ru", 5)
        for word in found.also:
            assert catalogue.search(word, "ru").total > 0, word


@pytest.mark.parametrize(
    ("text", "language", "marked"),
    [
        ("замена паспорта ", "ru", {"Замена", "паспорта"}),
        ("library ", "en", {"library"}),
        ("парковочн", "ru", {"парковочн"}),
    ],
)
def test_marks_are_the_matched_words_of_the_title(
    catalogue: StoreCatalogue, text: str, language: str, marked: set[str]
) -> None:
    best = catalogue.search(text, language, 1).found[0]
    title = best.service.title.of(language)
    shown = [title[start:end] for start, end in best.marks]
    assert shown and list(best.marks) == sorted(set(best.marks))
    for word in marked:
        assert any(one.lower().startswith(word.lower()) for one in shown), (word, shown)
    for start, end in best.marks:
        assert title[start:end].isalnum(), "a mark is a whole word"
        assert not title[start - 1 : start].isalnum() and not title[end : end + 1].isalnum()


def test_a_query_in_the_other_language_finds_too(catalogue: StoreCatalogue) -> None:
    assert ids(catalogue.search("library card", "ru"))[0] == LIBRARY
    assert ids(catalogue.search("читательский билет", "en"))[0] == LIBRARY


def test_small_words_ask_for_nothing(catalogue: StoreCatalogue) -> None:
    plain, spoken = (
        catalogue.search("паспорт потерял ", "ru", 5),
        catalogue.search("а что если я паспорт потерял ", "ru", 5),
    )
    assert ids(plain)[0] == ids(spoken)[0]


def test_limit_and_total(catalogue: StoreCatalogue) -> None:
    few, many = catalogue.search("паспорт ", "ru", 3), catalogue.search("паспорт ", "ru", 200)
    assert len(few.found) == 3 and few.total == many.total == len(many.found) > 3
    assert few.found == many.found[:3]
    assert [one.score for one in many.found if not one.service.historical] == sorted(
        (one.score for one in many.found if not one.service.historical), reverse=True
    )
