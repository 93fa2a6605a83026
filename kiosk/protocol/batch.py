"""Many envelopes in one request, one result for each, and the feed of what became of them later.

Rules. A batch is deterministic CBOR: an array of 1 to 50 byte strings, 4 MiB in all. Its answer is JSON with one
result for each envelope, in the same order; one bad envelope never spoils the others. A feed page is JSON: signed
confirmations after an opaque cursor, in the order the backend committed them; to read any part again changes nothing.
`high_water` is the highest running number of this kiosk that the backend has: below what was settled here, it
has been restored from an older copy. None says nothing (a kiosk that is not known there). `awaits` names attachments
that the backend still waits for, whatever the kiosk believes: one that was sent and is named there was lost there (a
restored copy, a damaged disk, an upload that expired) and goes again; one that the kiosk does not have is ignored.

Nothing here checks a signature.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec
from msgspec import Struct

from kiosk.errors import Refusal
from kiosk.protocol import cbor
from kiosk.protocol.problem import Problem

CONTENT_TYPE = "application/cbor"
Status = Literal["received", "already", "conflict", "refused"]


class Limits(Struct, frozen=True):
    """How much one batch may hold."""

    envelopes: int = 50
    bytes: int = 4 * 1024 * 1024


LIMITS = Limits()


class EnvelopeResult(Struct, frozen=True, omit_defaults=True):
    """What became of one envelope. `id` is "" where the bytes gave none.

    `confirmation` is signed and there when the status is received or already; `problem` when conflict or refused.
    """

    id: str
    status: Status
    confirmation: bytes | None = None
    problem: Problem | None = None


class BatchAnswer(Struct, frozen=True):
    """One result for each envelope of the batch, in its order."""

    results: tuple[EnvelopeResult, ...]
    high_water: int | None = None


class FeedEntry(Struct, frozen=True):
    """One signed confirmation."""

    confirmation: bytes


class Feed(Struct, frozen=True):
    """A page of the feed. `cursor` is where the next page begins; `more` says that it is not empty."""

    entries: tuple[FeedEntry, ...]
    cursor: str
    more: bool = False
    high_water: int | None = None
    awaits: tuple[str, ...] = ()


def pack(envelopes: Sequence[bytes]) -> bytes:
    """The body of a batch request. Raises Refusal when there is nothing or too much to pack."""
    if not 1 <= len(envelopes) <= LIMITS.envelopes:
        raise Refusal(f"a batch holds 1 to {LIMITS.envelopes} envelopes, not {len(envelopes)}")
    data = cbor.encode(list(envelopes))
    if len(data) > LIMITS.bytes:
        raise Refusal(f"a batch of {len(data)} bytes is more than the {LIMITS.bytes} allowed")
    return data


def unpack(data: bytes, limits: Limits = LIMITS) -> list[bytes]:
    """The envelopes of a batch body, unchecked. Raises Refusal for bytes that are no batch."""
    value = cbor.decode(data, limits.bytes)
    if not isinstance(value, list) or not all(isinstance(part, bytes) for part in value):
        raise Refusal("a batch is an array of byte strings")
    if not 1 <= len(value) <= limits.envelopes:
        raise Refusal(f"a batch holds 1 to {limits.envelopes} envelopes, not {len(value)}")
    return value


def fitting(sizes: Sequence[int], limits: Limits = LIMITS) -> int:
    """How many envelopes of these sizes (bytes), from the first on, fit into one batch."""
    total = 3
    for count, size in enumerate(sizes[: limits.envelopes]):
        total += size + 5
        if total > limits.bytes:
            return count
    return min(len(sizes), limits.envelopes)


def encode_answer(answer: BatchAnswer) -> bytes:
    return msgspec.json.encode(answer)


def decode_answer(data: bytes) -> BatchAnswer:
    """Raises Refusal for a body that is no batch answer."""
    try:
        return msgspec.json.decode(data, type=BatchAnswer)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Refusal("not the answer to a batch") from error


def encode_feed(feed: Feed) -> bytes:
    return msgspec.json.encode(feed)


def decode_feed(data: bytes) -> Feed:
    """Raises Refusal for a body that is no page of a feed."""
    try:
        return msgspec.json.decode(data, type=Feed)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Refusal("not a page of the feed") from error
