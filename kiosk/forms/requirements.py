"""What is needed only while it is asked, written as plain JSON Schema, so that any validator understands a published
form.

Rules. Editors list everything that a page needs in `required`. A name whose Control, page or block stands under a
rule moves from there into a branch
`{"if": <the rule>, "then": {"required": …}}` of the root's (or the block's) `allOf`. Answers without hidden parts
then pass the schema alone. The items of a list, whose controls stand in the `detail` of its Control, are treated
alike. What is disabled is needed no more than what is hidden.
Source: JSON Schema 2020-12, validation, section 6.5.3, and core, section 10.2.2.
"""

from __future__ import annotations

from typing import Any

from kiosk.forms.schema import Schema, path_of

Rules = tuple[dict[str, Any], ...]


def moved(schema: Schema, elements: list[dict[str, Any]]) -> Schema:
    """A copy of `schema` with the conditional requirements of `elements` (Categories, Groups, Controls, Blocks)
    in `allOf`.
    """
    schema = _copy(schema)
    _move_items(schema, elements)
    branches: dict[str, tuple[Rules, list[tuple[str, ...]]]] = {}
    targets = _targets(elements, ())
    always = {path[:length] for path, rules in targets if not rules for length in range(len(path) + 1)}
    for path, rules in targets:
        if rules and _take(schema, path):
            branches.setdefault(repr(rules), (rules, []))[1].append(path)
        for length in range(1, len(path)):
            if path[:length] not in always:
                _take(schema, path[:length])
    _loosen(schema)
    for rules, paths in branches.values():
        conditions = [_as_schema(rule) for rule in rules]
        branch = {"if": conditions[0] if len(conditions) == 1 else {"allOf": conditions}, "then": _needs(paths)}
        schema.setdefault("allOf", []).append(branch)
    return schema


def _move_items(schema: Schema, elements: list[dict[str, Any]]) -> None:
    for element in elements:
        detail = element.get("options", {}).get("detail")
        if detail:
            node = schema
            for name in path_of(element["scope"]) or ():
                node = node.get("properties", {}).get(name, {})
            if "items" in node:
                node["items"] = moved(node["items"], detail["elements"])
        _move_items(schema, element.get("elements", []))


def _loosen(schema: Schema) -> None:
    """An object in which nothing is always needed may be missing as a whole."""
    for name, node in schema.get("properties", {}).items():
        if "properties" in node:
            _loosen(node)
            if "required" not in node:
                _take(schema, (name,))


def _copy(schema: Any) -> Any:
    if isinstance(schema, dict):
        return {key: _copy(value) for key, value in schema.items()}
    return [_copy(value) for value in schema] if isinstance(schema, list) else schema


def _targets(elements: list[dict[str, Any]], outer: Rules) -> list[tuple[tuple[str, ...], Rules]]:
    found: list[tuple[tuple[str, ...], Rules]] = []
    for element in elements:
        rules = (*outer, element["rule"]) if "rule" in element else outer
        if "scope" in element:
            found.append((path_of(element["scope"]) or (), rules))
        found += _targets(element.get("elements", []), rules)
    return found


def _take(schema: Schema, path: tuple[str, ...]) -> bool:
    """Take the last name of `path` out of `required`; False if it does not stand there."""
    node = schema
    for name in path[:-1]:
        node = node.get("properties", {}).get(name, {})
    if not path or path[-1] not in node.get("required", ()):
        return False
    node["required"] = [name for name in node["required"] if name != path[-1]]
    if not node["required"]:
        del node["required"]
    return True


def _needs(paths: list[tuple[str, ...]]) -> Schema:
    needs: Schema = {}
    for path in paths:
        node = needs
        for place, name in enumerate(path):
            names = node.setdefault("required", [])
            if name not in names:
                names.append(name)
            if place < len(path) - 1:
                node = node.setdefault("properties", {}).setdefault(name, {})
    return needs


def _as_schema(rule: dict[str, Any]) -> Schema:
    condition = _condition(rule["condition"])
    return condition if rule["effect"] in ("SHOW", "ENABLE") else {"not": condition}


def _condition(condition: dict[str, Any]) -> Schema:
    if condition.get("type") in ("AND", "OR"):
        inner = [_condition(one) for one in condition["conditions"]]
        return {"allOf" if condition["type"] == "AND" else "anyOf": inner}
    schema: Schema = condition["schema"]
    for name in reversed(path_of(condition["scope"]) or ()):
        schema = {"required": [name], "properties": {name: schema}}
    return schema
