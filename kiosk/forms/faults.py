"""Everything that is wrong with the visible answers: one fault at most for one answer.

Rules. In this order: what cannot be cleaned, files, what the JSON Schema refuses, what is missing, lookups, limits in
time, rules between answers. A fault is a stable code with the arguments of its words (messages.py says the words).
"""

from __future__ import annotations

from datetime import date
from typing import Any

from kiosk.forms import attachments, limits, messages
from kiosk.forms.answers import get, pointer_of, reach
from kiosk.forms.expression import Expression
from kiosk.forms.lookup import Lookups, accepts
from kiosk.forms.question import Question
from kiosk.forms.schema import Schema, asked_for
from kiosk.forms.seen import Fault, Seen


class PairRules:
    """The `x-rules` of a schema, those in words of CEL compiled."""

    def __init__(self, schema: Schema) -> None:
        self._rules: list[tuple[dict[str, Any], Expression | None, tuple[str, ...]]] = []
        """Each rule with its expression and the pointers of the answers that it looks at."""
        for rule in schema.get("x-rules", ()):
            if "that" in rule:
                named = {pointer_of(path) for path in asked_for(schema, rule["that"])}
                self._rules.append((rule, Expression(rule["that"]), (rule["at"], *named)))
            else:
                self._rules.append((rule, None, (rule["at"], rule["with"])))

    def faults(self, seen: Seen, found: dict[str, Fault]) -> None:
        """Add the fault of every broken rule whose answers are sound so far: those are mended first."""
        for rule, expression, answers in self._rules:
            at = rule["at"]
            if get(seen.answers, at) is None:
                continue
            if found and any(f"{pointer}/".startswith(f"{answer}/") for answer in answers for pointer in found):
                continue
            if expression is not None:
                if expression.value(seen.answers) is False:
                    found[at] = ("rule.says", {"name": rule["name"]})
                continue
            other = get(seen.answers, rule["with"])
            if other is None:
                continue
            if code := limits.pair_fault(rule, get(seen.answers, at), other):
                found[at] = (code, {"limit": rule.get("limit", "")})


def faults(seen: Seen, validator: Any, pairs: PairRules, lookups: Lookups, today: date) -> dict[str, Fault]:
    """Every fault of the visible answers by pointer."""
    found = dict(seen.faults)
    by_pointer = {question.pointer: question for question in seen.questions()}
    values = {pointer: reach(seen.answers, question.path) for pointer, question in by_pointer.items()}
    _files(by_pointer, values, found)
    for problem in validator.iter_errors(seen.answers):
        names = tuple(str(name) for name in problem.instance_path)
        question = _owner(by_pointer, names)
        if question is None or (question.kind in ("list", "attachment") and len(names) > len(question.path)):
            continue
        found.setdefault(question.pointer, messages.fault_of(question, problem.kind, values[question.pointer]))
    for pointer, question in by_pointer.items():
        if pointer not in found and (fault := _own_fault(question, values[pointer], lookups, today)):
            found[pointer] = fault
    pairs.faults(seen, found)
    return found


def _own_fault(question: Question, value: Any, lookups: Lookups, today: date) -> Fault | None:
    if value is None:
        return ("required", {}) if question.required and question.expression is None else None
    if question.kind == "date":
        return limits.date_fault(question.schema, value, today)
    if question.kind == "lookup" and not accepts(lookups[question.lookup], value):
        return "choice", {}
    return None


def _files(by_pointer: dict[str, Question], values: dict[str, Any], found: dict[str, Fault]) -> None:
    for pointer, question in by_pointer.items():
        if question.kind != "attachment" or values[pointer] is None or pointer in found:
            continue
        if fault := attachments.fault(question.schema, values[pointer]):
            found[pointer] = fault
    named = list(attachments.references(by_pointer.values(), values))
    for question, _ in named[attachments.MOST_FILES :]:
        found.setdefault(question.pointer, ("attachment.all", {"count": attachments.MOST_FILES}))
    ids: set[str] = set()
    for question, reference in named:
        if reference["id"] in ids:
            found.setdefault(question.pointer, ("attachment.twice", {}))
        ids.add(reference["id"])


def _owner(by_pointer: dict[str, Question], names: tuple[str, ...]) -> Question | None:
    """The question whose answer holds the place of an error."""
    for length in range(len(names), 0, -1):
        if question := by_pointer.get(pointer_of(names[:length])):
            return question
    return None
