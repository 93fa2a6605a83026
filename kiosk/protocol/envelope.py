"""The sealed envelope: a submission on its way, readable by the backend only.

Rules.
 1. The plaintext is a 4-byte length, the submission as JSON, and zeros up to a length bucket: a power of two from
    1 KiB to 1 MiB. The network sees the bucket, never the length.
 2. It is sealed with HPKE in base mode (RFC 9180). `info` is deterministic CBOR of [label, form-set version,
    submission id, key id], so a ciphertext opens only as what it was sealed as.
 3. The device signs header and ciphertext together (COSE_Sign1, see cose.py). The header shows what the backend
    needs before it opens anything; service, receipt number and answers are inside the seal.
 4. `read` needs no key and checks the form only; `verify` checks the device's signature; `open_envelope` opens it and
    holds what is inside against the header. Whatever is wrong ends in EnvelopeRefused.

Which recipient key to choose and who is enrolled is decided elsewhere.
"""

from __future__ import annotations

import hashlib
import re

import msgspec
from msgspec import Struct

from kiosk.errors import EnvelopeRefused, Refusal
from kiosk.model.content import RecipientKey
from kiosk.model.device import DeviceIdentity
from kiosk.model.submission import Submission
from kiosk.protocol import cbor, cose, keys

TYPE = "application/mdk.envelope"
LABEL = "mdk envelope 1"
SMALLEST_BUCKET, LARGEST_BUCKET = 1024, 1024 * 1024
MOST_BYTES = LARGEST_BUCKET + 4096
_HEADER = -70001
_LENGTH_BYTES = 4
UUID7 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
KIOSK_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
_KEY_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,63}")
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?Z", re.ASCII)
_MOST_NUMBER = 2**53


class EnvelopeHeader(Struct, frozen=True):
    """What an envelope shows without a key.

    `id` UUIDv7 text, `sequence` the kiosk's running number from 1, `boot` its boot counter, `suite` and `key_id` of
    the recipient key, `form_set` the content version, `length_bucket` bytes, `created_at` UTC, ISO 8601 with Z.
    """

    id: str
    kiosk: str
    sequence: int
    boot: int
    suite: int
    key_id: str
    form_set: int
    length_bucket: int
    created_at: str


class Envelope(Struct, frozen=True):
    """A well-formed envelope, not verified. `digest` is the SHA-256 of its bytes; `sealed` the HPKE output."""

    header: EnvelopeHeader
    digest: bytes
    sealed: bytes
    signed: cose.Signed


def digest(data: bytes) -> bytes:
    """The SHA-256 (32 bytes) that names an envelope."""
    return hashlib.sha256(data).digest()


def seal(
    submission: Submission,
    *,
    recipient: RecipientKey,
    device: DeviceIdentity,
    sequence: int,
    boot: int,
    content_version: int,
) -> bytes:
    """Seal a submission to the backend and sign it as this device.

    Raises EnvelopeRefused when the submission is too long for the largest bucket or a header value has no valid form.
    """
    plaintext = msgspec.json.encode(submission)
    bucket = _bucket(len(plaintext) + _LENGTH_BYTES)
    header = EnvelopeHeader(
        submission.id,
        device.kiosk,
        sequence,
        boot,
        recipient.suite,
        recipient.id,
        content_version,
        bucket,
        submission.created_at,
    )
    _check(header)
    padded = (len(plaintext).to_bytes(_LENGTH_BYTES) + plaintext).ljust(bucket, b"\0")
    key = keys.load_recipient(recipient)
    try:
        sealed = keys.hpke_suite(recipient.suite).encrypt(padded, key, _info(header))
    except ValueError as error:  # a public key of low order
        raise EnvelopeRefused(f"nothing can be sealed to recipient key {recipient.id}") from error
    return cose.sign1(
        sealed,
        type=TYPE,
        key_id=device.kiosk,
        private_key=device.private_key,
        extra={_HEADER: list(msgspec.structs.astuple(header))},
    )


def read(data: bytes) -> Envelope:
    """The header of an envelope, without any key. Raises EnvelopeRefused for bytes that are none."""
    try:
        signed = cose.parse(data, type=TYPE, most_bytes=MOST_BYTES)
    except Refusal as error:
        raise EnvelopeRefused(f"not an envelope: {error.engineer}") from error
    if signed.header.keys() != {cose.ALG, cose.KID, cose.TYP, _HEADER}:
        raise EnvelopeRefused("not an envelope: its header has other parts")
    try:
        header = msgspec.convert(
            dict(zip(EnvelopeHeader.__struct_fields__, signed.header[_HEADER], strict=True)), EnvelopeHeader
        )
    except (msgspec.ValidationError, TypeError, ValueError) as error:
        raise EnvelopeRefused("not an envelope: its header has no valid form") from error
    _check(header)
    if signed.key_id != header.kiosk:
        raise EnvelopeRefused("not an envelope: signed in the name of another kiosk")
    if len(signed.payload) != header.length_bucket + keys.OVERHEAD_BYTES[header.suite]:
        raise EnvelopeRefused("not an envelope: it is not as long as its header says")
    return Envelope(header, digest(data), signed.payload, signed)


def verify(envelope: Envelope, device_public_key: bytes) -> None:
    """Check the device's signature (raw Ed25519 key, 32 bytes). Raises EnvelopeRefused."""
    try:
        cose.verify1(envelope.signed, device_public_key)
    except Refusal as error:
        raise EnvelopeRefused(f"kiosk {envelope.header.kiosk} did not sign this envelope") from error


def open_envelope(envelope: Envelope, private_key: keys.RecipientPrivateKey) -> Submission:
    """What is inside. Checks no signature: call `verify` first. Raises EnvelopeRefused."""
    from cryptography.exceptions import InvalidTag

    header = envelope.header
    if (private_key.id, private_key.suite) != (header.key_id, header.suite):
        raise EnvelopeRefused(f"sealed to key {header.key_id}, not to {private_key.id}")
    key = keys.load_recipient_private(private_key)
    try:
        padded = keys.hpke_suite(header.suite).decrypt(envelope.sealed, key, _info(header))
    except (InvalidTag, ValueError) as error:
        raise EnvelopeRefused("the seal does not open with the key it names") from error
    length = int.from_bytes(padded[:_LENGTH_BYTES])
    end = _LENGTH_BYTES + length
    if end > len(padded) or padded[end:].strip(b"\0") or _bucket(end) != header.length_bucket:
        raise EnvelopeRefused("what is sealed is not padded as it should be")
    try:
        submission = msgspec.json.decode(padded[_LENGTH_BYTES:end], type=Submission)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise EnvelopeRefused("what is sealed is not a submission") from error
    if (submission.id, submission.created_at) != (header.id, header.created_at):
        raise EnvelopeRefused("what is sealed is not what the header says")
    return submission


def _bucket(length: int) -> int:
    if length > LARGEST_BUCKET:
        raise EnvelopeRefused(f"a submission of {length} bytes is more than an envelope holds")
    return max(SMALLEST_BUCKET, 1 << (length - 1).bit_length())


def _info(header: EnvelopeHeader) -> bytes:
    return cbor.encode([LABEL, header.form_set, header.id, header.key_id])


def _check(header: EnvelopeHeader) -> None:
    bucket = header.length_bucket
    sound = {
        "submission id": UUID7.fullmatch(header.id),
        "kiosk": KIOSK_ID.fullmatch(header.kiosk),
        "running number": 1 <= header.sequence < _MOST_NUMBER,
        "boot counter": 0 <= header.boot < _MOST_NUMBER,
        "suite": header.suite in keys.OVERHEAD_BYTES,
        "key id": _KEY_ID.fullmatch(header.key_id),
        "form-set version": 0 <= header.form_set < _MOST_NUMBER,
        "length bucket": SMALLEST_BUCKET <= bucket <= LARGEST_BUCKET and bucket.bit_count() == 1,
        "creation time": _TIME.fullmatch(header.created_at),
    }
    for name, good in sound.items():
        if not good:
            raise EnvelopeRefused(f"not an envelope: its {name} has no valid form")
