"""A submission with attachments is received at once, registered once all are here and open, or given to an official."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.backend import tables
from kiosk.backend.inspecting import inspect
from kiosk.backend.registrar import register_pending
from kiosk.model.submission import Submission
from kiosk.protocol import confirmation
from kiosk.protocol.confirmation import Confirmation
from tests.backend import site as sites
from tests.backend.site import BOTH, Kiosk, Site
from tests.backend.upload_client import UploadOf, pdf, with_files

DATABASES = BOTH
DAY = 86_400


def work(site: Site, at: float | None = None) -> None:
    """Everything that a registrar finds to do now."""
    part, now = site.backend, time.time() if at is None else at
    while inspect(part.database, part.keys, part.place, part.settings, now) + register_pending(
        part.database, part.keys, part.settings, part.checker, now=now
    ):
        continue


def outcomes(kiosk: Kiosk) -> list[Confirmation]:
    keys = kiosk.site.keys.confirmation
    return [confirmation.verify(entry.confirmation, keys) for entry in kiosk.feed().entries]


def post(kiosk: Kiosk, sent: Submission) -> None:
    assert kiosk.post(kiosk.seal_this(sent)).results[0].status == "received"


def files_of(site: Site) -> list[Path]:
    return [path for path in site.settings.upload_folder().rglob("*") if path.is_file()]


def test_registered_once_all_have_come(site: Site, kiosk: Kiosk) -> None:
    sent, files = with_files(kiosk, [pdf(200_000), pdf(), pdf(65_536)])
    post(kiosk, sent)
    work(site)
    assert outcomes(kiosk) == [] and set(kiosk.feed().awaits) == {one.id for one in files}
    for number, one in enumerate(files):
        assert one.create().status_code == 201
        assert len(kiosk.feed().awaits) == 3 - number, "one that is on its way is awaited too"
        one.rest()
        assert len(kiosk.feed().awaits) == 2 - number
        assert outcomes(kiosk) == []
        work(site)
    (outcome,) = outcomes(kiosk)
    assert (outcome.id, outcome.state, outcome.reason) == (sent.id, "registered", "")
    assert kiosk.feed().awaits == ()
    assert {row.state for row in site.rows(tables.attachments)} == {"good"}


def test_files_may_come_before_their_envelope(site: Site, kiosk: Kiosk) -> None:
    sent, files = with_files(kiosk, [pdf(), pdf()])
    files[0].whole()
    files[1].create()
    work(site)
    post(kiosk, sent)
    work(site)
    assert outcomes(kiosk) == [] and kiosk.feed().awaits == (files[1].id,)
    files[1].rest()
    work(site)
    assert outcomes(kiosk)[0].state == "registered"


def test_who_waits_holds_nobody_up(site: Site, kiosk: Kiosk) -> None:
    for _ in range(55):
        post(kiosk, with_files(kiosk, [pdf()])[0])
    kiosk.post(kiosk.seal())
    assert (
        register_pending(
            site.backend.database, site.backend.keys, site.settings, site.backend.checker, now=time.time(), limit=50
        )
        == 1
    ), "the one that waits for nothing, behind more than a page that do"
    assert [one.state for one in outcomes(kiosk)] == ["registered"]


def test_too_late_is_for_an_official(site: Site, kiosk: Kiosk) -> None:
    sent, files = with_files(kiosk, [pdf(), pdf(), pdf()])
    post(kiosk, sent)
    files[0].whole()
    files[1].create()
    work(site, time.time() + 7 * DAY - 60)
    assert outcomes(kiosk) == []
    work(site, time.time() + 7 * DAY + 60)
    (outcome,) = outcomes(kiosk)
    assert outcome.state == "with_official"
    assert outcome.reason == "2 приложенных файла не поступили за отведённый срок", "in the applicant's language"
    files[1].rest()
    work(site)
    assert [row.state for row in site.rows(tables.attachments) if row.id == files[1].id] == ["good"], (
        "what comes later is there for the official"
    )
    assert len(outcomes(kiosk)) == 1


def test_the_reason_in_english(site: Site, kiosk: Kiosk) -> None:
    from msgspec.structs import replace

    sent, _ = with_files(kiosk, [pdf()])
    post(kiosk, replace(sent, language="en"))
    work(site, time.time() + 8 * DAY)
    assert outcomes(kiosk)[0].reason == "1 attached file did not come in time"


BAD: dict[str, tuple[Callable[[Kiosk], tuple[Submission, list[UploadOf]]], str]] = {
    "another key": (lambda kiosk: with_files(kiosk, [pdf()], key=bytes(32)), "1 приложенный файл не открывается"),
    "sealed for another submission": (
        lambda kiosk: with_files(kiosk, [pdf()], sealed_otherwise=True),
        "1 приложенный файл не открывается",
    ),
    "no pdf": (
        lambda kiosk: with_files(kiosk, [b"MZ" + bytes(70_000)]),
        "1 приложенный файл не того вида или размера, который был назван",
    ),
    "a picture that says it is a pdf": (
        lambda kiosk: with_files(kiosk, [b"\xff\xd8\xff" + bytes(100)]),
        "1 приложенный файл не того вида или размера, который был назван",
    ),
}


@pytest.mark.parametrize("kind", BAD)
def test_what_is_not_what_it_says_is_for_an_official(site: Site, kiosk: Kiosk, kind: str) -> None:
    make, reason = BAD[kind]
    sent, (one,) = make(kiosk)
    post(kiosk, sent)
    one.whole()
    work(site)
    (outcome,) = outcomes(kiosk)
    assert (outcome.state, outcome.reason) == ("with_official", reason)
    assert kiosk.feed().awaits == (), "nobody at the kiosk could mend it"
    assert len(files_of(site)) > 0, "the official has what came"


@pytest.mark.parametrize(
    "change", [{"name": "../x"}, {"size": 5}, {"media_type": "text/html"}, {"id": "x"}, {"key": b""}]
)
def test_attachments_that_cannot_be(site: Site, kiosk: Kiosk, change: dict[str, object]) -> None:
    sent, _ = with_files(kiosk, [pdf()], **change)
    post(kiosk, sent)
    work(site)
    (outcome,) = outcomes(kiosk)
    assert (outcome.state, outcome.reason) == ("with_official", "Приложенные файлы не такие, какими могут быть")
    assert site.rows(tables.attachments) == []


def test_an_attachment_of_two_submissions_belongs_to_the_first(site: Site, kiosk: Kiosk) -> None:
    from msgspec.structs import replace

    sent, (one,) = with_files(kiosk, [pdf()])
    other, _ = with_files(kiosk, [])
    post(kiosk, sent)
    post(kiosk, replace(other, attachments=sent.attachments))
    one.whole()
    work(site)
    assert [(found.id, found.state) for found in outcomes(kiosk)] == [(sent.id, "registered")]
    work(site, time.time() + 8 * DAY)
    assert outcomes(kiosk)[1].state == "with_official"


def test_bytes_that_are_lost_here_are_asked_again(site: Site, kiosk: Kiosk) -> None:
    sent, (one,) = with_files(kiosk, [pdf(100_000)])
    post(kiosk, sent)
    one.whole()
    first = sorted(files_of(site))[0]
    first.unlink()
    work(site)
    assert outcomes(kiosk) == [] and kiosk.feed().awaits == (one.id,)
    assert one.head().status_code == 404 and files_of(site) == []
    one.whole()
    work(site)
    assert outcomes(kiosk)[0].state == "registered"


def test_bytes_that_changed_here_are_asked_again(site: Site, kiosk: Kiosk) -> None:
    sent, (one,) = with_files(kiosk, [pdf(100_000)])
    post(kiosk, sent)
    one.whole()
    path = files_of(site)[0]
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    work(site)
    assert outcomes(kiosk) == [] and kiosk.feed().awaits == (one.id,)
    one.whole()
    work(site)
    assert outcomes(kiosk)[0].state == "registered"


def test_a_place_that_is_away_judges_nothing(site: Site, kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch) -> None:
    sent, (one,) = with_files(kiosk, [pdf()])
    post(kiosk, sent)
    one.whole()

    def away(_: object, _name: str) -> bytes:
        raise PermissionError(13, "no")

    with monkeypatch.context() as patched:
        patched.setattr(type(site.backend.place), "get", away)
        with pytest.raises(PermissionError):
            work(site)
    work(site)
    assert outcomes(kiosk)[0].state == "registered"


def test_nothing_unsealed_is_on_the_disk(site: Site, kiosk: Kiosk) -> None:
    canary = b"CANARY-OF-AN-ATTACHMENT"
    sent, (one,) = with_files(kiosk, [b"%PDF-" + canary * 5000])
    post(kiosk, sent)
    one.whole()
    work(site)
    assert outcomes(kiosk)[0].state == "registered"
    for path in site.settings.data.rglob("*"):
        if path.is_file():
            assert canary not in path.read_bytes(), path


def test_it_works_by_itself(used: sites.BackendSettings) -> None:
    with sites.running(used, registrar=True) as site:
        kiosk = site.enrol()
        sent, files = with_files(kiosk, [pdf(300_000), pdf()])
        post(kiosk, sent)
        for one in files:
            one.whole()
        while not outcomes(kiosk):  # bounded by the test's own time limit
            continue
        assert outcomes(kiosk)[0].state == "registered"
