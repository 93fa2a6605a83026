"""Manifests, changes and packs: the same rows give the same bytes, and other bytes are refused."""

from __future__ import annotations

import hashlib
from collections import Counter

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from kiosk.errors import ContentRefused
from kiosk.model.content import Document
from kiosk.protocol import manifest, pack
from kiosk.protocol.manifest import Changes, Row
from kiosk.protocol.varint import Reader, varint

IDS = st.from_regex(r"[a-z]{1,8}/[A-Za-z0-9._-]{1,12}", fullmatch=True)
ROWS = st.dictionaries(IDS, st.tuples(st.binary(min_size=32, max_size=32), st.integers(0, 10_000_000)), max_size=30)


def rows(made: dict[str, tuple[bytes, int]]) -> list[Row]:
    return sorted(Row(id_, *rest) for id_, rest in made.items())


@given(ROWS)
def test_a_manifest_says_its_rows(made: dict[str, tuple[bytes, int]]) -> None:
    assert manifest.decode(manifest.encode(rows(made))) == rows(made)


@given(ROWS, st.randoms())
def test_the_order_of_rows_does_not_matter(made: dict[str, tuple[bytes, int]], random: object) -> None:
    mixed = rows(made)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    assert manifest.encode(mixed) == manifest.encode(rows(made))


@given(ROWS, st.integers(1, 250))
def test_shards_hold_every_row_once(made: dict[str, tuple[bytes, int]], shards: int) -> None:
    parts = [manifest.decode(data) for data in manifest.manifests(made, shards)]
    assert len(parts) == shards
    assert sorted(row for part in parts for row in part) == rows(made)
    assert all(manifest.shard(row.id, shards) == n for n, part in enumerate(parts) for row in part)


@given(st.lists(st.tuples(ROWS, st.sets(IDS, max_size=5)), max_size=5), st.integers(6, 1_000))
def test_changes_say_what_changed(made: list[tuple[dict[str, tuple[bytes, int]], set[str]]], newest: int) -> None:
    blocks = [Changes(newest - n, tuple(rows(one)), tuple(sorted(gone))) for n, (one, gone) in enumerate(made)]
    assert manifest.decode_changes(manifest.encode_changes(blocks)) == blocks


@given(st.binary(max_size=200))
def test_any_bytes_are_a_manifest_of_their_own_or_refused(data: bytes) -> None:
    for prefix in (b"", b"MDM1", b"MDC1"):
        for decode, encode in ((manifest.decode, manifest.encode), (manifest.decode_changes, manifest.encode_changes)):
            try:
                found = decode(prefix + data)
            except ContentRefused:
                continue
            assert encode(found) == prefix + data  # type: ignore[operator]


@given(ROWS.filter(bool), st.data())
def test_a_cut_manifest_never_says_the_same(made: dict[str, tuple[bytes, int]], data: st.DataObject) -> None:
    whole = manifest.encode(rows(made))
    cut = whole[: data.draw(st.integers(0, len(whole) - 1))]
    try:
        found = manifest.decode(cut)
    except ContentRefused:
        found = []
    assert found != rows(made)


def test_a_gap_in_the_changes_is_refused() -> None:
    with pytest.raises(ContentRefused, match="gap"):
        manifest.decode_changes(manifest.encode_changes([Changes(5, ()), Changes(3, ())]))


@pytest.mark.parametrize(
    "name", ["", "service", "service/", "/S1", "Service/S1", "service/../x", "service/a b", "a/" + "x" * 97]
)
def test_an_id_that_is_none(name: str) -> None:
    with pytest.raises(ContentRefused):
        manifest.row(name, b"")


def test_shards_are_even_and_few_enough_for_256_targets() -> None:
    assert manifest.shard_count(4_000) < manifest.shard_count(4_001) <= 250
    loads = Counter(manifest.shard(f"service/S{n:04}", 8) for n in range(800))
    assert min(loads.values()) > 60


@given(st.dictionaries(IDS, st.binary(max_size=300), max_size=20))
def test_a_pack_says_its_documents(made: dict[str, bytes]) -> None:
    documents = [Document(id_, body) for id_, body in made.items()]
    assert pack.unpack(pack.pack(documents)) == sorted(documents, key=lambda one: one.id)


@given(st.binary(max_size=200))
def test_any_bytes_are_no_pack(data: bytes) -> None:
    for whole in (data, zstandard.compress(b"MDX1" + data), zstandard.compress(b"MDP1\xff\xff" + data)):
        with pytest.raises(ContentRefused):
            pack.unpack(whole)


def test_a_pack_with_something_behind_it_is_refused() -> None:
    whole = pack.pack([Document("service/S1", b"{}")])
    with pytest.raises(ContentRefused):
        pack.unpack(whole + b"x")
    with pytest.raises(ContentRefused, match="more than"):
        pack.unpack(zstandard.compress(zstandard.decompress(whole) + b"x"))


def test_documents_share_a_dictionary() -> None:
    bodies = [
        b'{"id":"S%04d","title":{"en":"Service %d","ru":"%d"}}' % (n, n * 7919, n * 104729) * 60 for n in range(80)
    ]
    dictionary = pack.train(bodies)
    assert dictionary and pack.train(bodies[:10]) == b""
    shared, alone = pack.Codec(dictionary), pack.Codec(b"")
    assert shared.dictionary == hashlib.sha256(dictionary).hexdigest()
    for body in bodies:
        assert shared.expand(shared.compress(body), len(body)) == body
    assert sum(len(shared.compress(body)) for body in bodies) < sum(len(alone.compress(body)) for body in bodies)
    with pytest.raises(ContentRefused):
        alone.expand(shared.compress(bodies[0]), len(bodies[0]))


@pytest.mark.parametrize("wrong", [-1, 1])
def test_a_document_of_another_length_is_not_expanded(wrong: int) -> None:
    codec = pack.Codec(b"")
    with pytest.raises(ContentRefused, match="declares"):
        codec.expand(codec.compress(b"body"), 4 + wrong)


def test_what_swells_is_not_expanded() -> None:
    with pytest.raises(ContentRefused, match="declares"):
        pack.unsqueeze(pack.squeeze(bytes(1_000_000)), most=1_000)


@given(st.integers(0, 2**32))
def test_numbers(number: int) -> None:
    reader = Reader(varint(number))
    assert reader.varint() == number
    assert reader.ended


@pytest.mark.parametrize("data", [b"", b"\x80", b"\x80\x00", b"\xff" * 6, b"\xff\xff\xff\xff\x7f"])
def test_numbers_that_are_cut_too_long_or_padded(data: bytes) -> None:
    with pytest.raises(ContentRefused):
        Reader(data).varint()
