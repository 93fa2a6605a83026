"""What the city offers besides services, as a visitor meets it: its sites, news, centres and places.

Rules. Everything is answered from the store, at once. Nearness is that of the device's own centre. Belongs to the
thread that opened the store.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import msgspec

from kiosk.catalogue.nearness import nearest_first
from kiosk.model.city import CityResource, News, Okrug, PlaceKind, PlaceList
from kiosk.model.content import Centre
from kiosk.store import documents
from kiosk.store.database import Store


class StoreCity:
    """The city of one store, seen from `centre` (None: from nowhere)."""

    def __init__(self, store: Store, centre: Centre | None) -> None:
        self._store = store
        self._okrug = centre.okrug if centre else ""
        self._district = centre.district if centre else ""

    def resources(self) -> Sequence[CityResource]:
        """The city's sites and programmes, in the editors' order."""
        found = documents.every(self._store, "resource", CityResource)
        return sorted(found, key=lambda one: (one.order, one.id))

    def resource(self, resource_id: str) -> CityResource:
        """Raises ContentMissing."""
        return documents.get(self._store, f"resource/{resource_id}", CityResource)

    def news(self, today: date) -> Sequence[News]:
        """What counts today: alerts first, then the newest; other okrugs' news are left out."""
        day = today.isoformat()
        found = [
            one
            for one in documents.every(self._store, "news", News)
            if one.since <= day <= (one.until or day) and one.okrug in ("", self._okrug)
        ]
        found.sort(key=lambda one: one.id)
        found.sort(key=lambda one: one.since, reverse=True)
        return sorted(found, key=lambda one: one.kind != "alert")

    def okrugs(self) -> Mapping[str, Okrug]:
        """Okrugs by id, in the editors' order."""
        found = documents.every(self._store, "okrug", Okrug)
        return {one.id: one for one in sorted(found, key=lambda one: (one.order, one.id))}

    def centres(self) -> Sequence[Centre]:
        """The My Documents centres, from this device's own place on."""
        return nearest_first(documents.every(self._store, "centre", Centre), self.okrugs(), self._okrug, self._district)

    def kinds(self) -> Mapping[PlaceKind, int]:
        """How many places of each kind are known."""
        return {one.kind: len(one.places) for one in documents.every(self._store, "places", PlaceList)}

    def places(self, kind: str) -> PlaceList:
        """The places of a kind, from this device's own place on. Raises ContentMissing."""
        found = documents.get(self._store, f"places/{kind}", PlaceList)
        ordered = nearest_first(found.places, self.okrugs(), self._okrug, self._district)
        return msgspec.structs.replace(found, places=tuple(ordered))
