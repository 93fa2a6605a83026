"""The condition of a profile, for `kiosk doctor`: its disk, key slots, damaged stores that lie aside, certificate."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from msgspec import Struct

from kiosk.config import Settings
from kiosk.errors import CertificateRefused, ContentMissing, KeyUnavailable
from kiosk.model.content import BackendKeys
from kiosk.store import clock, device, documents, healing, keys, slot_places
from kiosk.store.database import open_store
from kiosk.store.slot_list import Slot, Slots

LEAST_FREE = 200 * 1024 * 1024
LATE_DAYS = 20.0
"""A certificate renews itself when 30 days are left: with less than this it has not."""


class Finding(Struct, frozen=True):
    """`state`: "ok"; "absent": not there and not needed everywhere; "broken": needs mending."""

    name: str
    state: str
    detail: str


def disk(folder: Path) -> Finding:
    """Whether the disk takes what a visitor sends."""
    if not folder.is_dir():
        return Finding("disk", "absent", f"there is no profile {folder} yet")
    if not os.access(folder, os.W_OK):
        return Finding("disk", "broken", f"{folder} cannot be written: the disk or the folder is read-only")
    free = shutil.disk_usage(folder).free
    room = f"{free / 1e6:.0f} MB are free"
    healing.examine_disk(folder)
    return Finding("disk", "ok" if free >= LEAST_FREE else "broken", room)


def keys_of(folder: Path, settings: Settings) -> Finding:
    """Whether every slot gives the key, and a lost keyring would cost nothing."""
    listed = keys.slots(folder)
    if listed is None:
        state = "broken" if (folder / "store.db").exists() else "absent"
        return Finding("keys", state, f"{folder} has no list of key slots")
    problems = [text for slot in listed.slots if (text := _problem(folder, listed, slot, settings))]
    if problems:
        return Finding("keys", "broken", "; ".join(problems))
    kinds = ", ".join(slot.kind for slot in listed.slots)
    if all(slot.kind != "recovery" for slot in listed.slots):
        return Finding("keys", "absent", f"{kinds}; no recovery slot: if that is lost, so is the store")
    return Finding("keys", "ok", kinds)


def _problem(folder: Path, listed: Slots, slot: Slot, settings: Settings) -> str:
    try:
        if slot.kind == "recovery":
            slot_places.sealed_to(folder, slot)
            return ""
        raw = slot_places.read(folder, listed.profile, slot, settings.demo)
    except KeyUnavailable as error:
        return f"{slot.id}: {error.engineer}"
    return "" if keys.StoreKey(raw).check == slot.check else f"{slot.id}: it holds another key"


def damage(folder: Path) -> Finding:
    """Whether damaged stores were set aside."""
    aside = healing.set_aside_stores(folder)
    if not aside:
        return Finding("damage", "ok", "no store was set aside")
    return Finding(
        "damage", "broken", f"{len(aside)} set aside, the last in {aside[-1]}; check the disk, then move them away"
    )


def certificate_of(folder: Path, settings: Settings) -> Finding:
    """Whether the backend knows this device for some time to come."""
    from kiosk.protocol import certificate

    name = "certificate"
    if keys.slots(folder) is None:
        return Finding(name, "absent", "this device is not enrolled")
    with open_store(folder, keys.load(folder, allow_file=settings.demo), read_only=True) as store:
        identity, now = device.identity(store), clock.believed_by(store)
        try:
            authorities = documents.get(store, "keys/backend", BackendKeys).device_authority
        except ContentMissing:
            authorities = ()
    if identity is None:
        return Finding(name, "absent", "this device is not enrolled; run 'kiosk enrol CODE'")
    if not authorities:
        return Finding(name, "absent", f"kiosk {identity.kiosk}; without content nothing proves its certificate")
    try:
        claims = certificate.verify(identity.certificate, authorities, now.at)
    except CertificateRefused as error:
        remedy = "set the clock" if error.reason == "not-yet-valid" else "run 'kiosk sync', it renews itself"
        return Finding(name, "broken", f"{error.engineer}; {remedy}")
    days = (claims.not_after - now.at) / clock.DAY_S
    detail = f"kiosk {identity.kiosk}, {days:.0f} days left"
    if days < LATE_DAYS:
        return Finding(name, "broken", f"{detail}; it has not renewed itself, see the log of the sync")
    return Finding(name, "ok", detail)
