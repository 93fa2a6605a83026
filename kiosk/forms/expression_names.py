"""What an expression names: the answers, the functions, and the names that its macros bind.

    chains("sum(trips.map(t, t.days)) + cost")
    -> sum() ; trips.map(), which binds t ; t.days ; cost

Rules. It reads names only and judges nothing: whether a text is an expression, the library says (expression.py). Words
within quotes and comments are no names. `prefixed` writes another beginning before names, and changes nothing else.
Source: the lexis of CEL (cel.dev, language definition, "Syntax").
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from msgspec import Struct

_TOKEN = re.compile(
    r"""
    (?P<text>[rRbB]{0,2}(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'))
    | (?P<comment>//[^\n]*)
    | (?P<number>(?:0x[0-9a-fA-F]+|[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)u?)
    | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
    | (?P<sign>\S)
    """,
    re.VERBOSE,
)
_WORDS = frozenset({"true", "false", "null", "in"})
MACROS = frozenset({"map", "filter", "all", "exists", "exists_one"})


class Chain(Struct, frozen=True):
    """Names joined by points, from `start` in the text.

    -1: it goes on after a bracket, and repeats the names of what was called ("trips.filter(…).map(…)"), or "" where
    nothing was ("trips[0].days").
    """

    names: tuple[str, ...]
    start: int
    calls: bool = False
    """Its last name is a function: "trips.size()", "days(…)"."""
    tested: bool = False
    """It stands in has(): the expression minds that it may be missing."""
    binds: str = ""
    """The name that a macro gives to one item of a list: "t" of "trips.map(t, …)"."""


def chains(text: str) -> list[Chain]:
    """The chains of an expression in order; the name in a macro that binds it is none of them."""
    return list(_chains([match for match in _TOKEN.finditer(text) if match.lastgroup != "comment"]))


def bound(found: Collection[Chain]) -> dict[str, tuple[str, ...]]:
    """What the macros of an expression bind: name -> the names of its list."""
    return {chain.binds: chain.names[:-1] for chain in found if chain.binds}


def prefixed(text: str, prefix: str, names: Collection[str]) -> str:
    """The expression with a prefix before the answers of these names: "cost" -> "matter.cost"."""
    found = chains(text)
    own = bound(found)
    starts = [chain.start for chain in found if _free(chain, own) and chain.names[0] in names]
    for start in sorted(starts, reverse=True):
        text = f"{text[:start]}{prefix}.{text[start:]}"
    return text


def answers(text: str) -> set[tuple[str, ...]]:
    """The answers that an expression over a whole form looks at: {("matter", "cost"), …}, a list for its items."""
    found = chains(text)
    own = bound(found)
    return {chain.names[:-1] if chain.calls else chain.names for chain in found if _free(chain, own)}


def _free(chain: Chain, own: Collection[str]) -> bool:
    return chain.start >= 0 and chain.names[0] not in own and not (chain.calls and len(chain.names) == 1)


def _chains(tokens: list[re.Match[str]]) -> Iterator[Chain]:
    words = [match[0] for match in tokens] + ["", "", ""]
    opened: list[tuple[str, ...]] = []
    """What each open bracket calls."""
    before: tuple[str, ...] = ()
    """The names before the call that was just closed."""
    at = 0
    while at < len(tokens):
        word = words[at]
        named = tokens[at].lastgroup == "name" and word not in _WORDS
        goes_on = word == "." and at > 0 and words[at - 1] in (")", "]", "}")
        if not named and not goes_on:
            if word in ("(", "[", "{"):
                opened.append(())
            before = opened.pop() if word in (")", "]", "}") and opened else ()
            at += 1
            continue
        names, start = ([word], tokens[at].start()) if named else (list(before) or [""], -1)
        first = at
        at += 1 if named else 0
        while words[at] == "." and words[at + 1].isidentifier():
            names.append(words[at + 1])
            at += 2
        before = ()
        calls = words[at] == "("
        binds = ""
        if calls:
            opened.append(tuple(names[:-1]))
            at += 1
            if names[-1] in MACROS and words[at].isidentifier() and words[at + 1] == ",":
                binds = words[at]
                at += 2
        tested = words[first - 2 : first] == ["has", "("] if first > 1 else False
        if names != ["has"]:
            yield Chain(tuple(names), start, calls, tested, binds)
