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
    others = (draft.new_ticket(), Ticket(ticket.id, bytes(32), b""), Ticket("0" * 32, ticket.key, b""))
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


def test_the_code_fits_a_small_symbol_and_is_spelled_in_groups() -> None:
    ticket = draft.new_ticket()
    assert ticket.code().startswith("MDD2:") and len(ticket.code()) == 41
    assert len(qr.matrix(ticket.code())) <= 37
    assert [len(group) for group in ticket.spelled().split(" ")] == [4] * 9
    assert ticket.spelled().replace(" ", "") == ticket.code().removeprefix("MDD2:")
    assert ticket.id not in repr(ticket.code())


def test_the_spelling_never_changes() -> None:
    ticket = draft.read_code("MDD2:041061050R3GG28A1C60T3GF208H44RMKQZR")
    assert ticket.seed == bytes(range(1, 21))
    assert ticket.id == "fd2cc9218266c64d5596fc35a780d454"
    assert ticket.spelled() == "0410 6105 0R3G G28A 1C60 T3GF 208H 44RM KQZR"


CODE = draft._ticket(bytes(range(1, 21))).code()
SIGNS = CODE.removeprefix("MDD2:")
RUSSIAN = str.maketrans("QWERTYUIOPASDFGHJKLZXCVBNM:", "ЙЦУКЕНГШЩЗФЫВАПРОЛДЯЧСМИТЬЖ")


@pytest.mark.parametrize(
    "typed",
    [
        CODE,
        f"  {CODE.lower()}\r\n",
        SIGNS,
        draft._ticket(bytes(range(1, 21))).spelled(),
        "-".join(SIGNS[at : at + 6] for at in range(0, 36, 6)),
        f"MDD2 {SIGNS}",
        f"mdd2: {SIGNS.lower()}",
        SIGNS.replace("0", "O").replace("1", "l"),
        SIGNS.translate(str.maketrans("ABEKMHPCTXY", "АВЕКМНРСТХУ")),
        CODE.translate(RUSSIAN),
        CODE.translate(RUSSIAN).lower(),
    ],
)
def test_a_code_is_read_however_it_was_typed(typed: str) -> None:
    assert draft.is_code(typed)
    assert draft.read_code(typed).seed == bytes(range(1, 21))


def test_any_wrong_sign_and_any_two_that_changed_places_are_noticed() -> None:
    for at in range(36):
        for sign in draft.SIGNS.replace(SIGNS[at], ""):
            with pytest.raises(DraftRefused, match="damaged"):
                draft.read_code(SIGNS[:at] + sign + SIGNS[at + 1 :])
    for at in range(35):
        first, second = SIGNS[at : at + 2]
        if first != second:
            with pytest.raises(DraftRefused, match="damaged"):
                draft.read_code(SIGNS[:at] + second + first + SIGNS[at + 2 :])


def test_codes_of_before_are_still_read() -> None:
    """Drafts live for thirty days: those saved under the former code must open."""
    import base45

    text = "MDD1:" + base45.b45encode(bytes.fromhex("1" * 32) + bytes(32)).decode()
    found = draft.read_code(text)
    assert (found.id, found.key) == ("1" * 32, bytes(32)) and draft.is_code(text)
    assert draft.open_sealed(draft.seal(SAVED, found), draft.read_code(text)) == SAVED


@pytest.mark.parametrize(
    "text",
    [
        "",
        "MDD1:",
        "MDD1:A",
        "MDD1:zzz",
        "MDD1:" + "0" * 75,
        "MDD2:",
        CODE[:-1],
        CODE + "0",
        "MDD2:" + "U" * 36,
        "слово",
    ],
)
def test_what_is_no_code_is_refused(text: str) -> None:
    with pytest.raises(DraftRefused):
        draft.read_code(text)


@pytest.mark.parametrize("text", ["", "MDR1:ABC", "https://www.mos.ru/", "4607034171346", "потерял паспорт", "MDD2"])
def test_other_codes_and_words_claim_nothing(text: str) -> None:
    assert not draft.is_code(text)


@given(st.text(max_size=60))
def test_any_text_is_refused_or_read(text: str) -> None:
    draft.is_code(text)
    try:
        draft.read_code(text)
    except DraftRefused:
        return
    assert draft.is_code(text)


def test_too_long_a_draft_is_not_sealed() -> None:
    with pytest.raises(DraftRefused, match="more than a draft may have"):
        draft.seal(msgspec.structs.replace(SAVED, answers={"a": "я" * 100_000}), draft.new_ticket())


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200), st.data())
def test_any_other_bytes_are_refused(noise: bytes, data: st.DataObject) -> None:
    ticket = Ticket("1" * 32, bytes(32), b"")
    sealed = draft.seal(SAVED, ticket)
    place = data.draw(st.integers(0, len(sealed) - 1))
    changed = sealed[:place] + bytes([sealed[place] ^ data.draw(st.integers(1, 255))]) + sealed[place + 1 :]
    for wrong in (noise, draft.MAGIC + noise, changed, sealed[:place], sealed + b"x"):
        with pytest.raises(DraftRefused):
            draft.open_sealed(wrong, ticket)


def test_what_opens_and_is_no_draft_is_refused() -> None:
    from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_encrypt as encrypt

    ticket = Ticket("1" * 32, bytes(32), b"")
    for plain in (b"{}", b"not json", b"\xff"):
        sealed = encrypt(plain, b"mydocuments draft 1 " + bytes.fromhex(ticket.id), bytes(24), ticket.key)
        with pytest.raises(DraftRefused, match="another version"):
            draft.open_sealed(draft.MAGIC + bytes(24) + sealed, ticket)
