"""Imagined visitors find what they need: our own queries, and the project's labelled ones where they lie beside.

success@n: the share of queries with a right service among the first n results.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest

from kiosk import resources
from kiosk.catalogue.analysis import analyse
from kiosk.desk.catalogue import StoreCatalogue
from kiosk.model.content import Document
from kiosk.model.service import Service
from kiosk.publish.compile import documents, read
from kiosk.store import database, keys
from kiosk.store import documents as stored

OWN = Path(__file__).with_name("own_queries.jsonl")
LABELLED = Path(__file__).resolve().parents[3] / "shared" / "testdata" / "search_dev.jsonl"
NEEDS_LABELLED = pytest.mark.skipif(
    not LABELLED.is_file(), reason="the labelled queries do not lie beside the checkout"
)

Find = Callable[[str], Sequence[str]]


def queries(path: Path) -> list[dict[str, Any]]:
    return [msgspec.json.decode(line) for line in path.read_bytes().splitlines() if line.strip()]


def success(find: Find, asked: list[dict[str, Any]], first: int) -> float:
    return sum(bool(set(find(one["q"])[:first]) & set(one["relevant"])) for one in asked) / len(asked)


@pytest.fixture(scope="module")
def published() -> list[Document]:
    return documents(read(resources.root()), None)


@pytest.fixture(scope="module")
def finder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[list[Document]], Find]]:
    stores: list[database.Store] = []

    def make(content: list[Document]) -> Find:
        profile = tmp_path_factory.mktemp("profile")
        store = database.open_store(profile, keys.create(profile, "file", allow_file=True))
        stores.append(store)
        stored.apply(store, version=1, verified_at="2026-11-24T00:00:00Z", added=content, removed=(), trust={})
        catalogue = StoreCatalogue(store)
        return lambda text: [found.service.id for found in catalogue.search(text, "ru", 3).found]

    yield make
    for store in stores:
        store.close()


@pytest.fixture(scope="module")
def find(published: list[Document], finder: Callable[[list[Document]], Find]) -> Find:
    return finder(published)


def test_own_queries(find: Find) -> None:
    asked = queries(OWN)
    assert len(asked) >= 200
    assert success(find, asked, 3) >= 0.92
    assert success(find, asked, 1) >= 0.75


@pytest.mark.parametrize("kind", sorted({one["kind"] for one in queries(OWN)} - {"life-event"}))
def test_no_kind_of_query_is_left_behind(find: Find, kind: str) -> None:
    assert success(find, [one for one in queries(OWN) if one["kind"] == kind], 3) >= 0.85


@NEEDS_LABELLED
def test_labelled_queries(find: Find) -> None:
    asked = queries(LABELLED)
    assert success(find, asked, 3) >= 0.92
    assert success(find, asked, 1) >= 0.75


@NEEDS_LABELLED
def test_no_keyword_was_made_for_a_labelled_query(
    find: Find, published: list[Document], finder: Callable[[list[Document]], Find]
) -> None:
    """Every keyword that holds at least 80 % of the stems of one of the queries is taken away."""
    asked = queries(LABELLED)
    stems = [frozenset(analyse(one["q"])) for one in asked]

    def made_for_one(keyword: str) -> bool:
        own = frozenset(analyse(keyword))
        return any(len(own & some) >= 0.8 * len(some) for some in stems)

    def poorer(document: Document) -> Document:
        if not document.id.startswith("service/"):
            return document
        service = msgspec.json.decode(document.body, type=Service)
        kept = {
            language: tuple(word for word in getattr(service.keywords, language) if not made_for_one(word))
            for language in ("ru", "en")
        }
        fewer = msgspec.structs.replace(service.keywords, **kept)
        return Document(document.id, msgspec.json.encode(msgspec.structs.replace(service, keywords=fewer)))

    without = finder([poorer(document) for document in published])
    assert success(without, asked, 3) >= success(find, asked, 3) - 0.05
