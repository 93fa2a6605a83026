"""What a sync costs in bytes and requests, on the catalogue that is really published (design, section 8)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import zstandard

from kiosk import resources
from kiosk.model.content import Document
from kiosk.publish.compile import documents, read
from kiosk.store.documents import content_state
from tests.sync.content_world import World, bodies, content, world


@pytest.fixture
def here(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path) as one:
        yield one


@pytest.fixture(scope="module")
def catalogue() -> list[Document]:
    return documents(read(resources.root()), None)


def one_stream(made: list[Document]) -> int:
    return len(zstandard.ZstdCompressor(level=19).compress(b"".join(one.body for one in made)))


def edited(made: list[Document], every: int, offset: int) -> list[Document]:
    """Every so many documents, from the `offset`-th on, with one word more in its first English text."""
    return [
        Document(one.id, re.sub(rb'"en":"', b'"en":"New: ', one.body, count=1)) if n % every == offset else one
        for n, one in enumerate(made)
    ]


@pytest.fixture(scope="module")
def in_one_stream(catalogue: list[Document]) -> int:
    """Bytes of all documents in one zstd-19 stream; a word more in a few of them changes nothing that counts."""
    return one_stream(catalogue)


def test_first_sync_and_one_per_cent_changed(here: World, catalogue: list[Document], in_one_stream: int) -> None:
    """At most 1.3 of one stream and 80 requests; then at most 8 per cent of it each time."""
    here.publish(catalogue)
    report = here.sync()
    assert here.held() == bodies(catalogue)
    assert report.bytes == here.site.sent <= 1.3 * in_one_stream
    assert report.requests == len(here.site.asked) <= 80
    changed = catalogue
    for offset in (50, 51, 52):
        changed = edited(changed, 100, offset)
        here.publish(changed)
        report = here.sync()
        assert here.held() == bodies(changed)
        assert len(catalogue) // 100 <= report.changed <= len(catalogue) // 50
        assert report.bytes == here.site.sent <= 0.08 * in_one_stream, f"offset {offset}"


def test_nothing_changed_costs_two_requests_and_a_kibibyte(here: World) -> None:
    made = content(300)
    here.publish(made)
    here.sync()
    here.publish(made)
    before = content_state(here.store)
    report = here.sync()
    assert report.changed == 0
    assert report.requests == len(here.site.asked) == 2
    assert report.bytes == here.site.sent <= 1024
    after = content_state(here.store)
    assert after.version == before.version
    assert after.verified_at > before.verified_at


def test_ten_changes_in_a_large_content_cost_few_requests_for_metadata(here: World) -> None:
    count = 2_500
    here.publish(content(count))
    here.sync()
    ten = tuple(range(7, count, count // 10))[:10]
    here.publish(content(count, changed=ten))
    here.sync()
    few = sum(1 for path in here.site.asked if "/documents/" not in path)
    assert few <= 14
    documents_sent = sum(
        (here.repo / path.lstrip("/")).stat().st_size for path in here.site.asked if "/documents/" in path
    )
    assert here.site.sent - documents_sent <= 65_000
