"""However often and from how many sides the same envelope comes, there is one row and one first answer."""

from __future__ import annotations

import threading

import httpx

from kiosk.backend import tables
from kiosk.protocol import confirmation, envelope
from kiosk.protocol.batch import BatchAnswer
from tests.backend.site import BOTH, Kiosk, Site, submission
from tests.helpers.patience import PATIENCE_S

DATABASES = BOTH


def test_a_new_envelope_is_received_with_a_signed_confirmation(site: Site, kiosk: Kiosk) -> None:
    sealed = kiosk.seal()
    answer = kiosk.post(sealed)
    (result,) = answer.results
    assert (result.status, answer.high_water) == ("received", 1)
    claims = confirmation.verify(result.confirmation or b"", site.keys.confirmation)
    assert (claims.id, claims.digest, claims.state) == (result.id, envelope.digest(sealed), "received")
    (row,) = site.rows(tables.submissions)
    assert (row.id, row.kiosk, row.envelope, row.confirmation) == (result.id, "k16", sealed, result.confirmation)


def test_the_same_bytes_again_get_the_first_answer_byte_for_byte(site: Site, kiosk: Kiosk) -> None:
    envelopes = [kiosk.seal() for _ in range(3)]
    first = kiosk.post(*envelopes)
    for again in (kiosk.post(*envelopes), kiosk.post(*reversed(envelopes))):
        assert [result.status for result in again.results] == ["already"] * 3
        assert {result.id: result.confirmation for result in again.results} == {
            result.id: result.confirmation for result in first.results
        }
    assert len(site.rows(tables.submissions)) == 3
    assert site.rows(tables.quarantine) == []


def test_twice_in_one_batch(site: Site, kiosk: Kiosk) -> None:
    sealed = kiosk.seal()
    one, two = kiosk.post(sealed, sealed).results
    assert (one.status, two.status) == ("received", "already")
    assert one.confirmation == two.confirmation
    assert len(site.rows(tables.submissions)) == 1


def test_other_bytes_under_a_known_id_are_a_conflict(site: Site, kiosk: Kiosk) -> None:
    what = submission()
    first, second = kiosk.seal_this(what), kiosk.seal_this(what)
    kiosk.post(first)
    (result,) = kiosk.post(second).results
    assert (result.status, result.id, result.confirmation) == ("conflict", what.id, None)
    assert result.problem is not None and (result.problem.name, result.problem.status) == ("conflict", 409)
    assert [row.envelope for row in site.rows(tables.submissions)] == [first]
    assert [row.envelope for row in site.rows(tables.quarantine)] == [second]


def test_a_conflict_inside_one_batch(site: Site, kiosk: Kiosk) -> None:
    what = submission()
    statuses = [result.status for result in kiosk.post(kiosk.seal_this(what), kiosk.seal_this(what)).results]
    assert statuses == ["received", "conflict"]
    assert len(site.rows(tables.submissions)) == 1


def test_twenty_threads_post_the_same_batch(site: Site, kiosk: Kiosk) -> None:
    envelopes = [kiosk.seal() for _ in range(5)]
    start = threading.Barrier(20)
    answers: list[BatchAnswer] = []

    def post() -> None:
        with httpx.Client(timeout=PATIENCE_S) as client:
            mine = Kiosk(Site(site.backend, site.url, client), kiosk.device)
            start.wait()
            answers.append(mine.post(*envelopes))

    threads = [threading.Thread(target=post) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 20
    statuses = [result.status for answer in answers for result in answer.results]
    assert (statuses.count("received"), statuses.count("already")) == (5, 95)
    assert len({tuple(result.confirmation for result in answer.results) for answer in answers}) == 1
    assert len(site.rows(tables.submissions)) == 5


def test_kiosks_do_not_disturb_each_other(site: Site) -> None:
    one, two = site.enrol("k1", 1), site.enrol("k2", 2)
    one.post(one.seal(), one.seal())
    assert two.post(two.seal()).high_water == 1
    assert one.post(one.seal()).high_water == 3


def test_the_high_water_mark_never_falls(kiosk: Kiosk) -> None:
    early, late = kiosk.seal(), kiosk.seal()
    assert kiosk.post(late).high_water == 2
    assert kiosk.post(early).high_water == 2
