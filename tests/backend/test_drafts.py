"""Drafts at the backend: any enrolled kiosk may put, read and end them; nobody may overwrite one; terms hold."""

from __future__ import annotations

import secrets

import httpx
import msgspec
import pytest

from kiosk.backend import tables
from kiosk.backend.retention import forget
from kiosk.backend.settings import BackendSettings, Terms
from kiosk.protocol import draft, problem
from tests.backend import site as sites
from tests.backend.site import BOTH, NOW, Kiosk, Site

DATABASES = BOTH
DAY = 86_400
BYTES = draft.MAGIC + bytes(100)


def ask(kiosk: Kiosk, method: str, name: str, body: bytes = b"", **headers: str) -> httpx.Response:
    path = f"/v1/drafts/{name}"
    told = {"Content-Type": "application/octet-stream"} if body else {}
    signed = kiosk.sign(method, path, body)
    return kiosk.site.client.request(
        method, kiosk.site.url + path, content=body or None, headers={**told, **signed, **headers}
    )


def put_draft(kiosk: Kiosk, body: bytes = BYTES) -> str:
    name = secrets.token_hex(16)
    response = ask(kiosk, "PUT", name, body)
    assert response.status_code == 200, response.text
    return name


def refused(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, problem.decode(response.content).name


def test_another_kiosk_reads_what_one_has_put_and_ends_it(site: Site) -> None:
    first, second = site.enrol("k16", 16), site.enrol("k17", 17)
    name = put_draft(first)
    found = ask(second, "GET", name)
    assert (found.status_code, found.content, found.headers["cache-control"]) == (200, BYTES, "no-store")
    assert ask(first, "PUT", name, BYTES).status_code == 200
    assert refused(ask(second, "PUT", name, BYTES + b"x")) == (409, "conflict")
    assert ask(second, "GET", name).content == BYTES
    assert ask(second, "DELETE", name).status_code == 204
    assert ask(second, "DELETE", name).status_code == 204
    assert refused(ask(first, "GET", name)) == (404, "not-found")
    assert site.rows(tables.drafts) == []


def test_nobody_else_is_answered(site: Site) -> None:
    kiosk = site.enrol()
    name = put_draft(kiosk)
    bare = site.client.get(f"{site.url}/v1/drafts/{name}")
    assert refused(bare) == (401, "not-signed")
    other = Kiosk(site, msgspec.structs.replace(kiosk.device, kiosk="k99"))
    assert refused(ask(other, "GET", name)) == (403, "unknown-device")
    stolen = Kiosk(site, msgspec.structs.replace(kiosk.device, private_key=secrets.token_bytes(32)))
    assert refused(ask(stolen, "DELETE", name)) == (401, "not-signed")
    odd = ask(kiosk, "GET", name, **{"Signature-Input": 'mdk=();keyid="../x"'})
    assert refused(odd) == (401, "not-signed")
    assert ask(kiosk, "GET", name).status_code == 200


@pytest.mark.parametrize(
    ("name", "body", "found"),
    [
        ("x", BYTES, (404, "not-found")),
        ("A" * 32, BYTES, (404, "not-found")),
        ("0" * 32, b"not a draft", (400, "malformed")),
        ("0" * 32, draft.MAGIC + bytes(draft.MOST_BYTES), (413, "too-large")),
    ],
)
def test_what_is_no_draft_is_not_kept(site: Site, name: str, body: bytes, found: tuple[int, str]) -> None:
    assert refused(ask(site.enrol(), "PUT", name, body)) == found
    assert site.rows(tables.drafts) == []


def test_another_type_of_body_is_not_taken(site: Site) -> None:
    response = ask(site.enrol(), "PUT", "0" * 32, BYTES, **{"Content-Type": "application/json"})
    assert refused(response) == (415, "unsupported-media-type")


def test_a_device_keeps_so_many_drafts(used: BackendSettings) -> None:
    with sites.running(msgspec.structs.replace(used, most_drafts=2)) as site:
        kiosk, other = site.enrol("k16", 16), site.enrol("k17", 17)
        names = [put_draft(kiosk), put_draft(kiosk)]
        full = ask(kiosk, "PUT", "0" * 32, BYTES)
        assert refused(full) == (429, "too-many-drafts") and int(full.headers["retry-after"]) > 0
        assert ask(kiosk, "PUT", names[0], BYTES).status_code == 200
        put_draft(other)
        ask(kiosk, "DELETE", names[0])
        put_draft(kiosk)


def test_a_draft_past_its_term_is_not_there_and_then_let_go_of(used: BackendSettings) -> None:
    moment = [NOW]
    with sites.running(used, now=lambda: moment[0]) as site:
        kiosk = site.enrol()

        def asked(method: str, name: str, body: bytes = b"") -> httpx.Response:
            path = f"/v1/drafts/{name}"
            told = {"Content-Type": "application/octet-stream"} if body else {}
            signed = kiosk.sign(method, path, body, now=moment[0])
            return site.client.request(method, site.url + path, content=body or None, headers={**told, **signed})

        answer = asked("PUT", "0" * 32, BYTES)
        assert answer.json()["expires_at"].startswith("2026-")
        moment[0] += 30 * DAY - 10
        assert asked("GET", "0" * 32).status_code == 200
        assert forget(site.backend.database, Terms(), moment[0])["drafts"] == 0
        moment[0] += 20
        assert refused(asked("GET", "0" * 32)) == (404, "not-found")
        assert len(site.rows(tables.drafts)) == 1
        assert forget(site.backend.database, Terms(), moment[0])["drafts"] == 1
        assert site.rows(tables.drafts) == []
