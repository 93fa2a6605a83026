"""Drafts: sealed under a key that only the visitor carries, as a code to scan or to type.

    the code     "MDD2:" and 36 signs of Base32 (Crockford's, no I, L, O, U): seed 20 bytes, check 20 bits
    id, key      16 and 32 bytes of BLAKE2b-384 (RFC 7693) of the seed, personalised "mydocs draft 2"
    the check    the last 20 bits of CRC-32 (ISO 3309) of the seed
    the bytes    "MDD1", nonce 24 bytes, XChaCha20-Poly1305 of the draft as JSON, padded to a power of two

Rules. Neither the kiosk nor the backend keeps the key: what they hold can be read by nobody. The id, in hex, is under
what name the bytes are kept; it is bound to them. A seed is random, new with every save. A code is read however it was
typed: in groups, in small letters, with Russian letters of the same shape, on a Russian layout; a sign that is wrong is
noticed by the check. Codes of before, "MDD1:" + Base45 (RFC 9285) of id and key, are read as long as their drafts live.
Source: draft-irtf-cfrg-xchacha-03 (libsodium).
"""

from __future__ import annotations

import hashlib
import re
import secrets
import zlib

import base45
import msgspec
from msgspec import Struct

from kiosk.errors import DraftRefused
from kiosk.model.draft import Draft

PREFIX = "MDD2:"
FORMER_PREFIX = "MDD1:"
MAGIC = b"MDD1"
MOST_BYTES = 256 * 1024
"""Sealed drafts are no longer than this."""
ID = re.compile(r"[0-9a-f]{32}")
SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 36
"""Signs of a code after its prefix."""
GROUP = 4
_SEED_BYTES, _CHECK_BITS = 20, 20
_ID_BYTES, _KEY_BYTES, _NONCE_BYTES, _TAG_BYTES = 16, 32, 24, 16
_SMALLEST = 1024
_BOUND = b"mydocuments draft 1 "
_PERSON = b"mydocs draft 2"
_ALIKE = str.maketrans("ILOАВЕЗКМНОРСТХУ", "110ABE3KMH0PCTXY")
"""Letters that are taken for a sign of a code: those it does not have, and Russian ones of the same shape."""
_LAYOUT = str.maketrans("ЙЦУКЕНГШЩЗФЫВАПРОЛДЯЧСМИТЬЖ", "QWERTYUIOPASDFGHJKLZXCVBNM:")
"""What a scanner's keys give where a Russian layout is on, and what was meant."""
_BETWEEN = re.compile(r"[\s:\-–—]+")


class Ticket(Struct, frozen=True):
    """What a code says: under which id the draft is kept, and its key. `seed` is what both come from."""

    id: str
    key: bytes
    seed: bytes

    def code(self) -> str:
        """The text of the visitor's code."""
        return PREFIX + self._signs()

    def spelled(self) -> str:
        """The code as people read and type it: nine groups of four."""
        signs = self._signs()
        return " ".join(signs[at : at + GROUP] for at in range(0, LENGTH, GROUP))

    def _signs(self) -> str:
        number = int.from_bytes(self.seed, "big") << _CHECK_BITS | _check(self.seed)
        return "".join(SIGNS[number >> 5 * place & 31] for place in range(LENGTH - 1, -1, -1))


def new_ticket() -> Ticket:
    return _ticket(secrets.token_bytes(_SEED_BYTES))


def is_code(text: str) -> bool:
    """Whether a scanned or typed text claims to be the code of a draft; it may be damaged all the same."""
    text = _upright(text)
    return text.startswith((PREFIX, FORMER_PREFIX)) or len(_typed(text)) == LENGTH


def read_code(text: str) -> Ticket:
    """What a code says. Raises DraftRefused."""
    text = _upright(text)
    if text.startswith(FORMER_PREFIX):
        return _former(text)
    number = 0
    signs = _typed(text)
    for sign in signs:
        place = SIGNS.find(sign)
        if place < 0:
            raise DraftRefused("the code of a draft has signs that no code has")
        number = number << 5 | place
    if len(signs) != LENGTH:
        raise DraftRefused("this is not the code of a draft, or not all of it")
    seed = (number >> _CHECK_BITS).to_bytes(_SEED_BYTES, "big")
    if number & ((1 << _CHECK_BITS) - 1) != _check(seed):
        raise DraftRefused("the code of a draft is damaged")
    return _ticket(seed)


def _upright(text: str) -> str:
    """Capital letters, of the layout that was meant."""
    text = text.strip().upper()
    meant = text.translate(_LAYOUT)
    return meant if meant.startswith((PREFIX, FORMER_PREFIX)) else text


def _typed(text: str) -> str:
    """The signs of a code without its prefix and what people put between groups."""
    signs = _BETWEEN.sub("", text.removeprefix(PREFIX))
    if len(signs) == LENGTH + len(PREFIX) - 1:
        signs = signs.removeprefix(PREFIX.rstrip(":"))
    return signs.translate(_ALIKE)


def _check(seed: bytes) -> int:
    return zlib.crc32(seed) & ((1 << _CHECK_BITS) - 1)


def _ticket(seed: bytes) -> Ticket:
    made = hashlib.blake2b(seed, digest_size=_ID_BYTES + _KEY_BYTES, person=_PERSON).digest()
    return Ticket(made[:_ID_BYTES].hex(), made[_ID_BYTES:], seed)


def _former(text: str) -> Ticket:
    try:
        data = base45.b45decode(text.removeprefix(FORMER_PREFIX))
    except ValueError as error:
        raise DraftRefused("the code of a draft is damaged") from error
    if len(data) != _ID_BYTES + _KEY_BYTES:
        raise DraftRefused("this is not the code of a draft")
    return Ticket(data[:_ID_BYTES].hex(), data[_ID_BYTES:], b"")


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
