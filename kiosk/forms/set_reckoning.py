"""Calculated answers and rules in words of a question set: what an editor may write, and what becomes of it.

    {"id": "rest", "kind": "money", "label": …, "calculated": "cost - asked"}
    "rules": [{"at": "asked", "that": "asked <= cost", "says": {"ru": …, "en": …}}]

Rules. Expressions name the questions of their own set, by their ids alone; `of_form` writes the paths of the form
instead. A calculated answer looks at what is asked before it, a rule at what stands on the page of its `at` or before.
Whatever a calculated answer looks at is there whenever it is shown: it is always asked, or under the same condition,
or has() minds that it may be missing. Nothing is asked for what is calculated, so it has no limits and no example.
A visitor cannot mend what is calculated: `at` is a question that is asked.
Faults are (JSON Pointer into the set, message), nothing is raised.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from msgspec import Struct

from kiosk.forms.expression import Expression
from kiosk.forms.expression_names import MACROS, Chain, bound, chains, prefixed
from kiosk.forms.question_set import (
    AnyQuestion,
    Number,
    OwnPage,
    QuestionSet,
    Repeated,
    Rule,
    When,
    expression_of,
)
from kiosk.forms.reckoning import FUNCTIONS

Fault = tuple[str, str]
_CALLED = frozenset({*FUNCTIONS, *MACROS, "has", "size"})


class _Known(Struct, frozen=True):
    """A question, its page, and everything under which it is asked."""

    question: AnyQuestion
    page: int
    whens: tuple[When, ...]


def of_form(text: str, one: QuestionSet) -> str:
    """An expression of a set with the paths of the form: "cost" -> "matter.cost"."""
    return prefixed(text, "matter", {question.id for question in one.questions()})


def faults(one: QuestionSet) -> Iterator[Fault]:
    """Everything that is wrong with the calculated answers and the rules of a set."""
    known = {
        question.id: _Known(question, number, tuple(when for when in (page.when, question.when) if when))
        for number, page in enumerate(one.pages)
        for question in page.fields
    }
    for number, page in enumerate(one.pages):
        yield from _inside_lists(page, number)
        for place, question in enumerate(page.fields):
            if expression_of(question):
                pointer = f"/pages/{number}/fields/{place}"
                if _asks(question):
                    yield pointer, f"{question.id} is calculated: it has no limits, no example and is never optional"
                for message in _calculated(one, known, known[question.id]):
                    yield f"{pointer}/calculated", message
    for number, rule in enumerate(one.rules):
        for part, message in _rule(one, known, rule):
            yield f"/rules/{number}/{part}", message


def _inside_lists(page: OwnPage, number: int) -> Iterator[Fault]:
    for place, question in enumerate(page.fields):
        for at, inner in enumerate(question.fields if isinstance(question, Repeated) else ()):
            if expression_of(inner):
                pointer = f"/pages/{number}/fields/{place}/fields/{at}/calculated"
                yield pointer, "nothing is calculated within an item; calculate from the whole list"


def _asks(question: AnyQuestion) -> bool:
    """Whether anything is said of a calculated answer that only a question can have."""
    given = type(question)(id=question.id, label=question.label, hint=question.hint, when=question.when)
    bare = {"calculated", *(("unit",) if isinstance(question, Number) else ())}
    return any(
        getattr(question, name) != getattr(given, name) for name in question.__struct_fields__ if name not in bare
    )


def _calculated(one: QuestionSet, known: dict[str, _Known], own: _Known) -> Iterator[str]:
    names = [question.id for question in one.questions()]
    before = set(names[: names.index(own.question.id)])
    text = expression_of(own.question)
    found = chains(text)
    yield from _of_any(text, one, known, found)
    for name in _named(found, known):
        if name not in before:
            yield f"{name} is asked later; name what is asked before"
        elif not _minds(found, name) and not _always_there(known[name], own):
            yield f"{name} may be missing: ask for it always, put this under the same condition, or write has({name})"


def _rule(one: QuestionSet, known: dict[str, _Known], rule: Rule) -> Iterator[Fault]:
    found = chains(rule.that)
    for message in _of_any(rule.that, one, known, found):
        yield "that", message
    at = known.get(rule.at)
    if at is None:
        yield "at", f"{rule.at} is no question of this set"
        return
    if expression_of(at.question):
        yield "at", f"{rule.at} is calculated: nobody can mend it; name a question that it comes from"
    for name in _named(found, known):
        if known[name].page > at.page:
            yield "that", f"{name} is asked after {rule.at}; a rule stands at the later one"


def _of_any(text: str, one: QuestionSet, known: dict[str, _Known], found: list[Chain]) -> Iterator[str]:
    """What is wrong with an expression wherever it stands."""
    try:
        names = set(Expression(of_form(text, one)).names)
    except ValueError as error:
        yield str(error)
        return
    lists = bound(found)
    unknown = names - lists.keys() - {"matter"}
    yield from (f"{name} is no question of this set" for name in sorted(unknown))
    again = lists.keys() & known.keys()
    yield from (f"{name} is a question; a macro binds a name of its own" for name in sorted(again))
    if unknown or again:
        return
    if not any(True for _ in _named(found, known)):
        yield "it names no question, so it is always the same"
    for chain in found:
        yield from _of_chain(chain, known, lists, found)


def _of_chain(
    chain: Chain, known: dict[str, _Known], lists: dict[str, tuple[str, ...]], found: list[Chain]
) -> Iterator[str]:
    if chain.calls and chain.names[-1] not in _CALLED:
        yield f"there is no function {chain.names[-1]}; there are {', '.join(sorted(_CALLED))}"
    first = chain.names[0]
    parts = chain.names[1 : -1 if chain.calls else None]
    if chain.calls and len(chain.names) == 1:
        return
    if first not in lists:
        if parts or not first:
            yield f"{first or parts[-1]} has no parts; answers of items are named as in trips.map(t, t.days)"
        return
    items = known[lists[first][0]].question if lists[first] and lists[first][0] in known else None
    fields = {inner.id: inner for inner in items.fields} if isinstance(items, Repeated) else {}
    if len(parts) != 1 or parts[0] not in fields:
        yield f"{'.'.join(chain.names)} is no answer of an item"
    elif (fields[parts[0]].optional or fields[parts[0]].when) and not any(
        one.tested and one.names == chain.names for one in found
    ):
        yield f"{parts[0]} may be missing in an item: write has({'.'.join(chain.names)})"


def _named(found: list[Chain], known: Collection[str]) -> Iterator[str]:
    """The questions that an expression names, each once."""
    lists = bound(found)
    yield from dict.fromkeys(
        chain.names[0]
        for chain in found
        if chain.names[0] in known and chain.names[0] not in lists and not (chain.calls and len(chain.names) == 1)
    )


def _minds(found: list[Chain], name: str) -> bool:
    return any(chain.tested and chain.names == (name,) for chain in found)


def _always_there(other: _Known, own: _Known) -> bool:
    """Whether one answer is there whenever another is worked out."""
    question = other.question
    if expression_of(question):
        return set(other.whens) <= set(own.whens)
    lacks = question.least == 0 if isinstance(question, Repeated) else question.optional
    return not lacks and set(other.whens) <= set(own.whens)
