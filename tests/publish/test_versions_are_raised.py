"""Nobody can publish a form that judges otherwise under the version that is published already."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from kiosk.cli.main import main
from kiosk.errors import SourceRefused
from kiosk.forms import assembly
from kiosk.forms.judged import OWN, judged, parts
from kiosk.forms.source import load
from kiosk.forms.written import BlockSource, FormSource, inlined
from kiosk.model.content import Document
from kiosk.model.form import FormDefinition
from kiosk.model.text import Text
from kiosk.protocol import pack
from kiosk.publish import keys, publish, repository
from kiosk.publish.repository import PublishReport
from kiosk.publish.source import Placed
from kiosk.publish.versions import problems
from tests.forms import test_question_sets as question_sets
from tests.publish.small_source import SERVICES, files, text, write

SETS = "services/documents.json"


class Desk:
    """Two services with sets of questions, the blocks that both use, and the repository they are published into."""

    def __init__(self, folder: Path) -> None:
        made = files()
        services = made[SERVICES]["services"]
        services.append({**services[0], "id": "S0004", "title": text("Развод", "Divorce")})
        write(folder / "source", made)
        sets = [question_sets.loss(), question_sets.loss(service="S0004", blocks=["address", "snils"])]
        self.forms = question_sets.folder(folder / "source", *sets)
        self.repo = folder / "repo"
        self._folder = folder
        self.publish()

    def publish(self) -> PublishReport:
        return publish(self._folder / "source", self.repo, self._folder / "keys", backend_keys=None)

    def refused(self) -> list[tuple[str, str, str]]:
        before = self.repo_files()
        with pytest.raises(SourceRefused) as refused:
            self.publish()
        assert self.repo_files() == before, "what is refused leaves the repository as it was"
        return list(refused.value.problems)

    def repo_files(self) -> dict[str, bytes]:
        return {str(path): path.read_bytes() for path in self.repo.rglob("*") if path.is_file()}

    def edit(self, name: str, change: Callable[[Any], None]) -> None:
        path = self.forms / name
        given = json.loads(path.read_text("utf-8"))
        change(given)
        path.write_text(json.dumps(given, ensure_ascii=False), "utf-8")

    def versions(self) -> dict[str, int]:
        return {form.id: form.version for form in load(self.forms).forms}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def longer_flat(block: Any) -> None:
    block["schema"]["properties"]["flat"]["maxLength"] += 5


def raised(block: Any) -> None:
    block["version"] += 1


def question(number: int, **changes: Any) -> Callable[[Any], None]:
    return lambda given: given["forms"][number]["pages"][0]["fields"][1].update(changes)


def set_version(number: int, version: int) -> Callable[[Any], None]:
    return lambda given: given["forms"][number].update(version=version)


def test_a_changed_block_is_refused_once_at_its_own_file_whatever_forms_it_stands_in(desk: Desk) -> None:
    desk.edit("blocks/address.json", longer_flat)
    ((file, pointer, message),) = desk.refused()
    assert (file, pointer) == ("forms/blocks/address.json", "/version")
    assert message == (
        "the block address changed and its version did not: general-foreigner, s0001, s0004 would keep theirs; "
        "raise it by 1"
    )


def test_raising_a_block_raises_every_form_that_uses_it_and_no_other(desk: Desk) -> None:
    before = desk.versions()
    desk.edit("blocks/address.json", longer_flat)
    desk.edit("blocks/address.json", raised)
    after = desk.versions()
    risen = {form for form in before if after[form] > before[form]}
    assert risen == {"s0001", "s0004", "general-foreigner"}
    assert desk.publish().changed == 3
    desk.edit("blocks/snils.json", raised)
    assert desk.versions()["s0004"] == before["s0004"] + 2 and desk.versions()["s0001"] == before["s0001"] + 1


def block(name: str, version: int, schema: dict[str, Any], elements: list[dict[str, Any]]) -> BlockSource:
    return BlockSource(name, version, {"type": "object", "additionalProperties": False, **schema}, elements, {})


def test_a_block_within_a_block_raises_the_forms_and_is_the_one_that_is_named() -> None:
    def form(inner: int, kind: str = "string", outer: int = 1) -> FormDefinition:
        name = {"type": "Control", "scope": "#/properties/name", "i18n": "name"}
        use = {"type": "Block", "block": "inner", "scope": "#/properties/who"}
        blocks = {
            "inner": block("inner", inner, {"properties": {"name": {"type": kind}}}, [name]),
            "outer": block("outer", outer, {"properties": {"who": {"$ref": "#/$defs/inner"}}}, [use]),
        }
        page = {"type": "Block", "block": "outer", "scope": "#/properties/a"}
        schema = {"type": "object", "properties": {"a": {"$ref": "#/$defs/outer"}}}
        ui = {"type": "Categorization", "elements": [{"type": "Category", "i18n": "p", "elements": [page]}]}
        source = FormSource("f", 1, Text("Ф", "F"), schema, ui, {}, ())
        return inlined(source, blocks, Path("f.json"))

    assert [form(1).version, form(3).version, form(3, outer=2).version] == [1, 3, 4]
    found = problems({"f": form(1)}, [Placed("forms/f.json", "", form(1, "integer"))])
    assert [file for file, _, _ in found] == ["forms/blocks/inner.json"]
    assert problems({"f": form(1)}, [Placed("forms/f.json", "", form(2, "integer"))]) == []


def test_a_changed_set_is_refused_at_its_version(desk: Desk) -> None:
    desk.edit(SETS, question(1, limit="any"))
    assert desk.refused() == [
        (
            "forms/services/documents.json",
            "/forms/1/version",
            "the form s0004 changed and its version did not; raise it by 1",
        )
    ]
    desk.edit(SETS, set_version(1, 3))
    assert desk.publish().changed == 1


def test_a_set_and_a_block_that_changed_are_both_named(desk: Desk) -> None:
    desk.edit(SETS, question(0, limit="any"))
    desk.edit("blocks/address.json", longer_flat)
    assert [(file, pointer) for file, pointer, _ in desk.refused()] == [
        ("forms/services/documents.json", "/forms/0/version"),
        ("forms/blocks/address.json", "/version"),
    ]


def test_another_layout_counts_as_a_change_of_its_block(desk: Desk) -> None:
    def turned(block: Any) -> None:
        block["elements"][0].setdefault("options", {})["keyboard"] = "en"

    desk.edit("blocks/address.json", turned)
    assert [file for file, _, _ in desk.refused()] == ["forms/blocks/address.json"]


def test_words_and_examples_may_change_under_one_version(desk: Desk) -> None:
    def reworded(block: Any) -> None:
        block["texts"]["flat.label"] = {"ru": "Квартира или комната", "en": "Flat or room"}

    desk.edit("blocks/address.json", reworded)
    assert desk.publish().changed == 3


def test_a_version_never_goes_down(desk: Desk) -> None:
    desk.edit(SETS, set_version(0, 9))
    desk.publish()
    desk.edit(SETS, set_version(0, 7))
    ((_, pointer, message),) = desk.refused()
    assert pointer == "/forms/0/version"
    assert message == f"the version of the form s0001 went down from {9 + assembly.EDITION - 1}; raise it by 2"
    desk.edit(SETS, question(0, limit="any"))
    assert desk.refused()[0][2].endswith("raise it by 3")


def test_leaving_out_a_block_that_was_raised_does_not_bring_back_an_old_version(desk: Desk) -> None:
    for _ in range(4):
        desk.edit("blocks/snils.json", raised)
    desk.publish()
    desk.edit(SETS, lambda given: given["forms"][1].update(blocks=["address"], version=3))
    ((_, pointer, message),) = desk.refused()
    assert pointer == "/forms/1/version" and message.startswith(
        f"the version of the form s0004 went down from {6 + assembly.EDITION - 1}"
    )
    desk.edit(SETS, set_version(1, 7))
    desk.publish()


def test_another_way_of_assembling_must_raise_the_edition(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assembly.own_pages, "rules", lambda one, texts: [NEVER])
    assert {message for _, _, message in desk.refused()} == {
        f"the form {form} changed and its version did not; raise it by 1" for form in ("s0001", "s0004")
    }
    monkeypatch.setattr(assembly, "EDITION", assembly.EDITION + 1)
    desk.publish()


NEVER = {"rule": "different", "at": "/matter/how", "with": "/matter/day"}


def test_a_form_that_is_new_or_gone_needs_nothing(desk: Desk) -> None:
    desk.edit(SETS, lambda given: given["forms"].pop(1))
    report = desk.publish()
    assert report.changed > 0
    desk.edit(SETS, lambda given: given["forms"].append(question_sets.loss(service="S0004", version=1)))
    desk.publish()


def test_the_repository_is_not_believed_unsigned(desk: Desk) -> None:
    desk.edit("blocks/address.json", longer_flat)
    for path in (desk.repo / "documents").iterdir():
        path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(SourceRefused, match="is not what was signed"):
        desk.publish()


def test_the_editor_reads_file_and_line(desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    block = desk.forms / "blocks" / "address.json"
    given = json.loads(block.read_text("utf-8"))
    longer_flat(given)
    block.write_text(json.dumps(given, ensure_ascii=False, indent=1), "utf-8")
    code = main(["publish", str(tmp_path / "source"), str(desk.repo), "--keys", str(tmp_path / "keys")])
    assert code != 0
    assert "forms/blocks/address.json:3: /version: the block address changed" in capsys.readouterr().err


@pytest.mark.parametrize("version", [0, -1])
def test_versions_of_blocks_begin_at_one(desk: Desk, version: int) -> None:
    desk.edit("blocks/address.json", lambda block: block.update(version=version))
    with pytest.raises(SourceRefused, match="versions begin at 1"):
        load(desk.forms)


def test_what_judges_is_schema_and_layout_and_nothing_else(desk: Desk) -> None:
    form = next(form for form in load(desk.forms).forms if form.id == "s0004")
    changed = msgspec.structs.replace(form, version=9, title=form.title, texts={}, examples=(), own=False)
    on = msgspec.structs.replace(changed, schema=form.schema | {"x-examplesOn": "2030-01-01"})
    assert judged(changed) == judged(on) == judged(form)
    assert set(parts(form)) == {OWN, *form.schema["$defs"]}
    assert judged(msgspec.structs.replace(form, schema=form.schema | {"minProperties": 1})) != judged(form)
    named = {"properties": {"examples": {"type": "string"}}}
    assert b'"examples"' in judged(msgspec.structs.replace(form, schema=named)), "a question may be called so"


def test_forms_come_back_from_the_repository_as_they_were_published(desk: Desk) -> None:
    form = next(form for form in load(desk.forms).forms if form.id == "s0001")
    other = Document("form/s0001", b"{}")
    signing = keys.load_or_make(desk.repo.parent / "keys")
    found = repository.forms_replaced(desk.repo, [other, Document("form/new", b"{}")], signing)
    assert pack.canonical(found["s0001"]) == pack.canonical(form) and list(found) == ["s0001"]
    assert isinstance(found["s0001"], FormDefinition)
