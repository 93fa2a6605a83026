"""What a sync costs on the line: bodies in bytes, and requests, against what the documents themselves weigh.

Rules. The real published documents on a real site, synced by the real code. The weight is all documents in one zstd
stream of level 19. A change is one word more in a document's first English text. The large content is the real one
grown to 10,000 services (bench/content.py); of its ten changes the fetched documents are not metadata. A figure is the
worst of its parts, each as a share of its own bound, where it has several.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import httpx
import zstandard

from bench import content
from bench.first_sync import empty_store
from bench.measure import Figure
from bench.static_site import site
from kiosk.model.content import Document
from kiosk.publish import keys, repository
from kiosk.store.database import Store
from kiosk.sync import published
from kiosk.sync.published import SyncReport

LARGE, EVERY, OFFSETS = 10_000, 100, (50, 51, 52)
NOTHING_BYTES, NOTHING_REQUESTS = 1024, 2
METADATA_BYTES, METADATA_REQUESTS = 65_000, 14


class Line:
    """A publisher, its site and one kiosk's store; `paths` are those of the last sync."""

    def __init__(self, folder: Path, url: str, client: httpx.Client, store: Store) -> None:
        self._folder = folder
        self._url = url
        self._client = client
        self._store = store
        self.paths: list[str] = []
        client.event_hooks = {"request": [lambda request: self.paths.append(request.url.path)]}

    def publish(self, made: Sequence[Document]) -> None:
        private = keys.load_or_make(self._folder / "signing")
        repository.write(self._folder / "content", made, private)

    def sync(self) -> SyncReport:
        self.paths.clear()
        root = (self._folder / "signing" / "root.json").read_bytes()
        return published.update(self._store, base_url=self._url, root=root, client=self._client)

    def size(self, path: str) -> int:
        return (self._folder / "content" / path.lstrip("/")).stat().st_size


@contextmanager
def line() -> Iterator[Line]:
    with tempfile.TemporaryDirectory(prefix="kiosk-bench-") as name:
        folder = Path(name)
        (folder / "content").mkdir()
        with site(folder / "content") as url, httpx.Client() as client, empty_store() as store:
            yield Line(folder, url, client, store)


@cache
def small() -> tuple[SyncReport, list[SyncReport], SyncReport, int]:
    """The first sync, some of one per cent of changes, one of nothing; and the weight of the documents."""
    made = list(content.documents())
    with line() as here:
        here.publish(made)
        first = here.sync()
        few = []
        for offset in OFFSETS:
            here.publish(edited(made, offset))
            few.append(here.sync())
            here.publish(made)
            here.sync()
        nothing = here.sync()
    return first, few, nothing, weight(made)


def bytes_first_figure() -> Figure:
    """Bytes of the first sync over the documents' weight."""
    first, _, _, whole = small()
    detail = f"{first.bytes} bytes in {first.requests} requests (80 are allowed) against {whole} bytes"
    return Figure("bytes_first", max(first.bytes / whole, 1.3 * first.requests / 80), detail)


def bytes_one_percent_figure() -> Figure:
    """Bytes of a one per cent change, in per cent of the first sync; the worst of several."""
    first, few, _, _ = small()
    worst = max(few, key=lambda report: report.bytes)
    detail = f"{worst.bytes} bytes for {worst.changed} documents against {first.bytes} bytes of the first sync"
    return Figure("bytes_one_percent", 100 * worst.bytes / first.bytes, detail)


def bytes_nothing_figure() -> Figure:
    """A sync of nothing, as a share of 1 KiB and two requests."""
    _, _, nothing, _ = small()
    value = max(nothing.bytes / NOTHING_BYTES, nothing.requests / NOTHING_REQUESTS)
    return Figure("bytes_nothing", value, f"{nothing.bytes} bytes in {nothing.requests} requests")


def bytes_ten_of_many_figure() -> Figure:
    """Metadata of ten changes among 10,000 services, as a share of 65 kB and 14 requests."""
    made = content.grown(content.documents(), LARGE)
    with line() as here:
        here.publish(made)
        here.sync()
        here.publish(edited(made, 7, len(made) // 10, 10))
        report = here.sync()
        fetched = [path for path in here.paths if "/documents/" in path]
        metadata = report.bytes - sum(map(here.size, fetched))
    requests = report.requests - len(fetched)
    value = max(metadata / METADATA_BYTES, requests / METADATA_REQUESTS)
    detail = f"{metadata} bytes of metadata in {requests} requests; {report.changed} of {len(made)} documents changed"
    return Figure("bytes_ten_of_many", value, detail)


def edited(made: Sequence[Document], offset: int, every: int = EVERY, most: int = 1_000_000) -> list[Document]:
    """The same documents, every so many of them (at most `most`) with one word more."""
    changed = list(made)
    for number in list(range(offset, len(made), every))[:most]:
        one = made[number]
        changed[number] = Document(one.id, re.sub(rb'"en":"', b'"en":"New: ', one.body, count=1))
    return changed


def weight(made: Sequence[Document]) -> int:
    return len(zstandard.ZstdCompressor(level=19).compress(b"".join(one.body for one in made)))
