"""A recovery slot opens with the backend's recovery key, as what it was sealed as, and with nothing else."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.errors import EnvelopeRefused, Refusal
from kiosk.model.content import RecipientKey
from kiosk.protocol import keys, recovery

RAW = bytes(range(32))
PROFILE = "ab" * 16
AFTER = "2030-01-01T00:00:00Z"


@pytest.mark.parametrize("suite", [keys.X25519, keys.X_WING])
def test_what_was_sealed_is_opened(suite: int) -> None:
    private, public = keys.make_recipient(suite, AFTER)
    data = recovery.seal(RAW, PROFILE, public)
    assert RAW not in data and RAW.hex().encode() not in data
    slot = recovery.read(data)
    assert (slot.profile, slot.check, slot.key_id) == (PROFILE, recovery.check_value(RAW), public.id)
    assert recovery.open_slot(slot, private) == RAW


def test_two_seals_of_one_key_differ() -> None:
    _, public = keys.make_recipient(keys.X25519, AFTER)
    assert recovery.seal(RAW, PROFILE, public) != recovery.seal(RAW, PROFILE, public)


@pytest.mark.parametrize(
    "change",
    [{"profile": "cd" * 16}, {"check": "0" * 16}, {"sealed": b"\0" * 80}, {"sealed": b""}, {"suite": 1}, {"suite": 9}],
)
def test_a_changed_slot_does_not_open(change: dict[str, object]) -> None:
    private, public = keys.make_recipient(keys.X_WING, AFTER)
    slot = recovery.read(recovery.seal(RAW, PROFILE, public))
    with pytest.raises(Refusal):
        recovery.open_slot(msgspec.structs.replace(slot, **change), private)


def test_another_recovery_key_does_not_open_it() -> None:
    _, public = keys.make_recipient(keys.X_WING, AFTER)
    other, _ = keys.make_recipient(keys.X_WING, AFTER)
    slot = recovery.read(recovery.seal(RAW, PROFILE, public))
    with pytest.raises(Refusal, match=public.id):
        recovery.open_slot(slot, other)
    with pytest.raises(Refusal, match="does not open"):
        recovery.open_slot(slot, msgspec.structs.replace(other, id=public.id))


def test_nothing_is_sealed_to_what_is_no_key() -> None:
    with pytest.raises(EnvelopeRefused):
        recovery.seal(RAW, PROFILE, RecipientKey("x", keys.X_WING, bytes(31), AFTER))
    with pytest.raises(EnvelopeRefused):
        recovery.seal(RAW, PROFILE, RecipientKey("x", keys.X25519, bytes(32), AFTER))


@given(st.binary(max_size=200))
def test_any_bytes_are_refused_or_read(data: bytes) -> None:
    with pytest.raises(Refusal):
        recovery.read(data)


@pytest.mark.parametrize(
    "data",
    [
        b"[" * 10_000,
        b"{}" + b" " * recovery.MOST_BYTES,
        b'{"format":2,"profile":"%s","check":"%s","key_id":"k","suite":1,"sealed":""}' % (b"a" * 32, b"a" * 16),
        b'{"format":1,"profile":"../x","check":"%s","key_id":"k","suite":1,"sealed":""}' % (b"a" * 16),
    ],
)
def test_odd_files_are_refused(data: bytes) -> None:
    with pytest.raises(Refusal):
        recovery.read(data)
