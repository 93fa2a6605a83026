"""The feed: every outcome once, in order; any prefix may be read again; a lost cursor starts anew."""

from __future__ import annotations

import pytest
from sqlalchemy import literal, select

from kiosk.backend import tables
from tests.backend.site import BOTH, Kiosk, Site

DATABASES = BOTH


def _registered(site: Site, kiosk: Kiosk, count: int) -> list[str]:
    ids = [result.id for result in kiosk.post(*(kiosk.seal() for _ in range(count))).results]
    site.register()
    return ids


def test_pages_follow_each_other(site: Site, kiosk: Kiosk) -> None:
    _registered(site, kiosk, 7)
    whole = [entry.confirmation for entry in kiosk.feed().entries]
    assert len(whole) == len(set(whole)) == 7
    read: list[bytes] = []
    cursor, more = "", True
    while more:
        page = kiosk.feed(cursor, limit=3)
        read += [entry.confirmation for entry in page.entries]
        cursor, more = page.cursor, page.more
    assert read == whole


def test_any_page_may_be_read_again(site: Site, kiosk: Kiosk) -> None:
    _registered(site, kiosk, 4)
    first = kiosk.feed("", limit=2)
    assert kiosk.feed("", limit=2) == first
    assert kiosk.feed(first.cursor, limit=2) == kiosk.feed(first.cursor, limit=2)


def test_an_end_stays_the_end_until_something_happens(site: Site, kiosk: Kiosk) -> None:
    _registered(site, kiosk, 2)
    end = kiosk.feed().cursor
    assert (kiosk.feed(end).entries, kiosk.feed(end).cursor) == ((), end)
    _registered(site, kiosk, 1)
    assert len(kiosk.feed(end).entries) == 1


def test_an_empty_feed_has_an_empty_cursor(kiosk: Kiosk) -> None:
    page = kiosk.feed()
    assert (page.entries, page.cursor, page.more, page.high_water) == ((), "", False, 0)


@pytest.mark.parametrize("cursor", ["x", "AAAA", "A" * 22, "_" * 22, "A" * 500, "%00", "%D1%8F", "_w"])
def test_a_made_up_cursor_starts_anew(site: Site, kiosk: Kiosk, cursor: str) -> None:
    _registered(site, kiosk, 2)
    assert len(kiosk.feed(cursor).entries) == 2


def test_a_cursor_of_a_life_before_the_restore_starts_anew(site: Site, kiosk: Kiosk) -> None:
    _registered(site, kiosk, 2)
    lost = kiosk.feed().cursor
    with site.backend.database.write() as connection:
        connection.execute(tables.feed.delete())
        registered = select(tables.registrations.c.submission, literal("k16"), literal(1), literal(1))
        connection.execute(
            tables.pending.insert().from_select(["submission", "kiosk", "sequence", "received_at"], registered)
        )
        connection.execute(tables.registrations.delete())
        connection.execute(tables.devices.update().values(feed_position=0))
    site.register()
    assert len(kiosk.feed(lost).entries) == 2


def test_each_kiosk_reads_its_own(site: Site) -> None:
    one, two = site.enrol("k1", 1), site.enrol("k2", 2)
    _registered(site, one, 2)
    _registered(site, two, 1)
    assert (len(one.feed().entries), len(two.feed().entries)) == (2, 1)
    assert len(two.feed(one.feed().cursor).entries) == 1
