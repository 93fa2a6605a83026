"""Whatever a device signs and sends, and whatever anybody asks: an answer or a problem, never a failure of ours."""

from __future__ import annotations

from urllib.parse import quote

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.backend import tables
from kiosk.protocol import batch, problem
from tests.backend.site import Kiosk, Site
from tests.helpers.mangling import NASTY, outside

PACE = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def test_signed_bodies(site: Site, kiosk: Kiosk) -> None:
    sealed = kiosk.seal()

    @PACE
    @given(outside(batch.pack([sealed]), batch.pack([sealed, b"none"])) | outside(sealed).map(lambda one: _packed(one)))
    def anything(body: bytes) -> None:
        response = kiosk.post_body(body)
        assert response.status_code < 500
        if response.status_code == 200:
            assert batch.decode_answer(response.content).results
        else:
            assert problem.decode(response.content).name

    anything()
    ids = [row.id for row in site.rows(tables.submissions)]
    assert len(ids) == len(set(ids)) <= 1, "no mangled envelope is a submission; the sound one may have come through"


def _packed(envelope: bytes) -> bytes:
    return batch.pack([envelope[:100_000]])


def test_cursors_and_limits(kiosk: Kiosk) -> None:
    @PACE
    @given(st.text(max_size=60), st.text(max_size=8))
    def anything(cursor: str, limit: str) -> None:
        path = f"/v1/kiosks/{kiosk.device.kiosk}/confirmations?after={_quoted(cursor)}&limit={_quoted(limit)}"
        response = kiosk.site.client.get(kiosk.site.url + path, headers=kiosk.sign("GET", path, b""))
        assert response.status_code < 500

    anything()


def test_enrolments(site: Site) -> None:
    @PACE
    @given(outside(b'{"code":"AAAA-BBBB-CCCC","public_key":"AAAA","proof":"AAAA"}'))
    def anything(body: bytes) -> None:
        response = site.client.post(
            f"{site.url}/v1/enrolments", content=body, headers={"Content-Type": "application/json"}
        )
        assert 400 <= response.status_code < 500
        assert problem.decode(response.content).name

    anything()


_CONTROL = bytes(range(32)) + b"\x7f"
"""What no HTTP client sends."""


def test_headers(site: Site, kiosk: Kiosk) -> None:
    body = batch.pack([kiosk.seal()])
    path = f"/v1/kiosks/{kiosk.device.kiosk}/submissions"
    sound = kiosk.sign("POST", path, body)

    @PACE
    @given(st.sampled_from(sorted(sound)), outside(*(value.encode() for value in sound.values())))
    def anything(name: str, value: bytes) -> None:
        said = value[:2_000].translate(None, _CONTROL) if value not in NASTY else b"x"
        headers = {**sound, name: said.decode("latin-1").strip().encode("latin-1")}
        response = site.client.post(
            site.url + path, content=body, headers={"Content-Type": batch.CONTENT_TYPE, **headers}
        )
        assert response.status_code < 500

    anything()


def _quoted(text: str) -> str:
    return quote(text.encode("utf-8", "surrogatepass"), safe="")
