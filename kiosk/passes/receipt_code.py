"""The code on a receipt: proves offline that this kiosk gave this receipt, and shows no answers.

Rules. `MDR1:` + Base45 (RFC 9285) + zlib (RFC 1950) + COSE_Sign1 (RFC 9052, EdDSA) of the claims, signed by the
device key; the device certificate travels in the protected header. A verifier needs only the backend's certificate
keys and the revocation list. The certificate must hold at the receipt's own time: a genuine receipt stays genuine
when the certificate runs out, and a stolen key cannot date a receipt outside its certificate.

It knows no clock and no store. A verdict is an answer, never an exception.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection
from typing import Any, Literal

from msgspec import Struct

from kiosk.errors import CertificateRefused, Refusal
from kiosk.model.content import VerificationKey
from kiosk.model.device import DeviceIdentity
from kiosk.model.receipt import ReceiptClaims
from kiosk.protocol import cbor, certificate, cose

PREFIX = "MDR1:"
TYPE = "application/mdk.receipt"
MOST_CHARACTERS = 3_000
MOST_BYTES = 2_048
_CERTIFICATE = -70003

Status = Literal["valid", "expired", "not-yet-valid", "untrusted", "tampered", "revoked", "malformed"]


class ReceiptVerdict(Struct, frozen=True):
    """`claims` are there only when the status is valid; `reason` is one sentence for staff."""

    status: Status
    reason: str
    claims: ReceiptClaims | None = None


def make(claims: ReceiptClaims, device: DeviceIdentity) -> str:
    """The text of the code, alphanumeric in the sense of QR."""
    import base45

    payload = cbor.encode([claims.number, claims.submission, claims.service, claims.time, claims.kiosk])
    signed = cose.sign1(
        payload,
        type=TYPE,
        key_id=device.kiosk,
        private_key=device.private_key,
        extra={_CERTIFICATE: device.certificate},
    )
    packed: bytes = base45.b45encode(zlib.compress(signed, 9))
    return PREFIX + packed.decode()


def verify(text: str, authorities: tuple[VerificationKey, ...], revoked: Collection[str] = ()) -> ReceiptVerdict:
    """What a scanned text is worth. `authorities` are the published device authority keys, `revoked` kiosk ids."""
    try:
        signed, claims = _read(text)
    except Refusal as error:
        return ReceiptVerdict("malformed", error.engineer)
    try:
        kiosk = certificate.verify(signed.header[_CERTIFICATE], authorities, claims.time, revoked)
    except CertificateRefused as error:
        return ReceiptVerdict(_status(error.reason), error.engineer)
    if kiosk.kiosk != claims.kiosk or kiosk.kiosk != signed.key_id:
        return ReceiptVerdict("tampered", "the receipt and its certificate name different kiosks")
    try:
        cose.verify1(signed, kiosk.public_key)
    except Refusal:
        return ReceiptVerdict("tampered", "the receipt's signature is wrong")
    return ReceiptVerdict("valid", f"given by kiosk {kiosk.kiosk}", claims)


def _read(text: str) -> tuple[cose.Signed, ReceiptClaims]:
    import base45

    if not text.startswith(PREFIX) or len(text) > MOST_CHARACTERS:
        raise Refusal("not the code of a receipt")
    try:
        packed = base45.b45decode(text[len(PREFIX) :])
        inflater = zlib.decompressobj()
        data = inflater.decompress(packed, MOST_BYTES)
    except (ValueError, zlib.error) as error:
        raise Refusal("the code is damaged") from error
    if not inflater.eof or inflater.unused_data:
        raise Refusal("the code is damaged")
    signed = cose.parse(data, type=TYPE, most_bytes=MOST_BYTES)
    if not isinstance(signed.header.get(_CERTIFICATE), bytes):
        raise Refusal("the receipt carries no certificate")
    return signed, _claims(cbor.decode(signed.payload, MOST_BYTES))


def _claims(value: Any) -> ReceiptClaims:
    match value:
        case [str(number), str(submission), str(service), int(time), str(kiosk)] if not isinstance(time, bool):
            return ReceiptClaims(number, submission, service, time, kiosk)
    raise Refusal("the receipt's claims are not as they should be")


def _status(reason: str) -> Status:
    known: dict[str, Status] = {
        "malformed": "malformed",
        "tampered": "tampered",
        "expired": "expired",
        "not-yet-valid": "not-yet-valid",
        "revoked": "revoked",
    }
    return known.get(reason, "untrusted")
