"""Refused envelopes are answered one by one, kept aside with the reason, and spoil nothing."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from kiosk.backend import devices, tables
from kiosk.protocol import keys, problem
from kiosk.protocol.batch import EnvelopeResult
from tests.backend import site as sites
from tests.backend.site import Kiosk, Site, submission


def _refused(result: EnvelopeResult) -> str:
    assert (result.status, result.confirmation) == ("refused", None)
    assert result.problem is not None
    return result.problem.name


def _quarantined(site: Site) -> list[tuple[bytes, str]]:
    return [(row.envelope, problem.decode(row.problem).name) for row in site.rows(tables.quarantine)]


def test_one_bad_envelope_never_spoils_the_others(site: Site, kiosk: Kiosk) -> None:
    good, broken = [kiosk.seal() for _ in range(3)], bytearray(kiosk.seal())
    broken[-1] ^= 1
    results = kiosk.post(good[0], b"rubbish", good[1], bytes(broken), good[2]).results
    assert [result.status for result in results] == ["received", "refused", "received", "refused", "received"]
    assert [_refused(results[1]), _refused(results[3])] == ["not-an-envelope", "wrong-signature"]
    assert (results[1].id, bool(results[3].id)) == ("", True)
    assert len(site.rows(tables.submissions)) == 3
    assert sorted(_quarantined(site)) == sorted([(b"rubbish", "not-an-envelope"), (bytes(broken), "wrong-signature")])


def test_an_unknown_device_is_refused_envelope_by_envelope(site: Site, kiosk: Kiosk) -> None:
    stranger = Kiosk(site, msgspec.structs.replace(kiosk.device, kiosk="k99"))
    sealed = stranger.seal()
    assert _refused(stranger.post(sealed).results[0]) == "unknown-device"
    assert _quarantined(site) == [(sealed, "unknown-device")]


def test_another_key_in_the_name_of_an_enrolled_kiosk(site: Site, kiosk: Kiosk) -> None:
    thief = Kiosk(site, msgspec.structs.replace(kiosk.device, private_key=keys.make_signing_key("thief").private))
    assert _refused(kiosk.post(thief.seal()).results[0]) == "wrong-signature"
    assert site.rows(tables.submissions) == []


def test_an_envelope_of_another_kiosk_than_the_path(site: Site, kiosk: Kiosk) -> None:
    other = site.enrol("k17", 17)
    assert _refused(kiosk.post(other.seal()).results[0]) == "wrong-kiosk"
    assert site.rows(tables.submissions) == []


def test_a_revoked_device_is_refused_but_hears_of_what_was_received(site: Site, kiosk: Kiosk) -> None:
    before, after = kiosk.seal(), kiosk.seal()
    first = kiosk.post(before)
    with site.backend.database.write() as connection:
        assert devices.revoke(connection, "k16")
    old, new = kiosk.post(before, after).results
    assert (old.status, old.confirmation) == ("already", first.results[0].confirmation)
    assert _refused(new) == "revoked-device"
    assert [row.envelope for row in site.rows(tables.submissions)] == [before]
    assert kiosk.get_feed().status_code == 403
    assert "k16" in sites.backend_keys(site.settings).revoked_devices


def test_a_seal_for_somebody_else_cannot_be_opened(site: Site, kiosk: Kiosk) -> None:
    _, foreign = keys.make_recipient(2, "2030-01-01T00:00:00Z")
    sealed = kiosk.seal_this(submission(), foreign)
    assert _refused(kiosk.post(sealed).results[0]) == "cannot-open"
    named_alike = msgspec.structs.replace(foreign, id=site.keys.recipients[0].id)
    assert _refused(kiosk.post(kiosk.seal_this(submission(), named_alike)).results[0]) == "cannot-open"
    assert site.rows(tables.submissions) == []
    assert len(_quarantined(site)) == 2


def test_both_published_recipient_keys_open(site: Site, kiosk: Kiosk) -> None:
    assert [key.suite for key in site.keys.recipients] == [2, 1]
    sealed = [kiosk.seal_this(submission(), key) for key in site.keys.recipients]
    assert [result.status for result in kiosk.post(*sealed).results] == ["received", "received"]


def test_the_same_refused_bytes_make_one_row(site: Site, kiosk: Kiosk) -> None:
    for _ in range(3):
        kiosk.post(b"rubbish")
    (row,) = site.rows(tables.quarantine)
    assert row.times == 3


def test_a_flood_of_strangers_fills_no_disk(tmp_path: Path) -> None:
    with sites.running(sites.settings(tmp_path, most_stranger_bytes=5_000)) as site:
        kiosk = site.enrol()
        results = kiosk.post(*(bytes([number]) * 1_000 for number in range(20))).results
        assert {_refused(result) for result in results} == {"not-an-envelope"}
        assert len(site.rows(tables.quarantine)) == 5


@pytest.mark.parametrize("answers", [{}, {"unknown": ["x"] * 50}])
def test_a_well_formed_envelope_is_taken_whatever_the_answers_are(kiosk: Kiosk, answers: dict[str, object]) -> None:
    assert kiosk.post(kiosk.seal(answers=answers, consent=False, form="nobody-knows")).results[0].status == "received"
