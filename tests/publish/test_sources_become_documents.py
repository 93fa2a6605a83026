"""Editors' sources become documents, and a slip in a file is refused with its place."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from kiosk import resources
from kiosk.errors import SourceRefused
from kiosk.model.content import BackendKeys, RecipientKey, VerificationKey
from kiosk.model.form import FormDefinition
from kiosk.model.lookup import Lookup
from kiosk.model.service import Service
from kiosk.publish.compile import compile_source
from tests.forms import test_question_sets as question_sets
from tests.publish.small_source import EVENTS, SERVICES, files, write


def compiled(source: Path, keys: BackendKeys | None = None) -> dict[str, bytes]:
    return {one.id: one.body for one in compile_source(source, backend_keys=keys)}


def problems(source: Path) -> tuple[tuple[str, str, str], ...]:
    with pytest.raises(SourceRefused) as refused:
        compiled(source)
    assert refused.value.engineer
    return refused.value.problems


def test_a_source_becomes_documents_of_every_kind(tmp_path: Path) -> None:
    made = compiled(write(tmp_path, files()))
    assert list(made) == [
        "centre/sokol",
        "event-category/birth",
        "event/child-born",
        "popular/home",
        "service/S0001",
        "service/S0002",
        "service/S0003",
        "synonyms/en",
        "synonyms/ru",
        "theme/family",
    ]
    assert msgspec.json.decode(made["service/S0001"], type=Service).title.en == "Birth"


def test_bodies_are_canonical(tmp_path: Path) -> None:
    for body in compiled(write(tmp_path, files())).values():
        plain = json.dumps(json.loads(body), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        assert body == plain.encode()


def test_the_order_of_keys_in_a_file_does_not_matter(tmp_path: Path) -> None:
    made = files()
    turned = {**made, SERVICES: dict(reversed(list(made[SERVICES].items())))}
    assert compiled(write(tmp_path / "a", made)) == compiled(write(tmp_path / "b", turned))


def test_the_backends_keys_are_a_document(tmp_path: Path) -> None:
    keys = BackendKeys(
        (RecipientKey("r1", 2, b"\x01" * 32, "2027-01-01T00:00:00Z"),), (VerificationKey("c1", b"\x02" * 32),), ()
    )
    made = compiled(write(tmp_path, files()), keys)
    assert msgspec.json.decode(made["keys/backend"], type=BackendKeys) == keys


def test_the_sources_of_the_program_are_in_order() -> None:
    made = compiled(resources.root())
    assert sum(id_.startswith("service/") for id_ in made) == 826
    forms = {id_ for id_ in made if id_.startswith("form/")}
    for id_, body in made.items():
        if id_.startswith("service/"):
            service = msgspec.json.decode(body, type=Service)
            assert (f"form/{service.form}" in forms) == (service.kind == "apply")
    for id_ in forms:
        assert msgspec.json.decode(made[id_], type=FormDefinition).examples


def change(edit: Callable[[dict[str, Any]], object], name: str = SERVICES) -> Callable[[dict[str, Any]], object]:
    return lambda made: edit(made[name])


SLIPS: list[tuple[Callable[[dict[str, Any]], object], tuple[str, str], str]] = [
    (change(lambda f: f["services"][1]["title"].pop("en")), (SERVICES, "/services/1/title"), "English text is missing"),
    (change(lambda f: f["services"][1].update(colour="red")), (SERVICES, "/services/1"), "colour"),
    (change(lambda f: f["services"][0].update(kind="dance")), (SERVICES, "/services/0/kind"), "dance"),
    (change(lambda f: f["services"][0].update(fees=[])), (SERVICES, "/services/0/fees"), "[]"),
    (
        lambda made: made.update({SERVICES: b'{"theme": {},'}),
        (SERVICES, ""),
        "line 1, column 14",
    ),
    (
        lambda made: made.update({"catalogue/popular.json": b'{"queries": [], "queries": []}'}),
        ("catalogue/popular.json", ""),
        "stands twice",
    ),
    (lambda made: made.update({"catalogue/popular.json": b"\xff{}"}), ("catalogue/popular.json", ""), "UTF-8"),
    (lambda made: made.update({"catalogue/popular.json": b"[NaN]"}), ("catalogue/popular.json", ""), "NaN"),
    (lambda made: made.update({"catalogue/popular.json": b"[" * 200_000}), ("catalogue/popular.json", ""), ""),
    (lambda made: made.pop("catalogue/popular.json"), ("catalogue/popular.json", ""), "missing"),
    (lambda made: made.pop("catalogue/synonyms/en.json"), ("catalogue/synonyms/en.json", ""), "missing"),
    (lambda made: made.pop(SERVICES), ("catalogue/services", ""), "no theme file"),
    (
        change(lambda f: f["events"][0]["title"].update(de="Geburt"), EVENTS),
        (EVENTS, "/events/0/title/de"),
        "nobody knows this key",
    ),
    (
        change(lambda f: f["events"][0]["title"].pop("ru"), EVENTS),
        (EVENTS, "/events/0/title"),
        "Russian text is missing",
    ),
    (
        change(lambda f: f.update(more=[]), EVENTS),
        (EVENTS, ""),
        'a "category" and a list',
    ),
    (
        change(lambda f: f["centres"][0].update(phone=7), "catalogue/centres/moscow.json"),
        ("catalogue/centres/moscow.json", "/centres/0/phone"),
        "str",
    ),
    (
        lambda made: made.update({"forms/index.json": {"services": {}, "general": {}, "extra": 1}}),
        ("forms/index.json", ""),
        "extra",
    ),
    (
        lambda made: made.update(
            {
                "forms/index.json": {"services": {}, "general": {}},
                "forms/services/family.json": {"texts": {}, "forms": [{"service": "S0001"}]},
            }
        ),
        ("forms/services/family.json", "/forms/0"),
        "missing required field",
    ),
]


@pytest.mark.parametrize("slip, place, message", SLIPS)
def test_a_slip_is_refused_with_its_place(
    tmp_path: Path, slip: Callable[[dict[str, Any]], object], place: tuple[str, str], message: str
) -> None:
    made = files()
    slip(made)
    found = problems(write(tmp_path, made))
    assert any((file, pointer) == place and message in said for file, pointer, said in found), found


def test_all_slips_are_told_at_once(tmp_path: Path) -> None:
    made = files()
    made[SERVICES]["services"][0]["kind"] = "dance"
    made[EVENTS]["events"][0].pop("icon")
    made["catalogue/popular.json"] = b"{"
    assert len({file for file, _, _ in problems(write(tmp_path, made))}) == 3


def test_question_sets_and_lookups_become_documents(tmp_path: Path) -> None:
    question_sets.folder(tmp_path, question_sets.loss())
    made = {one.id: one.body for one in compile_source(write(tmp_path, files()), backend_keys=None)}
    assert msgspec.json.decode(made["service/S0001"])["form"] == "s0001"
    form = msgspec.json.decode(made["form/s0001"], type=FormDefinition)
    assert form.title.en == "Birth" and "x-lookup" in made["form/s0001"].decode()
    lookup = msgspec.json.decode(made["lookup/countries"], type=Lookup)
    assert lookup.source and any(entry.id == "UZ" for entry in lookup.entries)
    centres = msgspec.json.decode(made["lookup/centres"], type=Lookup)
    assert [entry.id for entry in centres.entries] == ["sokol"]


def test_a_form_that_does_not_work_is_told_with_its_set(tmp_path: Path) -> None:
    question_sets.folder(tmp_path, question_sets.loss())
    block = tmp_path / "forms" / "blocks" / "phone.json"
    block.write_text(block.read_text("utf-8").replace("+79160001234", "12"), "utf-8")
    found = problems(write(tmp_path, files()))
    assert any(file == "forms/services/documents.json" and pointer == "/forms/0" for file, pointer, _ in found)
    assert any("form/s0001/examples/0/contact/phone" in message for _, _, message in found), found
