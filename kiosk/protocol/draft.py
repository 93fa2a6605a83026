"""Drafts: sealed under a key that only the visitor carries, as a code to scan.

    the code     "MDD1:" + Base45(id 16 bytes, key 32 bytes)
    the bytes    "MDD1", nonce 24 bytes, XChaCha20-Poly1305 of the draft as JSON, padded to a power of two

Rules. Neither the kiosk nor the backend keeps the key: what they hold can be read by nobody. The id, in hex, is under
what name the bytes are kept; it is bound to them. Id and key are random, new with every save. Source: RFC 8439 and
draft-irtf-cfrg-xchacha-03 (libsodium), RFC 9285 for Base45.
"""

from __future__ import annotations

import re
import secrets

import base45
import msgspec
from msgspec import Struct

from kiosk.errors import DraftRefused
from kiosk.model.draft import Draft

PREFIX = "MDD1:"
MAGIC = b"MDD1"
MOST_BYTES = 256 * 1024
"""Sealed drafts are no longer than this."""
ID = re.compile(r"[0-9a-f]{32}")
_ID_BYTES, _KEY_BYTES, _NONCE_BYTES, _TAG_BYTES = 16, 32, 24, 16
_SMALLEST = 1024
_BOUND = b"mydocuments draft 1 "


class Ticket(Struct, frozen=True):
    """What a code says: under which id the draft is kept, and its key."""

    id: str
    key: bytes

    def code(self) -> str:
        """The text of the visitor's code."""
        packed: bytes = base45.b45encode(bytes.fromhex(self.id) + self.key)
        return PREFIX + packed.decode()


def new_ticket() -> Ticket:
    return Ticket(secrets.token_bytes(_ID_BYTES).hex(), secrets.token_bytes(_KEY_BYTES))


def is_code(text: str) -> bool:
    """Whether a scanned text claims to be the code of a draft."""
    return text.startswith(PREFIX)


def read_code(text: str) -> Ticket:
    """What a code says. Raises DraftRefused."""
    try:
        data = base45.b45decode(text.strip().removeprefix(PREFIX)) if is_code(text.strip()) else b""
    except ValueError as error:
        raise DraftRefused("the code of a draft is damaged") from error
    if len(data) != _ID_BYTES + _KEY_BYTES:
        raise DraftRefused("this is not the code of a draft")
    return Ticket(data[:_ID_BYTES].hex(), data[_ID_BYTES:])


def seal(draft: Draft, ticket: Ticket) -> bytes:
    """The bytes that are kept. Raises DraftRefused for a draft that is too long."""
    from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_encrypt as encrypt

    plain = msgspec.json.encode(draft)
    padded = plain.ljust(_length(len(plain)))  # blanks after JSON mean nothing
    if len(padded) > MOST_BYTES // 2:
        raise DraftRefused(f"the draft has {len(plain)} bytes, more than a draft may have")
    nonce = secrets.token_bytes(_NONCE_BYTES)
    sealed: bytes = encrypt(padded, _BOUND + bytes.fromhex(ticket.id), nonce, ticket.key)
    return MAGIC + nonce + sealed


def open_sealed(data: bytes, ticket: Ticket) -> Draft:
    """The draft of a ticket. Raises DraftRefused for bytes of another one, changed or cut."""
    from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_decrypt as decrypt
    from nacl.exceptions import CryptoError

    start = len(MAGIC) + _NONCE_BYTES
    if not data.startswith(MAGIC) or not start + _TAG_BYTES < len(data) <= MOST_BYTES:
        raise DraftRefused("these bytes are not a draft")
    try:
        plain = decrypt(data[start:], _BOUND + bytes.fromhex(ticket.id), data[len(MAGIC) : start], ticket.key)
        return msgspec.json.decode(plain, type=Draft)
    except CryptoError as error:
        raise DraftRefused("the draft does not open under this code") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise DraftRefused("the draft is of another version of the program") from error


def _length(length: int) -> int:
    size = _SMALLEST
    while size < length:
        size *= 2
    return size
