"""The 819 services of the list and seven of our own: complete, agreeing with themselves, and in plain words."""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path

import pytest

from kiosk.model.service import Service

from .source_files import services, themes

SHARED = Path(__file__).parents[3] / "shared" / "data"
OWN_FORMS = {f"S{n:04}" for n in (1, 2, 3, 4, 5, 13, 14, 105, 125, 212, 232, 313, 353, 438, 534, 571, 751)}
MENDED_KINDS = {
    "S0210": "view",
    "S0323": "view",
    "S0375": "info",
    "S0439": "book",
    "S0537": "info",
    "S0538": "view",
    "S0629": "view",
    "S0818": "view",
}
"""Where the kind of the list does not fit what the service does: a sick note and the help one is given are looked at;
rules of bike hire are read and booked nowhere here; a book of a library is reserved; points are looked
at and exchanged, not paid in; approved private reviewers are a list to look at; a signature is checked at once; to vote
online nobody applies in Moscow any more."""


@pytest.fixture(scope="module")
def known() -> dict[str, Service]:
    return services()


ADDED = 7
"""Services that the list does not name and people ask for: S0820 to S0826."""


def test_all_are_there_once() -> None:
    ids = [service.id for file in themes() for service in file.services]
    assert sorted(ids) == [f"S{n:04}" for n in range(1, 820 + ADDED)]


def test_a_service_agrees_with_the_file_it_stands_in() -> None:
    for file in themes():
        for service in file.services:
            assert (service.theme, service.audience) == (file.theme.id, file.theme.audience), service.id


def test_themes_are_told_apart() -> None:
    found = [file.theme for file in themes()]
    assert sorted(theme.order for theme in found) == list(range(1, 33))
    assert len({theme.drawing for theme in found}) == 32
    for audience in ("citizen", "organisation"):
        titles = [theme.title for theme in found if theme.audience == audience]
        assert len({title.ru for title in titles}) == len({title.en for title in titles}) == len(titles)
    audiences = [theme.audience for theme in sorted(found, key=lambda theme: theme.order)]
    assert audiences == ["citizen"] * 16 + ["foreigner"] + ["organisation"] * 15


def test_counts_by_audience(known: dict[str, Service]) -> None:
    assert Counter(service.audience for service in known.values()) == {
        "citizen": 570 + ADDED,
        "organisation": 220,
        "foreigner": 29,
    }


def test_titles_are_not_repeated_within_an_audience(known: dict[str, Service]) -> None:
    assert len({(service.audience, service.title.ru) for service in known.values()}) == 819 + ADDED


def test_every_service_has_a_plain_summary(known: dict[str, Service]) -> None:
    for service in known.values():
        assert service.summary, service.id
        for text, title in ((service.summary.ru, service.title.ru), (service.summary.en, service.title.en)):
            assert text.endswith("."), f"{service.id}: {text}"
            assert text.rstrip(".").casefold() != title.casefold(), service.id
            for sentence in re.split(r"(?<=[.!?])\s+", text):
                assert 3 <= len(sentence.split()) <= 20, f"{service.id}: {sentence}"
                assert sentence[0].isupper(), f"{service.id}: {sentence}"
            assert not re.search(r"\d+\s*(₽|руб|rouble|дн|day)", text), f"{service.id} promises a sum or a term: {text}"


def test_long_titles_have_a_short_one(known: dict[str, Service]) -> None:
    for service in known.values():
        if max(len(service.title.ru), len(service.title.en)) > 60 or service.id in OWN_FORMS:
            assert service.short_title, service.id
            assert max(len(service.short_title.ru), len(service.short_title.en)) <= 32, service.id


def test_keywords_say_something_new(known: dict[str, Service]) -> None:
    for service in known.values():
        assert service.keywords.ru and service.keywords.en, service.id
        assert service.title.ru.casefold() not in {word.casefold() for word in service.keywords.ru}, service.id
        assert service.title.en.casefold() not in {word.casefold() for word in service.keywords.en}, service.id
        assert all(len(word) <= 40 for word in service.keywords.ru + service.keywords.en), service.id


@pytest.mark.parametrize(
    "word, service",
    [
        ("загранник", "S0009"),
        ("прописка", "S0013"),
        ("садик", "S0125"),
        ("права", "S0328"),
        ("больничный", "S0210"),
        ("субсидия", "S0232"),
        ("епд", "S0218"),
        ("квартплата", "S0217"),
        ("соцкарта", "S0269"),
        ("внж", "S0580"),
        ("патент", "S0571"),
        ("загс", "S0062"),
    ],
)
def test_the_words_of_the_queue_are_known(word: str, service: str, known: dict[str, Service]) -> None:
    assert word in known[service].keywords.ru


def test_fees_grow_in_time(known: dict[str, Service]) -> None:
    for service in known.values():
        days = [fee.valid_from for fee in service.fees]
        assert days == sorted(set(days)), service.id
        assert all(fee.kopecks % 100 == 0 for fee in service.fees), service.id


def test_forms_are_left_to_the_forms(known: dict[str, Service]) -> None:
    assert [service.id for service in known.values() if service.form] == []


def test_what_is_over_says_so(known: dict[str, Service]) -> None:
    over = {service.id for service in known.values() if service.historical}
    assert over == {f"S{n:04}" for n in (*range(550, 559), 794, 795, 796)}
    dated = {service.id for service in known.values() if re.search(r"\(202[0-2]", service.title.ru)}
    assert dated <= over


@pytest.mark.skipif(
    not (SHARED / "services.csv").exists(), reason="the project's list of services is not beside this checkout"
)
def test_facts_are_those_of_the_list(known: dict[str, Service]) -> None:
    with (SHARED / "services.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    with (SHARED / "services_docs.csv").open(encoding="utf-8") as file:
        documents = {row["id"]: row["documents_ru"].split(";") for row in csv.DictReader(file)}
    assert {row["id"] for row in rows} == {id_ for id_ in known if id_ < "S0820"}
    by_theme: dict[str, set[str]] = {}
    for row in rows:
        service = known[row["id"]]
        kind = MENDED_KINDS.get(service.id, row["kind"])
        assert (service.kind, service.provenance) == (kind, row["confidence"]), service.id
        fee = [int(row["fee_rub_or_empty"]) * 100] if row["fee_rub_or_empty"] else []
        assert [f.kopecks for f in service.fees if f.valid_from == "2021-01-01"] == fee, service.id
        assert service.term_days == (int(row["term_days_or_empty"]) if row["term_days_or_empty"] else None), service.id
        assert len(service.documents) == len(documents.get(service.id, [])), service.id
        by_theme.setdefault(row["theme"], set()).add(service.theme)
    assert len(by_theme) == 32
    assert all(len(ids) == 1 for ids in by_theme.values())
