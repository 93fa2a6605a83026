"""Batches, their answers and the feed: what is packed is unpacked, what is not is refused."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.errors import Refusal
from kiosk.protocol import batch, cbor, problem
from kiosk.protocol.batch import BatchAnswer, EnvelopeResult, Feed, FeedEntry


@settings(max_examples=60, deadline=None)
@given(st.lists(st.binary(max_size=400), min_size=1, max_size=50))
def test_round_trip(envelopes: list[bytes]) -> None:
    assert batch.unpack(batch.pack(envelopes)) == envelopes


@pytest.mark.parametrize("count", [0, 51])
def test_too_few_and_too_many(count: int) -> None:
    with pytest.raises(Refusal, match="1 to 50"):
        batch.pack([b"x"] * count)
    with pytest.raises(Refusal, match="1 to 50"):
        batch.unpack(cbor.encode([b"x"] * count))


def test_too_long() -> None:
    with pytest.raises(Refusal, match="more than"):
        batch.pack([bytes(3 * 1024 * 1024)] * 2)
    with pytest.raises(Refusal, match="more than"):
        batch.unpack(bytes(4 * 1024 * 1024 + 1))
    with pytest.raises(Refusal, match="more than the 10 allowed"):
        batch.unpack(batch.pack([bytes(20)]), batch.Limits(bytes=10))


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(0, 1_100_000), max_size=60))
def test_what_fits_can_be_packed(sizes: list[int]) -> None:
    count = batch.fitting(sizes)
    assert count <= len(sizes)
    if count:
        batch.pack([bytes(size) for size in sizes[:count]])
    elif sizes:
        pytest.fail("an envelope always fits")


@pytest.mark.parametrize("data", [b"", b"\x01", cbor.encode(["text"]), cbor.encode([[b"x"]]), cbor.encode({1: b"x"})])
def test_other_bodies_are_refused(data: bytes) -> None:
    with pytest.raises(Refusal):
        batch.unpack(data)


def test_an_answer_travels() -> None:
    answer = BatchAnswer(
        (
            EnvelopeResult("a", "received", b"\x00\xff"),
            EnvelopeResult("b", "refused", None, problem.make("unknown-device", "kiosk k9 is not enrolled here")),
        ),
        high_water=9,
    )
    assert batch.decode_answer(batch.encode_answer(answer)) == answer


def test_a_feed_travels() -> None:
    feed = Feed((FeedEntry(b"\x01"), FeedEntry(b"\x02")), "b3BhcXVl", more=True, high_water=3)
    assert batch.decode_feed(batch.encode_feed(feed)) == feed


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<!doctype html><title>Wi-Fi login</title>",
        b"[]",
        b"{}",
        b'{"results": 5, "entries": 5, "cursor": 1}',
        b'{"results": [{"id": "a", "status": "lost"}]}',
        b'{"results": [{"id": "a", "status": "received", "confirmation": "%%"}]}',
        b'{"entries": [{"confirmation": 5}], "cursor": ""}',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"results": [',
    ],
)
def test_what_is_no_answer_is_refused(data: bytes) -> None:
    with pytest.raises(Refusal):
        batch.decode_answer(data)
    with pytest.raises(Refusal):
        batch.decode_feed(data)


def test_problems_travel_as_rfc_9457() -> None:
    made = problem.make("conflict", "an envelope with other bytes was received under this id")
    assert problem.decode(problem.encode(made)) == made
    assert (made.status, made.name) == (409, "conflict")
    assert problem.Problem("about:blank").name == ""
    for text in ("", "[]", "<html>", '{"status": "x"}', "[" * 100_000):
        with pytest.raises(Refusal):
            problem.decode(text)
    assert problem.decode(problem.with_official("why")).detail == "why"
    assert problem.decode(problem.refused("why")).name == "refused"
