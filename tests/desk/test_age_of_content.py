"""What the house says of the age of its content, from the store's own marks."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from kiosk.desk.house import ContentAge, StoreHouse
from kiosk.store import clock, documents
from tests.helpers.profiles import KioskProfile


def verified(kiosk: KioskProfile, days_ago: float) -> date:
    moment = datetime.now(UTC) - timedelta(days=days_ago)
    with kiosk.store() as store:
        documents.save_trust(store, documents.trust(store), verified_at=clock.iso(moment.timestamp()))
    return moment.date()


def asked(kiosk: KioskProfile, days: float = 3.0) -> ContentAge:
    house = StoreHouse(kiosk.path, kiosk.key)
    try:
        return house.content_age(days)
    finally:
        house.close()


def test_it_grows_old_and_stale(kiosk_profile: KioskProfile) -> None:
    for days, level in ((1.0, "fresh"), (4.0, "old"), (16.0, "stale")):
        day = verified(kiosk_profile, days)
        assert asked(kiosk_profile) == ContentAge(level, day, clock_wrong=False)


def test_a_clock_far_behind_the_last_sync_is_wrong(kiosk_profile: KioskProfile) -> None:
    verified(kiosk_profile, 0)
    now = clock.look()
    ahead = clock.Moment(now.wall + 2 * clock.DAY_S, 0.0, "another boot")
    with kiosk_profile.store() as store:
        documents.save_trust(store, {clock.MARK: clock.write_mark(None, ahead)})
    assert asked(kiosk_profile).clock_wrong


def test_a_store_that_was_never_filled(kiosk_profile: KioskProfile) -> None:
    with kiosk_profile.store() as store, store.transaction():
        store.execute("UPDATE content SET verified_at = NULL")
    assert asked(kiosk_profile) == ContentAge("none", None, clock_wrong=False)
