"""Documents as they travel: one by one beside a shared dictionary, or all in one solid pack.

Rules. Bodies are canonical JSON. A compressed document is one zstd frame (RFC 8878) that declares its size; it is
expanded only when that size is the one a signed manifest gave, so nothing can swell. A file of a document is named by
the SHA-256 of its body and, because the bytes depend on it, by the dictionary. The pack is one zstd frame of

    "MDP1" varint(documents) head* varint(bytes of the body)* body*       in order of ids; `head` as in manifest.py

It does not check hashes: who holds the signed row does (manifest.py).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
import zstandard

from kiosk.errors import ContentRefused
from kiosk.model.content import Document
from kiosk.protocol.manifest import MOST_BYTES, MOST_DOCUMENTS, head, read_head
from kiosk.protocol.varint import Reader, varint

LEVEL = 19
MOST_PACK_BYTES = 512 * 1024 * 1024
FRAME_BYTES = 1_024
"""What a frame may be longer than its body at most: header, checksum, blocks that do not shrink."""

_PACK = b"MDP1"
_LEAST_DICTIONARY = 4 * 1024
_MOST_DICTIONARY = 64 * 1024
_LEAST_SAMPLES = 50
_SAMPLE_BYTES = 2 * 1024 * 1024


def canonical(value: object) -> bytes:
    """The body of a document: UTF-8 JSON of a Struct with sorted keys and no spaces."""
    return msgspec.json.encode(value, order="sorted")


def document_name(sha256: bytes, dictionary: str) -> str:
    """The file of a document: its hash, and the first digits of the dictionary's (`dictionary` in hex, "": none)."""
    return f"{sha256.hex()}.{dictionary[:8]}.zst" if dictionary else f"{sha256.hex()}.zst"


def train(bodies: Sequence[bytes]) -> bytes:
    """A zstd dictionary for these bodies: a thirty-second of their size, 4 to 64 KiB; b"" for too few of them.

    Of many bodies every second, third … is looked at: training takes time beyond proportion and gains nearly nothing.
    """
    total = sum(map(len, bodies))
    size = min(_MOST_DICTIONARY, total // 32)
    if size < _LEAST_DICTIONARY or len(bodies) < _LEAST_SAMPLES:
        return b""
    step = min(-(-total // _SAMPLE_BYTES), len(bodies) // _LEAST_SAMPLES)
    return bytes(zstandard.train_dictionary(size, list(bodies[::step]), level=LEVEL).as_bytes())


class Codec:
    """Compresses and expands single documents with one dictionary (b"": none)."""

    def __init__(self, dictionary: bytes) -> None:
        self._bytes = dictionary
        self.dictionary = hashlib.sha256(dictionary).hexdigest() if dictionary else ""
        options: dict[str, Any] = {}
        if dictionary:
            options["dict_data"] = zstandard.ZstdCompressionDict(dictionary)
        self._compressor = zstandard.ZstdCompressor(level=LEVEL, **options)
        self._expander = zstandard.ZstdDecompressor(**options)

    def another(self) -> Codec:
        """The same for another thread: a codec serves one at a time."""
        return Codec(self._bytes)

    def compress(self, body: bytes) -> bytes:
        return self._compressor.compress(body)

    def expand(self, data: bytes, length: int) -> bytes:
        """The body, which must have `length` bytes. Raises ContentRefused."""
        return _expand(self._expander, data, length)


def pack(documents: Iterable[Document]) -> bytes:
    """All documents in one frame."""
    made = sorted(documents, key=lambda one: one.id)
    parts = [_PACK, varint(len(made))]
    before = ""
    for document in made:
        parts.append(head(document.id, before))
        before = document.id
    parts += [varint(len(document.body)) for document in made]
    parts += [document.body for document in made]
    return zstandard.ZstdCompressor(level=LEVEL).compress(b"".join(parts))


def unpack(data: bytes) -> list[Document]:
    """The documents of a pack. Raises ContentRefused."""
    raw = _expand(zstandard.ZstdDecompressor(), data, None)
    if not raw.startswith(_PACK):
        raise ContentRefused("a pack does not begin as one")
    reader = Reader(raw, len(_PACK))
    ids: list[str] = []
    for _ in range(reader.varint(MOST_DOCUMENTS)):
        ids.append(read_head(reader, ids[-1] if ids else ""))
    lengths = [reader.varint(MOST_BYTES) for _ in ids]
    documents = [Document(id_, reader.take(length)) for id_, length in zip(ids, lengths, strict=True)]
    if not reader.ended:
        raise ContentRefused("a pack says more than its documents")
    return documents


def squeeze(data: bytes) -> bytes:
    """Any bytes as one zstd frame (the dictionary travels like that)."""
    return zstandard.ZstdCompressor(level=LEVEL).compress(data)


def unsqueeze(data: bytes, most: int = MOST_BYTES) -> bytes:
    """What `squeeze` was given, at most `most` bytes. Raises ContentRefused."""
    return _expand(zstandard.ZstdDecompressor(), data, None, most)


def _expand(
    expander: zstandard.ZstdDecompressor, data: bytes, length: int | None, most: int = MOST_PACK_BYTES
) -> bytes:
    try:
        # The declared size decides how much memory is taken, so it is looked at first.
        declared = zstandard.frame_content_size(data)
        if declared < 0 or declared > most or (length is not None and declared != length):
            raise ContentRefused(f"compressed content declares {declared} bytes, not {length or 'a size it may have'}")
        return expander.decompress(data, allow_extra_data=False)
    except zstandard.ZstdError as error:
        raise ContentRefused(f"compressed content does not expand: {error}") from error
