"""Places in order from where the kiosk stands."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kiosk.catalogue.nearness import nearest_first, okrugs_from
from kiosk.model.city import Okrug, Place
from kiosk.model.text import Text

NAME = Text("О", "O")
OKRUGS = {
    "north": Okrug("north", NAME, NAME, 1, {"sokol": NAME}, near=("centre",)),
    "south": Okrug("south", NAME, NAME, 2, {}),
    "centre": Okrug("centre", NAME, NAME, 3, {}, near=("north", "south")),
}


def place(id_: str, okrug: str, district: str = "") -> Place:
    return Place(id_, NAME, NAME, okrug, district)


PLACES = [
    place("a", "south"),
    place("b", ""),
    place("c", "north", "aeroport"),
    place("d", "north", "sokol"),
    place("e", "centre"),
]


def ids(okrug: str = "", district: str = "") -> str:
    return "".join(one.id for one in nearest_first(PLACES, OKRUGS, okrug, district))


def test_own_district_okrug_neighbours_the_rest_and_the_unknown() -> None:
    assert ids("north", "sokol") == "dceab"
    assert ids("centre") == "ecdab"


def test_from_nowhere_the_editors_order() -> None:
    assert ids() == ids("mars") == "cdaeb"
    assert okrugs_from("", OKRUGS) == ["north", "south", "centre"]


@given(st.permutations(PLACES), st.sampled_from(["", "north", "south"]))
def test_nothing_is_lost_and_the_order_is_one(places: list[Place], okrug: str) -> None:
    assert nearest_first(places, OKRUGS, okrug) == nearest_first(PLACES, OKRUGS, okrug)
