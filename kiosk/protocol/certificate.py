"""The device certificate: the backend says "this key is kiosk k16 of this centre", for 90 days.

Rules. A CWT (RFC 8392) in COSE_Sign1: sub (2) the kiosk, exp (4), nbf (5), cnf (8) with the device's public key as
COSE_Key (RFC 8747: OKP, Ed25519), and two private claims: the kiosk's short number and its centre. The header's kid
names the authority's key. Issuing is deterministic: the same claims give the same bytes. A certificate holds from nbf
on and before exp; revocation is by kiosk id.

It travels in every receipt's code, so it is kept small.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from kiosk.errors import CertificateRefused, Refusal
from kiosk.model.content import VerificationKey
from kiosk.model.device import CertificateClaims
from kiosk.protocol import cbor, cose

CWT = 61
"""typ: the CoAP content format of application/cwt."""
LIFETIME_S = 90 * 24 * 3600
MOST_BYTES = 1024
_SUB, _EXP, _NBF, _CNF = 2, 4, 5, 8
_NUMBER, _CENTRE = -70001, -70002
_COSE_KEY = 1
_KTY, _CRV, _X = 1, -1, -2
_OKP, _ED25519 = 1, 6


def issue(claims: CertificateClaims, authority_key_id: str, authority_private: bytes) -> bytes:
    """Sign the claims as the authority. `claims.issuer_key` must be the authority's key id (ValueError)."""
    if claims.issuer_key != authority_key_id:
        raise ValueError("the claims name another issuer")
    payload = cbor.encode(
        {
            _SUB: claims.kiosk,
            _EXP: claims.not_after,
            _NBF: claims.not_before,
            _CNF: {_COSE_KEY: {_KTY: _OKP, _CRV: _ED25519, _X: claims.public_key}},
            _NUMBER: claims.number,
            _CENTRE: claims.centre,
        }
    )
    return cose.sign1(payload, type=CWT, key_id=authority_key_id, private_key=authority_private)


def verify(
    certificate: bytes, authorities: tuple[VerificationKey, ...], at: float, revoked: Collection[str] = ()
) -> CertificateClaims:
    """The claims of a certificate that holds at UNIX time `at`. Raises CertificateRefused with its reason."""
    try:
        signed = cose.parse(certificate, type=CWT, most_bytes=MOST_BYTES)
        claims = _claims(cbor.decode(signed.payload, MOST_BYTES), signed.key_id)
    except CertificateRefused:
        raise
    except Refusal as error:
        raise CertificateRefused(f"not a device certificate: {error.engineer}", "malformed") from error
    authority = next((key for key in authorities if key.id == signed.key_id), None)
    if authority is None:
        raise CertificateRefused(f"the certificate is signed by key {signed.key_id}, which is not trusted", "untrusted")
    try:
        cose.verify1(signed, authority.public)
    except Refusal as error:
        raise CertificateRefused("the certificate's signature is wrong", "tampered") from error
    if claims.kiosk in revoked:
        raise CertificateRefused(f"the certificate of kiosk {claims.kiosk} is revoked", "revoked")
    if at < claims.not_before:
        raise CertificateRefused(f"the certificate of kiosk {claims.kiosk} does not hold yet", "not-yet-valid")
    if at >= claims.not_after:
        raise CertificateRefused(f"the certificate of kiosk {claims.kiosk} has expired", "expired")
    return claims


def _claims(value: Any, issuer_key: str) -> CertificateClaims:
    match value:
        case {
            2: str(kiosk),
            4: int(not_after),
            5: int(not_before),
            8: {1: {1: 1, -1: 6, -2: bytes(public_key)}},
            -70001: int(number),
            -70002: str(centre),
        } if len(value) == 6 and len(public_key) == 32 and not isinstance(number, bool):
            return CertificateClaims(kiosk, number, centre, public_key, not_before, not_after, issuer_key)
    raise CertificateRefused("not a device certificate: its claims are not as they should be", "malformed")
