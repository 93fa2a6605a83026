"""Uploads go when their term is over, and what a crash or a restore left between the place and the tables is mended."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import update

from kiosk.backend import devices, tables
from kiosk.backend.keeper import Keeper
from kiosk.backend.retention import forget
from kiosk.backend.settings import Terms
from kiosk.backend.upload_keeping import Swept, let_go, sweep
from tests.backend.site import BOTH, Kiosk, Site
from tests.backend.test_attachments_are_judged import files_of, outcomes, post, work
from tests.backend.test_retention import FOR_EVER
from tests.backend.upload_client import PART, UploadOf, pdf, with_files

DATABASES = BOTH
DAY = 86_400


def only(**terms: int) -> Terms:
    return msgspec.structs.replace(FOR_EVER, **terms)


def later(days: float) -> float:
    return time.time() + days * DAY


def let(site: Site, terms: Terms, now: float) -> dict[str, int]:
    return let_go(site.backend.database, site.backend.place, terms, now)


def swept(site: Site, now: float, *, lost: bool = False) -> Swept:
    return sweep(site.backend.database, site.backend.place, now, 7, lost=lost)


def registered(kiosk: Kiosk, count: int = 1) -> list[UploadOf]:
    sent, files = with_files(kiosk, [pdf(100_000) for _ in range(count)])
    post(kiosk, sent)
    for one in files:
        one.whole()
    work(kiosk.site)
    assert outcomes(kiosk)[-1].state == "registered"
    return files


def test_what_does_not_move_goes(site: Site, kiosk: Kiosk) -> None:
    open_, whole = UploadOf(kiosk, os.urandom(3 * PART)), UploadOf(kiosk, os.urandom(PART))
    open_.create()
    open_.patch(0, open_.data[:PART])
    whole.whole()
    (kept,) = registered(kiosk)
    assert let(site, only(uploads=7), later(6.9)) == {"uploads": 0}
    assert let(site, only(uploads=7), later(7.1)) == {"uploads": 2}
    assert [row.id for row in site.rows(tables.uploads)] == [kept.id]
    assert sum(path.stat().st_size for path in files_of(site)) == len(kept.data)
    assert let(site, FOR_EVER, later(9999)) == {}


def test_what_is_awaited_stays_awaited_when_its_upload_expires(site: Site, kiosk: Kiosk) -> None:
    sent, (one,) = with_files(kiosk, [pdf(2 * PART)])
    post(kiosk, sent)
    one.create()
    one.patch(0, one.data[:PART])
    with site.backend.database.write() as connection:
        connection.execute(update(tables.uploads).values(moved_at=1))
    assert let(site, only(uploads=7), time.time()) == {"uploads": 1}
    assert one.head().status_code == 404 and kiosk.feed().awaits == (one.id,)
    one.whole()
    work(site)
    assert outcomes(kiosk)[0].state == "registered"


def test_attachments_go_with_the_payload(site: Site, kiosk: Kiosk) -> None:
    registered(kiosk, 2)
    waiting, (late,) = with_files(kiosk, [pdf()])
    post(kiosk, waiting)
    late.whole()
    terms = only(payloads=20)
    assert let(site, terms, later(19)) == {"payloads": 0}
    assert let(site, terms, later(21)) == {"payloads": 2}
    assert forget(site.backend.database, terms, later(21)) == {"payloads": 1}
    assert [row.id for row in site.rows(tables.attachments)] == [late.id], "work that is to do stays"
    assert sum(path.stat().st_size for path in files_of(site)) == len(late.data)
    work(site)
    assert len(outcomes(kiosk)) == 2


def test_attachments_go_before_the_last_row_of_their_submission(site: Site, kiosk: Kiosk) -> None:
    registered(kiosk)
    terms = only(submissions=30)
    assert forget(site.backend.database, terms, later(31)) == {"submissions": 0}, "its files are here still"
    assert let(site, terms, later(31)) == {"submissions": 1}
    assert forget(site.backend.database, terms, later(31)) == {"submissions": 1}
    for table in (tables.submissions, tables.attachments, tables.uploads, tables.upload_parts):
        assert site.rows(table) == []
    assert files_of(site) == []


def test_more_than_one_transaction_holds(site: Site, kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch) -> None:
    from kiosk.backend import upload_keeping

    monkeypatch.setattr(upload_keeping, "_AT_ONCE", 2)
    for _ in range(5):
        UploadOf(kiosk, os.urandom(100)).whole()
    assert let(site, only(uploads=1), later(2)) == {"uploads": 5}
    assert files_of(site) == []


def test_a_device_with_uploads_stays(site: Site, kiosk: Kiosk) -> None:
    UploadOf(kiosk, os.urandom(100)).create()
    with site.backend.database.write() as connection:
        devices.revoke(connection, "k16")
    terms = only(devices=10, uploads=7)
    assert forget(site.backend.database, terms, later(20)) == {"devices": 0}
    let(site, terms, later(20))
    assert forget(site.backend.database, terms, later(20)) == {"devices": 1}


def test_bytes_without_a_row_are_swept_after_a_week(site: Site, kiosk: Kiosk) -> None:
    (kept,) = registered(kiosk)
    site.backend.place.put("k16/" + "a" * 32, b"left by a crash")
    site.backend.place.put("k17/" + "b" * 32, b"of a kiosk that is unknown")
    stranger = site.settings.upload_folder() / "k16" / "README"
    stranger.write_bytes(b"not ours")
    assert swept(site, time.time()) == Swept(0, 0), "it may be on its way into the table"
    assert swept(site, later(6.9)) == Swept(0, 0)
    assert swept(site, later(7.1)) == Swept(2, 0)
    assert stranger.exists()
    assert sum(path.stat().st_size for path in files_of(site) if path != stranger) == len(kept.data)


def test_rows_without_bytes_are_asked_again(site: Site, kiosk: Kiosk) -> None:
    """Of a registered submission too: its kiosk keeps files for thirty days."""
    lost, kept = registered(kiosk, 2)
    rows = [row for row in site.rows(tables.upload_parts) if row.upload == lost.id]
    site.backend.place.remove([rows[0].name])
    assert swept(site, time.time()) == Swept(0, 1)
    assert kiosk.feed().awaits == (lost.id,) and lost.head().status_code == 404
    assert kept.head().status_code == 200
    assert swept(site, time.time()) == Swept(0, 0)
    lost.whole()
    work(site)
    assert kiosk.feed().awaits == () and {row.state for row in site.rows(tables.attachments)} == {"good"}
    assert len(outcomes(kiosk)) == 1
    with site.backend.database.write() as connection:
        connection.execute(update(tables.attachments).values(state="awaited", until=int(time.time()) - 1))
    assert kiosk.feed().awaits == (), "not for ever"


def test_a_folder_that_is_not_mounted_is_believed_only_when_told(site: Site, kiosk: Kiosk) -> None:
    (one,) = registered(kiosk)
    shutil.rmtree(site.settings.upload_folder())
    assert swept(site, time.time()) == Swept(0, 0)
    assert one.head().status_code == 200
    assert swept(site, time.time(), lost=True) == Swept(0, 1)
    assert kiosk.feed().awaits == (one.id,)


def test_the_keeper_does_it_by_itself(site: Site, kiosk: Kiosk, capfd: pytest.CaptureFixture[str]) -> None:
    UploadOf(kiosk, os.urandom(100)).whole()
    name = "k16/" + "a" * 32
    site.backend.place.put(name, b"left by a crash")
    path: Path = site.settings.upload_folder() / name
    os.utime(path, (1, 1))
    with site.backend.database.write() as connection:
        connection.execute(update(tables.uploads).values(moved_at=1))
    settings = msgspec.structs.replace(site.settings, forget_every_s=0.01, keep=only(uploads=1))
    keeper = Keeper(site.backend.database, site.backend.place, settings, time.time)
    keeper.start()
    while files_of(site):  # bounded by the test's own time limit
        pass
    keeper.stop()
    said = capfd.readouterr().err
    assert '"attachments_uploads": 1' in said and '"parts_without_a_row": 1' in said
