"""Places, okrugs, news and sites are checked against each other; a bad example of each rule."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kiosk.errors import SourceRefused
from kiosk.publish import check
from kiosk.publish.compile import compile_source, read
from tests.publish.small_source import files, text, write

PLACES, OKRUGS = "catalogue/places/library.json", "catalogue/okrugs.json"
NEWS, SITES = "catalogue/news.json", "catalogue/ecosystem.json"


def source() -> dict[str, Any]:
    word = text("Слово", "Word")
    made = files()
    made[OKRUGS] = {
        "okrugs": [
            {"id": "north", "order": 1, "name": word, "short": word, "districts": {"sokol": word}, "near": ["south"]},
            {"id": "south", "order": 2, "name": word, "short": word, "districts": {}, "near": []},
        ]
    }
    made[PLACES] = {
        "kind": "library",
        "year": 2013,
        "source": "data.mos.ru",
        "places": [
            {"id": "a", "name": word, "address": word, "okrug": "north", "district": "sokol"},
            {"id": "b", "name": word, "address": word},
        ],
    }
    made[NEWS] = {"news": [{"id": "n", "kind": "alert", "since": "2026-01-01", "title": word, "text": word}]}
    made[SITES] = {
        "resources": [
            {
                **{"id": "s", "icon": "home", "order": 1, "url": "https://mos.ru/", "services": ["S0001"]},
                **{"title": word, "summary": word, "text": word},
            }
        ]
    }
    return made


def test_they_become_documents(tmp_path: Path) -> None:
    ids = {one.id for one in compile_source(write(tmp_path, source()), backend_keys=None)}
    assert {"places/library", "okrug/north", "okrug/south", "news/n", "resource/s"} <= ids


SLIPS = [
    (PLACES, "places", 0, {"okrug": "west"}, "/places/0/okrug", "no okrug west"),
    (PLACES, "places", 0, {"district": "arbat"}, "/places/0/district", "no district arbat"),
    (PLACES, "places", 1, {"id": "a"}, "/places/1/id", "stands here already"),
    (PLACES, "places", 1, {"name": text("Слово ", "Word")}, "/places/1/name/ru", "space"),
    (OKRUGS, "okrugs", 0, {"near": ["north"]}, "/okrugs/0/near/0", "no okrug north beside"),
    (NEWS, "news", 0, {"until": "2025-01-01"}, "/news/0/until", "before it begins"),
    (NEWS, "news", 0, {"url": "http://mos.ru"}, "/news/0/url", "https://"),
    (NEWS, "news", 0, {"kind": "rumour"}, "/news/0/kind", "Invalid enum"),
    (SITES, "resources", 0, {"url": "mos.ru"}, "/resources/0/url", "https://"),
    (SITES, "resources", 0, {"services": ["S0003"]}, "/resources/0/services/0", "S0003 on offer"),
]


@pytest.mark.parametrize("file, key, number, change, pointer, message", SLIPS)
def test_a_slip(
    tmp_path: Path, file: str, key: str, number: int, change: dict[str, Any], pointer: str, message: str
) -> None:
    made = source()
    made[file][key][number].update(change)
    try:
        found = list(check.check(read(write(tmp_path, made))))
    except SourceRefused as refused:
        found = list(refused.problems)
    assert any((where, at) == (file, pointer) and message in said for where, at, said in found), found


def test_a_kind_in_the_file_of_another(tmp_path: Path) -> None:
    made = source()
    made[PLACES]["kind"] = "clinic"
    assert any(at == "/kind" for _, at, _ in check.check(read(write(tmp_path, made))))
