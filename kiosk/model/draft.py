"""A draft: an application that a visitor saves to continue later."""

from __future__ import annotations

from msgspec import Struct

from kiosk.model.form import Answers
from kiosk.model.text import Text


class Draft(Struct, frozen=True):
    """What is sealed under the key in the visitor's code. Files are not in it: they are added again.

    `page` is where the visitor was; `saved_at` is UTC, ISO 8601 with Z.
    """

    service: str
    form: str
    form_version: int
    language: str
    page: str
    answers: Answers
    saved_at: str


class DraftSlip(Struct, frozen=True):
    """What a visitor takes along of a saved application: its code, never an answer.

    `service` is its name in a few words, `until` the last day of the code, ISO 8601.
    """

    code: str
    spelled: str
    service: Text
    until: str
    language: str
    large_print: bool = False
