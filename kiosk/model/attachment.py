"""An attachment: a file that a visitor sends with an application."""

from __future__ import annotations

from msgspec import Struct


class Attachment(Struct, frozen=True):
    """What an official needs to fetch, check, open and show one file. Travels inside the seal of its submission only.

    `id` is a UUIDv7 in text form; `name` the file name that is shown; `size` the bytes of the file, `length` those of
    its sealed form and `sha256` the digest of that form in hex; `key` (32 bytes) opens it (protocol/attachment.py).
    """

    id: str
    name: str
    media_type: str
    size: int
    length: int
    sha256: str
    key: bytes
