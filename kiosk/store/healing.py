"""A damaged store out of the way, a new one in its place.

Rules. Nothing is erased: the damaged files are moved into `damaged-<moment>-<process>` as they are, and stay there
until staff takes them away. The new store gets back what the counterfoil keeps; content comes by the next sync, and
the envelope files of the outbox are taken in by `outbox.reconcile`. A disk that damages one store after the other is
not filled with them: after MOST_ASIDE the damage stays where it is and is said. The caller owns the profile and has
closed its own connections; a session that still reads the old files harms nothing: SQLite leaves moved files alone.
"""

from __future__ import annotations

from pathlib import Path

from kiosk.errors import (
    ConfigurationError,
    DamagedStore,
    EnvironmentFault,
    KeyUnavailable,
    StorageFull,
    StorageReadOnly,
    WrongStoreKey,
)
from kiosk.log import logger
from kiosk.store import counterfoil, database, files, keys, slot_list
from kiosk.store.database import open_store
from kiosk.store.keys import StoreKey

MOST_ASIDE = 8
_PROBE = "probe"
_PROBE_BYTES = 262_144
"""More than one submission needs: an envelope, its row, the pages of the log."""

_log = logger("store")


def set_aside_stores(profile: Path) -> list[Path]:
    """The folders of stores that were set aside, oldest first."""
    return sorted(path for path in profile.glob("damaged-*") if path.is_dir())


def heal(profile: Path, key: StoreKey, why: str) -> Path:
    """Set the store aside; answers where it lies now. The next `open_store` makes a new one.

    Raises DamagedStore when too many lie there already, StorageFull, StorageReadOnly, EnvironmentFault; then nothing
    was moved.
    """
    if len(set_aside_stores(profile)) >= MOST_ASIDE:
        raise DamagedStore(
            f"the store of {profile} is damaged and {MOST_ASIDE} others are set aside already: the disk is failing; "
            f"replace it, or move {profile}/damaged-* away ({why})"
        )
    examine_disk(profile)
    aside = database.set_aside(profile)
    kept = counterfoil.read(profile, key)
    _log.error(
        "a damaged store was set aside, a new one takes its place",
        aside=str(aside),
        damage=why,
        identity="kept" if kept is not None and kept.identity is not None else "lost: run 'kiosk enrol CODE'",
    )
    return aside


def begin_anew(profile: Path, *, allow_file: bool = False) -> Path:
    """The key is lost for good: set the store and all that belongs to its key aside; answers where. Envelopes stay.

    Staff asks for it, never the program. Raises ConfigurationError while a slot gives the key, EnvironmentFault.
    """
    try:
        keys.load(profile, allow_file=allow_file)
    except (KeyUnavailable, WrongStoreKey):
        pass
    else:
        raise ConfigurationError(f"the key of {profile} is there: nothing is lost, and nothing was set aside")
    aside = database.set_aside(profile)
    belongings = [profile / counterfoil.FILE, *profile.glob("*.slot"), *profile.glob("store*.key")]
    try:
        # The list of slots last: while it is there, what was cut off is done again.
        for path in (*belongings, profile / slot_list.FILE):
            if path.exists():
                path.rename(aside / path.name)
        files.sync_folder(profile)
    except OSError as error:
        raise files.fault(error, f"the keys of {profile} cannot be moved away") from error
    return aside


def examine(profile: Path, key: StoreKey) -> None:
    """Look whether a visitor can be served from this store.

    Raises DamagedStore, StorageFull, StorageReadOnly, WrongStoreKey, EnvironmentFault, for what is found.
    """
    examine_disk(profile)
    open_store(profile, key).close()
    problems = database.check(profile, key)
    if problems:
        raise DamagedStore(f"the store of {profile} is damaged: {problems[0]}")


def examine_disk(profile: Path) -> None:
    """Look whether the profile takes a submission's worth of bytes. Raises StorageFull, StorageReadOnly ..."""
    path = profile / _PROBE
    try:
        files.write_durably(path, bytes(_PROBE_BYTES))
        path.unlink()
    except (StorageFull, StorageReadOnly) as found:
        kind = "full" if isinstance(found, StorageFull) else "read-only"
        raise type(found)(f"the disk of {profile} is {kind}: no application can be kept") from found
    except OSError as error:
        raise EnvironmentFault(f"the disk of {profile} does not work: {error.strerror}") from error
