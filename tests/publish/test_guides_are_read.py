"""Guides with shared texts are read strictly, and a bad example of each rule is refused with its place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from kiosk.errors import SourceRefused
from kiosk.model.guide import Guide
from kiosk.model.text import Text
from kiosk.publish import check
from kiosk.publish.compile import compile_source, read
from kiosk.publish.lines import line_of
from tests.publish.small_source import files, text, write

GUIDES = "catalogue/guides/family.json"


def guide(id_: str, **more: Any) -> dict[str, Any]:
    return {
        "id": id_,
        "result": text("Вы получите справку.", "You get a certificate."),
        "who": ["@parents"],
        "cost": text("Бесплатно.", "Free."),
        "documents": [{"name": text("Паспорт", "Passport"), "held": True}],
        "ways": ["online"],
        "steps": [text("Заполните форму.", "Fill in the form."), text("Отправьте её.", "Send it.")],
        "after": text("Вам напишут.", "You will be told."),
        "refusals": [text("Нет данных.", "There are no facts.")],
        "related": [one for one in ("S0001", "S0002", "S0003") if one != id_],
        "body": "zags",
        "provenance": "editorial",
        **more,
    }


def source(**changes: Any) -> dict[str, Any]:
    given = files()
    given["catalogue/services/family.json"]["services"][2].pop("historical")
    given[GUIDES] = {
        "texts": {"parents": text("Родители.", "Parents.")},
        "guides": [guide("S0001", **changes), guide("S0002"), guide("S0003")],
    }
    given["catalogue/bodies.json"] = {"bodies": [{"id": "zags", "name": text("Загс", "Registry office")}]}
    given["catalogue/wording.json"] = {"office": {"в целях": "чтобы"}, "latin": [], "terms": []}
    return given


def problems(tmp_path: Path, given: dict[str, Any]) -> list[tuple[str, str, str]]:
    try:
        return list(check.check(read(write(tmp_path, given))))
    except SourceRefused as refused:
        return list(refused.problems)


def test_guides_become_documents(tmp_path: Path) -> None:
    documents = {one.id: one.body for one in compile_source(write(tmp_path, source()), backend_keys=None)}
    made = msgspec.json.decode(documents["guide/S0001"], type=Guide)
    assert made.who == (Text("Родители.", "Parents."),) and made.documents == ()
    assert json.loads(documents["service/S0001"])["documents"][0]["held"] is True
    assert "body/zags" in documents


@pytest.mark.parametrize(
    "changes, pointer, message",
    [
        ({"who": ["@nobody"]}, "/guides/0/who/0", "no shared text"),
        ({"body": "police"}, "/guides/0/body", "no body police"),
        ({"related": ["S0002", "S0999"]}, "/guides/0/related/1", "no service S0999"),
        ({"related": ["S0002", "S0002"]}, "/guides/0/related/1", "already"),
        ({"related": ["S0002"]}, "/guides/0/related", "2 or more"),
        ({"steps": []}, "/guides/0/steps", "2 or more"),
        ({"refusals": []}, "/guides/0/refusals", "1 or more"),
        ({"cost": None}, "/guides/0/cost", "no price"),
        ({"id": "S0009"}, "/guides/0/id", "has no service S0009"),
        ({"wonder": 1}, "/guides/0/wonder", "nobody knows this key"),
        ({"after": {"ru": "Ждите."}}, "/guides/0/after", "English text is missing"),
        ({"after": text("Это в целях дела.", "It is good.")}, "/guides/0/after", "word of offices"),
        ({"after": text("Ждите.", "Ждите.")}, "/guides/0/after", "Cyrillic"),
        ({"ways": ["carrier pigeon"]}, "/guides/0/ways/0", "Invalid enum"),
    ],
)
def test_a_bad_guide(tmp_path: Path, changes: dict[str, Any], pointer: str, message: str) -> None:
    found = problems(tmp_path, source(**changes))
    assert any(file == GUIDES and at == pointer and message in words for file, at, words in found), found


def test_a_service_without_its_guide(tmp_path: Path) -> None:
    given = source()
    del given[GUIDES]["guides"][2]
    assert (GUIDES, "/guides", "the service S0003 has no guide") in problems(tmp_path, given)


def test_a_shared_text_that_nobody_uses(tmp_path: Path) -> None:
    given = source()
    given[GUIDES]["texts"]["idle"] = text("Никто.", "Nobody.")
    assert problems(tmp_path, given) == [(GUIDES, "/texts/idle", "no guide uses this text")]


def test_lines_of_pointers() -> None:
    given = '{\n "a": [\n  {"b/c": 1},\n  {"x": "}]",\n   "y": 2}\n ]\n}'
    assert [line_of(given, one) for one in ("", "/a", "/a/0/b~1c", "/a/1", "/a/1/y", "/a/7", "/z")] == [
        *(1, 2, 3, 4, 5),
        *(2, 1),
    ]
    assert line_of("no json", "/a") == 1
