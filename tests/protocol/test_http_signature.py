"""Signed requests: the standard's own vector, and no request but the signed one."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.errors import Refusal
from kiosk.model.device import DeviceIdentity
from kiosk.protocol import http_signature, keys
from tests.protocol import samples

NOW, NONCE, BODY = 1_800_000_000, "b25jZW9ubHk", b"\x81\x41x"
PATH = "/v1/kiosks/k16/submissions?x=1"


def _headers(**changes: object) -> dict[str, str]:
    values = {"method": "POST", "path": PATH, "body": BODY, "now": NOW, "nonce": NONCE} | changes
    signed = http_signature.sign_request(device=samples.device(), **values)  # type: ignore[arg-type]
    return {name.lower(): value for name, value in signed.items()}


def _verify(headers: dict[str, str], **changes: object) -> http_signature.Caller:
    values = {"method": "POST", "path": PATH, "body": BODY, "now": NOW} | changes
    known = {"k16": samples.signing("device").public}
    return http_signature.verify_request(headers=headers, public_key=known.get, **values)  # type: ignore[arg-type]


def test_the_vector_of_rfc_9421_section_b_2_6() -> None:
    parameters = (
        '("date" "@method" "@path" "@authority" "content-type" "content-length")'
        ';created=1618884473;keyid="test-key-ed25519"'
    )
    base = http_signature.signature_base(
        [
            ("date", "Tue, 20 Apr 2021 02:07:55 GMT"),
            ("@method", "POST"),
            ("@path", "/foo"),
            ("@authority", "example.com"),
            ("content-type", "application/json"),
            ("content-length", "18"),
        ],
        parameters,
    )
    key = base64.b64decode("MC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF")[-32:]
    assert base64.b64encode(Ed25519PrivateKey.from_private_bytes(key).sign(base)) == (
        b"wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw=="
    )


def test_the_digest_of_rfc_9530() -> None:
    """RFC 9530, appendix D: an empty body has a digest too."""
    assert http_signature.content_digest(b"") == "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:"


def test_a_signed_request_names_its_kiosk() -> None:
    assert _verify(_headers()) == http_signature.Caller("k16", NOW, NONCE)
    assert _verify(_headers(method="GET", body=b"", path="/a"), method="GET", body=b"", path="/a").kiosk == "k16"


@pytest.mark.parametrize(
    "change",
    [{"method": "GET"}, {"path": "/v1/kiosks/k17/submissions?x=1"}, {"path": PATH + "0"}, {"body": BODY + b"x"}],
)
def test_another_request_is_not_signed_by_it(change: dict[str, object]) -> None:
    with pytest.raises(Refusal):
        _verify(_headers(), **change)


@pytest.mark.parametrize(("away", "taken"), [(0, True), (300, True), (-300, True), (301, False), (-301, False)])
def test_the_window(away: int, taken: bool) -> None:
    if taken:
        assert _verify(_headers(), now=NOW + away).created == NOW
    else:
        with pytest.raises(Refusal, match="clock"):
            _verify(_headers(), now=NOW + away)


def test_an_unknown_kiosk_and_another_key() -> None:
    with pytest.raises(Refusal, match="nobody enrolled"):
        http_signature.verify_request("POST", PATH, _headers(), BODY, public_key=lambda _: None, now=NOW)
    with pytest.raises(Refusal, match="wrong"):
        other = samples.signing("other").public
        http_signature.verify_request("POST", PATH, _headers(), BODY, public_key=lambda _: other, now=NOW)


@pytest.mark.parametrize("missing", ["signature", "signature-input", "content-digest"])
def test_each_header_is_needed(missing: str) -> None:
    headers = _headers()
    del headers[missing]
    with pytest.raises(Refusal):
        _verify(headers)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"@query" ', ""),
        ('"content-digest"', '"@method"'),
        (";created=1800000000", ""),
        (";created=1800000000", ";created=1800000000;created=1800000001"),
        (';alg="ed25519"', ';alg="hmac-sha256"'),
        (';tag="mdk"', ""),
        (NONCE, "x"),
        ('keyid="k16"', 'keyid="k17"'),
        ("mdk=", "other="),
        ('"@method"', '"@authority" "@method"'),
        ('"@method"', '"@method";req'),
    ],
)
def test_a_changed_input_is_refused(old: str, new: str) -> None:
    headers = _headers()
    assert old in headers["signature-input"]
    headers["signature-input"] = headers["signature-input"].replace(old, new)
    with pytest.raises(Refusal):
        _verify(headers)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200), st.text(max_size=200), st.text(max_size=80))
def test_garbage_raises_refusal_only(one: str, two: str, three: str) -> None:
    with pytest.raises(Refusal):
        _verify({"signature-input": one, "signature": two, "content-digest": three})
    with pytest.raises(Refusal):
        _verify(_headers() | {"signature": two})


def test_a_bad_nonce_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="nonce"):
        _headers(nonce='a"b')


def test_the_boot_is_told_under_the_signature() -> None:
    method, path, body = "POST", "/v1/kiosks/k16/certificate", b"{}"
    device = DeviceIdentity("k16", 16, "c", b"\1" * 32, b"")
    public = keys.public_of(device.private_key)

    def verify(headers: dict[str, str]) -> http_signature.Caller:
        small = {name.lower(): value for name, value in headers.items()}
        return http_signature.verify_request(method, path, small, body, public_key=lambda _: public, now=1000.0)

    signed = http_signature.sign_request(method, path, body, device, 1000, "nonce-0001", "6.Xk3")
    caller = verify(signed)
    assert (caller.boot, caller.boot_id) == (6, "Xk3")
    without = http_signature.sign_request(method, path, body, device, 1000, "nonce-0001")
    assert (verify(without).boot, verify(without).boot_id) == (0, "")
    for wrong in (
        signed | {"Kiosk-Boot": "7.Xk3"},
        {name: value for name, value in signed.items() if name != "Kiosk-Boot"},
        without | {"Kiosk-Boot": "7.Xk3"},
        signed | {"Kiosk-Boot": "x"},
    ):
        with pytest.raises(Refusal):
            verify(wrong)
    for odd in ("6", "x.y", "6.", "6.a b", "-1.a"):
        with pytest.raises(ValueError, match="boot"):
            http_signature.sign_request(method, path, body, device, 1000, "nonce-0001", odd)
