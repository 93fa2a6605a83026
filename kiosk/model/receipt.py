"""A receipt: what the visitor takes away. It never holds answers."""

from __future__ import annotations

from msgspec import Struct

from kiosk.model.text import Text


class Step(Struct, frozen=True):
    """One thing that happens next: `title` in a few words, `note` with where and how; `sending` steps are over once the
    application has arrived.
    """

    title: str
    note: str = ""
    sending: bool = False


class Receipt(Struct, frozen=True):
    """A receipt in one language. `created_at` is local time with offset, ISO 8601; `code` is the text of its QR.

    `time_doubtful`: the clock of the kiosk was wrong, and the receipt says so.
    """

    number: str
    submission: str
    created_at: str
    language: str
    service: Text
    centre: Text
    address: Text
    next_steps: tuple[Step, ...]
    code: str
    large_print: bool = False
    time_doubtful: bool = False


class ReceiptClaims(Struct, frozen=True):
    """What a receipt's code proves: number, submission id, service, UNIX time, kiosk."""

    number: str
    submission: str
    service: str
    time: int
    kiosk: str
