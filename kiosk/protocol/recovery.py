"""The recovery slot: a store key sealed to the backend's recovery key, as a file that may be copied anywhere.

Rules. HPKE in base mode (RFC 9180, suites as in keys.py); `info` is deterministic CBOR of [label, profile, key check
value, recovery key id], so a slot opens only as what it was sealed as. The file is JSON, at most MOST_BYTES. Whoever
opens it computes the key check value again, so a key that is not the profile's is never handed out. A device seals and
never opens; the private half is used by hand, when every other slot of a profile is lost.

    {"format": 1, "profile": "<32 hex digits>", "check": "<16 hex digits>", "key_id": "x-wing-...", "suite": 2,
     "sealed": "<base64>"}
"""

from __future__ import annotations

import hashlib
import hmac
import re

import msgspec
from msgspec import Struct

from kiosk.errors import EnvelopeRefused, Refusal
from kiosk.model.content import RecipientKey
from kiosk.protocol import keys

MOST_BYTES = 16 * 1024
KEY_BYTES = 32
_FORMAT = 1
_LABEL = "mdk recovery slot 1"
_CHECK_LABEL = b"mydocuments-kiosk store key check 1"
_PROFILE = re.compile(r"[0-9a-f]{32}", re.ASCII)
_CHECK = re.compile(r"[0-9a-f]{16}", re.ASCII)


class RecoverySlot(Struct, frozen=True, forbid_unknown_fields=True):
    """A sealed store key. `check` is its key check value, `key_id` and `suite` those of the recovery key."""

    format: int
    profile: str
    check: str
    key_id: str
    suite: int
    sealed: bytes


def check_value(raw: bytes) -> str:
    """The key check value of a store key: 16 hex digits of HMAC-SHA256 (RFC 2104) over a fixed label."""
    return hmac.digest(raw, _CHECK_LABEL, hashlib.sha256)[:8].hex()


def seal(raw: bytes, profile: str, recipient: RecipientKey) -> bytes:
    """The file of a recovery slot. `raw` is the store key (32 bytes). Raises EnvelopeRefused for a key that is none."""
    check = check_value(raw)
    public = keys.load_recipient(recipient)
    try:
        sealed = keys.hpke_suite(recipient.suite).encrypt(raw, public, _info(profile, check, recipient.id))
    except ValueError as error:  # a public key of low order
        raise EnvelopeRefused(f"nothing can be sealed to recovery key {recipient.id}") from error
    return msgspec.json.encode(RecoverySlot(_FORMAT, profile, check, recipient.id, recipient.suite, sealed)) + b"\n"


def read(data: bytes) -> RecoverySlot:
    """What the file says of itself; it may come from anywhere. Raises Refusal."""
    try:
        if len(data) > MOST_BYTES:
            raise Refusal("this is no recovery slot: it is too long")
        slot = msgspec.json.decode(data, type=RecoverySlot)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Refusal("this is no recovery slot") from error
    if slot.format != _FORMAT or not _PROFILE.fullmatch(slot.profile) or not _CHECK.fullmatch(slot.check):
        raise Refusal("this is no recovery slot of a kind known here")
    return slot


def open_slot(slot: RecoverySlot, private_key: keys.RecipientPrivateKey) -> bytes:
    """The store key (32 bytes) in a slot. Raises Refusal: another recovery key, changed bytes, not the key it names."""
    from cryptography.exceptions import InvalidTag

    if (private_key.id, private_key.suite) != (slot.key_id, slot.suite):
        raise Refusal(f"the slot is sealed to recovery key {slot.key_id}, not to {private_key.id}")
    try:
        raw = keys.hpke_suite(slot.suite).decrypt(
            slot.sealed, keys.load_recipient_private(private_key), _info(slot.profile, slot.check, slot.key_id)
        )
    except (InvalidTag, ValueError, EnvelopeRefused) as error:
        raise Refusal("the recovery slot does not open: it was changed, or is not what it says") from error
    if len(raw) != KEY_BYTES or not hmac.compare_digest(check_value(raw), slot.check):
        raise Refusal("the recovery slot holds another key than it says")
    return raw


def _info(profile: str, check: str, key_id: str) -> bytes:
    from kiosk.protocol import cbor  # the key check value alone is needed at every start

    return cbor.encode([_LABEL, profile, check, key_id])
