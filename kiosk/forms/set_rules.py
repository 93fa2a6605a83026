"""What a question set must keep to, so that a sound form comes of it: one small function a rule.

Rules. Each yields (JSON Pointer into the set, message); nothing is changed and nothing raised. `labels_differ` looks at
all sets: a label that stands in many services is no question of its own.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator

import msgspec

from kiosk.forms import samples, set_reckoning
from kiosk.forms.formats import FORMATS, dates
from kiosk.forms.limits import date_fault
from kiosk.forms.question_set import (
    AnyQuestion,
    Choice,
    Choices,
    Day,
    Identifier,
    Line,
    Long,
    Lookup,
    Money,
    Number,
    Placed,
    Problem,
    QuestionSet,
    Repeated,
    When,
    YesNo,
    expression_of,
)
from kiosk.model.text import Text

Fault = tuple[str, str]
LONGEST_LABEL = 40
LONGEST_GROUP = 24
MOST_SERVICES_OF_A_LABEL = 15
OWN_QUESTIONS = range(3, 11)
PAGES = range(1, 7)
ON_A_PAGE = range(1, 5)
CITIZENS_NUMBERS = frozenset({"snils", "inn-person", "passport-rf", "division-code", "oms-policy", "driving-licence"})
_ID = re.compile(r"[a-z][a-z0-9_]*")
_NO_IDS = frozenset({"error", "rule"})
_NO_CHOICES = frozenset({"label", "description", "unit", "before", "item"})
"""Words that keys of texts are made of."""


def faults(one: QuestionSet, lookups: Collection[str]) -> Iterator[Fault]:
    """Everything that is wrong with one set; `lookups` are the lists that there are."""
    yield from _texts_are_there(one)
    yield from _ids_are_told_apart(one)
    yield from _sizes_are_right(one)
    yield from _labels_are_short(one)
    yield from _conditions_look_back(one)
    for pointer, question in questions(one):
        yield from ((pointer, message) for message in _of_its_kind(question, lookups))
    yield from _nobody_is_shut_out(one)
    yield from _answers_of_a_page_differ(one)
    yield from _who_without_papers_asks_for_nobody_else(one)
    yield from set_reckoning.faults(one)


def labels_differ(placed: Iterable[Placed]) -> Iterator[Problem]:
    """A label stands in so many services at most."""
    where: dict[str, dict[str, Placed]] = defaultdict(dict)
    for one in placed:
        for question in one.set.questions():
            if isinstance(question.label, Text):
                where[question.label.ru.casefold()].setdefault(one.set.service, one)
    for label, services in where.items():
        if len(services) > MOST_SERVICES_OF_A_LABEL:
            last = list(services.values())[-1]
            yield (
                last.file,
                last.pointer,
                f"the label “{label}” stands in {len(services)} services; name it for this one",
            )


def questions(one: QuestionSet) -> Iterator[tuple[str, AnyQuestion]]:
    """Every own question with its place, those of the items of a list after their list."""
    for page_number, page in enumerate(one.pages):
        for number, question in enumerate(page.fields):
            pointer = f"/pages/{page_number}/fields/{number}"
            yield pointer, question
            if isinstance(question, Repeated):
                yield from ((f"{pointer}/fields/{place}", inner) for place, inner in enumerate(question.fields))


def _texts_are_there(one: QuestionSet) -> Iterator[Fault]:
    def walk(node: object, pointer: str, key: str) -> Iterator[Fault]:
        if isinstance(node, dict) and node.keys() == {"ru", "en"}:
            if not str(node["ru"]).strip() or not str(node["en"]).strip():
                yield pointer, "a text must be there in Russian and in English"
        elif isinstance(node, dict):
            for name, value in node.items():
                yield from walk(value, f"{pointer}/{name}", key if key == "choices" else name)
        elif isinstance(node, list | tuple):
            for place, value in enumerate(node):
                yield from walk(value, f"{pointer}/{place}", key)
        elif isinstance(node, str) and key in (
            "title",
            "group",
            "hint",
            "label",
            "unit",
            "item",
            "name",
            "choices",
            "held",
            "says",
        ):
            yield (
                pointer,
                f"there is no text {node}" if node.startswith("@") else "a text has Russian and English words",
            )

    yield from walk(msgspec.to_builtins(one), "", "")


def _ids_are_told_apart(one: QuestionSet) -> Iterator[Fault]:
    seen: set[tuple[str, str]] = set()
    found: list[tuple[str, str, str]] = [(f"/pages/{n}", "page", page.id) for n, page in enumerate(one.pages)]
    found += [(f"/attachments/{n}", "attachment", paper.id) for n, paper in enumerate(one.attachments)]
    for pointer, question in questions(one):
        parts = pointer.split("/")
        found.append((pointer, "/".join(parts[:5]) if len(parts) > 5 else "field", question.id))
        if isinstance(question, Choice | Choices):
            found += [(f"{pointer}/choices", pointer, name) for name in question.choices]
    for pointer, kind, name in found:
        if not _ID.fullmatch(name) or name in (_NO_CHOICES if pointer.endswith("/choices") else _NO_IDS):
            yield pointer, f"the id {name} is not one: small Latin letters, digits and _, and no word of ours"
        if (kind, name) in seen:
            yield pointer, f"the id {name} stands twice"
        seen.add((kind, name))


def _sizes_are_right(one: QuestionSet) -> Iterator[Fault]:
    own = [question for question in one.questions() if not expression_of(question)]
    if len(own) not in OWN_QUESTIONS:
        yield "/pages", f"a set has {OWN_QUESTIONS[0]} to {OWN_QUESTIONS[-1]} questions of its own, not {len(own)}"
    if len(one.pages) not in PAGES:
        yield "/pages", f"a set has {PAGES[0]} to {PAGES[-1]} pages of its own"
    if all(isinstance(question, Line | Long | Number | Money | Identifier | Repeated) for question in own):
        yield "/pages", "a set has a choice, a yes or no, a date or a lookup among its questions"
    for number, page in enumerate(one.pages):
        if len(page.fields) not in ON_A_PAGE:
            yield f"/pages/{number}/fields", f"a page has {ON_A_PAGE[0]} to {ON_A_PAGE[-1]} questions"
        elif all(map(expression_of, page.fields)):
            yield f"/pages/{number}/fields", "a page asks something; what is calculated stands beside it"
    for number, paper in enumerate(one.attachments):
        if not paper.kinds or not 1 <= paper.most <= 10:
            yield f"/attachments/{number}", "a document has one kind or both, and 1 to 10 files"
    if one.version < 1:
        yield "/version", "versions begin at 1"


def _labels_are_short(one: QuestionSet) -> Iterator[Fault]:
    for pointer, question in questions(one):
        if isinstance(question.label, Text):
            longest = max(len(question.label.ru), len(question.label.en))
            if longest > LONGEST_LABEL:
                yield f"{pointer}/label", f"a label has {LONGEST_LABEL} characters at most, not {longest}"
            if question.label.ru.endswith("?") or question.label.en.endswith("?"):
                yield f"{pointer}/label", "a label is a name, not a question"
    for number, page in enumerate(one.pages):
        if isinstance(page.title, Text) and not (page.title.ru.endswith("?") and page.title.en.endswith("?")):
            yield f"/pages/{number}/title", "the title of a page is a question"
        if isinstance(page.group, Text) and max(len(page.group.ru), len(page.group.en)) > LONGEST_GROUP:
            yield f"/pages/{number}/group", f"a group has {LONGEST_GROUP} characters at most"


def _conditions_look_back(one: QuestionSet) -> Iterator[Fault]:
    known: dict[str, AnyQuestion] = {}
    for page_number, page in enumerate(one.pages):
        yield from _condition(page.when, known, f"/pages/{page_number}/when")
        for number, question in enumerate(page.fields):
            pointer = f"/pages/{page_number}/fields/{number}"
            yield from _condition(question.when, known, f"{pointer}/when")
            known[question.id] = question
            if isinstance(question, Repeated):
                inside: dict[str, AnyQuestion] = {}
                for place, inner in enumerate(question.fields):
                    yield from _condition(inner.when, inside, f"{pointer}/fields/{place}/when")
                    inside[inner.id] = inner
    for number, paper in enumerate(one.attachments):
        yield from _condition(paper.when, known, f"/attachments/{number}/when")


def _condition(when: When | None, known: dict[str, AnyQuestion], pointer: str) -> Iterator[Fault]:
    if when is None:
        return
    other = known.get(when.field)
    if other is None:
        yield pointer, f"{when.field} is not asked before"
    elif not when.values:
        yield pointer, "a condition names an answer"
    elif expression_of(other):
        yield pointer, f"a condition cannot look at {when.field}, which is calculated"
    elif isinstance(other, Choice | Choices):
        for value in when.values:
            if value not in other.choices:
                yield pointer, f"{when.field} has no choice {value}"
        if isinstance(other, Choice) and not other.optional and set(other.choices) <= set(when.values):
            yield pointer, f"every answer of {when.field} fulfils this"
    elif isinstance(other, YesNo):
        if len(when.values) != 1 or not isinstance(when.values[0], bool):
            yield pointer, "a condition on yes or no names true or false"
    elif not isinstance(other, Number | Lookup):
        yield pointer, f"a condition cannot look at {when.field}"


def _nobody_is_shut_out(one: QuestionSet) -> Iterator[Fault]:
    """A number that only citizens have is left out freely, or asked for only after another answer."""
    for page_number, page in enumerate(one.pages):
        for number, question in enumerate(page.fields):
            needed = not (question.optional or question.when or page.when)
            if isinstance(question, Identifier) and needed and question.format in CITIZENS_NUMBERS:
                yield f"/pages/{page_number}/fields/{number}", f"everybody is asked for {question.format}"


def _answers_of_a_page_differ(one: QuestionSet) -> Iterator[Fault]:
    """Who goes by the words alone, by voice or by ear, must know which question an answer belongs to."""
    for page_number, page in enumerate(one.pages):
        seen: dict[str, int] = {}
        for number, question in enumerate(page.fields):
            if not isinstance(question, Choice | Choices):
                continue
            for text in question.choices.values():
                for said in (text.ru, text.en) if isinstance(text, Text) else ():
                    if seen.setdefault(said.casefold(), number) != number:
                        yield (
                            f"/pages/{page_number}/fields/{number}/choices",
                            f"two questions of this page have the answer {said!r}; give one of them a page of its own",
                        )


def _who_without_papers_asks_for_nobody_else(one: QuestionSet) -> Iterator[Fault]:
    if one.applicant in ("caller", "nobody") and one.about != "self":
        yield "/about", "whoever shows no papers cannot ask for another person"


def _of_its_kind(question: AnyQuestion, lookups: Collection[str]) -> Iterator[str]:
    match question:
        case Choice() | Choices() if not 2 <= len(question.choices) <= 8:
            yield "a choice has 2 to 8 answers"
        case Line() | Long() if not 1 <= question.most <= 2000 or len(question.example) > question.most:
            yield "the example is longer than an answer may be"
        case Number() | Money() if not question.min <= question.max:
            yield "the least number is greater than the greatest"
        case Day() if question.example and not _is_right(question):
            yield f"the example is no date as 2026-12-01, or not right on {samples.ON}"
        case Identifier() if question.format not in FORMATS:
            yield f"unknown format {question.format}"
        case Lookup() if question.list not in lookups:
            yield f"there is no lookup {question.list}"
        case Repeated() if not 1 <= len(question.fields) <= 4:
            yield "an item of a list has 1 to 4 questions"
        case Repeated() if not 0 <= question.least <= question.most <= 10 or question.most < 1:
            yield "a list has at most 10 items, and not fewer than it needs"


def _is_right(question: Day) -> bool:
    """Whether the example of a date keeps to its limit on the day on which examples are right."""
    today = dates.read(samples.ON)
    if today is None or dates.normalise(question.example) != question.example or dates.check(question.example):
        return False
    limit = {} if question.limit == "any" else {"x-dateLimit": question.limit}
    return date_fault(limit, question.example, today) is None
