"""The words: both languages whole, plural forms, arguments."""

from __future__ import annotations

import re
from collections import Counter

import msgspec
import pytest

from kiosk import resources, words
from kiosk.model.text import LANGUAGES

_PLURAL = re.compile(r"_(one|few|many|other)$")
_ARGUMENT = re.compile(r"\{\{(\w+)\}\}")
FORMS = {"ru": {"one", "few", "many", "other"}, "en": {"one", "other"}}


def tables(language: str) -> dict[str, dict[str, str]]:
    folder = resources.root() / "i18n" / language
    return {path.stem: msgspec.json.decode(path.read_bytes(), type=dict[str, str]) for path in folder.glob("*.json")}


def stems(language: str) -> set[str]:
    """Keys without their plural forms, where all forms are there."""
    known = words.keys(language)
    found = set()
    for key in known:
        base = _PLURAL.sub("", key)
        plural = base != key and f"{base}_one" in known
        found.add(base if plural else key)
    return found


def test_both_languages_have_the_same_words() -> None:
    assert stems("ru") == stems("en") and len(stems("ru")) > 100


def test_no_key_stands_in_two_areas_and_each_begins_with_its_area() -> None:
    for language in LANGUAGES:
        found = Counter(key for table in tables(language).values() for key in table)
        assert [key for key, count in found.items() if count > 1] == []
        for area, table in tables(language).items():
            assert [key for key in table if not key.startswith(f"{area}.")] == [], area


def test_every_text_says_something_in_its_own_letters() -> None:
    for language in LANGUAGES:
        for table in tables(language).values():
            for key, text in table.items():
                assert text.strip() == text and text, key
    for table in tables("en").values():
        for key, text in table.items():
            assert text.startswith("Русский") or not re.search("[А-яЁё]{6,}", text), (key, text)


def test_plural_forms_are_complete() -> None:
    for language in LANGUAGES:
        known = words.keys(language)
        for key in known:
            base = _PLURAL.sub("", key)
            if base != key and (f"{base}_one" in known) and base not in known:
                missing = {form for form in FORMS[language] - {"other"} if f"{base}_{form}" not in known}
                assert not missing, (language, base, missing)


def test_both_languages_take_the_same_arguments() -> None:
    russian = {key: text for table in tables("ru").values() for key, text in table.items()}
    english = {key: text for table in tables("en").values() for key, text in table.items()}
    for key in russian.keys() & english.keys():
        assert set(_ARGUMENT.findall(russian[key])) == set(_ARGUMENT.findall(english[key])), key


@pytest.mark.parametrize(
    ("count", "category"),
    [
        (0, "many"),
        (1, "one"),
        (2, "few"),
        (4, "few"),
        (5, "many"),
        (11, "many"),
        (12, "many"),
        (14, "many"),
        (21, "one"),
        (22, "few"),
        (25, "many"),
        (101, "one"),
        (111, "many"),
        (112, "many"),
        (1_000_001, "one"),
        (-1, "one"),
    ],
)
def test_russian_plurals(count: int, category: str) -> None:
    assert words.plural("ru", count) == category


@pytest.mark.parametrize(("count", "category"), [(0, "other"), (1, "one"), (2, "other"), (21, "other"), (101, "other")])
def test_english_plurals(count: int, category: str) -> None:
    assert words.plural("en", count) == category


def test_the_form_of_a_count_is_chosen() -> None:
    said = [words.t("ru", "desk.step_result_days", count=count) for count in (1, 2, 5, 21)]
    assert said[0].replace("1", "21") == said[3] and len({text.lstrip("0123456789 ") for text in said[:3]}) == 3
    assert words.t("en", "desk.step_result_days", count=1) == "The result takes 1 working day"
    assert words.t("en", "desk.step_result_days", count=3) == "The result takes 3 working days"


def test_arguments_are_put_in_as_they_are() -> None:
    assert words.t("en", "desk.step_result_days", count="3") == "The result takes 3 working days"
    assert "{{" not in words.t("ru", "desk.step_result_days", count=1)


def test_a_word_that_is_missing_is_a_bug() -> None:
    with pytest.raises(KeyError):
        words.t("ru", "desk.nobody_wrote_this")
    with pytest.raises(KeyError):
        words.t("ru", "desk.nobody_wrote_this", count=2)


def test_errors_have_words_for_the_visitor() -> None:
    from kiosk import errors

    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.KioskError)]
    for kind in kinds:
        for language in LANGUAGES:
            assert words.t(language, kind.visitor), kind
