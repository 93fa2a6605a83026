"""Question sets become complete forms, and a set that is not sound is refused with its file and place."""

from __future__ import annotations

import json
import shutil
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kiosk import resources
from kiosk.errors import SourceRefused
from kiosk.forms.assembly import EDITION
from kiosk.forms.checking import check_all
from kiosk.forms.definition import Form, compile_form
from kiosk.forms.formats import FORMATS
from kiosk.forms.samples import IDENTIFIERS, ON
from kiosk.forms.source import form_for_service, load
from kiosk.model.service import Service
from kiosk.model.text import Text

TODAY = date.fromisoformat(ON)


def text(words: str) -> dict[str, str]:
    return {"ru": f"{words} (ру)", "en": words}


def page(name: str, *fields: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"id": name, "title": {"ru": f"Что {name}?", "en": f"What {name}?"}, "fields": list(fields), **more}


def field(name: str, kind: str, **more: Any) -> dict[str, Any]:
    return {"id": name, "kind": kind, "label": text(name), **more}


def choice(name: str, *values: str, **more: Any) -> dict[str, Any]:
    return field(name, "choice", choices={value: text(value) for value in values}, **more)


def loss(**changes: Any) -> dict[str, Any]:
    """A set with one of everything."""
    child = [
        field("child_name", "text", example="Лев"),
        field("at_school", "yes-no"),
        field("school", "number", min=1, max=3000, when={"field": "at_school", "is": [True]}),
    ]
    return {
        "service": "S0001",
        "version": 2,
        "applicant": "citizen",
        "about": "self",
        "blocks": ["address", "delivery"],
        "pages": [
            page("loss", choice("how", "stolen", "lost"), field("day", "date", limit="past"), group="@group"),
            page("police", field("told", "yes-no"), when={"field": "how", "is": ["stolen"]}),
            page(
                "children",
                field("children", "list", least=0, most=3, item=text("Child"), fields=child),
                field("kinds", "choices", choices={"a": text("a"), "b": text("b")}),
                field("paid", "money", when={"field": "kinds", "is": ["b"]}),
                field("land", "lookup", list="countries", optional=True),
            ),
        ],
        "attachments": [
            {"id": "photo", "name": text("Photo"), "kinds": ["photo"], "most": 2},
            {"id": "paper", "name": text("Paper"), "kinds": ["scan"], "when": {"field": "told", "is": [True]}},
        ],
        "held": [text("Выписка")],
        **changes,
    }


def folder(tmp_path: Path, *sets: dict[str, Any], texts: dict[str, Any] | None = None, index: Any = None) -> Path:
    forms = tmp_path / "forms"
    shutil.copytree(resources.root() / "forms" / "blocks", forms / "blocks")
    shutil.copytree(resources.root() / "lookups", tmp_path / "lookups")
    for audience in ("citizen", "organisation", "foreigner"):
        shutil.copy(resources.root() / "forms" / f"general-{audience}.json", forms)
    general = {audience: f"general-{audience}" for audience in ("citizen", "organisation", "foreigner")}
    (forms / "index.json").write_text(json.dumps({"services": index or {}, "general": general}), "utf-8")
    (forms / "services").mkdir()
    source = {"texts": {"group": text("Loss")} if texts is None else texts, "forms": list(sets)}
    (forms / "services" / "documents.json").write_text(json.dumps(source, ensure_ascii=False), "utf-8")
    return forms


def form_of(tmp_path: Path, one: dict[str, Any]) -> Form:
    sources = load(folder(tmp_path, one))
    definition = next(form for form in sources.forms if form.id == "s0001")
    return compile_form(definition, sources.lookups)


def test_a_set_becomes_a_sound_form_that_needs_no_other_file(tmp_path: Path) -> None:
    forms = folder(tmp_path, loss())
    assert check_all(forms, ("S0001",)) == {"services": 1, "with_own_form": 1, "question_sets": 1, "errors": []}
    sources = load(forms)
    definition = next(form for form in sources.forms if form.id == "s0001")
    assert (definition.version, definition.own, definition.schema["$schema"][:30]) == (
        2 + EDITION - 1,
        True,
        "https://json-schema.org/draft/",
    )
    assert list(definition.schema["properties"]) == [
        "matter", "address", "applying", "applicant", "document", "papers", "contact", "delivery",
    ]  # fmt: skip
    assert sources.places["s0001"][1] == "/forms/0"
    service = Service("S0001", "t", "citizen", Text("У", "S"), "apply", "source")
    assert form_for_service(sources.index, service) == "s0001"


def test_pages_stand_in_the_order_of_a_conversation(tmp_path: Path) -> None:
    form = form_of(tmp_path, loss())
    answers = form.definition.examples[1]
    assert [one.id for one in form.pages(answers, "en")][:5] == [
        "page.loss", "page.police", "page.children", "address_page", "representative.page",
    ]  # fmt: skip
    assert [one.id for one in form.pages(answers, "en")][-3:] == ["documents_1", "contact.page", "delivery.page"]
    papers = form.pages(answers, "ru")[-3]
    assert papers.hint == "Эти документы есть у города: выписка (ру). Их не прикладывайте."
    assert [field.kind for field in papers.fields] == ["attachment", "attachment"]
    assert form.pages(answers, "en")[0].group == "Loss"


def test_the_first_example_is_the_shortest_and_all_together_reach_everything(tmp_path: Path) -> None:
    form = form_of(tmp_path, loss())
    asked = [{one.pointer for one in form.asked(example)} for example in form.definition.examples]
    assert len(asked) >= 2 and len(asked[0]) == min(map(len, asked))
    everything = {one.pointer for sheet in form.sheets for one in sheet.questions}
    assert everything <= set().union(*asked)
    first, second = form.definition.examples[:2]
    assert (first["matter"]["how"] == "lost" and "papers" not in first | {"papers": 1}) or first["papers"] == {
        "photo": "bring"
    }
    assert second["matter"]["how"] == "stolen" and len(second["matter"]["children"]) == 2
    assert isinstance(second["papers"]["photo"], list)


@pytest.mark.parametrize(
    ("changes", "there", "missing"),
    [
        ({"applicant": "foreigner"}, ["applying", "applicant", "document", "stay"], ["organisation", "from"]),
        ({"applicant": "organisation"}, ["organisation", "official"], ["applicant", "document", "from"]),
        ({"applicant": "anyone"}, ["from", "applicant", "document", "organisation", "official"], []),
        ({"applicant": "caller"}, ["applicant", "contact"], ["applying", "document", "organisation"]),
        ({"applicant": "nobody"}, ["contact"], ["applying", "applicant", "document", "organisation"]),
        ({"about": "child"}, ["child", "applicant"], ["subject"]),
        ({"about": "other"}, ["subject", "applicant"], ["child"]),
        ({"blocks": ["vehicle", "bank", "snils"]}, ["vehicle", "snils", "bank"], ["address", "delivery"]),
        ({"attachments": []}, ["contact"], ["papers"]),
    ],
)
def test_shared_parts_follow_from_who_applies_and_what_it_is_about(
    tmp_path: Path, changes: dict[str, Any], there: list[str], missing: list[str]
) -> None:
    forms = folder(tmp_path, loss(**changes))
    assert check_all(forms)["errors"] == []
    definition = next(form for form in load(forms).forms if form.id == "s0001")
    parts = list(definition.schema["properties"])
    assert [name for name in parts if name in there] == there
    assert not set(parts) & set(missing)


def test_anybody_is_asked_first_and_only_for_their_part(tmp_path: Path) -> None:
    form = form_of(tmp_path, loss(applicant="anyone"))
    examples = {example["from"]: example for example in form.definition.examples}
    assert form.pages({}, "en")[0].id == "from_page"
    assert "organisation" not in examples["person"] and "applicant" not in examples["organisation"]
    mixed = examples["person"] | {"organisation": examples["organisation"]["organisation"]}
    assert form.check(mixed, "en", TODAY) == () and "organisation" not in form.outgoing(mixed)


def test_money_is_kopecks_and_limits_hold(tmp_path: Path) -> None:
    own = page("p", choice("how", "a", "b"), field("sum", "money", min=1, max=5), field("x", "text"), group="@group")
    form = form_of(tmp_path, loss(pages=[own], attachments=[]))
    example = deepcopy(form.definition.examples[0])
    example["matter"]["sum"] = 501
    (error,) = form.check(example, "en", TODAY)
    assert (error.pointer, error.code) == ("/matter/sum", "too_large")


def test_own_account_must_fit_own_bank(tmp_path: Path) -> None:
    own = page(
        "bank",
        choice("how", "a", "b"),
        field("bank", "lookup", list="banks"),
        field("account", "identifier", format="account"),
        group="@group",
    )
    form = form_of(tmp_path, loss(pages=[own], attachments=[]))
    example = deepcopy(form.definition.examples[0])
    assert form.check(example, "en", TODAY) == ()
    example["matter"]["bank"] = "044525974"
    assert [error.code for error in form.check(example, "en", TODAY)] == ["account.bic"]


def test_all_optional_questions_may_be_left_out_together(tmp_path: Path) -> None:
    own = page(
        "p",
        choice("a", "x", "y", optional=True),
        field("b", "text", optional=True),
        field("c", "date", optional=True),
        group="@group",
    )
    form = form_of(tmp_path, loss(pages=[own], attachments=[]))
    assert "matter" not in form.definition.examples[0]
    assert form.schema_accepts(form.outgoing(form.definition.examples[0]))


def change(path: str, value: Any) -> Any:
    """A set in which the value at a path is another."""

    def changed(one: dict[str, Any]) -> None:
        *parts, last = [int(part) if part.isdigit() else part for part in path.split("/")]
        node: Any = one
        for part in parts:
            node = node[part]
        node[last] = value

    return changed


@pytest.mark.parametrize(
    ("wrong", "pointer", "words"),
    [
        (change("colour", "red"), "", "unknown field"),
        (change("version", 0), "/version", "versions begin at 1"),
        (change("applicant", "bear"), "/applicant", "Invalid enum value"),
        (lambda one: one.update(applicant="caller", about="child"), "/about", "shows no papers"),
        (
            lambda one: one["pages"][0]["fields"].append(choice("again", "lost", "found")),
            "/pages/0/fields/2/choices",
            "two questions of this page have the answer 'lost (ру)'",
        ),
        (change("blocks", ["moon"]), "/blocks/0", "Invalid enum value"),
        (change("pages/0/fields/0/kind", "slider"), "/pages/0/fields/0/kind", "Invalid value"),
        (change("pages/0/title", text("Loss")), "/pages/0/title", "is a question"),
        (change("pages/0/group", text("A very long name of a group")), "/pages/0/group", "24 characters"),
        (change("pages/0/group", "@gone"), "/pages/0/group", "there is no text @gone"),
        (change("pages/0/group", "Loss"), "/pages/0/group", "Russian and English"),
        (change("held", [{"ru": " ", "en": "x"}]), "/held/0", "in Russian and in English"),
        (change("pages/0/fields/0/label", text("x" * 40)), "/pages/0/fields/0/label", "40 characters"),
        (change("pages/0/fields/0/label", {"ru": "Как?", "en": "How?"}), "/pages/0/fields/0/label", "not a question"),
        (change("pages/0/fields/0/id", "How"), "/pages/0/fields/0", "the id How is not one"),
        (change("pages/0/fields/0/id", "error"), "/pages/0/fields/0", "the id error is not one"),
        (change("pages/1/fields/0/id", "how"), "/pages/1/fields/0", "the id how stands twice"),
        (change("attachments/1/id", "photo"), "/attachments/1", "the id photo stands twice"),
        (change("pages/0/fields/0/choices", {"a": text("a")}), "/pages/0/fields/0", "2 to 8 answers"),
        (change("pages/0/fields/0/choices/label", text("a")), "/pages/0/fields/0/choices", "the id label"),
        (change("pages/1/when/field", "gone"), "/pages/1/when", "gone is not asked before"),
        (change("pages/1/when/is", ["gone"]), "/pages/1/when", "how has no choice gone"),
        (change("pages/1/when/is", []), "/pages/1/when", "names an answer"),
        (change("pages/1/when/is", ["stolen", "lost"]), "/pages/1/when", "every answer of how fulfils this"),
        (change("attachments/1/when/is", ["yes"]), "/attachments/1/when", "true or false"),
        (
            change("pages/2/fields/2/when", {"field": "day", "is": ["x"]}),
            "/pages/2/fields/2/when",
            "cannot look at day",
        ),
        (change("pages/2/fields/0/fields/2/when/field", "how"), "/pages/2/fields/0/fields/2/when", "not asked before"),
        (change("pages/2/fields/0/fields", []), "/pages/2/fields/0", "1 to 4 questions"),
        (change("pages/2/fields/0/most", 11), "/pages/2/fields/0", "at most 10 items"),
        (change("pages/2/fields/3/list", "planets"), "/pages/2/fields/3", "there is no lookup planets"),
        (
            change("pages/0/fields", [field("n", "identifier", format="passport")]),
            "/pages/0/fields/0",
            "unknown format",
        ),
        (
            change("pages/0/fields", [field("n", "identifier", format="snils")]),
            "/pages/0/fields/0",
            "everybody is asked",
        ),
        (change("pages/0/fields", [field("n", "number", min=2, max=1)]), "/pages/0/fields/0", "greater than"),
        (
            change("pages/0/fields", [field("n", "text", most=3, example="long")]),
            "/pages/0/fields/0",
            "example is longer",
        ),
        (change("pages/0/fields", []), "/pages/0/fields", "1 to 4 questions"),
        (change("pages", []), "/pages", "1 to 6 pages"),
        (change("attachments/0/most", 11), "/attachments/0", "1 to 10 files"),
        (change("attachments/0/kinds", []), "/attachments/0", "one kind or both"),
    ],
)
def test_a_wrong_set_is_refused_with_its_place(tmp_path: Path, wrong: Any, pointer: str, words: str) -> None:
    one = deepcopy(loss())
    wrong(one)
    with pytest.raises(SourceRefused) as refused:
        load(folder(tmp_path, one))
    found = [(place, message) for file, place, message in refused.value.problems if file.endswith("documents.json")]
    assert any(place == f"/forms/0{pointer}" and words in message for place, message in found), found


def plain(number: int, label: str) -> dict[str, Any]:
    own = page("p", choice(f"c{number}", "x", "y"), field("b", "text"), {**field("d", "date"), "label": text(label)})
    own["fields"][1]["label"] = text(f"b{number}")
    return loss(service=f"S{number:04}", pages=[own], attachments=[])


def test_a_label_stands_in_fifteen_services_at_most(tmp_path: Path) -> None:
    load(folder(tmp_path / "few", *(plain(number, "Day") for number in range(15)), texts={}))
    with pytest.raises(SourceRefused, match="stands in 16 services"):
        load(folder(tmp_path / "many", *(plain(number, "Day") for number in range(16)), texts={}))


def test_sets_of_the_same_questions_are_one_set(tmp_path: Path) -> None:
    same = plain(1, "Day")
    found = check_all(
        folder(tmp_path, same, {**same, "service": "S0002"}, plain(3, "Day"), texts={}), ("S0001", "S0002", "S0003")
    )
    assert found == {"services": 3, "with_own_form": 3, "question_sets": 2, "errors": []}


@pytest.mark.parametrize(
    ("sets", "texts", "index", "words"),
    [
        ([loss(), loss()], None, None, "has questions in documents.json already"),
        ([loss()], None, {"S0001": "general-citizen"}, "has the form general-citizen already"),
        ([plain(1, "Day")], {"idle": text("x")}, None, "nothing uses this text"),
        ([loss()], {"group": {"ru": "x"}}, None, "missing required field `en`"),
    ],
)
def test_files_of_sets_agree(tmp_path: Path, sets: Any, texts: Any, index: Any, words: str) -> None:
    with pytest.raises(SourceRefused) as refused:
        load(folder(tmp_path, *sets, texts=texts, index=index))
    assert any(words in message for _, _, message in refused.value.problems), refused.value.problems


@pytest.mark.parametrize("body", [b"{", b"\xff", b"[]", b'{"texts": {}}', b'{"texts": {}, "forms": 1}'])
def test_a_file_that_is_no_file_of_sets(tmp_path: Path, body: bytes) -> None:
    forms = folder(tmp_path, loss())
    (forms / "services" / "documents.json").write_bytes(body)
    with pytest.raises(SourceRefused):
        load(forms)


def test_a_service_that_the_catalogue_does_not_know(tmp_path: Path) -> None:
    forms = folder(tmp_path, loss())
    services = tmp_path / "catalogue" / "services"
    services.mkdir(parents=True)
    known = {"id": "S0002", "title": text("Title"), "kind": "apply", "audience": "citizen"}
    (services / "t.json").write_text(json.dumps({"services": [known, {"id": 5}]}), "utf-8")
    with pytest.raises(SourceRefused, match="there is no service S0001 that is applied for"):
        load(forms)
    known["id"] = "S0001"
    (services / "t.json").write_text(json.dumps({"services": [known]}), "utf-8")
    assert next(form for form in load(forms).forms if form.id == "s0001").title.en == "Title"


def test_every_format_has_a_made_up_example() -> None:
    assert IDENTIFIERS.keys() == FORMATS.keys()
    for name, value in IDENTIFIERS.items():
        assert FORMATS[name].check(value) is None, name


def test_the_check_tells_every_problem_of_the_sources(tmp_path: Path) -> None:
    one, other = deepcopy(loss()), deepcopy(loss(service="S0002"))
    one["version"] = 0
    other["blocks"] = ["moon"]
    found = check_all(folder(tmp_path, one, other))
    assert (found["services"], found["with_own_form"], found["question_sets"]) == (0, 0, 0)
    places = [(error["service"], error["pointer"]) for error in found["errors"]]
    assert ("", "services/documents.json#/forms/0/version") in places
    assert ("", "services/documents.json#/forms/1/blocks/0") in places
