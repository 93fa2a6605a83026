"""Whatever is typed or pasted, search answers: no exception, no operator of the index, no long wait."""

from __future__ import annotations

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.catalogue.query import LONGEST_QUERY, MOST_CONCEPTS, Lexicon, understand
from kiosk.catalogue.search import MOST_TERMS
from kiosk.desk.catalogue import StoreCatalogue
from kiosk.store.database import Store

GARBAGE = [
    "",
    " ",
    "\t\n\r",
    "\0",
    "\0паспорт\0",
    "\x1b[31mпаспорт\x07",
    "'",
    '"',
    '"""',
    "'; DROP TABLE documents; --",
    'паспорт"*',
    "*",
    "пасп*",
    "^паспорт",
    "-паспорт",
    "title:паспорт",
    "{title summary}: паспорт",
    "NEAR(паспорт замена, 2)",
    "NEAR/AND/*/",
    "AND",
    "OR NOT",
    "паспорт AND",
    "NOT паспорт",
    "(паспорт",
    ")))",
    "%_%",
    "\\",
    "😀🏠👨‍👩‍👧",
    "паспорт😀",
    "\ud800",
    "\udcff\udcfe",
    "\u202eтропсап",
    "é" * 50,
    "İSTANBUL",
    "ß",
    "１２３",
    "²³",
    "0" * 40,
    "а" * 10_000,
    "паспорт " * 1_250,
    " ".join(f"слово{n}" for n in range(1_500))[:10_000],
    "ё" * 200 + "паспорт",
    "а б в г д е " * 20,
]


@pytest.fixture(scope="module")
def catalogue(real_store: Store) -> StoreCatalogue:
    return StoreCatalogue(real_store)


@pytest.mark.parametrize("text", GARBAGE, ids=[ascii(text)[:24] for text in GARBAGE])
def test_garbage_is_answered(catalogue: StoreCatalogue, text: str) -> None:
    catalogue.warm()
    for language in ("ru", "en"):
        found = catalogue.search(text, language)
        assert len(found.found) <= 20
        for one in found.found:
            title = one.service.title.of(language)
            assert all(0 <= start < end <= len(title) for start, end in one.marks)
    assert effort(catalogue, text) < 25 * effort(catalogue, "замена паспорта"), "no long wait"


def effort(catalogue: StoreCatalogue, text: str) -> float:
    """This thread's own time for an answer, at its best: a ratio of two does not depend on the machine."""
    took = []
    for _ in range(3):
        began = time.thread_time()
        catalogue.search(text, "ru")
        catalogue.search(text, "en")
        took.append(time.thread_time() - began)
    return min(took)


@pytest.mark.parametrize("text", ["", "   ", "!?.,;:", "😀", "\0", "*", '"'])
def test_no_words_find_nothing(catalogue: StoreCatalogue, text: str) -> None:
    found = catalogue.search(text, "ru")
    assert (found.found, found.total, found.did_you_mean, found.also) == ((), 0, "", ())


@pytest.mark.parametrize("operator", ["AND", "OR", "NOT", "NEAR"])
def test_operators_are_words_like_any_other(catalogue: StoreCatalogue, operator: str) -> None:
    joined = catalogue.search(f"library {operator} ticket ", "en", 50)
    spoken = catalogue.search(f"library {operator.lower()} ticket ", "en", 50)
    assert joined == spoken


def test_quotes_and_stars_change_nothing(catalogue: StoreCatalogue) -> None:
    plain = catalogue.search("замена паспорта.", "ru")
    assert catalogue.search('"замена" *паспорта*.', "ru") == plain
    assert catalogue.search("title:замена^паспорта.", "ru").found != ()


def test_a_pasted_text_is_read_up_to_a_limit() -> None:
    query = understand("паспорт " * 2_000, Lexicon((), None), "ru")
    assert len(query.text) <= LONGEST_QUERY and len(query.concepts) <= MOST_CONCEPTS
    assert MOST_TERMS < 1_000


@settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(text=st.text(max_size=80), language=st.sampled_from(["ru", "en"]), limit=st.integers(1, 40))
def test_any_text_is_answered(catalogue: StoreCatalogue, text: str, language: str, limit: int) -> None:
    found = catalogue.search(text, language, limit)
    assert len(found.found) <= min(limit, found.total)


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(text=st.text(alphabet="абвгдеёпрст AND\"*()^:-'NEAR/0123,", max_size=120))
def test_any_likely_text_is_answered(catalogue: StoreCatalogue, text: str) -> None:
    catalogue.search(text, "ru")
