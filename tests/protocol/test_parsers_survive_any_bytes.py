"""Every parser of bytes from outside answers or refuses: no other error, no hang, no memory out of all proportion."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
import zstandard
from hypothesis import given, settings

from kiosk.errors import KioskError
from kiosk.model.content import Document
from kiosk.protocol import (
    audit,
    batch,
    cbor,
    certificate,
    confirmation,
    cose,
    enrolment,
    envelope,
    keys,
    manifest,
    pack,
    problem,
    varint,
    wire,
)
from kiosk.protocol.confirmation import Confirmation
from tests.helpers.mangling import NASTY, outside

SIGNER = keys.make_signing_key("confirmation")
SIGNED = confirmation.sign(
    Confirmation("018f2b6e-7c4a-7d3e-9a1b-0c2d3e4f5a6b", bytes(32), "received", "", "", 1), SIGNER.id, SIGNER.private
)
ANSWER = batch.encode_answer(
    batch.BatchAnswer(
        (
            batch.EnvelopeResult("018f2b6e-7c4a-7d3e-9a1b-0c2d3e4f5a6b", "received", SIGNED),
            batch.EnvelopeResult("", "refused", None, problem.make("not-an-envelope", "no")),
        ),
        7,
    )
)
DOCUMENTS = [Document("service/S0001", b'{"a":1}'), Document("theme/family", b"{}")]
ROWS = [manifest.row(one.id, one.body) for one in DOCUMENTS]
AUTHORITY = (SIGNER.verification(),)
REQUEST = msgspec.json.encode(enrolment.request(enrolment.new_code(), SIGNER.private))

PARSERS: dict[str, tuple[Callable[[bytes], Any], bytes]] = {
    "audit entry": (audit.read, audit.append(b"", audit.AuditEntry(1, "a.b", {"c": "d"}))),
    "batch": (batch.unpack, batch.pack([b"one", b"two" * 100])),
    "batch answer": (batch.decode_answer, ANSWER),
    "cbor": (lambda data: cbor.decode(data, 1 << 20), cbor.encode([1, {"a": b"b"}, None, "c"])),
    "certificate": (lambda data: certificate.verify(data, AUTHORITY, 1.0), SIGNED),
    "confirmation": (lambda data: confirmation.verify(data, AUTHORITY), SIGNED),
    "cose": (lambda data: cose.parse(data, type=confirmation.TYPE, most_bytes=1 << 20), SIGNED),
    "enrolment request": (enrolment.decode_request, REQUEST),
    "enrolment answer": (enrolment.decode_answer, REQUEST),
    "envelope": (envelope.read, SIGNED),
    "feed": (batch.decode_feed, batch.encode_feed(batch.Feed((batch.FeedEntry(SIGNED),), "c", True, 3))),
    "manifest": (manifest.decode, manifest.encode(ROWS)),
    "changes": (manifest.decode_changes, manifest.encode_changes([manifest.Changes(2, tuple(ROWS), ("a/b",))])),
    "pack": (pack.unpack, pack.pack(DOCUMENTS)),
    "document": (lambda data: pack.Codec(b"").expand(data, 7), pack.Codec(b"").compress(b'{"a":1}')),
    "dictionary": (pack.unsqueeze, pack.squeeze(b"words " * 50)),
    "problem": (problem.decode, problem.encode(problem.make("conflict", "x")).encode()),
    "varint": (lambda data: varint.Reader(data).varint(1 << 60), b"\xff\xff\x03"),
    "engine's line": (lambda data: wire.Lines[Any](wire.Report).feed(data), wire.encode(wire.Ready())),
    "session's line": (lambda data: wire.Lines[Any](wire.Command).feed(data), wire.encode(wire.Link(True))),
}


@pytest.mark.parametrize("name", PARSERS)
def test_it_answers_or_refuses(name: str) -> None:
    parse, sample = PARSERS[name]

    @settings(max_examples=40, deadline=None)
    @given(outside(sample))
    def anything(data: bytes) -> None:
        answers_or_refuses(parse, data)

    anything()


def answers_or_refuses(parse: Callable[[bytes], Any], data: bytes) -> None:
    try:
        parse(data)
    except (KioskError, wire.WireFault) as error:
        assert str(error)


BOMBS = (
    zstandard.ZstdCompressor(level=19).compress(bytes(64 << 20)),
    b"\x9a\xff\xff\xff\xff",
    b"\x9b\x00\x00\x00\x00\x7f\xff\xff\xff" + bytes(1000),
    b"\xba\xff\xff\xff\xff",
    b"MDM1\xff\xff\xff\x7f",
    *NASTY,
)


@pytest.mark.parametrize("name", sorted(set(PARSERS) - {"pack"}))
def test_its_memory_is_bounded(name: str) -> None:
    """Bombs: few bytes that promise many. A pack may be large (512 MiB), and its length was signed."""
    parse, _ = PARSERS[name]
    most = 80 << 20 if name == "dictionary" else 8 << 20
    for bomb in BOMBS:
        tracemalloc.start()
        try:
            answers_or_refuses(parse, bomb)
            assert tracemalloc.get_traced_memory()[1] < most, bomb[:20]
        finally:
            tracemalloc.stop()
