"""The sealed form of an attachment: an encrypted stream that is read and written a frame at a time.

Rules.
 1. The form is MAGIC, the 24-byte header of libsodium's secretstream (XChaCha20-Poly1305), then frames of 64 KiB of the
    file and 17 bytes each. The last frame alone may be shorter and is tagged FINAL, every other one MESSAGE; an empty
    file is one empty FINAL frame. One file has one length in this form: `sealed_length`.
 2. The associated data of every frame are the ids of submission and attachment: a file opens only where it belongs.
 3. A key (32 random bytes) seals one file once.
 4. `open_stream` raises AttachmentRefused for a cut, reordered, extended or foreign stream. What it gave out before is
    the true beginning of the file; that it is the whole file is known only when the iterator has ended.
 5. Limits and kinds are checked by `check`, on both sides; the kind of a file by its first bytes, never by its name.

Where the bytes lie and how they travel is decided elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from kiosk.errors import AttachmentRefused
from kiosk.model.attachment import Attachment
from kiosk.protocol.envelope import UUID7

MAGIC = b"MDA1"
KEY_BYTES = 32
FRAME = 64 * 1024
MOST_ATTACHMENTS = 10
MOST_BYTES = 20 * 1024 * 1024
MOST_NAME = 255
PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"
_BEGINNINGS = {b"%PDF-": PDF, b"\xff\xd8\xff": JPEG, b"\x89PNG\r\n\x1a\n": PNG}
_HEADER = 24
_OVERHEAD = 17
_START = len(MAGIC) + _HEADER
_SHA256 = re.compile(r"[0-9a-f]{64}")


def seal(chunks: Iterable[bytes], key: bytes, submission: str, attachment: str) -> Iterator[bytes]:
    """The sealed form of a file that comes in chunks of any length."""
    from nacl import bindings

    state = bindings.crypto_secretstream_xchacha20poly1305_state()
    yield MAGIC + bindings.crypto_secretstream_xchacha20poly1305_init_push(state, key)
    bound = _bound(submission, attachment)
    for frame, last in _frames(chunks, FRAME):
        tag = (
            bindings.crypto_secretstream_xchacha20poly1305_TAG_FINAL
            if last
            else bindings.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE
        )
        yield bindings.crypto_secretstream_xchacha20poly1305_push(state, frame, bound, tag)


def open_stream(chunks: Iterable[bytes], key: bytes, submission: str, attachment: str) -> Iterator[bytes]:
    """The file out of its sealed form, which comes in chunks of any length. Raises AttachmentRefused."""
    from nacl import bindings
    from nacl.exceptions import CryptoError

    source = iter(chunks)
    start = b""
    while len(start) < _START and (chunk := next(source, None)) is not None:
        start += chunk
    if len(start) < _START or not start.startswith(MAGIC):
        raise AttachmentRefused("not a sealed attachment")
    if len(key) != KEY_BYTES:
        raise AttachmentRefused(f"the key of an attachment has {KEY_BYTES} bytes")
    state = bindings.crypto_secretstream_xchacha20poly1305_state()
    bindings.crypto_secretstream_xchacha20poly1305_init_pull(state, start[len(MAGIC) : _START], key)
    bound = _bound(submission, attachment)
    for number, (frame, last) in enumerate(_frames(_chain(start[_START:], source), FRAME + _OVERHEAD)):
        if len(frame) < _OVERHEAD or (number and len(frame) == _OVERHEAD):
            raise AttachmentRefused("the sealed attachment is cut")
        try:
            opened, tag = bindings.crypto_secretstream_xchacha20poly1305_pull(state, frame, bound)
        except (CryptoError, RuntimeError) as error:
            raise AttachmentRefused("the sealed attachment does not open: changed, cut or of another key") from error
        if last != (tag == bindings.crypto_secretstream_xchacha20poly1305_TAG_FINAL) or (
            not last and tag != bindings.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE
        ):
            raise AttachmentRefused("the sealed attachment does not end where its end was sealed")
        yield opened


def sealed_length(size: int) -> int:
    """How long the sealed form of a file of `size` bytes is."""
    return _START + size + _OVERHEAD * max(1, -(-size // FRAME))


def media_type(beginning: bytes) -> str | None:
    """The kind of a file by its first bytes, None for a kind that is not taken."""
    return next((kind for start, kind in _BEGINNINGS.items() if beginning.startswith(start)), None)


def check(attachments: Sequence[Attachment]) -> None:
    """Whether these can be the attachments of one submission. Raises AttachmentRefused."""
    if len(attachments) > MOST_ATTACHMENTS:
        raise AttachmentRefused(f"{len(attachments)} attachments are more than the {MOST_ATTACHMENTS} allowed")
    if len({one.id for one in attachments}) != len(attachments):
        raise AttachmentRefused("two attachments have one id")
    for one in attachments:
        sound = {
            "id": UUID7.fullmatch(one.id),
            "name": 0 < len(one.name) <= MOST_NAME and one.name.isprintable() and not set(one.name) & set("/\\"),
            "kind": one.media_type in _BEGINNINGS.values(),
            "size": 0 < one.size <= MOST_BYTES,
            "length": one.length == sealed_length(one.size),
            "digest": _SHA256.fullmatch(one.sha256),
            "key": len(one.key) == KEY_BYTES,
        }
        for part, good in sound.items():
            if not good:
                raise AttachmentRefused(f"an attachment's {part} has no valid form")


def _bound(submission: str, attachment: str) -> bytes:
    """Both are UUIDs in text form, so one joined text has one meaning."""
    return f"{submission}{attachment}".encode("ascii")


def _chain(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _frames(chunks: Iterable[bytes], length: int) -> Iterator[tuple[bytes, bool]]:
    """Pieces of `length` bytes and whether this is the last one, which may be shorter; one empty piece of nothing."""
    held = bytearray()
    for chunk in chunks:
        held += chunk
        # One byte more: a full piece may be the last one.
        while len(held) > length:
            yield bytes(held[:length]), False
            del held[:length]
    yield bytes(held), True
