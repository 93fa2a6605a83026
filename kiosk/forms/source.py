"""Editors' form sources: everything in resources that forms are made of.

    <folder>/<form id>.json          one form: id, version, title, own, schema, ui, texts, examples (JSON Schema and
    JSON Forms, blocks by name)
    <folder>/blocks/<id>.json        one shared block: id, schema, elements, texts, examples
    <folder>/services/<theme>.json   question sets, from which forms are assembled (question_set.py, assembly.py)
    <folder>/index.json              {"services": {service id: form id}, "general": {audience: form id}}
    <folder>/../lookups/<id>.json    lists for lookups; `centres` is made of <folder>/../catalogue/centres

Rules. A service has the form that the index names, else the one of its question set, else the general form of its
audience. Everything is read strictly, and all problems of question sets are found before anything is refused. Services
and their titles are those of <folder>/../catalogue, where there is one.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from kiosk.errors import SourceRefused
from kiosk.forms import set_rules
from kiosk.forms.assembly import assembled, form_id
from kiosk.forms.question_set import Placed, Problem
from kiosk.forms.question_set import read as read_sets
from kiosk.forms.written import Blocks, BlockSource, FormSource, inlined, read, refused
from kiosk.model.form import FormDefinition
from kiosk.model.lookup import Lookup, LookupEntry
from kiosk.model.service import Audience, Service
from kiosk.model.text import Text


class FormIndex(Struct, frozen=True, forbid_unknown_fields=True):
    """Which form a service has: its own by id, else the general one of its audience."""

    services: dict[str, str]
    general: dict[Audience, str]


class Known(Struct, frozen=True):
    """What the catalogue says of a service that is applied for."""

    title: Text
    kind: str
    audience: Audience


class Sources(Struct, frozen=True):
    """Everything that was read. `places` is form id -> (file, pointer); `sets` are the question sets by form id;
    `own` says by form id what is asked for by that form alone, to tell sets of questions apart.
    """

    forms: tuple[FormDefinition, ...]
    index: FormIndex
    lookups: dict[str, Lookup]
    services: dict[str, Known]
    places: dict[str, tuple[str, str]]
    sets: dict[str, Placed]
    own: dict[str, str]


def load(folder: Path) -> Sources:
    """Everything of a source folder. Raises SourceRefused with all problems of question sets at once."""
    index = load_index(folder)
    lookups = load_lookups(folder)
    blocks = load_blocks(folder)
    services = load_services(folder)
    forms: list[FormDefinition] = []
    places: dict[str, tuple[str, str]] = {}
    own: dict[str, str] = {}
    for path in sorted(path for path in folder.glob("*.json") if path.name != "index.json"):
        source = read(path, FormSource)
        forms.append(inlined(source, blocks, path))
        places[source.id] = (str(path), "")
        own[source.id] = _own_questions(source)
    placed, problems = read_sets(folder)
    sets: dict[str, Placed] = {}
    for one in placed:
        problems += _of_service(one, index, services, sets)
        known = services.get(one.set.service)
        form, wrong = assembled(one, known.title if known else None, blocks, lookups)
        problems += wrong
        if form is not None and form.id not in sets:
            sets[form.id] = one
            forms.append(form)
            places[form.id] = (one.file, one.pointer)
            own[form.id] = _signature([msgspec.to_builtins(page) for page in one.set.pages])
    problems += set_rules.labels_differ(sets.values())
    if problems:
        file, pointer, message = problems[0]
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        raise SourceRefused(f"{Path(file).name}: {pointer or '/'}: {message}{more}", tuple(problems))
    named = {one.set.service: form for form, one in sets.items()} | index.services
    return Sources(tuple(forms), FormIndex(named, index.general), lookups, services, places, sets, own)


def load_forms(folder: Path) -> list[FormDefinition]:
    """All forms of a source folder, written and assembled. Raises SourceRefused."""
    return list(load(folder).forms)


def load_blocks(folder: Path) -> Blocks:
    """The shared blocks of a source folder by id. Raises SourceRefused."""
    found: dict[str, BlockSource] = {}
    for path in sorted((folder / "blocks").glob("*.json")):
        block = found[path.stem] = read(path, BlockSource)
        if block.version < 1:
            raise refused(path, "/version", "versions begin at 1")
    return found


def load_index(folder: Path) -> FormIndex:
    """The index of a source folder, as it is written. Raises SourceRefused."""
    return read(folder / "index.json", FormIndex)


def load_lookups(folder: Path) -> dict[str, Lookup]:
    """The lists for lookups by id. Raises SourceRefused."""
    found = [read(path, Lookup) for path in sorted((folder.parent / "lookups").glob("*.json"))]
    for one in found:
        ids = [entry.id for entry in one.entries]
        if len(set(ids)) != len(ids) or not ids:
            raise refused(folder.parent / "lookups" / f"{one.id}.json", "/entries", "entries have ids of their own")
    centres = _centres(folder.parent / "catalogue" / "centres")
    return {one.id: one for one in [*found, *([Lookup("centres", "the catalogue", centres)] if centres else [])]}


def load_services(folder: Path) -> dict[str, Known]:
    """The services that are applied for; the editors' check of the catalogue is elsewhere (publish)."""
    found: dict[str, Known] = {}
    for path in sorted((folder.parent / "catalogue" / "services").glob("*.json")):
        for one in _lenient(path).get("services", ()):
            try:
                known = msgspec.convert(one, Known)
            except msgspec.ValidationError:
                continue
            if known.kind == "apply":
                found[str(one.get("id"))] = known
    return found


def form_for_service(index: FormIndex, service: Service) -> str | None:
    """The form id of a service; None if it is not one that is applied for."""
    return index.services.get(service.id) or index.general[service.audience] if service.kind == "apply" else None


def _of_service(one: Placed, index: FormIndex, services: dict[str, Known], sets: dict[str, Placed]) -> list[Problem]:
    service, where = one.set.service, f"{one.pointer}/service"
    if services and service not in services:
        return [(one.file, where, f"there is no service {service} that is applied for")]
    if service in index.services:
        return [(one.file, where, f"the service {service} has the form {index.services[service]} already")]
    other = sets.get(form_id(service))
    if other:
        return [(one.file, where, f"the service {service} has questions in {Path(other.file).name} already")]
    return []


def _own_questions(source: FormSource) -> str:
    """What a form asks for besides blocks; itself where there is nothing."""

    def besides(elements: list[dict[str, Any]]) -> list[Any]:
        kept = [element for element in elements if element.get("type") != "Block"]
        return [
            {**element, "elements": besides(element["elements"])} if "elements" in element else element
            for element in kept
        ]

    own = [page for page in besides(source.ui.get("elements", [])) if page.get("elements")]
    return _signature([own, msgspec.to_builtins(source.texts)] if own else source.id)


def _signature(value: Any) -> str:
    return msgspec.json.encode(value, order="sorted").decode()


def _centres(folder: Path) -> tuple[LookupEntry, ...]:
    entries: list[LookupEntry] = []
    for path in sorted(folder.glob("*.json")):
        for one in _lenient(path).get("centres", ()):
            try:
                entries.append(LookupEntry(one["id"], msgspec.convert(one["name"], Text)))
            except (KeyError, TypeError, msgspec.ValidationError):
                continue
    return tuple(sorted(entries, key=lambda entry: entry.name.ru))


def _lenient(path: Path) -> dict[str, Any]:
    """A file of the catalogue; what is wrong with it is said by the check of the catalogue."""
    try:
        found = msgspec.json.decode(path.read_bytes())
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return {}
    return found if isinstance(found, dict) else {}
