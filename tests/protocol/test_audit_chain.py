"""The audit chain shows where it was changed."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.errors import Refusal
from kiosk.protocol import audit
from kiosk.protocol.audit import AuditEntry


def _chain(length: int) -> list[bytes]:
    entries: list[bytes] = []
    for number in range(length):
        entry = AuditEntry(1_000 + number, "submission.committed", {"sequence": number})
        entries.append(audit.append(entries[-1] if entries else b"", entry))
    return entries


def test_a_whole_chain_and_an_empty_one() -> None:
    assert audit.verify(_chain(5)) is None
    assert audit.verify([]) is None


def test_entries_are_read_again() -> None:
    first, second = _chain(2)
    assert audit.read(first) == (bytes(32), AuditEntry(1_000, "submission.committed", {"sequence": 0}))
    assert audit.read(second)[0] == audit.head(first)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_changed_entry_breaks_the_chain_there_or_behind(data: st.DataObject) -> None:
    entries = _chain(6)
    which = data.draw(st.integers(0, 4))
    changed = bytearray(entries[which])
    changed[data.draw(st.integers(0, len(changed) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    entries[which] = bytes(changed)
    assert audit.verify(entries) in (which, which + 1)


def test_dropped_added_and_moved_entries_break_it() -> None:
    entries = _chain(6)
    assert audit.verify(entries[:2] + entries[3:]) == 2
    assert audit.verify(entries[1:]) == 0
    assert audit.verify([*entries[:3], entries[2], *entries[3:]]) == 3
    assert audit.verify([*entries[:2], entries[3], entries[2], *entries[4:]]) == 2


def test_a_cut_end_shows_against_the_hash_kept_elsewhere() -> None:
    entries = _chain(4)
    last = audit.head(entries[-1])
    assert audit.verify(entries, last) is None
    assert audit.verify(entries[:3], last) == 3
    assert audit.verify([], last) == 0


@pytest.mark.parametrize("data", [b"", b"\x80", b"\x84\x41x\x01\x61e\xa0", b"\xff" * 40, bytes(9_000)])
def test_what_is_no_entry_is_refused(data: bytes) -> None:
    with pytest.raises(Refusal):
        audit.read(data)
    assert audit.verify([data]) == 0
