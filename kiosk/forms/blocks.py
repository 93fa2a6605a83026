"""Shared blocks: parts that many forms ask for in the same words, inlined into a full definition.

Rules. A block has a schema, elements and texts of its own, with scopes and rules that begin at its own root. A form
uses it by
`{"$ref": "#/$defs/<block>"}` in its schema and `{"type": "Block", "block", "scope", "i18n"?, "rule"?}` in its UI
schema. Its texts get the prefix
`i18n` (the block's id where none is given), and the form's own texts win over them. A rule at the use is added to
every element
of the block. Blocks may use blocks. `x-rules` of a block are lifted to the root.
It does not read files: source.py hands the blocks in.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from kiosk.forms.requirements import moved
from kiosk.forms.schema import Schema

Element = dict[str, Any]


class Block(Protocol):
    """A shared part as its file holds it."""

    @property
    def schema(self) -> Schema: ...

    @property
    def elements(self) -> list[Element]: ...

    @property
    def texts(self) -> Mapping[str, Any]: ...


class Inliner:
    """Inlines `blocks` into one form. Raises KeyError with the name of an unknown block, ValueError for blocks
    that use each other.
    """

    def __init__(self, blocks: Mapping[str, Block]) -> None:
        self._blocks = blocks
        self.definitions: dict[str, Schema] = {}
        self.texts: dict[str, Any] = {}
        self.pair_rules: list[dict[str, Any]] = []
        self.used: set[str] = set()
        """The blocks that were found, those within blocks among them."""

    def schema(self, schema: Schema, elements: list[Element]) -> Schema:
        """`schema` with conditional requirements moved and with every `$ref` to a block collected into
        `definitions`.
        """
        done = moved(schema, elements)
        self._collect(done)
        return done

    def _collect(self, node: Any) -> None:
        if isinstance(node, list):
            for one in node:
                self._collect(one)
        elif isinstance(node, dict):
            reference = node.get("$ref")
            if isinstance(reference, str):
                name = reference.removeprefix("#/$defs/")
                if name not in self.definitions:
                    block = self._blocks[name]
                    self.used.add(name)
                    self.definitions[name] = {}
                    schema = self.schema(block.schema, block.elements)
                    self.definitions[name] = {key: value for key, value in schema.items() if key != "x-rules"}
            for value in node.values():
                self._collect(value)

    def elements(self, elements: list[Element], scope: str = "#", prefix: str = "", depth: int = 0) -> list[Element]:
        """`elements` with every Block replaced by what it stands for."""
        if depth > 8:
            raise ValueError("blocks use each other in a circle")
        done: list[Element] = []
        for element in elements:
            if element.get("type") == "Block":
                done += self._used(element, scope, prefix, depth)
                continue
            copy = dict(element)
            if "scope" in copy:
                copy["scope"] = scope + copy["scope"].removeprefix("#")
            if "i18n" in copy:
                copy["i18n"] = prefix + copy["i18n"]
            if "rule" in copy:
                copy["rule"] = {**copy["rule"], "condition": _moved_condition(copy["rule"]["condition"], scope)}
            if detail := copy.get("options", {}).get("detail"):
                inner = self.elements(detail["elements"], "#", prefix, depth)
                copy["options"] = {**copy["options"], "detail": {**detail, "elements": inner}}
            if "elements" in copy:
                copy["elements"] = self.elements(copy["elements"], scope, prefix, depth)
            done.append(copy)
        return done

    def _used(self, use: Element, scope: str, prefix: str, depth: int) -> list[Element]:
        block = self._blocks[use["block"]]
        self.used.add(use["block"])
        here = scope + use["scope"].removeprefix("#")
        key = f"{prefix}{use.get('i18n', use['block'])}."
        for name, text in block.texts.items():
            self.texts.setdefault(key + name, text)
        pointer = here.removeprefix("#").replace("/properties/", "/")
        for rule in block.schema.get("x-rules", ()):
            if "with" not in rule:
                raise ValueError(f"a rule of the block {use['block']} is not between two of its answers")
            self.pair_rules.append({**rule, "at": pointer + rule["at"], "with": pointer + rule["with"]})
        inner = self.elements(block.elements, here, key, depth + 1)
        if "rule" not in use:
            return inner
        rule = {**use["rule"], "condition": _moved_condition(use["rule"]["condition"], scope)}
        return [{**element, "rule": _both(rule, element.get("rule"))} for element in inner]


def _moved_condition(condition: dict[str, Any], scope: str) -> dict[str, Any]:
    if "conditions" in condition:
        return {**condition, "conditions": [_moved_condition(one, scope) for one in condition["conditions"]]}
    return {**condition, "scope": scope + condition["scope"].removeprefix("#")}


def _both(rule: dict[str, Any], other: dict[str, Any] | None) -> dict[str, Any]:
    if other is None:
        return rule
    if rule["effect"] != "SHOW" or other["effect"] != "SHOW":
        raise ValueError("a block under a rule may only have SHOW rules")
    return {"effect": "SHOW", "condition": {"type": "AND", "conditions": [rule["condition"], other["condition"]]}}
