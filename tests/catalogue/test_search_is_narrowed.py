"""Results narrowed to whom a service is for and to what is done: nothing else, nothing less, and counts of the rest."""

from __future__ import annotations

import pytest

from kiosk.catalogue.ports import Narrow
from kiosk.desk.catalogue import StoreCatalogue
from kiosk.store.database import Store

QUERIES = ("земельный участок", "паспорт", "регистрация", "разрешение на строительство", "school", "нотариус")


@pytest.mark.parametrize("query", QUERIES)
def test_only_what_was_asked_for_in_the_same_order(real_store: Store, query: str) -> None:
    catalogue = StoreCatalogue(real_store)
    whole = catalogue.search(query, "ru", 200)
    for audience, count in whole.audiences:
        found = catalogue.search(query, "ru", 200, Narrow(audience))
        assert {one.service.audience for one in found.found} == {audience}
        assert found.total >= count, "what the sixty best of all left out comes in"
        inside = [one.service.id for one in whole.found if one.service.audience == audience]
        assert [one.service.id for one in found.found if one.service.id in inside] == inside
    assert sum(count for _, count in whole.audiences) == whole.total == sum(count for _, count in whole.kinds)


def test_counts_are_those_of_everything_that_matches(real_store: Store) -> None:
    catalogue = StoreCatalogue(real_store)
    whole = catalogue.search("земельный участок", "ru", 5)
    narrowed = catalogue.search("земельный участок", "ru", 5, Narrow("organisation", ("apply",)))
    assert (narrowed.audiences, narrowed.kinds) == (whole.audiences, whole.kinds)
    assert {(one.service.audience, one.service.kind) for one in narrowed.found} == {("organisation", "apply")}


def test_several_kinds_are_one_or_the_other(real_store: Store) -> None:
    found = StoreCatalogue(real_store).search("штраф", "ru", 100, Narrow("", ("pay", "topup"))).found
    assert found and {one.service.kind for one in found} <= {"pay", "topup"}


def test_what_is_narrowed_to_nothing_says_what_there_is(real_store: Store) -> None:
    found = StoreCatalogue(real_store).search("загранпаспорт", "ru", 10, Narrow("", ("vote",)))
    assert (found.found, found.total) == ((), 0) and dict(found.kinds)["apply"]
