"""Forms and blocks that editors write by hand, and the inlining that makes full definitions of them.

Rules. Everything is read strictly: an unknown key, a wrong type, a missing text or block ends in SourceRefused with
file, pointer and message. What comes out needs no other file (FormDefinition). Its version is that of the form's own
part and one more for every raise of a block in it: raising a block raises every form that uses it. It does not compile
or judge forms: definition.py and checking.py do.
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
from kiosk.model.text import Text

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


class BlockSource(Struct, frozen=True, forbid_unknown_fields=True):
    """A shared part. `version` goes up with every change of what it asks and how answers are judged."""

    id: str
    version: int
    schema: dict[str, Any]
    elements: list[dict[str, Any]]
    texts: dict[str, Text]
    examples: tuple[Answers, ...] = ()


class FormSource(Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    version: int
    title: Text
    schema: dict[str, Any]
    ui: dict[str, Any]
    texts: dict[str, Text]
    examples: tuple[Answers, ...]
    own: bool = True


_Source = TypeVar("_Source", bound=Struct)
Blocks = Mapping[str, BlockSource]


def inlined(source: FormSource, blocks: Blocks, path: Path, at: str = "") -> FormDefinition:
    """A source with its blocks, as it is published. Raises SourceRefused with places in `path` below `at`."""
    inliner = Inliner(blocks)
    pages = source.ui.get("elements", [])
    try:
        elements = inliner.elements(pages)
        schema = inliner.schema(source.schema, pages)
    except KeyError as error:
        raise refused(path, f"{at}/ui", f"there is no block {error.args[0]}") from error
    except ValueError as error:
        raise refused(path, f"{at}/ui", str(error)) from error
    schema = {"$schema": _DIALECT, **schema}
    if inliner.definitions:
        schema["$defs"] = dict(sorted(inliner.definitions.items()))
    if inliner.pair_rules:
        schema["x-rules"] = [*schema.get("x-rules", ()), *inliner.pair_rules]
    return FormDefinition(
        id=source.id,
        version=source.version + sum(blocks[name].version - 1 for name in inliner.used),
        title=source.title,
        schema=schema,
        ui={**source.ui, "elements": elements},
        texts=dict(sorted((inliner.texts | source.texts).items())),
        examples=source.examples,
        own=source.own,
    )


def refused(path: Path, pointer: str, message: str) -> SourceRefused:
    return SourceRefused(f"{path.name}: {pointer or '/'}: {message}", ((str(path), pointer, message),))


def read(path: Path, kind: type[_Source]) -> _Source:
    """The JSON of one file as a struct of a kind, named as the file. Raises SourceRefused."""
    try:
        found = msgspec.json.decode(path.read_bytes(), type=kind)
    except OSError as error:
        raise refused(path, "", f"cannot be read: {error.strerror}") from error
    except msgspec.ValidationError as error:
        message, _, place = str(error).partition(" - at `$")
        raise refused(path, place.rstrip("`").replace(".", "/").replace("[", "/").replace("]", ""), message) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise refused(path, "", f"is no JSON: {error}") from error
    given = getattr(found, "id", path.stem)
    if given != path.stem:
        raise refused(path, "/id", f"the id {given} differs from the file's name")
    return found
