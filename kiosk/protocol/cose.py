"""COSE_Sign1 with Ed25519: the one signed form of envelopes, confirmations, certificates and receipts.

Rules (RFC 9052, sections 3, 4.2 and 4.4; RFC 9053, section 2.2; RFC 9596).
 1. A message is tag 18 over [protected, {}, payload, signature]; the unprotected header is always empty.
 2. The protected header holds alg (1) = EdDSA (-8), kid (4), typ (16) and what the message adds; nothing outside it
    is believed. `typ` keeps a signature of one kind of message from counting as another kind.
 3. Deterministic CBOR only, so each message has one byte form; its SHA-256 names it.
 4. `parse` trusts nothing and checks no signature; `verify1` checks the signature and nothing else.

It chooses no key and knows no clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from kiosk.errors import Refusal
from kiosk.protocol import cbor, ed25519

EDDSA = -8
ALG, KID, TYP = 1, 4, 16
_TAG_18 = b"\xd2"
_MOST_HEADER_BYTES = 8 * 1024


class BadSignature(Refusal):
    """The message is well formed, and this key did not sign it."""


class Signed(Struct, frozen=True):
    """A parsed message, not verified. `header` is the protected header, `protected` its bytes."""

    protected: bytes
    header: dict[Any, Any]
    key_id: str
    payload: bytes
    signature: bytes


def sign1(
    payload: bytes, *, type: int | str, key_id: str, private_key: bytes, extra: Mapping[int, Any] | None = None
) -> bytes:
    """Sign `payload` with a raw Ed25519 private key (32 bytes).

    `type` is the typ header (a media type, or a CoAP content format number), `extra` more protected header
    parameters by label. The signature is deterministic (RFC 8032): the same message gives the same bytes.
    """
    protected = cbor.encode({ALG: EDDSA, KID: key_id.encode(), TYP: type, **(extra or {})})
    signature = ed25519.sign(private_key, _to_be_signed(protected, payload))
    return _TAG_18 + cbor.encode([protected, {}, payload, signature])


def parse(data: bytes, *, type: int | str, most_bytes: int) -> Signed:
    """The parts of a message of this type. Raises Refusal; says nothing about the signature."""
    if data[:1] != _TAG_18:
        raise Refusal("not a COSE_Sign1 message (tag 18)")
    parts = cbor.decode(data[1:], most_bytes)
    match parts:
        case [bytes(protected), dict(unprotected), bytes(payload), bytes(signature)]:
            pass
        case _:
            raise Refusal("not a COSE_Sign1 message of four parts")
    if unprotected:
        raise Refusal("the unprotected header is not empty")
    if len(signature) != 64:
        raise Refusal("an Ed25519 signature has 64 bytes")
    header = cbor.decode(protected, _MOST_HEADER_BYTES)
    if not isinstance(header, dict):
        raise Refusal("the protected header is not a map")
    if _exactly(header.get(ALG), EDDSA) is None:
        raise Refusal("the algorithm is not EdDSA")
    if _exactly(header.get(TYP), type) is None:
        raise Refusal(f"the message is not of type {type}")
    kid = header.get(KID)
    if not isinstance(kid, bytes) or not 1 <= len(kid) <= 64:
        raise Refusal("the message names no key")
    try:
        key_id = kid.decode()
    except UnicodeDecodeError as error:
        raise Refusal("the key id is not text") from error
    return Signed(protected, header, key_id, payload, signature)


def verify1(message: Signed, public_key: bytes) -> None:
    """Check the signature with a raw Ed25519 public key (32 bytes). Raises BadSignature."""
    if not ed25519.verify(public_key, message.signature, _to_be_signed(message.protected, message.payload)):
        raise BadSignature(f"key {message.key_id} did not sign this")


def _exactly(value: Any, wanted: int | str) -> int | str | None:
    return value if type(value) is type(wanted) and value == wanted else None  # True == 1 does not count


def _to_be_signed(protected: bytes, payload: bytes) -> bytes:
    return cbor.encode(["Signature1", protected, b"", payload])
