"""The city out of a store: what counts today, and from where the device stands."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import msgspec
import pytest

from kiosk.desk.city import StoreCity
from kiosk.errors import ContentMissing
from kiosk.model.city import CityResource, News, Okrug, Place, PlaceList
from kiosk.model.content import Centre, Document
from kiosk.model.text import Text
from kiosk.store import documents, keys
from kiosk.store.database import Store, open_store

WORD = Text("Слово", "Word")
SOKOL = Centre("sokol", WORD, WORD, WORD, "", "north", "sokol")


def news(id_: str, since: str, until: str | None = None, kind: str = "news", okrug: str = "") -> Document:
    return Document(f"news/{id_}", msgspec.json.encode(News(id_, kind, since, WORD, WORD, until, "", okrug)))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path, keys.create(tmp_path, "file", allow_file=True)) as opened:
        added = [
            news("old", "2026-01-01", "2026-02-01"),
            news("first", "2026-03-01"),
            news("second", "2026-04-01"),
            news("storm", "2026-02-01", "2026-12-31", "alert"),
            news("south", "2026-04-01", okrug="south"),
            news("tomorrow", "2026-11-25"),
            Document("okrug/north", msgspec.json.encode(Okrug("north", WORD, WORD, 2, {"sokol": WORD}))),
            Document("okrug/south", msgspec.json.encode(Okrug("south", WORD, WORD, 1, {}))),
            Document("centre/a", msgspec.json.encode(Centre("a", WORD, WORD, WORD, "", "south"))),
            Document("centre/sokol", msgspec.json.encode(SOKOL)),
            Document("resource/b", msgspec.json.encode(CityResource("b", "x", 1, "https://b", WORD, WORD, WORD))),
        ]
        documents.apply(opened, version=1, verified_at="2026-11-24T00:00:00Z", added=added, removed=(), trust={})
        yield opened


def test_news_of_today_alerts_first_then_the_newest(store: Store) -> None:
    here = StoreCity(store, SOKOL)
    assert [one.id for one in here.news(date(2026, 11, 24))] == ["storm", "second", "first"]
    assert [one.id for one in here.news(date(2026, 1, 15))] == ["old"]


def test_centres_from_the_own_one_on(store: Store) -> None:
    assert [one.id for one in StoreCity(store, SOKOL).centres()] == ["sokol", "a"]
    assert [one.id for one in StoreCity(store, None).centres()] == ["a", "sokol"]


def test_what_is_not_there(store: Store) -> None:
    here = StoreCity(store, None)
    assert [one.id for one in here.resources()] == ["b"]
    with pytest.raises(ContentMissing):
        here.resource("a")
    assert not here.kinds()
    with pytest.raises(ContentMissing):
        here.places("library")


def test_places_from_the_own_district_on(store: Store) -> None:
    listed = PlaceList(
        "library",
        2013,
        "x",
        (Place("a", WORD, WORD), Place("b", WORD, WORD, "north"), Place("c", WORD, WORD, "north", "sokol")),
    )
    added = [Document("places/library", msgspec.json.encode(listed))]
    documents.apply(store, version=2, verified_at="2026-11-24T00:00:00Z", added=added, removed=(), trust={})
    here = StoreCity(store, SOKOL)
    assert [one.id for one in here.places("library").places] == ["c", "b", "a"]
    assert here.kinds() == {"library": 3}
