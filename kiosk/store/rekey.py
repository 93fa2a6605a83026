"""Renewing the data key: every page of the store under a new key, and no moment at which it would not open.

The order, each step durable before the next: the store is closed to everybody else; the new key is put into a new slot
of every kind; both keys are listed; the pages are rewritten in one transaction; a fresh connection proves that the new
key opens; only the new slots are listed; the old ones are emptied. A process that dies in between leaves a store that
opens with a listed key: `keys.load` finds out which, `keys.tidy` clears away the other.

Rules. The caller owns the profile (engine/lock.py), so no engine runs; leaving WAL proves that nobody else has the
store open, since SQLCipher would let them read garbage afterwards. Outside WAL the old pages stand in the rollback
journal under the old key until the commit. A systemd credential cannot be written from here: its new key must be given
beside the old one, under another name that begins with the same letters.
"""

from __future__ import annotations

import secrets
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher

from kiosk.errors import ConfigurationError, ContentMissing, DamagedStore, EnvironmentFault, KeyUnavailable
from kiosk.model.content import RecipientKey
from kiosk.store import counterfoil, database, faults, keys, probe, slot_list, slot_places
from kiosk.store.keys import Step, StoreKey
from kiosk.store.slot_list import Slots, changing


def rekey(
    profile: Path, *, to: RecipientKey | None = None, allow_file: bool = False, step: Step = lambda _: None
) -> StoreKey:
    """Give the store a new data key, in new slots of the same kinds; answers it.

    `to` is the backend's recovery key, needed where there is a recovery slot. `step` is told the name of each step that
    is done. Raises ConfigurationError, KeyUnavailable, WrongStoreKey, StorageFull, EnvironmentFault (somebody has the
    store open), ContentMissing (there is none), DamagedStore; the old key then counts as before.
    """
    path = profile / database.FILE
    keys.tidy(profile, allow_file=allow_file)
    old = keys.load(profile, allow_file=allow_file)
    if not path.exists():
        raise ContentMissing(f"the profile {profile} holds no store yet; there is nothing to renew")
    database.open_store(profile, old).close()  # migrated, whole enough to open, and its log played in
    with changing(profile):
        listed = keys.slots(profile)
        assert listed is not None, "a key was loaded from it"
        new = _new_key(listed, old)
        fresh = tuple(listed.next(slot.kind, new.check) for slot in listed.slots)
        try:
            with _closed_to_others(path, old) as connection:
                step("closed to others")
                listed = keys.place(profile, listed, fresh, new, to, allow_file, step)
                slot_list.save(profile, Slots(listed.profile, (*listed.slots, *fresh), ()))
                step("both listed")
                _rewrite(connection, path, new)
                step("rewritten")
            if not probe.opens(profile, new.raw):
                raise DamagedStore(f"the store {path} did not take the new key; the old one is kept")
            step("proved")
        except Exception:
            _back(profile, allow_file)
            raise
        keys.conclude(profile, Slots(listed.profile, (*listed.slots, *fresh)), fresh, step)
        counterfoil.drop(profile)
    return new


def _new_key(listed: Slots, old: StoreKey) -> StoreKey:
    if all(slot.kind != "credential" for slot in listed.slots):
        return StoreKey(secrets.token_bytes(slot_places.KEY_BYTES))
    given = [raw for raw in slot_places.credentials() if raw != old.raw]
    if not given:
        name = f"{slot_places.CREDENTIAL}-next"
        raise ConfigurationError(
            f"the new key must come from systemd too: make a credential {name} (64 random hex digits), "
            f"give it with LoadCredentialEncrypted={name} and run this in the unit"
        )
    return StoreKey(given[-1])


@contextmanager
def _closed_to_others(path: Path, key: StoreKey) -> Generator[Any]:
    """A connection that nobody else can be beside. Raises EnvironmentFault when somebody is."""
    connection = sqlcipher.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None, timeout=1.0)
    try:
        connection.execute("PRAGMA cipher_log_level = NONE")
        connection.execute(f"PRAGMA key = \"x'{key.raw.hex()}'\"")
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        mode = connection.execute("PRAGMA journal_mode = DELETE").fetchone()
        if mode is None or mode[0] != "delete":
            raise EnvironmentFault(f"the store {path} stays in WAL; close what has it open and try again")
        connection.execute("PRAGMA synchronous = EXTRA")
        connection.execute("BEGIN EXCLUSIVE")
        connection.execute("COMMIT")
        yield connection
    except sqlcipher.Error as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlcipher.SQLITE_BUSY, sqlcipher.SQLITE_LOCKED):
            raise EnvironmentFault(
                f"another program has the store {path} open; stop it, then renew the key again"
            ) from error
        raise faults.translate(error, path) or error from error
    finally:
        connection.close()


def _rewrite(connection: Any, path: Path, key: StoreKey) -> None:
    said = connection.execute(f"PRAGMA rekey = \"x'{key.raw.hex()}'\"").fetchall()
    if said not in ([], [("ok",)]):
        raise EnvironmentFault(f"the store {path} did not take a new key: {said[0][0]}")
    problems = connection.execute("PRAGMA cipher_integrity_check").fetchall()
    if problems:
        raise DamagedStore(f"the store {path} is damaged: {problems[0][0]}")


def _back(profile: Path, allow_file: bool) -> None:
    """After a failure: list what opens, as far as that can be done now; `keys.tidy` does the rest another time."""
    with suppress(EnvironmentFault, KeyUnavailable):
        listed = keys.slots(profile)
        if listed is not None:
            check = keys.load(profile, allow_file=allow_file).check
            keys.conclude(profile, listed, tuple(slot for slot in listed.slots if slot.check == check))
