"""Editors' form sources: files of resources/forms, read and made into full definitions.

    <folder>/<form id>.json     one form: id, version, title, own, schema, ui, texts, examples (JSON Schema and
    JSON Forms, blocks by name)
    <folder>/blocks/<id>.json   one shared block: id, schema, elements, texts
    <folder>/index.json         {"services": {service id: form id}, "general": {audience: form id}}

Rules. Everything is read strictly: an unknown key, a wrong type, a missing text or block ends in SourceRefused with
file, pointer and message.
What comes out needs no other file (FormDefinition). It does not compile or judge forms: definition.py and checking.py
do.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from kiosk.errors import SourceRefused
from kiosk.forms.blocks import Inliner
from kiosk.model.form import Answers, FormDefinition
from kiosk.model.service import Audience, Service
from kiosk.model.text import Text

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


class BlockSource(Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    schema: dict[str, Any]
    elements: list[dict[str, Any]]
    texts: dict[str, Text]


class FormSource(Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    version: int
    title: Text
    schema: dict[str, Any]
    ui: dict[str, Any]
    texts: dict[str, Text]
    examples: tuple[Answers, ...]
    own: bool = True


class FormIndex(Struct, frozen=True, forbid_unknown_fields=True):
    """Which form a service has: its own by id, else the general one of its audience."""

    services: dict[str, str]
    general: dict[Audience, str]


_Source = TypeVar("_Source", BlockSource, FormSource, FormIndex)


def load_forms(folder: Path) -> list[FormDefinition]:
    """All forms of a source folder, by id. Raises SourceRefused."""
    blocks = load_blocks(folder)
    names = sorted(path for path in folder.glob("*.json") if path.name != "index.json")
    return [inlined(_read(path, FormSource), blocks, path) for path in names]


def load_blocks(folder: Path) -> dict[str, dict[str, Any]]:
    """The shared blocks of a source folder by id. Raises SourceRefused."""
    found = {}
    for path in sorted((folder / "blocks").glob("*.json")):
        block = _read(path, BlockSource)
        found[block.id] = {"schema": block.schema, "elements": block.elements, "texts": block.texts}
    return found


def load_index(folder: Path) -> FormIndex:
    """The index of a source folder. Raises SourceRefused."""
    return _read(folder / "index.json", FormIndex)


def form_for_service(index: FormIndex, service: Service) -> str | None:
    """The form id of a service; None if it is not one that is applied for."""
    return index.services.get(service.id) or index.general[service.audience] if service.kind == "apply" else None


def inlined(source: FormSource, blocks: Mapping[str, dict[str, Any]], path: Path) -> FormDefinition:
    """A source with its blocks, as it is published."""
    inliner = Inliner(blocks)
    pages = source.ui.get("elements", [])
    try:
        elements = inliner.elements(pages)
        schema = inliner.schema(source.schema, pages)
    except KeyError as error:
        raise refused(path, "/ui", f"there is no block {error.args[0]}") from error
    except ValueError as error:
        raise refused(path, "/ui", str(error)) from error
    schema = {"$schema": _DIALECT, **schema}
    if inliner.definitions:
        schema["$defs"] = dict(sorted(inliner.definitions.items()))
    if inliner.pair_rules:
        schema["x-rules"] = [*schema.get("x-rules", ()), *inliner.pair_rules]
    return FormDefinition(
        id=source.id,
        version=source.version,
        title=source.title,
        schema=schema,
        ui={**source.ui, "elements": elements},
        texts=dict(sorted((inliner.texts | source.texts).items())),
        examples=source.examples,
        own=source.own,
    )


def refused(path: Path, pointer: str, message: str) -> SourceRefused:
    return SourceRefused(f"{path.name}: {pointer or '/'}: {message}", ((str(path), pointer, message),))


def _read(path: Path, kind: type[_Source]) -> _Source:
    try:
        found = msgspec.json.decode(path.read_bytes(), type=kind)
    except OSError as error:
        raise refused(path, "", f"cannot be read: {error.strerror}") from error
    except msgspec.ValidationError as error:
        message, _, place = str(error).partition(" - at `$")
        raise refused(path, place.rstrip("`").replace(".", "/").replace("[", "/").replace("]", ""), message) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise refused(path, "", f"is no JSON: {error}") from error
    if not isinstance(found, FormIndex) and found.id != path.stem:
        raise refused(path, "/id", f"the id {found.id} differs from the file's name")
    return found
