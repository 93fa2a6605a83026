"""The profile that an engine serves from: taken over at the start, looked at when something is wrong.

Rules. Everything is derived from the disk each time, nothing from what was found before. A store that is damaged is set
aside at once and a new one begun; a key that is missing or wrong touches nothing, for the store may be whole. Whoever
calls owns the profile.
"""

from __future__ import annotations

from pathlib import Path

from kiosk.errors import DamagedStore, NotEnrolled, NotReady
from kiosk.log import logger
from kiosk.store import counterfoil, device, documents, healing
from kiosk.store.database import open_store
from kiosk.store.keys import StoreKey

_log = logger("engine")


def take_over(profile: Path, key: StoreKey) -> None:
    """Open the store, a new one where it is damaged, and count this start.

    Raises WrongStoreKey, NewerStore, StorageFull, StorageReadOnly, EnvironmentFault; DamagedStore when it cannot be set
    aside.
    """
    try:
        _begin(profile, key)
    except DamagedStore as damage:
        replace(profile, key, damage)


def replace(profile: Path, key: StoreKey, damage: DamagedStore) -> None:
    """Set the store aside and begin in a new one; every connection of the caller is closed. Raises as `take_over`."""
    healing.heal(profile, key, damage.engineer)
    _begin(profile, key)


def require_ready(profile: Path, key: StoreKey, *, enrolled: bool) -> None:
    """Look whether there is something to serve with. Raises NotReady; NotEnrolled where that is asked for."""
    with open_store(profile, key) as store:
        if enrolled and device.identity(store) is None:
            raise NotEnrolled("this device is not enrolled; run 'kiosk enrol CODE'")
        if documents.content_state(store).version == 0:
            raise NotReady("no content has come yet; it comes with the first sync")


def _begin(profile: Path, key: StoreKey) -> None:
    with open_store(profile, key) as store:
        if counterfoil.bring_back(store, key):
            _log.warning("the store had lost what the counterfoil keeps; it goes on from there")
        device.count_boot(store)
        counterfoil.keep(store, key)
