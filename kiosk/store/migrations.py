"""The shape of the store, as numbered steps.

Rules. Each step runs in one transaction with its number, in order; a step that was released is never changed, a new
one is added. A store that knows a higher number than we do is refused (NewerStore) and not touched.
It does not move data between stores.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.errors import DamagedStore, NewerStore
from kiosk.store import schema

if TYPE_CHECKING:
    from kiosk.store.database import Store

STEPS: tuple[tuple[str, ...], ...] = (schema.FIRST_LIGHT, schema.ATTACHMENTS, schema.DRAFTS)
"""Statements of step 1, 2, 3 ..."""


def version(store: Store) -> int:
    """The step the store stands at; 0 for a new one."""
    if store.row("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'store_version'") is None:
        return 0
    row = store.row("SELECT version FROM store_version")
    if row is None:
        raise DamagedStore(f"the store {store.path} does not say its version; set it aside and sync anew")
    return int(row[0])


def bring_up(store: Store, steps: tuple[tuple[str, ...], ...] = STEPS) -> None:
    """Run the steps that the store has not seen. Raises NewerStore, StorageFull, EnvironmentFault.

    A read-only connection cannot take a step: an older store then raises EnvironmentFault.
    """
    current = version(store)
    if current > len(steps):
        raise NewerStore(
            f"the store {store.path} was written by a newer version of the program "
            f"(store {current}, this program {len(steps)}); install that version"
        )
    for number in range(current + 1, len(steps) + 1):
        with store.transaction():
            # Another process may have taken the step while this one waited for the lock.
            if version(store) >= number:
                continue
            for statement in steps[number - 1]:
                store.execute(statement)
            if number == 1:
                store.execute("INSERT INTO store_version (version) VALUES (1)")
            else:
                store.execute("UPDATE store_version SET version = ?", (number,))
