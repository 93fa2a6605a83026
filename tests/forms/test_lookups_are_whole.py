"""The lists that come with the program: whole, named in both languages, and with their source."""

from __future__ import annotations

import re

import pytest

from kiosk import resources
from kiosk.forms.formats import FORMATS
from kiosk.forms.lookup import find
from kiosk.forms.source import load_lookups

LOOKUPS = load_lookups(resources.root() / "forms")


@pytest.mark.parametrize(("name", "count"), [("countries", 253), ("okrugs", 12), ("districts", 146), ("metro", 169)])
def test_a_list_is_whole(name: str, count: int) -> None:
    assert len(LOOKUPS[name].entries) >= count and LOOKUPS[name].source


def test_there_are_the_lists_that_question_sets_may_name() -> None:
    assert set(LOOKUPS) == {"countries", "okrugs", "districts", "metro", "banks", "centres"}
    assert {name for name, one in LOOKUPS.items() if one.open} == {"banks", "metro"}


@pytest.mark.parametrize("name", sorted(LOOKUPS))
def test_every_entry_has_names_in_both_languages(name: str) -> None:
    for entry in LOOKUPS[name].entries:
        assert re.search("[А-Яа-яЁё]", entry.name.ru), entry
        assert entry.name.en and not re.search("[А-Яа-яЁё]", entry.name.en), entry
        assert entry.name.ru == entry.name.ru.strip() and len(entry.name.ru) <= 60


def test_districts_lie_in_okrugs_and_there_are_125_of_the_ten_older_ones() -> None:
    groups = [entry.group.ru for entry in LOOKUPS["districts"].entries if entry.group]
    short = {word for okrug in LOOKUPS["okrugs"].entries for word in okrug.also}
    assert set(groups) == short and len(short) == 12
    assert sum(group not in ("НАО", "ТАО") for group in groups) == 125


def test_banks_are_named_by_their_bic() -> None:
    assert all(FORMATS["bic"].check(entry.id) is None for entry in LOOKUPS["banks"].entries)


@pytest.mark.parametrize(
    ("name", "typed", "first"),
    [
        ("countries", "узб", "UZ"),
        ("countries", "США", "US"),
        ("countries", "киргизия", "KG"),
        ("countries", "uzbek", "UZ"),
        ("countries", "Кот-д’Ивуар", "CI"),
        ("countries", "нет гражданства", "XXA"),
        ("banks", "сбер", "044525225"),
        ("banks", "тинькофф", "044525974"),
        ("banks", "044525187", "044525187"),
        ("districts", "бирюлево западное", "yuao-biryulyovo-zapadnoye"),
        ("metro", "вднх", "vdnkh"),
        ("okrugs", "юзао", "yuzao"),
    ],
)
def test_people_find_what_they_look_for(name: str, typed: str, first: str) -> None:
    found = find(LOOKUPS[name], typed, "ru")
    assert found and found[0].value == first, found
