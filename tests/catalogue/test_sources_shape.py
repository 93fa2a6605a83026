"""Every source file of the catalogue has the documented shape, and a wrong one is noticed."""

from __future__ import annotations

import copy
import re
from pathlib import Path

import jsonschema_rs
import msgspec
import pytest

from kiosk.model.content import Centre
from kiosk.model.service import EventCategory, LifeEvent, Popular, Synonyms

from .source_files import CATALOGUE, THEME_FILES, ThemeFile, raw, strict, strings

ALL_FILES = sorted(path for path in CATALOGUE.rglob("*.json") if path.name != "schema.json")


class Events(msgspec.Struct, frozen=True):
    category: EventCategory
    events: tuple[LifeEvent, ...]


class Centres(msgspec.Struct, frozen=True):
    centres: tuple[Centre, ...]


@pytest.fixture(scope="module")
def validator() -> jsonschema_rs.Draft202012Validator:
    schema = raw(CATALOGUE / "schema.json")
    jsonschema_rs.meta.validate(schema)
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True)


@pytest.mark.parametrize("path", THEME_FILES, ids=lambda path: path.stem)
def test_theme_file_follows_its_schema_and_the_model(path: Path, validator: jsonschema_rs.Draft202012Validator) -> None:
    given = raw(path)
    assert [(list(error.instance_path), error.message) for error in validator.iter_errors(given)] == []
    assert strict(given, ThemeFile).theme.id == path.stem


@pytest.mark.parametrize(
    "change",
    [
        lambda s: s.update(colour="red"),
        lambda s: s.pop("kind"),
        lambda s: s["title"].pop("en"),
        lambda s: s["title"].update(en="Паспорт"),
        lambda s: s["title"].update(ru=" "),
        lambda s: s.update(kind="dance"),
        lambda s: s.update(id="0001"),
        lambda s: s.update(short_title={"ru": "д" * 33, "en": "Short"}),
        lambda s: s.update(fees=[{"kopecks": -1, "valid_from": "2021-01-01"}]),
        lambda s: s.update(fees=[{"kopecks": 100, "valid_from": "2021-02-30"}]),
        lambda s: s.update(kind="view", form="general"),
        lambda s: s.update(keywords={"ru": ["а б", "а б"]}),
        lambda s: s.update(documents=[{"name": {"ru": "Паспорт", "en": "Passport"}, "copies": 2}]),
    ],
)
def test_schema_refuses_an_editors_slip(change, validator: jsonschema_rs.Draft202012Validator) -> None:
    given = copy.deepcopy(raw(THEME_FILES[0]))
    assert validator.is_valid(given)
    change(given["services"][0])
    assert not validator.is_valid(given)


def test_model_refuses_an_unknown_key() -> None:
    given = raw(THEME_FILES[0])
    given["services"][0]["title"]["de"] = "Pass"
    with pytest.raises(msgspec.ValidationError, match="/services/0/title/de"):
        strict(given, ThemeFile)


def test_the_other_files_follow_the_model() -> None:
    files = sorted((CATALOGUE / "events").glob("*.json"))
    assert sum(len(strict(raw(path), Events).events) for path in files) >= 60
    assert len(strict(raw(CATALOGUE / "popular.json"), Popular).queries) == 5
    assert len(strict(raw(CATALOGUE / "centres" / "moscow-2013.json"), Centres).centres) == 49
    for language in ("ru", "en"):
        assert strict(raw(CATALOGUE / "synonyms" / f"{language}.json"), Synonyms).language == language


def test_no_file_is_left_out_of_these_tests() -> None:
    known = {"popular.json", "centres/moscow-2013.json", "synonyms/ru.json", "synonyms/en.json"}
    known |= {"bodies.json", "wording.json", "ecosystem.json", "news.json", "okrugs.json"}
    others = {str(path.relative_to(CATALOGUE)) for path in ALL_FILES if path not in THEME_FILES}
    assert {one for one in others if not one.startswith(("guides/", "events/", "places/"))} <= known


@pytest.mark.parametrize("path", ALL_FILES, ids=lambda path: path.stem)
def test_strings_are_clean(path: Path) -> None:
    for pointer, text in strings(raw(path)):
        assert text and text == text.strip(), pointer
        assert not re.search(r"[\u00a0\u202f\u2009\t\n]|  ", text), f"{pointer}: odd space in {text!r}"
        if pointer.endswith("/en") or "/en/" in pointer:
            assert not re.search("[а-яё]", text, re.I), f"{pointer}: Cyrillic in {text!r}"


def test_each_text_stands_on_one_line_of_its_own() -> None:
    """So that a changed text is one changed line."""
    for path in THEME_FILES:
        for line in path.read_text(encoding="utf-8").splitlines():
            assert line.count('"ru"') <= 1 or '"note"' in line, f"{path.name}: {line[:80]}"
