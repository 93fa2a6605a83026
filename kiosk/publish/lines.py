"""The line on which a JSON Pointer's value stands in a file, for an editor who has to go there.

Rules. A pointer that leads nowhere gives the line of the last part that exists. A file that is no JSON gives line 1.
"""

from __future__ import annotations

import json
import re

_SPACE = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder()


def line_of(text: str, pointer: str) -> int:
    """The line, from 1, where the value of `pointer` begins."""
    at = _skip(text, 0)
    try:
        for part in pointer.split("/")[1:]:
            inner = _member(text, at, part.replace("~1", "/").replace("~0", "~"))
            if inner is None:
                break
            at = inner
    except (ValueError, IndexError):
        return 1
    return text.count("\n", 0, at) + 1


def _skip(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _member(text: str, at: int, name: str) -> int | None:
    """Where the member `name` of the object or list at `at` begins."""
    opening = text[at]
    if opening not in "{[":
        return None
    at = _skip(text, at + 1)
    number = 0
    while text[at] not in "}]":
        key = str(number)
        if opening == "{":
            key, at = _DECODER.raw_decode(text, at)
            at = _skip(text, _skip(text, at) + 1)
        if key == name:
            return at
        at = _skip(text, _DECODER.raw_decode(text, at)[1])
        if text[at] == ",":
            at = _skip(text, at + 1)
        number += 1
    return None
