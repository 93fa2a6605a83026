"""Is one form sound? Its examples pass, every rule refuses, everything is reached, every text belongs to something.

Rules. Examples are judged on the day `x-examplesOn` of the schema, so that they do not grow stale. Every rule of every
question is seen to refuse an answer made wrong on purpose (mutation.py), needed answers that are taken out and answers
nobody asks for among them; what is calculated is seen to follow other answers, and a forged one to be noticed. A rule
that stands in many forms in the same place (those of shared blocks) is tried in the first of them. Problems are
collected, nothing is raised.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import msgspec

from kiosk import words
from kiosk.errors import SourceRefused
from kiosk.forms.answers import get, put
from kiosk.forms.definition import Form, compile_form
from kiosk.forms.expression import Expression
from kiosk.forms.mutation import broken_pairs, changed, trials
from kiosk.forms.question import Question
from kiosk.model.form import Answers, FormDefinition
from kiosk.model.lookup import Lookup
from kiosk.model.text import LANGUAGES

Problem = tuple[str, str]
ENOUGH_EXAMPLES = 2
STRANGER = "no_such_question"
_SUFFIXES = frozenset({"label", "description", "group", "unit", "before", "item", "true", "false"})


def examples_day(definition: FormDefinition) -> date:
    """The day on which the examples of a form are right. Raises ValueError if the form does not say it."""
    return date.fromisoformat(str(definition.schema.get("x-examplesOn", "")))


class Checker:
    """Checks forms one after the other, and remembers which rules it has seen refuse."""

    def __init__(self, lookups: Mapping[str, Lookup], *, refusals: bool = True) -> None:
        """Without `refusals` rules are not seen refuse and examples only pass: what publishing has time for."""
        self._lookups = lookups
        self._refuse = refusals
        self._proven: set[str] = set()

    def problems(self, definition: FormDefinition) -> list[Problem]:
        """Everything that is wrong with one form, as (JSON Pointer into the definition, message)."""
        try:
            form = compile_form(definition, self._lookups)
        except SourceRefused as error:
            return [(pointer, message) for _, pointer, message in error.problems]
        return [*self._examples(form), *(_reach(form) if self._refuse else ()), *_texts(form)]

    def _examples(self, form: Form) -> Iterator[Problem]:
        definition = form.definition
        if len(definition.examples) < ENOUGH_EXAMPLES:
            yield "/examples", f"a form needs {ENOUGH_EXAMPLES} complete examples"
        try:
            today = examples_day(definition)
        except ValueError:
            yield "/schema/x-examplesOn", "the day on which the examples are right is missing"
            return
        sound = True
        for number, example in enumerate(definition.examples):
            for pointer, message in _example(form, example, today, self._refuse):
                sound = False
                yield f"/examples/{number}{pointer}", message
        if sound and self._refuse:
            yield from self._refusals(form, today)

    def _refusals(self, form: Form, today: date) -> Iterator[Problem]:
        """Every rule must refuse something in one of the examples, or with one other choice in one."""
        definition = form.definition
        yield from _stranger(form, definition.examples[0], today)
        done: set[str] = set()
        for number, example in enumerate(definition.examples):
            for question in form.asked(example):
                if get(example, question.pointer) is not None:
                    problems = self._of_question(form, example, question, done, today)
                    yield from ((f"/examples/{number}{pointer}", message) for pointer, message in problems)
        waiting = {one.pointer for sheet in form.sheets for one in sheet.questions} - done
        for example in definition.examples if waiting else ():
            for answers in variations(form, example):
                for question in form.asked(answers):
                    if question.pointer in waiting - done:
                        yield from self._of_question(form, answers, question, done, today)
        for place, rule in enumerate(definition.schema.get("x-rules", ())):
            if not any(_pair_refused(form, answers, place, today) for answers in _ways(form)):
                yield f"/schema/x-rules/{place}", f"the rule {rule['rule']} refuses nothing"
        calculated = [one for sheet in form.sheets for one in sheet.questions if one.expression is not None]
        for question in calculated:
            if not any(_follows(form, question, answers) for answers in _ways(form)):
                yield f"/schema{question.pointer}", "this is calculated and follows no other answer in the examples"

    def _of_question(
        self, form: Form, answers: Answers, question: Question, done: set[str], today: date
    ) -> list[Problem]:
        kind, key = _kind(question), _key(question)
        if kind in done:
            return []
        done.add(kind)
        if key in self._proven:
            return []
        problems = list(_refused(form, answers, question, today, self._lookups))
        if not problems:
            self._proven.add(key)
        return problems


def _kind(question: Question) -> str:
    """The pointer of a question; the same for every item of a list."""
    return "/".join("0" if part.isdigit() else part for part in question.pointer.split("/"))


def _key(question: Question) -> str:
    """A question as it stands in many forms."""
    schema = msgspec.json.encode(question.schema, order="sorted").decode()
    return f"{_kind(question)} {question.kind} {question.required} {bool(question.rules)} {schema}"


def _example(form: Form, example: Answers, today: date, whole: bool) -> Iterator[Problem]:
    for error in form.check(example, "en", today):
        yield error.pointer, f"{error.code}: {error.message}"
    for pointer in form.miscalculated(example):
        yield pointer, "this is calculated, and comes to something else"
    sent = form.outgoing(example)
    if not form.schema_accepts(sent):
        yield "", "the schema alone does not accept what is sent"
    if not whole:
        return
    if form.outgoing(sent) != sent:
        yield "", "what is sent changes when it is sent again"
    language = LANGUAGES[len(sent) % 2]
    form.pages(example, language)
    form.summary(example, language)


def _stranger(form: Form, example: Answers, today: date) -> Iterator[Problem]:
    codes = [error.code for error in form.check({**example, STRANGER: 1}, "en", today)]
    if codes != ["unknown"]:
        yield "/examples/0", "an answer that nobody asks for is not noticed"


def _refused(
    form: Form, example: Answers, question: Question, today: date, lookups: Mapping[str, Lookup]
) -> Iterator[Problem]:
    right = get(example, question.pointer)

    def codes(answers: Answers) -> list[str]:
        return [
            error.code
            for error in form.check(answers, "en", today)
            if f"{error.pointer}/".startswith(f"{question.pointer}/")
        ]

    if question.required:
        without = put(example, question.pointer, None)
        if "required" not in codes(without):
            yield question.pointer, "taking this answer out is not noticed"
        if form.schema_accepts(form.outgoing(without)):
            yield question.pointer, "the schema alone does not notice that this answer is missing"
    if question.expression is not None and question.pointer not in form.miscalculated(
        put(example, question.pointer, "forged")
    ):
        yield question.pointer, "another answer than the calculated one is not noticed"
    for trial in trials(question, right, today, lookups):
        tried = (codes(put(example, question.pointer, value)) for value in trial.values)
        if not any(code.startswith(trial.codes) for found in tried for code in found):
            yield question.pointer, f"the rule {trial.rule} refuses nothing"


def _pair_refused(form: Form, example: Answers, place: int, today: date) -> bool:
    rules = form.definition.schema["x-rules"]
    rule = rules[place]
    code = "account.bic" if rule["rule"] == "account-bic" else "rule."
    earlier = [one for one in rules[:place] if "that" in rule and "that" in one and one["at"] == rule["at"]]
    for answers in broken_pairs(form.definition.schema, rule, example):
        found = form.check(answers, "en", today)
        if any(error.pointer == rule["at"] and error.code.startswith(code) for error in found):
            # Of several rules in words at one answer the first that is broken speaks.
            sent = form.outgoing(answers) if earlier else {}
            if not any(Expression(one["that"]).value(sent) is False for one in earlier):
                return True
    return False


def _follows(form: Form, question: Question, example: Answers) -> bool:
    """Whether a calculated answer is there, and another one once an answer that it comes from is."""
    now = get(form.outgoing(example), question.pointer)
    if now is None:
        return False
    changes = changed(form.definition.schema, question.schema["x-calculated"], example)
    others = (get(form.outgoing(one), question.pointer) for one in changes)
    return any(other not in (None, now) for other in others)


def _reach(form: Form) -> Iterator[Problem]:
    reached = {question.pointer for example in form.definition.examples for question in form.asked(example)}
    everything = {question.pointer for sheet in form.sheets for question in sheet.questions}
    for example in form.definition.examples if everything - reached else ():
        for answers in variations(form, example):
            reached.update(question.pointer for question in form.asked(answers))
    for number, sheet in enumerate(form.sheets):
        for question in sheet.questions:
            if question.pointer not in reached:
                yield f"/ui/elements/{number}", f"{question.pointer} is reached by no example and no one choice in it"


def _ways(form: Form) -> Iterator[Answers]:
    """The examples, then each with one of its choices made otherwise."""
    yield from form.definition.examples
    for example in form.definition.examples:
        yield from variations(form, example)


def variations(form: Form, example: Answers) -> Iterator[Answers]:
    """An example with one of its choices made otherwise."""
    for question in form.asked(example):
        for value in _choices(question):
            yield put(example, question.pointer, value)


def _choices(question: Question) -> Iterator[Any]:
    match question.kind:
        case "choice":
            yield from question.values
        case "choices":
            yield from ([value] for value in question.values)
        case "yes_no":
            yield from (True, False)
        case "number":
            yield from (question.schema[bound] for bound in ("minimum", "maximum") if bound in question.schema)


def _texts(form: Form) -> Iterator[Problem]:
    known: dict[str, set[str]] = {}
    for sheet in form.sheets:
        known.setdefault(sheet.id, set())
        for question in sheet.questions:
            known.setdefault(question.i18n, set()).update(question.values)
            if question.kind == "list":
                for inner in question.items:
                    known.setdefault(inner.i18n, set()).update(inner.values)
            if question.joined:
                known.setdefault(question.joined, set())
    codes = error_codes()
    rules = form.definition.schema.get("x-rules", ())
    said = {f"{_asks(form, rule['at'])}.rule.{rule['name']}" for rule in rules if "name" in rule}
    for key in form.definition.texts:
        owner, _, suffix = key.rpartition(".")
        if ".error." in key:
            owner, _, code = key.partition(".error.")
            fits = code in codes
        elif ".rule." in key:
            owner = key.partition(".rule.")[0]
            fits = key in said
        else:
            fits = suffix in _SUFFIXES or suffix in known.get(owner, ())
        if owner not in known or not fits:
            yield f"/texts/{key}", "this text belongs to nothing"


def _asks(form: Form, pointer: str) -> str:
    return next(one.i18n for sheet in form.sheets for one in sheet.questions if one.pointer == pointer)


def error_codes() -> frozenset[str]:
    """Every code that an AnswerError can have, as the words of the interface know them."""
    plain = (key.removeprefix("form.error.") for key in words.keys("en") if key.startswith("form.error."))
    codes = (key.removesuffix("_one").removesuffix("_other") for key in plain)
    return frozenset(code for code in codes if not code.startswith("required_"))


def check_definition(definition: FormDefinition, lookups: Mapping[str, Lookup] | None = None) -> list[Problem]:
    """Everything that is wrong with one form, as (JSON Pointer into the definition, message)."""
    return Checker(lookups or {}).problems(definition)
