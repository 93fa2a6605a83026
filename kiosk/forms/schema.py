"""Reading the JSON Schema of a form: where a scope points, what must be there.

Rules. References are local (`#/$defs/<name>`); objects list their properties and refuse others. What is always needed
stands in `required`; what is needed only while it is asked stands in the `then` branches of `allOf` (see
requirements.py).
Source: JSON Schema 2020-12, core and validation; JSON Forms, scopes are JSON Pointers into the schema
("#/properties/a/properties/b").
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kiosk.forms.expression_names import answers

Schema = dict[str, Any]


def path_of(scope: str) -> tuple[str, ...] | None:
    """The names along a scope: "#/properties/a/properties/b" -> ("a", "b"); None if it is not a scope of that shape."""
    parts = scope.split("/")
    if parts[0] != "#" or len(parts) % 2 == 0 or any(word != "properties" for word in parts[1::2]):
        return None
    return tuple(parts[2::2])


def scope_of(path: tuple[str, ...]) -> str:
    return "#" + "".join(f"/properties/{name}" for name in path)


def resolved(root: Schema, schema: Schema) -> Schema:
    """The schema itself, or what its local reference means (words beside the reference win)."""
    reference = schema.get("$ref")
    if not isinstance(reference, str) or not reference.startswith("#/$defs/"):
        return schema
    target = root.get("$defs", {}).get(reference.removeprefix("#/$defs/"), {})
    return {**target, **{key: value for key, value in schema.items() if key != "$ref"}}


def at(root: Schema, path: tuple[str, ...]) -> Schema | None:
    """The schema of the value at `path`, references resolved; None where the schema knows no such property."""
    node = resolved(root, root)
    for name in path:
        properties = node.get("properties", {})
        if name not in properties:
            return None
        node = resolved(root, properties[name])
    return node


def item_of(root: Schema, schema: Schema) -> Schema | None:
    """The schema of one item if this is a list of objects, with the definitions of the root; None otherwise."""
    items = resolved(root, schema.get("items", {})) if schema.get("type") == "array" else {}
    return {**items, "$defs": root.get("$defs", {})} if "properties" in items and "x-attachment" not in schema else None


def leaves(root: Schema, node: Schema | None = None, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The paths of all values that are not objects."""
    for name, child in resolved(root, root if node is None else node).get("properties", {}).items():
        child = resolved(root, child)
        if "properties" in child:
            yield from leaves(root, child, (*path, name))
        else:
            yield (*path, name)


def objects(
    root: Schema, node: Schema | None = None, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], Schema]]:
    """Every object of the schema with its path, the root first."""
    node = resolved(root, root if node is None else node)
    yield path, node
    for name, child in node.get("properties", {}).items():
        child = resolved(root, child)
        if "properties" in child:
            yield from objects(root, child, (*path, name))
        elif (item := item_of(root, child)) is not None:
            yield from objects(root, item, (*path, name, "items"))


def required(root: Schema) -> frozenset[tuple[str, ...]]:
    """The paths that must be there while they are asked, from `required` and from the `then` branches."""
    found: set[tuple[str, ...]] = set()

    def walk(node: Schema, path: tuple[str, ...]) -> None:
        node = resolved(root, node)
        found.update((*path, name) for name in node.get("required", ()))
        for branch in node.get("allOf", ()):
            walk(branch.get("then", {}), path)
        for name, child in node.get("properties", {}).items():
            if isinstance(child, dict):
                walk(child, (*path, name))

    walk(root, ())
    return frozenset(found)


def asked_for(root: Schema, expression: str) -> frozenset[tuple[str, ...]]:
    """The paths of the answers that an expression comes from; for a calculated one those that it comes from itself."""
    found: set[tuple[str, ...]] = set()
    waiting, done = [expression], {expression}
    while waiting:
        for path in answers(waiting.pop()):
            inner = (at(root, path) or {}).get("x-calculated")
            if inner is None:
                found.add(path)
            elif inner not in done:
                done.add(inner)
                waiting.append(inner)
    return frozenset(found)
