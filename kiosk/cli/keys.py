"""The slots that keep the store key: list them, add one, remove one, renew them or the key itself."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import get_args

from msgspec import Struct

from kiosk.cli import output, profile
from kiosk.errors import ContentMissing, EnvironmentFault, KeyUnavailable, UsageError
from kiosk.model.content import BackendKeys, RecipientKey
from kiosk.store import documents, keys, slot_places
from kiosk.store.database import open_store
from kiosk.store.keys import StoreKey
from kiosk.store.slot_list import Slot, SlotKind, Slots

_USE = "use: kiosk keys list | add KIND [--key-from FILE] | remove ID | rotate [--data] | anew --yes"


class Line(Struct, frozen=True):
    """One slot. `state`: "ok"; "sealed": a recovery slot, opened by the backend only; "unreadable"; "wrong"."""

    id: str
    kind: str
    check: str
    state: str
    detail: str


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("action", choices=("list", "add", "remove", "rotate", "rekey", "anew"))
    parser.add_argument("what", nargs="?", help=f"for add: {', '.join(get_args(SlotKind))}; for remove: the slot's id")
    parser.add_argument(
        "--key-from", metavar="FILE", help="for add: the key itself, 64 hex digits (- for standard input)"
    )
    parser.add_argument(
        "--data", action="store_true", help="for rotate: renew the data key too (the engine must be stopped)"
    )
    parser.add_argument(
        "--yes", action="store_true", help="for anew: the key is lost for good, begin without the store"
    )


def run(arguments: argparse.Namespace) -> int:
    action = "rekey" if arguments.action == "rotate" and arguments.data else arguments.action
    _check_use(arguments, action)
    folder, demo = profile.folder(arguments), profile.settings(arguments).demo
    if action == "anew":
        return _anew(folder, demo, arguments.json)
    if action == "add":
        _add(folder, arguments.what, arguments.key_from, demo)
    elif action == "remove":
        keys.remove_slot(folder, arguments.what)
    elif action == "rotate":
        key = keys.load(folder, allow_file=demo)
        keys.rotate(folder, key, to=_recovery_key(folder, key), allow_file=demo)
    elif action == "rekey":
        _rekey(folder, demo)
    listed = keys.slots(folder)
    if listed is None:
        raise KeyUnavailable(f"the profile {folder} has no store key yet; run 'kiosk enrol' or 'kiosk demo --prepare'")
    lines = [_line(folder, listed, slot, demo) for slot in listed.slots]
    if arguments.json:
        output.document({"slots": lines, "renewing": len(listed.checks) > 1})
    else:
        for line in lines:
            print(f"{line.id:<14} {line.check}  {line.state:<10} {line.detail}".rstrip())
    return 0


def _check_use(arguments: argparse.Namespace, action: str) -> None:
    wrong = (arguments.what is not None) != (action in ("add", "remove"))
    wrong |= arguments.key_from is not None and action != "add"
    wrong |= arguments.data and action != "rekey"
    wrong |= arguments.yes != (action == "anew")
    if wrong:
        raise UsageError(_USE)
    if action == "add" and arguments.what not in get_args(SlotKind):
        raise UsageError(f"a slot is one of {', '.join(get_args(SlotKind))}, not {arguments.what!r}")


def _add(folder: Path, kind: SlotKind, key_from: str | None, demo: bool) -> None:
    if key_from is None:
        key = keys.load(folder, allow_file=demo)
        keys.add_slot(folder, key, kind, to=_recovery_key(folder, key), allow_file=demo)
        return
    key = _given(key_from)
    listed = keys.slots(folder)
    if listed is None:
        keys.begin_again(folder, key, kind, allow_file=demo)
    elif any(slot.kind == kind for slot in listed.slots):
        # The slot is there and has lost its key: a fresh one takes its place.
        keys.rotate(folder, key, to=_recovery_key(folder, key), allow_file=demo, kinds=(kind,))
    else:
        keys.add_slot(folder, key, kind, to=_recovery_key(folder, key), allow_file=demo)


def _rekey(folder: Path, demo: bool) -> None:
    from kiosk.engine.lock import ProfileLock
    from kiosk.store.rekey import rekey

    with ProfileLock(folder):
        to = _recovery_key(folder, keys.load(folder, allow_file=demo))
        rekey(folder, to=to, allow_file=demo)


def _anew(folder: Path, demo: bool, as_json: bool) -> int:
    from kiosk.engine.lock import ProfileLock
    from kiosk.store import healing

    with ProfileLock(folder):
        aside = healing.begin_anew(folder, allow_file=demo)
    waiting = sum(1 for _ in (folder / "outbox").glob("*.env"))
    if as_json:
        output.document({"set_aside": str(aside), "envelopes": waiting})
    else:
        print(
            f"The store lies in {aside}. {waiting} envelopes stay in the outbox. Enrol this device: kiosk enrol CODE."
        )
    return 0


def _given(source: str) -> StoreKey:
    """The key in a file or on standard input. Raises KeyUnavailable, EnvironmentFault."""
    try:
        data = sys.stdin.buffer.read(4096) if source == "-" else Path(source).read_bytes()
    except OSError as error:
        raise EnvironmentFault(f"the key file {source} cannot be read: {error.strerror}") from error
    return StoreKey(slot_places.digits(data, f"what {source} holds"))


def _recovery_key(folder: Path, key: StoreKey) -> RecipientKey | None:
    """The backend's recovery key among the published content, None where none has come."""
    try:
        with open_store(folder, key, read_only=True) as store:
            return documents.get(store, "keys/backend", BackendKeys).recovery
    except ContentMissing:
        return None


def _line(folder: Path, listed: Slots, slot: Slot, demo: bool) -> Line:
    def line(state: str, detail: str = "") -> Line:
        return Line(slot.id, slot.kind, slot.check, state, detail)

    try:
        if slot.kind == "recovery":
            return line("sealed", f"to {slot_places.sealed_to(folder, slot)}")
        key = StoreKey(slot_places.read(folder, listed.profile, slot, demo))
    except KeyUnavailable as error:
        return line("unreadable", error.engineer)
    return line("ok") if key.check == slot.check else line("wrong", "it holds another key")
