"""The confirmation: the backend's signed word about one submission.

Rules. COSE_Sign1 over deterministic CBOR; the claims bind the submission's id and the SHA-256 of the envelope that
the backend has, so a confirmation never settles other bytes. The same claims and key give the same bytes. States:
received (it is kept for good), registered (under a number), with_official (a person looks at it, with the reason),
refused (with the reason; the applicant is told through the contact they gave).

It holds no answers and no service.
"""

from __future__ import annotations

from typing import Literal

import msgspec
from msgspec import Struct

from kiosk.errors import Refusal
from kiosk.model.content import VerificationKey
from kiosk.protocol import cbor, cose

TYPE = "application/mdk.confirmation"
MOST_BYTES = 8 * 1024
State = Literal["received", "registered", "with_official", "refused"]


class Confirmation(Struct, frozen=True):
    """`id` of the submission, `digest` SHA-256 of its envelope (32 bytes), `time` UNIX seconds.

    `number` only when registered; `reason`, one sentence for staff, only with_official or refused.
    """

    id: str
    digest: bytes
    state: State
    number: str
    reason: str
    time: int


def sign(claims: Confirmation, key_id: str, private_key: bytes) -> bytes:
    """Sign the claims with a raw Ed25519 key (32 bytes)."""
    payload = cbor.encode(list(msgspec.structs.astuple(claims)))
    return cose.sign1(payload, type=TYPE, key_id=key_id, private_key=private_key)


def verify(data: bytes, keys: tuple[VerificationKey, ...]) -> Confirmation:
    """The claims of a confirmation signed by one of these keys. Raises Refusal."""
    signed = cose.parse(data, type=TYPE, most_bytes=MOST_BYTES)
    key = next((key for key in keys if key.id == signed.key_id), None)
    if key is None:
        raise Refusal(f"a confirmation by key {signed.key_id}, which is not published")
    cose.verify1(signed, key.public)
    value = cbor.decode(signed.payload, MOST_BYTES)
    try:
        claims = msgspec.convert(dict(zip(Confirmation.__struct_fields__, value, strict=True)), Confirmation)
    except (msgspec.ValidationError, TypeError, ValueError) as error:
        raise Refusal("a confirmation whose claims are not as they should be") from error
    if len(claims.digest) != 32 or bool(claims.number) != (claims.state == "registered"):
        raise Refusal("a confirmation whose claims contradict each other")
    return claims
