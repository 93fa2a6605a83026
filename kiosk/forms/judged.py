"""What of a form decides how answers are judged: the part that may only change together with the form's version.

Rules. Answers are judged by the version of the form that was filled, months later too; two forms of one version must
judge alike. What is judged by is the schema and the layout (what is asked, when, and within which limits). Words,
titles and made-up examples are not: a typing error may be mended without turning away those who saved a draft.
`parts` tells the form's own part from its blocks. It does not say which version is right (publish/versions.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from kiosk.forms.schema import Schema, path_of
from kiosk.model.form import FormDefinition

_SHOWN_ONLY = frozenset({"examples", "x-examplesOn"})
_NAMED = ("properties", "$defs")
OWN = ""
"""The name of the part that is no block's."""


def judged(form: FormDefinition) -> bytes:
    """Canonical JSON of what decides; the same bytes judge alike."""
    return _json([_bare(form.schema), form.ui])


def parts(form: FormDefinition) -> dict[str, bytes]:
    """What decides, by the block it comes from (OWN for none). Only the order of blocks is in no part."""
    schema = _bare(form.schema)
    blocks = schema.pop("$defs", {})
    found: dict[str, list[Any]] = {OWN: [schema], **{name: [block] for name, block in blocks.items()}}
    for element in form.ui.get("elements", ()):
        for owner, one in _elements(form.schema, element):
            found.setdefault(owner, []).append(one)
    return {name: _json(value) for name, value in found.items()}


def _bare(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_bare(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: {name: _bare(inner) for name, inner in value.items()} if key in _NAMED else _bare(value)
        for key, value in schema.items()
        if key not in _SHOWN_ONLY
    }


def _elements(root: Schema, element: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every element by itself; a page or group belongs to the block of its first control."""
    inner = [one for child in element.get("elements", ()) for one in _elements(root, child)]
    owner = _owner(root, element["scope"]) if "scope" in element else inner[0][0] if inner else OWN
    yield owner, {key: value for key, value in element.items() if key != "elements"}
    yield from inner


def _owner(root: Schema, scope: str) -> str:
    """The innermost block that a scope leads into."""
    owner, node = OWN, root
    for name in path_of(scope) or ():
        node = node.get("properties", {}).get(name, {})
        reference = node.get("$ref")
        if isinstance(reference, str):
            owner = reference.removeprefix("#/$defs/")
            node = root.get("$defs", {}).get(owner, {})
    return owner


def _json(value: Any) -> bytes:
    return msgspec.json.encode(value, order="sorted")
