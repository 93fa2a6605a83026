"""At 1970 and at 2100 an application is taken, its receipt proves itself and says that the time is doubtful."""

from __future__ import annotations

from datetime import datetime

import pytest

from kiosk.desk.applications import Application, Counter
from kiosk.desk.house import StoreHouse
from kiosk.model.content import BackendKeys
from kiosk.paper import text
from kiosk.paper.receipt import receipt_sheet
from kiosk.passes import receipt_code
from kiosk.store import clock, documents, outbox
from tests.helpers.profiles import SERVICE, KioskProfile

CLOCKS = {"1970": 86_400.0, "2100": 4_102_444_800.0}


@pytest.fixture
def verified(kiosk_profile: KioskProfile) -> float:
    """Content was verified just now, on a boot before this one; answers when."""
    now = clock.look()
    with kiosk_profile.store() as store:
        mark = clock.write_mark(None, clock.Moment(now.wall, 0.0, "another boot"))
        documents.save_trust(store, {clock.MARK: mark}, verified_at=clock.iso(now.wall))
    return now.wall


@pytest.mark.parametrize("year", CLOCKS)
def test_an_application_is_taken_all_the_same(kiosk_profile: KioskProfile, verified: float, year: str) -> None:
    counter = Counter(kiosk_profile.path, kiosk_profile.key, lambda: CLOCKS[year])
    receipt = counter.submit(Application(SERVICE, kiosk_profile.answers(), "ru", True))
    assert receipt.time_doubtful
    assert datetime.fromisoformat(receipt.created_at).timestamp() == pytest.approx(verified, abs=2)
    assert "часы терминала могли сбиться" in " ".join(text.text(receipt_sheet(receipt)).split())
    with kiosk_profile.store() as store:
        assert [row.id for row in outbox.rows(store)] == [receipt.submission]
        authorities = documents.get(store, "keys/backend", BackendKeys).device_authority
    verdict = receipt_code.verify(receipt.code, authorities)
    assert verdict.status == "valid"


@pytest.mark.parametrize("year", CLOCKS)
def test_forms_ask_by_the_believed_day(kiosk_profile: KioskProfile, verified: float, year: str) -> None:
    house = StoreHouse(kiosk_profile.path, kiosk_profile.key, now=lambda: CLOCKS[year])
    try:
        assert house.now() == pytest.approx(verified, abs=2)
    finally:
        house.close()


def test_a_right_clock_says_nothing_of_itself(kiosk_profile: KioskProfile, verified: float) -> None:
    receipt = kiosk_profile.submit()
    assert not receipt.time_doubtful
    assert "сбиться" not in text.text(receipt_sheet(receipt))


def test_content_is_stale_at_2100_and_only_that(kiosk_profile: KioskProfile, verified: float) -> None:
    with kiosk_profile.store() as store:
        ahead = clock.Moment(CLOCKS["2100"], 5.0, "this boot")
        found = clock.content_freshness(store, 3.0, look=lambda: ahead)
    assert found.level == "stale"


def test_a_clock_at_2100_empties_no_outbox(kiosk_profile: KioskProfile, verified: float) -> None:
    from kiosk.sync.channel import Channel
    from kiosk.sync.client import make_client
    from kiosk.sync.worker import Worker

    receipt = kiosk_profile.submit()
    settings = kiosk_profile.configure(backend_url="http://127.0.0.1:9")
    with kiosk_profile.store() as store, make_client(settings) as client:
        outbox.settle(store, [(receipt.submission, b"proof")], now=verified)
        channel = Channel(client, settings.backend_url, kiosk_profile.identity)
        worker = Worker(store, kiosk_profile.path, channel, cap_s=1.0, now=lambda: CLOCKS["2100"])
        for _ in range(3):
            worker.step()
        assert outbox.row(store, receipt.submission) is not None
