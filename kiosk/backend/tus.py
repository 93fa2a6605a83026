"""The words of tus 1.0.0 in headers: what a request asks for, and what an answer says.

Rules. Extensions: creation, checksum, expiration, termination. Metadata of a creation holds exactly `submission`,
`attachment` (UUIDv7) and `sha256` (hex, of the sealed file): a file's name or kind never travels outside of the seal.
Whatever has another form is a problem and is told by one sentence of ours; nothing of a header is ever logged.

Source: https://tus.io/protocols/resumable-upload, version 1.0.0. It decides nothing and keeps nothing.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from email.utils import formatdate

from msgspec import Struct
from starlette.datastructures import Headers

from kiosk.backend.http import Problematic
from kiosk.protocol import attachment
from kiosk.protocol.envelope import UUID7

VERSION = "1.0.0"
EXTENSIONS = "creation,checksum,expiration,termination"
CHECKSUMS = "sha256"
BODY = "application/offset+octet-stream"
MOST_LENGTH = attachment.sealed_length(attachment.MOST_BYTES)
LEAST_LENGTH = attachment.sealed_length(0)
_MOST_METADATA = 1024
_SHA256 = re.compile(r"[0-9a-f]{64}")


class Creation(Struct, frozen=True):
    """What a POST announces: `length` bytes of a sealed attachment with this digest (hex)."""

    submission: str
    attachment: str
    sha256: str
    length: int


def about() -> dict[str, str]:
    """The headers of an answer to OPTIONS."""
    return {
        "Tus-Version": VERSION,
        "Tus-Extension": EXTENSIONS,
        "Tus-Checksum-Algorithm": CHECKSUMS,
        "Tus-Max-Size": str(MOST_LENGTH),
    }


def check_version(headers: Headers) -> None:
    """Raises Problematic, 412, for a client of another version."""
    if headers.get("tus-resumable", "") != VERSION:
        raise Problematic("wrong-version", f"version {VERSION} is spoken here", {"Tus-Version": VERSION})


def creation(headers: Headers) -> Creation:
    """What the headers of a POST announce. Raises Problematic."""
    length = _number(headers, "upload-length")
    if length > MOST_LENGTH:
        raise Problematic("too-large", f"an upload has at most {MOST_LENGTH} bytes")
    if length < LEAST_LENGTH:
        raise Problematic("malformed", f"a sealed attachment has at least {LEAST_LENGTH} bytes")
    values = _metadata(headers.get("upload-metadata", ""))
    if values.keys() != {"submission", "attachment", "sha256"}:
        raise Problematic("malformed", "Upload-Metadata holds submission, attachment and sha256, and nothing else")
    submission, id_, sha256 = values["submission"], values["attachment"], values["sha256"]
    if not (UUID7.fullmatch(submission) and UUID7.fullmatch(id_) and _SHA256.fullmatch(sha256)):
        raise Problematic("malformed", "Upload-Metadata names two UUIDv7 and a SHA-256 in hex")
    return Creation(submission, id_, sha256, length)


def offset(headers: Headers) -> int:
    """The Upload-Offset of a PATCH. Raises Problematic."""
    return _number(headers, "upload-offset")


def check_body(headers: Headers, body: bytes) -> None:
    """Hold a body against its Upload-Checksum, where there is one. Raises Problematic, 460 for other bytes."""
    said = headers.get("upload-checksum")
    if said is None:
        return
    algorithm, _, value = said.partition(" ")
    try:
        digest = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Problematic("malformed", "Upload-Checksum is an algorithm and base64") from error
    if algorithm != CHECKSUMS or len(digest) != 32:
        raise Problematic("malformed", f"the checksums taken here are {CHECKSUMS}")
    if digest != hashlib.sha256(body).digest():
        raise Problematic("wrong-checksum", "nothing of the body was kept")


def expires(at: int | None) -> dict[str, str]:
    """The header that says until when an unfinished upload is kept (UNIX seconds); none for one that is kept."""
    return {} if at is None else {"Upload-Expires": formatdate(at, usegmt=True)}


def _number(headers: Headers, name: str) -> int:
    text = headers.get(name, "")
    if not (text.isascii() and text.isdecimal() and len(text) <= 15):
        raise Problematic("malformed", f"{name} is a whole number")
    return int(text)


def _metadata(text: str) -> dict[str, str]:
    values: dict[str, str] = {}
    if len(text) > _MOST_METADATA:
        raise Problematic("malformed", "Upload-Metadata is too long")
    for pair in filter(None, text.split(",")):
        key, _, value = pair.strip().partition(" ")
        try:
            known = base64.b64decode(value, validate=True).decode("ascii")
        except (binascii.Error, ValueError) as error:
            raise Problematic("malformed", "Upload-Metadata holds keys with base64 values") from error
        if not key or key in values:
            raise Problematic("malformed", "Upload-Metadata names one thing twice, or nothing")
        values[key] = known
    return values
