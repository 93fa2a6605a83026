"""Words that nobody else says, put into a form, and the search for them in every file and every value of the store.

Rules. A canary is looked for as UTF-8, as UTF-16 (Qt's strings), as escaped JSON, as hexadecimal digits and as base64
at each of its three offsets. The store is opened with its key and every value of every table is read, index tables too.
"""

from __future__ import annotations

import base64
import copy
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from kiosk.forms.definition import Form
from kiosk.model.form import Answers
from kiosk.store import keys
from kiosk.store.database import open_store

STEM = "Канареечкина"
ATTACHED = (f"{STEM}-файл", f"{STEM}-внутри")
"""In the name and in the bytes of the file that `in_a_file` makes."""


def planted(form: Form, answers: Answers, today: date) -> tuple[Answers, tuple[str, ...]]:
    """The answers with a canary in every place that takes free words, and the canaries."""
    changed = copy.deepcopy(answers)
    canaries: list[str] = []
    for holder, name in list(_texts(changed)):
        before, canary = holder[name], f"{STEM}-{'Абвгдежзик'[len(canaries) % 10] * (len(canaries) // 10 + 2)}"
        holder[name] = canary
        if form.check(changed, "ru", today):
            holder[name] = before
        else:
            canaries.append(canary)
    assert canaries, "the form takes no free words"
    return changed, tuple(canaries)


def in_a_file(folder: Path) -> Path:
    """A file to attach, made in `folder`, with canaries in its name and all over its bytes."""
    path = folder / f"{ATTACHED[0]}.pdf"
    path.write_bytes(b"%PDF-1.7\n" + f"({ATTACHED[1]}) Tj\n".encode() * 5000)
    return path


def _texts(value: Any) -> Iterator[tuple[Any, Any]]:
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, part in pairs:
        if isinstance(part, str):
            yield value, name
        else:
            yield from _texts(part)


def spellings(canary: str) -> tuple[bytes, ...]:
    """The bytes that give a canary away."""
    plain = canary.encode()
    inside = [base64.b64encode(b"\0" * offset + plain)[4 if offset else 0 : -4] for offset in range(3)]
    escaped = canary.encode("ascii", "backslashreplace")
    both = (plain.hex().encode(), plain.hex().upper().encode())
    return (plain, canary.encode("utf-16-le"), canary.encode("utf-16-be"), escaped, *both, *inside)


def in_bytes(data: bytes, canaries: tuple[str, ...]) -> bool:
    return any(spelling in data for canary in canaries for spelling in spellings(canary))


def in_files(folder: Path, canaries: tuple[str, ...]) -> list[str]:
    """The files under `folder` that hold a canary in their bytes or in their name."""
    found = []
    for path in sorted(folder.rglob("*")):
        named = in_bytes(str(path.relative_to(folder)).encode(), canaries)
        if named or (path.is_file() and in_bytes(path.read_bytes(), canaries)):
            found.append(str(path.relative_to(folder)))
    return found


def in_store(profile: Path, canaries: tuple[str, ...]) -> list[str]:
    """The tables of the store with a value that holds a canary, read with the key."""
    found = []
    with open_store(profile, keys.load(profile, allow_file=True), read_only=True) as store:
        tables = [name for (name,) in store.rows("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        for table in tables:
            for row in store.rows(f'SELECT * FROM "{table}"'):
                if any(in_bytes(_bytes(value), canaries) for value in row):
                    found.append(table)
                    break
    return found


def _bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()
