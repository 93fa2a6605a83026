"""Attachments come by tus 1.0: in parts, resumed after any cut, each byte once; whatever else is asked is refused."""

from __future__ import annotations

import base64
import errno
import hashlib
import os
import time
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import quote

import httpx
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from kiosk.backend import tables, tus
from kiosk.backend.settings import BackendSettings
from kiosk.protocol import problem
from tests.backend import site as sites
from tests.backend.site import BOTH, Kiosk, Site
from tests.backend.upload_client import PART, UploadOf, with_files

DATABASES = BOTH
DATA = os.urandom(3 * PART + 1234)
DAY = 86_400


@pytest.fixture
def one(kiosk: Kiosk) -> UploadOf:
    return UploadOf(kiosk, DATA)


def name_of(answer: httpx.Response) -> str:
    """The problem's short name; every refusal is one, and says which protocol this is."""
    assert answer.headers["Content-Type"] == problem.CONTENT_TYPE, answer.headers
    assert answer.headers["Tus-Resumable"] == "1.0.0"
    found = problem.decode(answer.content)
    assert found.status == answer.status_code
    return found.name


def bytes_here(site: Site, id_: str) -> bytes:
    """What the tables say is here of an upload, read from its place."""
    rows = sorted((row for row in site.rows(tables.upload_parts) if row.upload == id_), key=lambda row: row.start)
    return b"".join(site.backend.place.get(row.name) for row in rows)


def files_of(site: Site) -> list[Path]:
    return [path for path in site.settings.upload_folder().rglob("*") if path.is_file()]


def test_it_says_what_is_spoken(one: UploadOf) -> None:
    answer = one.request("OPTIONS", one.many, Tus_Resumable=None)
    assert answer.status_code == 204 and answer.content == b""
    assert answer.headers["Tus-Version"] == "1.0.0"
    assert answer.headers["Tus-Extension"] == "creation,checksum,expiration,termination"
    assert answer.headers["Tus-Checksum-Algorithm"] == "sha256"
    assert int(answer.headers["Tus-Max-Size"]) == tus.MOST_LENGTH > 20 * 1024 * 1024


def test_created_continued_whole(site: Site, one: UploadOf) -> None:
    made = one.create()
    assert made.status_code == 201 and made.headers["Location"] == one.one
    until = parsedate_to_datetime(made.headers["Upload-Expires"]).timestamp()
    assert abs(until - time.time() - 7 * DAY) < 3600
    at = 0
    while at < len(DATA):
        head = one.head()
        assert (head.status_code, head.headers["Cache-Control"], head.content) == (200, "no-store", b"")
        assert head.headers["Upload-Length"] == str(len(DATA)) and head.headers["Upload-Offset"] == str(at)
        assert head.headers["Upload-Expires"]
        answer = one.patch(at, DATA[at : at + PART])
        assert answer.status_code == 204 and answer.headers["Upload-Expires"]
        at = int(answer.headers["Upload-Offset"])
    assert bytes_here(site, one.id) == DATA
    assert one.offset() == len(DATA)
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in files_of(site))


def test_the_same_creation_again_finds_what_is_there(one: UploadOf) -> None:
    one.create()
    one.patch(0, DATA[:PART])
    again = one.create()
    assert again.status_code == 201 and again.headers["Location"] == one.one
    assert one.offset() == PART


def test_another_creation_under_its_id_is_a_conflict(kiosk: Kiosk, one: UploadOf) -> None:
    one.create()
    longer = UploadOf(kiosk, DATA + b"x", one.id, one.submission)
    assert name_of(longer.create()) == "other-upload"
    assert name_of(UploadOf(kiosk, DATA, one.id).create()) == "other-upload", "of another submission"
    assert one.offset() == 0


def test_a_creation_that_contradicts_its_envelope_is_refused(kiosk: Kiosk) -> None:
    sent, (sound,) = with_files(kiosk, [b"%PDF-" + bytes(900)])
    assert kiosk.post(kiosk.seal_this(sent)).results[0].status == "received"
    assert name_of(UploadOf(kiosk, sound.data + b"x", sound.id, sound.submission).create()) == "other-upload"
    assert name_of(UploadOf(kiosk, sound.data, sound.id).create()) == "other-upload"
    assert sound.create().status_code == 201


def test_the_offset_must_be_where_it_stands(site: Site, one: UploadOf) -> None:
    one.create()
    assert name_of(one.patch(1, DATA[1:PART])) == "wrong-offset"
    assert one.patch(0, DATA[:PART]).status_code == 204
    assert name_of(one.patch(0, DATA[:PART])) == "wrong-offset", "the same part again: its answer was lost"
    assert name_of(one.patch(2 * PART, DATA[2 * PART :])) == "wrong-offset"
    assert bytes_here(site, one.id) == DATA[:PART]
    one.rest()
    assert bytes_here(site, one.id) == DATA


def test_nothing_is_a_part_too(site: Site, one: UploadOf) -> None:
    one.create()
    answer = one.patch(0, b"")
    assert (answer.status_code, answer.headers["Upload-Offset"]) == (204, "0")
    assert site.rows(tables.upload_parts) == []
    one.rest()
    assert one.patch(len(DATA), b"").status_code == 204


def test_a_wrong_checksum_keeps_nothing(site: Site, one: UploadOf) -> None:
    one.create()
    other = base64.b64encode(hashlib.sha256(b"other").digest()).decode()
    answer = one.patch(0, DATA[:PART], Upload_Checksum=f"sha256 {other}")
    assert answer.status_code == 460 and name_of(answer) == "wrong-checksum"
    assert site.rows(tables.upload_parts) == [] and files_of(site) == [] and one.offset() == 0
    assert one.patch(0, DATA[:PART], Upload_Checksum=None).status_code == 204


@pytest.mark.parametrize("said", ["md5 1B2M2Y8AsgTpgAmY7PhCfg==", "sha256", "sha256 %%%", "sha256 AAAA", "", "SHA1 A"])
def test_checksums_that_are_none(one: UploadOf, said: str) -> None:
    one.create()
    assert name_of(one.patch(0, DATA[:PART], Upload_Checksum=said)) == "malformed"


def test_more_than_was_announced(site: Site, one: UploadOf) -> None:
    one.create()
    one.patch(0, DATA[:PART])
    assert name_of(one.patch(PART, DATA[PART:] + b"more")) == "too-large"
    assert one.offset() == PART
    one.rest()
    assert name_of(one.patch(len(DATA), b"x")) == "too-large"


def test_a_part_is_at_most_so_long(kiosk: Kiosk) -> None:
    big = UploadOf(kiosk, bytes(5 * 1024 * 1024))
    big.create()
    assert name_of(big.patch(0, big.data[: 4 * 1024 * 1024 + 1])) == "too-large"
    assert big.patch(0, big.data[: 4 * 1024 * 1024]).status_code == 204


def test_what_is_not_what_was_announced_is_removed(site: Site, kiosk: Kiosk) -> None:
    liar = UploadOf(kiosk, DATA)
    liar.create()
    liar.patch(0, DATA[:PART])
    answer = liar.patch(PART, bytes(len(DATA) - PART))
    assert answer.status_code == 422 and name_of(answer) == "wrong-content"
    assert liar.head().status_code == 404 and files_of(site) == []
    assert site.rows(tables.uploads) == site.rows(tables.upload_parts) == []
    assert liar.whole().offset() == len(DATA), "and it begins again"


def test_an_upload_whose_beginning_is_lost_begins_again(site: Site, one: UploadOf) -> None:
    one.create()
    one.patch(0, DATA[:PART])
    (path,) = files_of(site)
    path.unlink()
    assert name_of(one.patch(PART, DATA[PART:])) == "wrong-content"
    assert one.whole().offset() == len(DATA)


def test_termination(site: Site, one: UploadOf) -> None:
    one.create()
    one.patch(0, DATA[:PART])
    assert one.delete().status_code == 204
    assert files_of(site) == [] and site.rows(tables.uploads) == []
    assert one.head().status_code == 404
    assert name_of(one.delete()) == "not-found" and name_of(one.patch(PART, DATA[PART:])) == "not-found"


def test_what_the_office_has_cannot_be_taken_back(kiosk: Kiosk) -> None:
    sent, (one,) = with_files(kiosk, [b"%PDF-" + bytes(900)])
    one.whole()
    assert one.head().headers.get("Upload-Expires")
    kiosk.post(kiosk.seal_this(sent))
    assert name_of(one.delete()) == "claimed-upload"
    assert "Upload-Expires" not in one.head().headers


def test_it_expires_when_it_does_not_move(used: BackendSettings, tmp_path: Path) -> None:
    clock = [time.time()]
    with sites.running(used, now=lambda: clock[0]) as site:
        kiosk = site.enrol()
        kiosk.sign = _signing(kiosk, clock)  # type: ignore[method-assign]
        one = UploadOf(kiosk, DATA)
        one.create()
        for at in (0, PART):
            clock[0] += 6 * DAY
            assert one.patch(at, DATA[at : at + PART]).status_code == 204, "each part moves its end on"
        clock[0] += 7 * DAY + 1
        assert one.head().status_code == 410
        assert name_of(one.patch(2 * PART, DATA[2 * PART :])) == "expired"
        assert name_of(one.delete()) == "expired"
        assert one.create().status_code == 201 and one.offset() == 0, "created anew, under the same id"
        assert files_of(site) == []
        one.rest()


def _signing(kiosk: Kiosk, clock: list[float]):  # type: ignore[no-untyped-def]
    sign = type(kiosk).sign
    return lambda method, path, body: sign(kiosk, method, path, body, clock[0])


def test_a_device_sees_only_its_own(site: Site, kiosk: Kiosk, one: UploadOf) -> None:
    one.create()
    other = site.enrol("k17", 17)
    same = UploadOf(other, DATA, one.id, one.submission)
    assert same.head().status_code == 404 and name_of(same.delete()) == "not-found"
    same.one = one.one  # the path of k16, signed by k17
    assert same.head().status_code == 401 and name_of(same.patch(0, DATA[:PART])) == "not-signed"
    same.one = f"{same.many}/{one.id}"
    assert same.create().status_code == 201
    assert one.patch(0, DATA[:PART]).status_code == 204 and same.offset() == 0


@pytest.mark.parametrize("method", ["OPTIONS", "POST", "HEAD", "PATCH", "DELETE"])
def test_every_request_is_signed(site: Site, one: UploadOf, method: str) -> None:
    one.create()
    path = one.many if method in ("OPTIONS", "POST") else one.one
    headers = {**sites_tus(one), "Upload-Offset": "0", "Content-Type": tus.BODY}
    body = DATA[:PART] if method == "PATCH" else None
    answer = site.client.request(method, site.url + path, content=body, headers=headers)
    assert answer.status_code == 401
    stale = one.kiosk.sign(method, path, body or b"", time.time() - 3600)
    assert site.client.request(method, site.url + path, content=body, headers=headers | stale).status_code == 401
    foreign = one.kiosk.sign(method, path, b"other bytes")
    assert site.client.request(method, site.url + path, content=body, headers=headers | foreign).status_code == 401
    assert files_of(site) == [] and one.offset() == 0


def sites_tus(one: UploadOf) -> dict[str, str]:
    return {
        "Tus-Resumable": "1.0.0",
        "Upload-Length": str(len(one.data)),
        "Upload-Metadata": one.metadata(),
    }


def test_a_kiosk_that_is_not_enrolled_or_revoked(site: Site, one: UploadOf) -> None:
    one.create()
    with site.backend.database.write() as connection:
        connection.execute(update(tables.devices).values(revoked=True))
    assert name_of(one.patch(0, DATA[:PART])) == "revoked-device"
    assert name_of(one.create()) == "revoked-device"
    one.many = "/v1/kiosks/k99/uploads"
    assert name_of(one.create()) == "unknown-device"


@pytest.mark.parametrize("version", [None, "0.2.2", "1.0.1", "1.0", ""])
def test_another_version_is_refused_before_anything_else(site: Site, one: UploadOf, version: str | None) -> None:
    one.create()
    for answer in (
        one.create(Tus_Resumable=version),
        one.patch(0, DATA[:PART], Tus_Resumable=version),
        one.delete(Tus_Resumable=version),
    ):
        assert answer.status_code == 412 and name_of(answer) == "wrong-version"
        assert answer.headers["Tus-Version"] == "1.0.0"
    head = one.head(Tus_Resumable=version)
    assert head.status_code == 412 and head.headers["Tus-Version"] == "1.0.0"
    assert one.offset() == 0


LENGTHS = [None, "", "-1", "1.5", "0x10", "1" * 16, "²", "9 9", "0", "44", str(tus.MOST_LENGTH + 1), "inf"]


@pytest.mark.parametrize("length", LENGTHS)
def test_lengths_that_are_none(site: Site, one: UploadOf, length: str | None) -> None:
    answer = one.create(Upload_Length=length)
    assert name_of(answer) == ("too-large" if length == str(tus.MOST_LENGTH + 1) else "malformed")
    assert site.rows(tables.uploads) == []


def test_a_length_told_later_is_not_taken(one: UploadOf) -> None:
    assert name_of(one.create(Upload_Length=None, Upload_Defer_Length="1")) == "malformed"


def _b64(text: str | bytes) -> str:
    return base64.b64encode(text.encode() if isinstance(text, str) else text).decode()


def test_metadata_that_is_none(site: Site, one: UploadOf) -> None:
    good = one.metadata()
    wrong = [
        None,
        "",
        "submission",
        good + ",filename " + _b64("паспорт.pdf"),
        good + "," + good,
        good.replace(_b64(one.id), "%%%"),
        good.replace(_b64(one.id), ""),
        one.metadata(attachment="../../etc/passwd"),
        one.metadata(attachment="..%2f..%2fetc%2fpasswd"),
        one.metadata(attachment=one.id.upper()),
        one.metadata(attachment=one.id + "\n"),
        one.metadata(attachment="6ba7b810-9dad-11d1-80b4-00c04fd430c8"),
        one.metadata(attachment=one.id + "\0"),
        one.metadata(submission="'; DROP TABLE uploads; --"),
        one.metadata(sha256=one.sha256.upper() if one.sha256.upper() != one.sha256 else "A" * 64),
        one.metadata(sha256="0" * 63),
        good.replace(_b64(one.id), _b64(b"\xff\xfe")),
        "x," * 2000,
    ]
    for metadata in wrong:
        assert name_of(one.create(Upload_Metadata=metadata)) == "malformed", metadata
    assert site.rows(tables.uploads) == []


@pytest.mark.parametrize(
    "id_",
    ["..", "%2e%2e", "..%2f..%2f..%2fkeys.json", "%00", "a/b", "x" * 300, "01890a5d-ac96-774b-bcce-b302099a8057.env"],
)
def test_ids_lead_nowhere_else(site: Site, one: UploadOf, id_: str) -> None:
    """The path as it is, without a client that tidies it."""
    before = sorted(path for path in site.settings.data.rglob("*") if path.is_file())
    for method in ("HEAD", "PATCH", "DELETE"):
        path = f"{one.many}/{id_}"
        body = b"x" if method == "PATCH" else b""
        headers = {
            **one.kiosk.sign(method, path, body),
            **sites_tus(one),
            "Upload-Offset": "0",
            "Content-Type": tus.BODY,
        }
        request = site.client.build_request(method, site.url, content=body or None, headers=headers)
        request.url = request.url.copy_with(raw_path=path.encode())
        assert site.client.send(request).status_code in (400, 401, 404, 405)
    assert sorted(path for path in site.settings.data.rglob("*") if path.is_file()) == before


def test_other_types_and_methods(one: UploadOf) -> None:
    one.create()
    assert name_of(one.patch(0, DATA[:PART], Content_Type="application/octet-stream")) == "unsupported-media-type"
    assert name_of(one.patch(0, DATA[:PART], Content_Type=None)) == "unsupported-media-type"
    for method, path in (
        ("POST", one.one),
        ("PUT", one.one),
        ("GET", one.one),
        ("DELETE", one.many),
        ("GET", one.many),
    ):
        answer = one.request(method, path)
        assert answer.status_code == 405 and name_of(answer) == "method-not-allowed"
    tricked = one.request("POST", one.one, DATA[:PART], X_HTTP_Method_Override="PATCH", Upload_Offset="0")
    assert name_of(tricked) == "method-not-allowed" and one.offset() == 0
    for offset in (None, "", "-1", "x", "1" * 20):
        assert name_of(one.patch(0, DATA[:PART], Upload_Offset=offset)) == "malformed"


def test_a_body_where_none_is_taken(one: UploadOf) -> None:
    announced = {"Upload_Length": str(len(DATA)), "Upload_Metadata": one.metadata(), "Content_Type": tus.BODY}
    assert name_of(one.request("POST", one.many, DATA[:PART], **announced)) == "malformed"
    one.create()
    assert name_of(one.request("DELETE", one.one, b"x")) == "malformed"
    assert one.offset() == 0


def test_open_uploads_are_limited(used: BackendSettings) -> None:
    few = msgspec.structs.replace(used, most_open_uploads=3)
    with sites.running(few) as site:
        kiosk = site.enrol()
        made = [UploadOf(kiosk, DATA) for _ in range(4)]
        assert [one.create().status_code for one in made[:3]] == [201, 201, 201]
        answer = made[3].create()
        assert answer.status_code == 429 and name_of(answer) == "too-many-uploads"
        assert int(answer.headers["Retry-After"]) > 0
        assert made[0].create().status_code == 201, "one that is there is no new one"
        made[0].rest()
        assert made[3].create().status_code == 429, "whole, and no received submission names it"
        made[1].delete()
        assert made[3].create().status_code == 201
        other = site.enrol("k17", 17)
        assert UploadOf(other, DATA).create().status_code == 201, "each device has its own"
        sent, files = with_files(kiosk, [b"%PDF-" + bytes(900)] * 2)
        made[2].delete()
        kiosk.post(kiosk.seal_this(sent))
        for one in files:
            one.whole()
        assert len(site.rows(tables.uploads)) == 5, "what a received submission names is not counted once it is whole"


def test_parts_that_are_too_many(used: BackendSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    from kiosk.backend import uploads

    monkeypatch.setattr(uploads, "MOST_PARTS", 3)
    with sites.running(used) as site:
        one = UploadOf(site.enrol(), DATA)
        one.create()
        assert [one.patch(at, DATA[at : at + 1]).status_code for at in range(3)] == [204] * 3
        assert name_of(one.patch(3, DATA[3:4])) == "malformed"


def test_a_full_disk_keeps_what_is_there(site: Site, one: UploadOf, monkeypatch: pytest.MonkeyPatch) -> None:
    one.create()
    one.patch(0, DATA[:PART])
    real = os.fsync

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("kiosk.backend.upload_place.os.fsync", full)
    answer = one.patch(PART, DATA[PART:])
    assert answer.status_code == 503 and name_of(answer) == "not-ready"
    monkeypatch.setattr("kiosk.backend.upload_place.os.fsync", real)
    assert len(files_of(site)) == 1 and one.offset() == PART
    one.rest()
    assert bytes_here(site, one.id) == DATA


def test_logs_name_no_file_and_no_path(used: BackendSettings, capfd: pytest.CaptureFixture[str]) -> None:
    with sites.running(msgspec.structs.replace(used, log_requests=True)) as site:
        one = UploadOf(site.enrol(), DATA).whole()
        one.create(Upload_Metadata=one.metadata() + ",filename " + _b64("canary.pdf"))
        said = capfd.readouterr().err
    assert "/v1/kiosks/{kiosk}/uploads/{upload}" in said and '"route": "/v1/kiosks/{kiosk}/uploads"' in said
    assert one.id not in said and one.sha256 not in said and "k16" not in said and _b64("canary.pdf") not in said


def test_any_headers_are_answered(site: Site, kiosk: Kiosk) -> None:
    one = UploadOf(kiosk, DATA)
    one.create()
    text = st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=40)

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.sampled_from(["POST", "PATCH", "HEAD", "DELETE"]), text, text, text, text)
    def anything(method: str, length: str, metadata: str, offset: str, path: str) -> None:
        where = one.many if method == "POST" else f"{one.many}/{quote(path.encode('latin-1'), safe='')}"
        answer = one.request(
            method,
            where,
            b"x" if method == "PATCH" else b"",
            **{
                "Upload_Length": length.strip().encode("latin-1"),
                "Upload_Metadata": metadata.strip().encode("latin-1"),
                "Upload_Offset": offset.strip().encode("latin-1"),
                "Content_Type": tus.BODY,
            },
        )
        assert answer.status_code < 500

    anything()
    assert len(site.rows(tables.uploads)) == 1 and one.offset() == 0
