"""Enrolment codes survive being typed by people; the proof binds code and key."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.errors import EnrolmentRefused
from kiosk.protocol import enrolment
from tests.protocol import samples

KEY = samples.signing("device")


def test_a_new_code_reads_like_three_groups() -> None:
    codes = {enrolment.new_code() for _ in range(50)}
    assert len(codes) == 50
    assert all(len(code) == 14 and code[4] == code[9] == "-" for code in codes)
    assert all(enrolment.normalise(code) == code.replace("-", "") for code in codes)


@pytest.mark.parametrize("typed", ["k7qf-29xd-mm41", " K7QF 29XD MM4I ", "K7QF29XDMM4L"])
def test_what_people_type_is_forgiven(typed: str) -> None:
    assert enrolment.normalise(typed) == "K7QF29XDMM41"


@given(st.text(max_size=80))
def test_other_texts_are_refused(text: str) -> None:
    try:
        assert len(enrolment.normalise(text)) == 12
    except EnrolmentRefused as error:
        assert "twelve" in error.engineer


def test_the_proof_is_for_this_code_and_this_key() -> None:
    asked = enrolment.request("K7QF-29XD-MM41", KEY.private)
    assert enrolment.check(asked) == "K7QF29XDMM41"
    assert enrolment.decode_request(msgspec.json.encode(asked)) == asked
    for change in ({"code": "K7QF29XDMM42"}, {"public_key": samples.signing("other").public}, {"public_key": b""}):
        with pytest.raises(EnrolmentRefused):
            enrolment.check(msgspec.structs.replace(asked, **change))


@pytest.mark.parametrize("data", [b"", b"{}", b"<html>", b'{"code": 1}', b"[" * 5_000, b"\xff"])
def test_other_bodies_are_refused(data: bytes) -> None:
    with pytest.raises(EnrolmentRefused):
        enrolment.decode_request(data)
    with pytest.raises(EnrolmentRefused):
        enrolment.decode_answer(data)
