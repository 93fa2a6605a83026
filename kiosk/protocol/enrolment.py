"""Enrolment: a one-time code and a new device key become a kiosk with a certificate.

Rules. A code is 12 characters of Crockford's base 32 (60 bits), shown as XXXX-XXXX-XXXX; what a person types is
forgiven its small letters, spaces, dashes, O for 0 and I or L for 1. The device proves that it has the private key by
signing label, code and public key. The answer says who the device is, and brings its certificate with the key that
signed it.

Whether a code is known, used or expired is the backend's business.
"""

from __future__ import annotations

import secrets
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from kiosk.errors import EnrolmentRefused
from kiosk.model.content import VerificationKey
from kiosk.protocol import cbor, ed25519, keys

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 12
_LABEL = "mdk enrolment 1"
_FORGIVEN = str.maketrans({"O": "0", "I": "1", "L": "1", " ": "", "-": ""})


class EnrolmentRequest(Struct, frozen=True):
    """`public_key` raw Ed25519 (32 bytes), `proof` its signature (64 bytes); base64 in JSON."""

    code: str
    public_key: bytes
    proof: bytes


class EnrolmentAnswer(Struct, frozen=True):
    """Who the device is from now on, and the authority's key that signed `certificate`.

    `last_sequence` is the highest running number that the backend has of this kiosk: the next one comes after it, so
    that no two receipts bear one number.
    """

    kiosk: str
    number: int
    centre: str
    certificate: bytes
    authority: VerificationKey
    last_sequence: Annotated[int, Meta(ge=0, lt=2**53)] = 0


def new_code() -> str:
    """A fresh code, as it is shown to people."""
    text = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return "-".join(text[at : at + 4] for at in range(0, LENGTH, 4))


def normalise(code: str) -> str:
    """The twelve characters of a code that somebody typed. Raises EnrolmentRefused."""
    text = code.upper().translate(_FORGIVEN) if len(code) <= 64 else ""
    if len(text) != LENGTH or not set(text) <= set(ALPHABET):
        raise EnrolmentRefused("an enrolment code has twelve letters and digits, like K7QF-29XD-MM4P")
    return text


def request(code: str, private_key: bytes) -> EnrolmentRequest:
    """Ask to be enrolled with this raw Ed25519 key. Raises EnrolmentRefused for a code of the wrong form."""
    text, public = normalise(code), keys.public_of(private_key)
    return EnrolmentRequest(text, public, ed25519.sign(private_key, _proven(text, public)))


def check(asked: EnrolmentRequest) -> str:
    """The normalised code of a request whose proof holds. Raises EnrolmentRefused."""
    code = normalise(asked.code)
    if not ed25519.verify(asked.public_key, asked.proof, _proven(code, asked.public_key)):
        raise EnrolmentRefused("the device does not prove that it has the key it shows")
    return code


def decode_request(data: bytes) -> EnrolmentRequest:
    """Raises EnrolmentRefused for bytes that are no request."""
    try:
        return msgspec.json.decode(data, type=EnrolmentRequest)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise EnrolmentRefused("not an enrolment request") from error


def decode_answer(data: bytes) -> EnrolmentAnswer:
    """Raises EnrolmentRefused for bytes that are no answer."""
    try:
        return msgspec.json.decode(data, type=EnrolmentAnswer)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise EnrolmentRefused("not the answer to an enrolment") from error


def _proven(code: str, public_key: bytes) -> bytes:
    return cbor.encode([_LABEL, code, public_key])
