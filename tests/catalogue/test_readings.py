"""A text typed on the other keyboard layout, and Russian in Latin letters, are read as they were meant."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.catalogue import readings
from kiosk.catalogue.readings import RussianInLatin

KNOWN = {"замена": 5, "прав": 3, "регистрация": 9, "жительство": 4, "щит": 1, "счет": 2, "выезд": 1, "подъезд": 1}


@pytest.fixture(scope="module")
def latin() -> RussianInLatin:
    return RussianInLatin(KNOWN, lambda word: KNOWN.get(word, 0))


def test_the_keys_of_both_layouts() -> None:
    assert readings.as_russian_keys("gfcgjhn") == "паспорт"
    assert readings.as_russian_keys("ltncrbq cfl") == "детский сад"
    assert readings.as_russian_keys("GJ;FKJ<F") == "пожалоба"
    assert readings.as_english_keys("зфыызщке") == "passport"


@given(st.text(alphabet="абвгдежзийклмнопрстуфхцчшщъыьэюя ", max_size=40))
def test_a_layout_is_read_back(text: str) -> None:
    assert readings.as_russian_keys(readings.as_english_keys(text)) == text


@pytest.mark.parametrize(
    "written, meant",
    [
        ("zamena", "замена"),
        ("prav", "прав"),
        ("registraciya", "регистрация"),
        ("registratsija", "регистрация"),
        ("zhitelstvo", "жительство"),
        ("jitelstvo", None),
        ("shchit", "щит"),
        ("schet", None),
        ("vyezd", "выезд"),
        ("podezd", "подъезд"),
        ("qwxz", None),
    ],
)
def test_usual_ways_to_write_russian_in_latin(latin: RussianInLatin, written: str, meant: str | None) -> None:
    assert latin.word(written) == meant


def test_a_slip_and_a_beginning(latin: RussianInLatin) -> None:
    assert latin.nearest("registracia") == "регистрация"
    assert latin.nearest("registrasiya") == "регистрация"
    assert latin.nearest("xyz") is None
    assert latin.beginning("registr") == "регистр"
    assert latin.beginning("zhit") == "жит"
    assert latin.beginning("qqq") is None


@given(st.text(max_size=30))
def test_any_letters_are_taken(latin: RussianInLatin, text: str) -> None:
    latin.word(text)
    latin.beginning(text)
    readings.as_english_keys(readings.as_russian_keys(text))
