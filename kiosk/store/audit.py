"""The audit in the store: entries that are only ever appended.

Rules. Each entry is bytes that hold the link to the one before (protocol/audit.py makes and verifies the chain);
here they get a number and stay. There is no way to change or delete one: a trigger refuses both. It never holds an
answer of a visitor.
"""

from __future__ import annotations

from collections.abc import Callable

from kiosk.store.database import Store


def append(store: Store, make: Callable[[bytes], bytes]) -> int:
    """Append `make(previous entry)`, b"" before the first; answers its number (1, 2, 3 ...). A transaction of its own.

    The previous entry is read under the write lock, so that two processes never fork the chain.
    """
    with store.transaction():
        last = store.row("SELECT number, entry FROM audit ORDER BY number DESC LIMIT 1")
        number = 1 if last is None else int(last[0]) + 1
        store.execute(
            "INSERT INTO audit (number, entry) VALUES (?, ?)", (number, make(b"" if last is None else last[1]))
        )
    return number


def entries(store: Store, after: int = 0) -> list[bytes]:
    """Entries in order, those with a number above `after`."""
    return [bytes(row[0]) for row in store.rows("SELECT entry FROM audit WHERE number > ? ORDER BY number", (after,))]
