"""A definition or a source that is not sound is refused with the place and a plain sentence, all problems at once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from kiosk import resources
from kiosk.errors import SourceRefused
from kiosk.forms.checking import check_all, report
from kiosk.forms.definition import compile_form
from kiosk.forms.soundness import check_definition
from kiosk.forms.source import FormIndex, load_forms, load_index
from kiosk.model.form import FormDefinition
from kiosk.model.text import Text
from tests.forms.small import control, definition, page, shown_if

TEXT = {"type": "string"}


def problems(broken: FormDefinition) -> list[tuple[str, str]]:
    with pytest.raises(SourceRefused) as refused:
        compile_form(broken)
    assert all(file == "form/small" for file, _, _ in refused.value.problems)
    return [(pointer, message) for _, pointer, message in refused.value.problems]


def sound() -> FormDefinition:
    return definition({"a": TEXT}, [page("p", control("a"))])


@pytest.mark.parametrize(
    ("properties", "pages", "words"),
    [
        ({"a": TEXT}, [page("p", control("b"))], "is no answer of the schema"),
        ({"a": TEXT}, [page("p", control("a"), control("a"))], "/a is asked twice"),
        ({"a": TEXT, "b": TEXT}, [page("p", control("a"))], "no page asks for this"),
        ({"a": {"type": "string", "format": "passport"}}, [page("p", control("a"))], "unknown format passport"),
        ({"a": {"type": "string", "x-dateLimit": "soon"}}, [page("p", control("a"))], "unknown x-dateLimit soon"),
        ({"a": TEXT}, [page("p", control("a")), page("p", control("a"))], "two pages have the key p"),
        ({"a": TEXT}, [page("p", control("a")), page("q")], "a page must ask something"),
        ({"a": TEXT}, [], "the UI schema must be a Categorization with pages"),
        ({"a": TEXT}, [{"type": "Group", "i18n": "x"}], "a page must be a Category with an i18n key"),
        ({"a": TEXT}, [page("p", {"type": "Slider", "i18n": "x"})], "unknown element Slider"),
        ({"a": TEXT}, [page("p", control("a"), rule={"effect": "GLOW"})], "a rule needs the effect SHOW or HIDE"),
        ({"a": TEXT}, [page("p", control("a"), rule={"effect": "SHOW"})], "a rule needs a condition"),
        ({"a": TEXT}, [page("p", control("a"), rule=shown_if("a", {}))], "which is not asked before"),
        (
            {"a": TEXT},
            [page("p", control("a"), rule={"effect": "SHOW", "condition": {"type": "OR"}})],
            "AND and OR need conditions",
        ),
        (
            {"a": TEXT},
            [page("p", control("a"), rule={"effect": "SHOW", "condition": {"scope": "a"}})],
            "a condition needs a scope and a schema",
        ),
        (
            {"a": {"type": "object", "properties": {"b": TEXT}}},
            [page("p", control("a.b"))],
            "an object must say additionalProperties: false",
        ),
        ({"a": {"type": "strange"}}, [page("p", control("a"))], "not a JSON Schema 2020-12"),
    ],
)
def test_compiling_says_what_is_wrong(properties: Any, pages: Any, words: str) -> None:
    assert any(words in message for _, message in problems(definition(properties, pages)))


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ({"rule": "magic", "at": "/a", "with": "/a"}, "unknown rule magic"),
        ({"rule": "different", "at": "/a", "with": "/z"}, "/z is asked nowhere"),
        ({"rule": "at-most-more", "at": "/a", "with": "/a"}, "at-most-more needs a limit"),
    ],
)
def test_rules_between_answers_are_checked(rule: dict[str, Any], words: str) -> None:
    broken = definition({"a": TEXT}, [page("p", control("a"))], rules=(rule,))
    assert any(words in message for _, message in problems(broken))


def test_missing_text_and_empty_translation() -> None:
    form = sound()
    texts = {key: text for key, text in form.texts.items() if key != "p.group"} | {"a.label": Text("Да", " ")}
    found = problems(msgspec.structs.replace(form, texts=texts))
    assert ("/ui/elements/0", "the text p.group is missing") in found
    assert ("/texts/a.label", "a text must be there in Russian and in English") in found


def test_required_name_that_does_not_exist() -> None:
    broken = definition({"a": TEXT}, [page("p", control("a"))], required=("zz",))
    assert any("required names /zz" in message for _, message in problems(broken))


def with_examples(form: FormDefinition, *examples: dict[str, Any], **schema: Any) -> FormDefinition:
    return msgspec.structs.replace(form, examples=examples, schema={**form.schema, **schema})


def test_examples_are_checked() -> None:
    needed = definition({"a": {"type": "string", "maxLength": 3}}, [page("p", control("a"))], required=("a",))
    day = {"x-examplesOn": "2026-11-23"}
    assert check_definition(with_examples(needed, {"a": "one"}, {"a": "two"}, **day)) == []
    found = check_definition(with_examples(needed, {"a": "long"}, {"b": 1}, **day))
    assert [pointer for pointer, _ in found][:2] == ["/examples/0/a", "/examples/0"]
    assert ("/examples/1/b", "unknown: This form has no such question. Remove the extra answer") in found
    found = check_definition(with_examples(needed, {"a": "one"}))
    assert [pointer for pointer, _ in found] == ["/examples", "/schema/x-examplesOn"]


def test_unreachable_page_and_idle_text_are_found() -> None:
    pages = [page("p", control("a")), page("q", control("b"), rule=shown_if("a", {"const": "never"}))]
    form = definition({"a": TEXT, "b": TEXT}, pages, zz__label="Nobody asks", a__error__nonsense="?")
    found = check_definition(with_examples(form, {"a": "1"}, {"a": "2"}, **{"x-examplesOn": "2026-11-23"}))
    assert ("/ui/elements/1", "/b is reached by no example and no one choice in it") in found
    assert [pointer for pointer, _ in found if pointer.startswith("/texts")] == [
        "/texts/zz.label",
        "/texts/a.error.nonsense",
    ]


def test_index_must_name_forms_that_exist() -> None:
    form = with_examples(sound(), {"a": "1"}, {"a": "2"}, **{"x-examplesOn": "2026-11-23"})
    general = {"citizen": "small", "organisation": "small", "foreigner": "nowhere"}
    found = report([form], FormIndex({"S1": "small", "S2": "gone"}, general))  # type: ignore[arg-type]
    assert found["services"] == 2 and found["with_own_form"] == 1 and found["question_sets"] == 1
    assert {(one["service"], one["pointer"]) for one in found["errors"]} == {("S2", ""), ("", "/general/foreigner")}
    with pytest.raises(SourceRefused):
        report([form], FormIndex({}, general), ("S9",))  # type: ignore[arg-type]


def copy_of_sources(folder: Path) -> Path:
    for path in (resources.root() / "forms").rglob("*.json"):
        if path.parent.name == "services":
            continue
        target = folder / path.relative_to(resources.root() / "forms")
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(path.read_bytes())
    return folder


@pytest.mark.parametrize(
    ("name", "change", "pointer", "words"),
    [
        ("library-ticket.json", lambda form: form.update(colour="red"), "", "unknown field"),
        ("library-ticket.json", lambda form: form.update(version="one"), "/version", "Expected `int`"),
        ("library-ticket.json", lambda form: form.update(id="other"), "/id", "differs from the file's name"),
        (
            "library-ticket.json",
            lambda form: form["texts"]["reader.label"].pop("en"),
            "/texts/",
            "missing required field",
        ),
        (
            "library-ticket.json",
            lambda form: form["ui"]["elements"].append({"type": "Block", "block": "zz", "scope": "#/properties/z"}),
            "/ui",
            "there is no block zz",
        ),
        (
            "blocks/snils.json",
            lambda block: block["elements"].append({"type": "Block", "block": "snils", "scope": "#/properties/has"}),
            "/ui",
            "in a circle",
        ),
        ("blocks/snils.json", lambda block: block.pop("schema"), "", "missing required field `schema`"),
        ("index.json", lambda index: index.pop("general"), "", "missing required field `general`"),
    ],
)
def test_source_that_is_not_sound_is_refused_with_its_place(
    tmp_path: Path, name: str, change: Any, pointer: str, words: str
) -> None:
    folder = copy_of_sources(tmp_path)
    source = json.loads((folder / name).read_bytes())
    change(source)
    (folder / name).write_text(json.dumps(source), "utf-8")
    with pytest.raises(SourceRefused) as refused:
        load_forms(folder)
        load_index(folder)
    ((file, place, message),) = refused.value.problems
    assert place.startswith(pointer) and words in message
    assert file.endswith(name) or pointer == "/ui"


def test_source_that_is_no_json_or_not_there(tmp_path: Path) -> None:
    folder = copy_of_sources(tmp_path)
    (folder / "library-ticket.json").write_bytes(b"{")
    with pytest.raises(SourceRefused, match="is no JSON"):
        load_forms(folder)
    (folder / "library-ticket.json").write_bytes(b"\xff\xfe")
    with pytest.raises(SourceRefused, match="is no JSON"):
        load_forms(folder)
    with pytest.raises(SourceRefused, match="cannot be read"):
        load_index(tmp_path / "nowhere")


def test_block_under_a_rule_may_not_hide(tmp_path: Path) -> None:
    folder = copy_of_sources(tmp_path)
    block = json.loads((folder / "blocks/child.json").read_bytes())
    block["elements"][1]["rule"] = shown_if("document", {"const": "other"}, "HIDE")
    (folder / "blocks/child.json").write_text(json.dumps(block), "utf-8")
    with pytest.raises(SourceRefused, match="only have SHOW rules"):
        load_forms(folder)


def test_check_all_knows_services_and_forms_by_name() -> None:
    found = check_all(resources.root() / "forms", ("S0005", "water-meter"))
    assert found == {"services": 2, "with_own_form": 2, "question_sets": 2, "errors": []}
