"""When a page, a group or a field is asked: the rules of JSON Forms.

Rules. `{"effect": "SHOW" | "HIDE" | "ENABLE" | "DISABLE", "condition": {"scope", "schema"}}`, or a condition of
`{"type": "AND" | "OR", "conditions": [...]}`. What is disabled is shown and can not be answered: like what is hidden,
it is neither checked nor sent. A condition
whose answer is absent is not met (JSON Forms' `failWhenUndefined`, always on here). A rule looks only at what is
asked earlier and
visible: what is hidden counts as absent, so hiding goes on down a chain. Scope "#" means all answers so far.
Source: jsonforms.io/docs/uischema/rules.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from kiosk.forms.schema import Schema, path_of

EFFECTS = ("SHOW", "HIDE", "ENABLE", "DISABLE")
_ABSENT = object()


class Condition:
    """One condition: the value at a path satisfies a schema."""

    def __init__(self, path: tuple[str, ...], schema: Schema) -> None:
        self.path = path
        self.schema = schema

    @cached_property
    def _validator(self) -> Any:
        import jsonschema_rs

        return jsonschema_rs.Draft202012Validator(self.schema)

    def met(self, answers: dict[str, Any]) -> bool:
        value: Any = answers
        for name in self.path:
            value = value.get(name, _ABSENT) if isinstance(value, dict) else _ABSENT
        if value is _ABSENT:
            return False
        if isinstance(value, str) and self.schema.keys() == {"const"}:
            return bool(value == self.schema["const"])
        return bool(self._validator.is_valid(value))


class Several:
    """Conditions joined by AND or OR."""

    def __init__(self, every: bool, conditions: tuple[Condition | Several, ...]) -> None:
        self.every = every
        self.conditions = conditions

    def met(self, answers: dict[str, Any]) -> bool:
        return (all if self.every else any)(one.met(answers) for one in self.conditions)


class Rule:
    """Whether something is asked, given the visible answers so far; `hides` says what becomes of what is not."""

    def __init__(self, effect: str, condition: Condition | Several) -> None:
        self.hides = effect in ("SHOW", "HIDE")
        self._asks = effect in ("SHOW", "ENABLE")
        self.condition = condition

    def asked(self, answers: dict[str, Any]) -> bool:
        return self.condition.met(answers) is self._asks


def compile_rule(rule: Any) -> Rule:
    """Raises ValueError with a plain sentence if the rule is not one of ours."""
    if not isinstance(rule, dict) or rule.get("effect") not in EFFECTS:
        raise ValueError("a rule needs the effect SHOW or HIDE, ENABLE or DISABLE")
    return Rule(rule["effect"], _compile(rule.get("condition")))


def _compile(condition: Any) -> Condition | Several:
    if not isinstance(condition, dict):
        raise ValueError("a rule needs a condition")
    if condition.get("type") in ("AND", "OR"):
        inner = tuple(_compile(one) for one in condition.get("conditions", ()))
        if not inner:
            raise ValueError("AND and OR need conditions")
        return Several(condition["type"] == "AND", inner)
    path = path_of(str(condition.get("scope", "")))
    if path is None or not isinstance(condition.get("schema"), dict):
        raise ValueError("a condition needs a scope and a schema")
    return Condition(path, condition["schema"])


def paths(condition: Condition | Several) -> Iterator[tuple[str, ...]]:
    """What a condition looks at."""
    if isinstance(condition, Condition):
        yield condition.path
    else:
        for one in condition.conditions:
            yield from paths(one)
