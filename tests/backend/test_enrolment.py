"""A code enrols one device, once, in its time."""

from __future__ import annotations

import msgspec
import pytest

from kiosk.backend import devices, enrolment, tables
from kiosk.errors import EnrolmentRefused
from kiosk.protocol import certificate, keys, problem
from kiosk.protocol import enrolment as asking
from kiosk.protocol.enrolment import EnrolmentAnswer
from tests.backend.site import BOTH, NOW, Site

DATABASES = BOTH

KEY, OTHER = keys.make_signing_key("device"), keys.make_signing_key("device")


def _code(site: Site, kiosk: str = "k16", number: int = 16) -> str:
    with site.backend.database.write() as connection:
        return enrolment.create_code(connection, kiosk, number, "centre-1", lifetime_s=3600, now=NOW)


def _enrol(site: Site, code: str, key: keys.SigningKey = KEY, at: float = NOW) -> EnrolmentAnswer:
    part = site.backend
    return enrolment.enrol(part.database, part.keys, part.settings, asking.request(code, key.private), at)


def test_the_certificate_is_for_the_proven_key(site: Site) -> None:
    answer = _enrol(site, _code(site))
    claims = certificate.verify(answer.certificate, site.keys.device_authority, NOW)
    assert (claims.kiosk, claims.number, claims.centre, claims.public_key) == ("k16", 16, "centre-1", KEY.public)
    assert claims.not_after - claims.not_before == certificate.LIFETIME_S


def test_a_code_works_once(site: Site) -> None:
    code = _code(site)
    _enrol(site, code)
    with pytest.raises(EnrolmentRefused, match="used before"):
        _enrol(site, code, OTHER)
    (row,) = site.rows(tables.devices)
    assert row.public_key == KEY.public


def test_a_lost_answer_is_given_again_to_the_same_key(site: Site) -> None:
    code = _code(site)
    first = _enrol(site, code)
    assert _enrol(site, code, at=NOW + 10_000) == first


def test_a_code_expires(site: Site) -> None:
    code = _code(site)
    with pytest.raises(EnrolmentRefused, match="expired"):
        _enrol(site, code, at=NOW + 3600)
    assert _enrol(site, code, at=NOW + 3599).kiosk == "k16"


def test_an_unknown_code(site: Site) -> None:
    with pytest.raises(EnrolmentRefused, match="not known"):
        _enrol(site, asking.new_code())
    assert site.rows(tables.devices) == []


def test_the_code_itself_is_not_kept(site: Site) -> None:
    code = asking.normalise(_code(site))
    (row,) = site.rows(tables.enrolment_codes)
    assert code not in str(row)


def test_enrolling_anew_replaces_the_key_and_ends_a_revocation(site: Site) -> None:
    old = _code(site)
    _enrol(site, old)
    with site.backend.database.write() as connection:
        devices.revoke(connection, "k16")
    with pytest.raises(EnrolmentRefused):
        _enrol(site, old)
    _enrol(site, _code(site), OTHER)
    (row,) = site.rows(tables.devices)
    assert (row.public_key, row.revoked) == (OTHER.public, False)
    with pytest.raises(EnrolmentRefused):
        _enrol(site, old)


def test_a_number_belongs_to_one_kiosk(site: Site) -> None:
    early = _code(site, "k17", 16)
    _enrol(site, _code(site))
    with pytest.raises(EnrolmentRefused, match="belongs to"):
        _code(site, "k17", 16)
    with pytest.raises(EnrolmentRefused, match="belongs to"):
        _enrol(site, early, OTHER)


@pytest.mark.parametrize(("kiosk", "number"), [("K16", 16), ("", 16), ("k" * 33, 16), ("k16", 0), ("k16", 100_000)])
def test_a_code_for_nothing_sensible_is_not_made(site: Site, kiosk: str, number: int) -> None:
    with pytest.raises(EnrolmentRefused):
        _code(site, kiosk, number)


def test_old_codes_are_forgotten(site: Site) -> None:
    used = _code(site)
    _enrol(site, used)
    _code(site, "k17", 17)
    with site.backend.database.write() as connection:
        assert enrolment.forget_old_codes(connection, NOW + 3601) == 1
    assert len(site.rows(tables.enrolment_codes)) == 1


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (b"", "malformed"),
        (b"[]", "malformed"),
        (b"\xff\xfe", "malformed"),
        (b"[" * 4_000, "malformed"),
        (b"x" * 5_000, "too-large"),
        (b'{"code": "K7QF-29XD-MM41", "public_key": "", "proof": ""}', "enrolment-refused"),
        (msgspec.json.encode(asking.request("K7QF-29XD-MM41", KEY.private)), "enrolment-refused"),
    ],
    ids=["empty", "list", "not UTF-8", "nested", "long", "no proof", "unknown code"],
)
def test_bodies_that_enrol_nobody(site: Site, body: bytes, name: str) -> None:
    response = site.client.post(site.url + "/v1/enrolments", content=body, headers={"Content-Type": "application/json"})
    assert response.headers["content-type"] == problem.CONTENT_TYPE
    assert problem.decode(response.content).name == name
    assert response.status_code == problem.TYPES[name][0]


def test_enrolling_anew_says_how_far_the_running_numbers_went(site: Site) -> None:
    kiosk = site.enrol()
    kiosk.post(kiosk.seal(), kiosk.seal())
    assert _enrol(site, _code(site)).last_sequence == 2
