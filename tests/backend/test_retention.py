"""Everything has a term, and goes when it is over; what must stay for ever, and work that is to do, stays."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import insert, update

from kiosk.backend import devices, tables
from kiosk.backend.keeper import Keeper
from kiosk.backend.retention import TERMS, forget
from kiosk.backend.settings import BackendSettings, Terms
from kiosk.model.form import FormDefinition
from kiosk.protocol import batch
from tests.backend import site as sites
from tests.backend.site import BOTH, NOW, Kiosk, Site

DATABASES = BOTH
DAY = 86_400.0
FOR_EVER = Terms(**{name: 0 for name in Terms.__struct_fields__})


def _only(**terms: int) -> Terms:
    return msgspec.structs.replace(FOR_EVER, **terms)


@pytest.fixture
def site(used: BackendSettings) -> Iterator[Site]:
    with sites.running(used, now=lambda: NOW) as running:
        yield running


@pytest.fixture
def kiosk(site: Site) -> Kiosk:
    return site.enrol()


def _post(kiosk: Kiosk, *envelopes: bytes) -> batch.BatchAnswer:
    path, body = f"/v1/kiosks/{kiosk.device.kiosk}/submissions", batch.pack(envelopes)
    signed = kiosk.sign("POST", path, body, NOW)
    answer = kiosk.site.client.post(
        kiosk.site.url + path, content=body, headers={"Content-Type": batch.CONTENT_TYPE, **signed}
    )
    assert answer.status_code == 200, answer.text
    return batch.decode_answer(answer.content)


def test_no_table_and_no_term_is_forgotten() -> None:
    assert TERMS.keys() == tables.metadata.tables.keys()
    assert {term for terms in TERMS.values() for term in terms} == set(Terms.__struct_fields__)
    assert Terms().forms >= 180 and Terms().feed > 30, "design: forms 180 days; a kiosk keeps its outbox for 30"
    assert Terms().submissions == 0, "design: the dedupe key is permanent"


def test_answers_go_and_once_stays_for_ever(site: Site, kiosk: Kiosk) -> None:
    sealed = kiosk.seal(answers={"name": "Канарейка"})
    first = _post(kiosk, sealed)
    site.register()
    database = site.backend.database
    terms = _only(envelopes=10, payloads=20)
    assert forget(database, terms, NOW + 10 * DAY) == {"envelopes": 0, "payloads": 0}, "to the day, not before"
    assert forget(database, terms, NOW + 11 * DAY) == {"envelopes": 1, "payloads": 0}
    (row,) = site.rows(tables.submissions)
    assert row.envelope == b"" and row.digest and row.confirmation
    assert "Канарейка".encode() in site.rows(tables.registrations)[0].payload
    assert forget(database, terms, NOW + 21 * DAY) == {"envelopes": 0, "payloads": 1}
    assert site.rows(tables.registrations)[0].payload == b""
    again = _post(kiosk, sealed).results[0]
    assert (again.status, again.confirmation) == ("already", first.results[0].confirmation)
    assert site.register() == 0
    conflict = kiosk.seal(id=again.id)
    assert _post(kiosk, conflict).results[0].status == "conflict"


def test_work_that_is_to_do_stays(site: Site, kiosk: Kiosk) -> None:
    _post(kiosk, kiosk.seal())
    everything = Terms(**{name: 1 for name in Terms.__struct_fields__})
    done = forget(site.backend.database, everything, NOW + 10_000 * DAY)
    assert done["envelopes"] == done["submissions"] == 0
    assert site.register() == 1, "years later it is registered all the same"


def test_an_installation_may_forget_submissions_whole(site: Site, kiosk: Kiosk) -> None:
    _post(kiosk, kiosk.seal(), kiosk.seal())
    site.register()
    assert forget(site.backend.database, _only(submissions=30), NOW + 31 * DAY) == {"submissions": 2}
    assert site.rows(tables.submissions) == site.rows(tables.registrations) == []


def test_more_than_one_transaction_holds(site: Site, kiosk: Kiosk) -> None:
    with site.backend.database.write() as connection:
        connection.execute(
            insert(tables.feed),
            [
                {"kiosk": "k16", "position": number, "tag": b"t", "confirmation": b"c", "added_at": int(NOW)}
                for number in range(2500)
            ],
        )
    assert forget(site.backend.database, _only(feed=40), NOW + 41 * DAY) == {"feed": 2500}


def test_a_feed_that_lost_its_beginning_goes_on(site: Site, kiosk: Kiosk) -> None:
    _post(kiosk, kiosk.seal())
    site.register()
    cursor = sites_feed(kiosk).cursor
    forget(site.backend.database, _only(feed=40), NOW + 41 * DAY)
    assert sites_feed(kiosk, cursor).entries == ()
    _post(kiosk, kiosk.seal())
    site.register()
    assert len(sites_feed(kiosk, cursor).entries) == 1


def sites_feed(kiosk: Kiosk, after: str = "") -> batch.Feed:
    path = f"/v1/kiosks/{kiosk.device.kiosk}/confirmations?after={after}"
    answer = kiosk.site.client.get(kiosk.site.url + path, headers=kiosk.sign("GET", path, b"", NOW))
    return batch.decode_feed(answer.content)


def test_quarantine_codes_and_numbers(site: Site, kiosk: Kiosk) -> None:
    _post(kiosk, b"rubbish", kiosk.seal())
    site.register()
    terms = _only(quarantine=5, codes=5, numbers=400)
    database = site.backend.database
    assert forget(database, terms, NOW) == {"quarantine": 0, "codes": 0, "numbers": 0}
    done = forget(database, terms, NOW + 6 * DAY)
    assert done["quarantine"] == 1 and site.rows(tables.quarantine) == []
    later = forget(database, terms, NOW + 800 * DAY)
    assert later["codes"] + done["codes"] == 1 and later["numbers"] == 1


def test_devices_go_when_revoked_and_nothing_of_them_is_here(site: Site, kiosk: Kiosk) -> None:
    other = site.enrol("k17", 17)
    _post(kiosk, kiosk.seal())
    database, terms = site.backend.database, _only(devices=10)
    later = NOW + 20_000 * DAY
    assert forget(database, terms, later) == {"devices": 0}
    with database.write() as connection:
        assert devices.revoke(connection, "k16") and devices.revoke(connection, other.device.kiosk)
    assert forget(database, terms, later) == {"devices": 1}
    assert [row.kiosk for row in site.rows(tables.devices)] == ["k16"]


def test_forms_go_once_a_newer_one_is_old(site: Site) -> None:
    body = msgspec.json.encode(FormDefinition.__name__)
    seen = {("a", 1): 0, ("a", 2): 100, ("b", 1): 0}
    with site.backend.database.write() as connection:
        connection.execute(
            insert(tables.form_versions),
            [
                {"form": form, "version": version, "definition": body, "seen_at": int(NOW + days * DAY)}
                for (form, version), days in seen.items()
            ],
        )
    database, terms = site.backend.database, _only(forms=180)
    assert forget(database, terms, NOW + 190 * DAY) == {"forms": 0}, "its successor is not old enough"
    assert forget(database, terms, NOW + 281 * DAY) == {"forms": 1}
    assert sorted((row.form, row.version) for row in site.rows(tables.form_versions)) == [("a", 2), ("b", 1)]


def test_of_several_processes_one_works(site: Site, used: BackendSettings, kiosk: Kiosk) -> None:
    if site.backend.database.sqlite:
        pytest.skip("SQLite has one writer")
    _post(kiosk, b"rubbish")
    from sqlalchemy import text

    from kiosk.backend.retention import _LOCK

    terms = _only(quarantine=1)
    with site.backend.database.write() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        assert forget(site.backend.database, terms, NOW + 9 * DAY) == {}
    assert forget(site.backend.database, terms, NOW + 9 * DAY) == {"quarantine": 1}


def test_it_works_by_itself(site: Site, kiosk: Kiosk, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    _post(kiosk, b"rubbish")
    with site.backend.database.write() as connection:
        connection.execute(update(tables.quarantine).values(last_at=1))
    settings = msgspec.structs.replace(site.settings, forget_every_s=0.01, keep=_only(quarantine=1))
    keeper = Keeper(site.backend.database, site.backend.place, settings, lambda: NOW)
    keeper.start()
    while site.rows(tables.quarantine):  # bounded by the test's own time limit
        pass
    keeper.stop()
    assert '"quarantine": 1' in capfd.readouterr().err
