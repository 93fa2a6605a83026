"""What the engine does for its slots at each start and when content has changed, so that losing one slot loses nothing.

Rules. What a change left that was cut off is cleared away. A recovery slot is kept as soon as published content names a
recovery key, and renewed when it names another. None of this may keep an engine from starting: a failure is logged.
"""

from __future__ import annotations

from kiosk.errors import ConfigurationError, ContentMissing, EnvironmentFault
from kiosk.log import logger
from kiosk.model.content import BackendKeys
from kiosk.store import documents, keys, slot_places
from kiosk.store.database import Store
from kiosk.store.keys import StoreKey

_log = logger("store")


def look_after(store: Store, key: StoreKey, *, allow_file: bool = False) -> None:
    """Called by the owner of the profile, with its open store. Raises nothing that the environment is to blame for."""
    try:
        keys.tidy(store.profile, allow_file=allow_file)
        _keep_recovery(store, key, allow_file)
    except (EnvironmentFault, ConfigurationError) as error:
        _log.warning("the key slots could not be looked after", error=error.engineer)


def _keep_recovery(store: Store, key: StoreKey, allow_file: bool) -> None:
    try:
        to = documents.get(store, "keys/backend", BackendKeys).recovery
    except ContentMissing:
        return
    listed = keys.slots(store.profile)
    if to is None or listed is None:
        return
    slot = next((slot for slot in listed.slots if slot.kind == "recovery"), None)
    if slot is None:
        keys.add_slot(store.profile, key, "recovery", to=to, allow_file=allow_file)
        _log.info("a recovery slot is kept now", key_id=to.id)
        return
    try:
        current = slot_places.sealed_to(store.profile, slot)
    except EnvironmentFault:
        current = ""
    if current != to.id:
        keys.rotate(store.profile, key, to=to, allow_file=allow_file, kinds=("recovery",))
        _log.info("the recovery slot is sealed to another key now", key_id=to.id)
