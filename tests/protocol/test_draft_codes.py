"""A draft opens under its visitor's code and under nothing else."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.errors import DraftRefused
from kiosk.model.draft import Draft
from kiosk.passes import qr
from kiosk.protocol import draft
from kiosk.protocol.draft import Ticket

SAVED = Draft("S0001", "s0001", 1, "ru", "p", {"имя": "Анна", "list": [{"a": 1}]}, "2026-11-24T10:00:00Z")


def test_it_opens_under_its_code_alone() -> None:
    ticket = draft.new_ticket()
    sealed = draft.seal(SAVED, ticket)
    assert draft.open_sealed(sealed, draft.read_code(ticket.code())) == SAVED
    others = (draft.new_ticket(), Ticket(ticket.id, bytes(32)), Ticket("0" * 32, ticket.key))
    for other in others:
        with pytest.raises(DraftRefused, match="does not open"):
            draft.open_sealed(sealed, other)


def test_nothing_of_it_can_be_seen_in_the_bytes_nor_their_length() -> None:
    ticket = draft.new_ticket()
    sealed = draft.seal(SAVED, ticket)
    assert ticket.key not in sealed and "Анна".encode() not in sealed and b"S0001" not in sealed
    longer = msgspec.structs.replace(SAVED, answers={"имя": "Анна Петровна" * 5})
    assert len(draft.seal(longer, ticket)) == len(sealed)
    assert draft.seal(SAVED, ticket) != sealed


def test_the_code_fits_a_small_symbol() -> None:
    ticket = draft.new_ticket()
    assert ticket.code().startswith("MDD1:") and len(ticket.code()) == 77
    assert len(qr.matrix(ticket.code())) <= 45
    assert draft.is_code(ticket.code()) and not draft.is_code("MDR1:ABC")
    assert ticket.id not in repr(ticket.code())


@pytest.mark.parametrize("text", ["", "MDD1:", "MDD1:A", "MDD1:zzz", "MDD1:" + "0" * 75])
def test_what_is_no_code_is_refused(text: str) -> None:
    with pytest.raises(DraftRefused):
        draft.read_code(text)


def test_too_long_a_draft_is_not_sealed() -> None:
    with pytest.raises(DraftRefused, match="more than a draft may have"):
        draft.seal(msgspec.structs.replace(SAVED, answers={"a": "я" * 100_000}), draft.new_ticket())


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200), st.data())
def test_any_other_bytes_are_refused(noise: bytes, data: st.DataObject) -> None:
    ticket = Ticket("1" * 32, bytes(32))
    sealed = draft.seal(SAVED, ticket)
    place = data.draw(st.integers(0, len(sealed) - 1))
    changed = sealed[:place] + bytes([sealed[place] ^ data.draw(st.integers(1, 255))]) + sealed[place + 1 :]
    for wrong in (noise, draft.MAGIC + noise, changed, sealed[:place], sealed + b"x"):
        with pytest.raises(DraftRefused):
            draft.open_sealed(wrong, ticket)


def test_what_opens_and_is_no_draft_is_refused() -> None:
    from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_encrypt as encrypt

    ticket = Ticket("1" * 32, bytes(32))
    for plain in (b"{}", b"not json", b"\xff"):
        sealed = encrypt(plain, b"mydocuments draft 1 " + bytes.fromhex(ticket.id), bytes(24), ticket.key)
        with pytest.raises(DraftRefused, match="another version"):
            draft.open_sealed(draft.MAGIC + bytes(24) + sealed, ticket)
