"""Find services offline, in the words people use."""

from __future__ import annotations

import argparse
import sys
import time
from typing import Any, get_args

import msgspec
from msgspec import Struct

from kiosk.catalogue.ports import Narrow
from kiosk.cli import output, profile
from kiosk.desk.catalogue import StoreCatalogue
from kiosk.errors import UsageError
from kiosk.model.service import Audience, Kind


class Query(Struct, frozen=True):
    """One line of --jsonl."""

    q: str


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("text", nargs="?", help="what to look for")
    parser.add_argument("--lang", choices=("ru", "en"), default="ru", help="language of the titles")
    parser.add_argument("--limit", type=int, default=10, metavar="N")
    parser.add_argument("--audience", choices=get_args(Audience), default="", help="only services for these people")
    parser.add_argument(
        "--kind", choices=get_args(Kind), action="append", default=[], help="only this; may be repeated"
    )
    parser.add_argument("--jsonl", action="store_true", help='read {"q": ...} lines, answer a line each')


def run(arguments: argparse.Namespace) -> int:
    if arguments.limit < 1:
        raise UsageError("--limit must be 1 or more")
    if arguments.jsonl == (arguments.text is not None):
        raise UsageError("give a text to look for, or --jsonl")
    with profile.store(arguments, read_only=True) as store:
        catalogue = StoreCatalogue(store)
        catalogue.themes()
        catalogue.warm()
        if arguments.jsonl:
            for number, line in enumerate(sys.stdin.buffer, 1):
                if line.strip():
                    output.line(_answer(catalogue, _query(line, number), arguments))
            return 0
        found = _answer(catalogue, arguments.text, arguments)
    if arguments.json:
        output.document(found)
    else:
        _print(found)
    return 0


def _query(line: bytes, number: int) -> str:
    try:
        return msgspec.json.decode(line, type=Query).q
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UsageError(f'line {number} is not a query; a line is {{"q": "text"}}') from error


def _answer(catalogue: StoreCatalogue, text: str, arguments: argparse.Namespace) -> dict[str, Any]:
    began = time.perf_counter()
    narrow = Narrow(arguments.audience, tuple(arguments.kind))
    found = catalogue.search(text, arguments.lang, arguments.limit, narrow)
    milliseconds = (time.perf_counter() - began) * 1000
    return {
        "results": [
            {
                "id": one.service.id,
                "title": one.service.title.of(arguments.lang),
                "theme": one.service.theme,
                "audience": one.service.audience,
                "score": one.score,
            }
            for one in found.found
        ],
        "did_you_mean": found.did_you_mean or None,
        "ms": round(milliseconds, 3),
        **({"audiences": dict(found.audiences), "kinds": dict(found.kinds)} if narrow else {}),
    }


def _print(found: dict[str, Any]) -> None:
    if found["did_you_mean"]:
        print(f"({found['did_you_mean']}?)")
    for one in found["results"]:
        print(f"{one['id']}  {one['title']}")
    if not found["results"]:
        print("Nothing was found. Try other words, or fewer.", file=sys.stderr)
