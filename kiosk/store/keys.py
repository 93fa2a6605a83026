"""The key of the store, and the slots it is kept in.

Rules. The key is 32 random bytes and never derived from a passphrase. Each slot says a key check value, so that a wrong
key and a damaged file are told apart without opening the store. Every slot is tried, and each failure is named. A
plain file is a slot for demonstration and tests only, used only where the caller says so; nothing here falls back to
it by itself. A change is written down before it is done (slot_list.py), so a process that dies at any step leaves a
profile that opens; `tidy` clears away what it left. While the data key is being renewed two keys are listed, and the
one that opens the store is the key.
It does not encrypt or rekey the store (rekey.py).
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from kiosk.errors import ConfigurationError, EnvironmentFault, KeyUnavailable, WrongStoreKey
from kiosk.model.content import RecipientKey
from kiosk.protocol.recovery import KEY_BYTES, check_value
from kiosk.store import probe, slot_list, slot_places
from kiosk.store.files import private_folder
from kiosk.store.slot_list import Slot, SlotKind, Slots, changing

__all__ = ["Slot", "SlotKind", "Slots", "StoreKey", "add_slot", "create", "load", "remove_slot", "rotate", "slots"]

Step = Callable[[str], None]


class StoreKey:
    """A raw 256-bit key. It never shows itself in a repr, a log line or a pickle."""

    __slots__ = ("raw",)

    def __init__(self, raw: bytes) -> None:
        if len(raw) != KEY_BYTES:
            raise ValueError("a store key has 32 bytes")
        self.raw = raw

    @property
    def check(self) -> str:
        """The key check value, 16 hex digits."""
        return check_value(self.raw)

    def __repr__(self) -> str:
        return "StoreKey(hidden)"

    def __reduce__(self) -> str:
        raise TypeError("a store key is not pickled")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, StoreKey) and hmac.compare_digest(self.raw, other.raw)

    def __hash__(self) -> int:
        return hash(self.check)


def slots(profile: Path) -> Slots | None:
    """The slots of a profile, None before `create`. Raises KeyUnavailable when the file is not what it should be."""
    return slot_list.read(profile)


def create(profile: Path, kind: SlotKind = "keyring", *, allow_file: bool = False) -> StoreKey:
    """Make the key of a new profile and keep it in its first slot.

    Raises ConfigurationError when the profile has a key or a store already, or the slot cannot be the first;
    KeyUnavailable when the slot does not take it; StorageFull.
    """
    _refuse_second(profile)
    if (profile / probe.STORE).exists():
        raise ConfigurationError(
            f"the profile {profile} holds a store without {slot_list.FILE}; put back {slot_list.FILE}, "
            "or give the key with 'kiosk keys add KIND --key-from FILE'"
        )
    raw = slot_places.credentials()[0] if kind == "credential" else secrets.token_bytes(KEY_BYTES)
    _begin(profile, StoreKey(raw), kind, allow_file)
    return StoreKey(raw)


def begin_again(profile: Path, key: StoreKey, kind: SlotKind, *, allow_file: bool = False) -> Slot:
    """List the key of a store whose keys.json is lost, after proving that it opens the store. Raises as `create`."""
    _refuse_second(profile)
    if not probe.opens(profile, key.raw):
        raise WrongStoreKey(f"this key does not open the store of {profile}")
    return _begin(profile, key, kind, allow_file)


def add_slot(
    profile: Path, key: StoreKey, kind: SlotKind, *, to: RecipientKey | None = None, allow_file: bool = False
) -> Slot:
    """Keep a loaded key in one more slot; `to` is the backend's recovery key for a recovery slot.

    Raises as `create` does, and WrongStoreKey for another store's key.
    """
    with changing(profile):
        listed = _listed(profile)
        if key.check not in listed.checks:
            raise WrongStoreKey(f"this key is not the key of {profile}")
        if any(slot.kind == kind for slot in listed.slots):
            raise ConfigurationError(f"the profile {profile} has a slot of the kind {kind} already")
        new = listed.next(kind, key.check)
        listed = place(profile, listed, (new,), key, to, allow_file)
        conclude(profile, listed, (*listed.slots, new))
        return new


def remove_slot(profile: Path, slot_id: str) -> None:
    """Take a slot away and empty it. Raises ConfigurationError for an unknown one or the last that opens here."""
    with changing(profile):
        listed = _listed(profile)
        left = tuple(slot for slot in listed.slots if slot.id != slot_id)
        if len(left) == len(listed.slots):
            raise ConfigurationError(f"the profile {profile} has no key slot {slot_id}")
        if all(slot.kind == "recovery" for slot in left):
            raise ConfigurationError(f"{slot_id} is the only key slot that opens {profile} here; add another one first")
        conclude(profile, listed, left)


def rotate(
    profile: Path,
    key: StoreKey,
    *,
    to: RecipientKey | None = None,
    allow_file: bool = False,
    kinds: Iterable[SlotKind] = ("keyring", "file", "recovery"),
    step: Step = lambda _: None,
) -> None:
    """Put the same key into fresh slots and empty the old ones. Credentials are the system's and stay.

    `step` is told the name of each step that is done. Raises as `add_slot`; then nothing has changed.
    """
    with changing(profile):
        listed = _listed(profile)
        if key.check not in listed.checks:
            raise WrongStoreKey(f"this key is not the key of {profile}")
        kinds = frozenset(kinds)
        new = tuple(listed.next(slot.kind, key.check) for slot in listed.slots if slot.kind in kinds)
        listed = place(profile, listed, new, key, to, allow_file, step)
        stay = tuple(slot for slot in listed.slots if slot.kind not in kinds)
        conclude(profile, listed, (*stay, *new), step)


def load(profile: Path, *, allow_file: bool = False) -> StoreKey:
    """The key of the profile from the first slot that gives it; every slot is tried.

    Raises WrongStoreKey when a slot gave another key, KeyUnavailable when none gave any; EnvironmentFault while the
    data key is being renewed.
    """
    listed = _listed(profile)
    wrong: list[str] = []
    problems: list[str] = []
    found: dict[str, StoreKey] = {}
    for slot in listed.slots:
        try:
            key = StoreKey(slot_places.read(profile, listed.profile, slot, allow_file))
        except KeyUnavailable as error:
            problems.append(f"{slot.id}: {error.engineer}")
            continue
        if not hmac.compare_digest(key.check, slot.check):
            wrong.append(slot.id)
        elif len(listed.checks) == 1:
            return key
        else:
            found.setdefault(slot.check, key)
    if found:
        return _that_opens(profile, list(found.values()), listed, problems)
    if wrong:
        rest = f" ({'; '.join(problems)})" if problems else ""
        raise WrongStoreKey(
            f"the key in {', '.join(wrong)} is not the key of {profile}{rest}; "
            "put back the right key, or move the profile away and enrol again"
        )
    raise KeyUnavailable(
        "; ".join(problems) or f"{profile / slot_list.FILE} lists no key slot; enrol this device again"
    )


def tidy(profile: Path, *, allow_file: bool = False) -> None:
    """Clear away what a change left that was cut off: places without use, the key that opens nothing any more.

    Raises as `load`, and KeyUnavailable when a place cannot be emptied now; the profile opens nevertheless.
    """
    listed = slots(profile)
    if listed is None or not _untidy(listed):
        return
    with changing(profile):
        listed = _listed(profile)
        check = load(profile, allow_file=allow_file).check if len(listed.checks) > 1 else next(iter(listed.checks))
        newest: dict[SlotKind, Slot] = {}
        for slot in sorted(listed.slots, key=lambda slot: slot.number):
            if slot.check == check:
                newest[slot.kind] = slot
        conclude(profile, listed, tuple(newest.values()))


def place(
    profile: Path,
    listed: Slots,
    new: tuple[Slot, ...],
    key: StoreKey,
    to: RecipientKey | None,
    allow_file: bool,
    step: Step = lambda _: None,
) -> Slots:
    """Note new places, fill them, and list them beside the old; when it fails, they are emptied. Under `changing`."""
    noted = Slots(listed.profile, listed.slots, (*listed.discarded, *new))
    slot_list.save(profile, noted)
    step("noted")
    try:
        for slot in new:
            slot_places.write(profile, listed.profile, slot, key.raw, to, allow_file)
            step(f"filled {slot.kind}")
    except (EnvironmentFault, ConfigurationError):
        with suppress(EnvironmentFault):
            conclude(profile, noted, noted.slots)
        raise
    return noted


def conclude(profile: Path, listed: Slots, kept: tuple[Slot, ...], step: Step = lambda _: None) -> None:
    """List only these slots, then empty every other place. Under `changing`. Raises as slot_places.empty."""
    before = {slot.id: slot for slot in (*listed.slots, *listed.discarded)}
    gone = tuple(slot for id_, slot in before.items() if id_ not in {slot.id for slot in kept})
    slot_list.save(profile, Slots(listed.profile, kept, gone))
    step("listed")
    for slot in gone:
        slot_places.empty(profile, listed.profile, slot)
        step(f"emptied {slot.kind}")
    if gone:
        slot_list.save(profile, Slots(listed.profile, kept))
        step("tidy")


def _untidy(listed: Slots) -> bool:
    kinds = [slot.kind for slot in listed.slots]
    return bool(listed.discarded) or len(set(kinds)) < len(kinds)


def _listed(profile: Path) -> Slots:
    listed = slots(profile)
    if listed is None:
        raise KeyUnavailable(f"the profile {profile} has no store key yet; run 'kiosk enrol' or 'kiosk demo --prepare'")
    return listed


def _refuse_second(profile: Path) -> None:
    if slots(profile) is not None:
        raise ConfigurationError(f"the profile {profile} has a store key already")


def _begin(profile: Path, key: StoreKey, kind: SlotKind, allow_file: bool) -> Slot:
    """The first slot: filled, then listed. A place that is never listed holds a key that opens nothing."""
    if kind == "recovery":
        raise ConfigurationError("a recovery slot does not open here and cannot be the first; begin with the keyring")
    if kind == "file":
        slot_places.require_file_allowed(allow_file)
    private_folder(profile)
    listed = Slots(secrets.token_hex(16), ())
    slot = listed.next(kind, key.check)
    slot_places.write(profile, listed.profile, slot, key.raw, None, allow_file)
    slot_list.save(profile, Slots(listed.profile, (slot,)))
    return slot


def _that_opens(profile: Path, found: list[StoreKey], listed: Slots, problems: list[str]) -> StoreKey:
    """Of several keys the one that opens the store; which it is is not known while the data key is being renewed."""
    if not (profile / probe.STORE).exists():
        return found[0]
    for key in found:
        if probe.opens(profile, key.raw):
            return key
    if len(found) < len(listed.checks):
        raise KeyUnavailable("; ".join(problems) or f"no slot of {profile} gives the key that its store has now")
    return found[-1]
