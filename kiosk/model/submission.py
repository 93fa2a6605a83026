"""A submission: what a visitor sends, and the states it passes through."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from kiosk.model.attachment import Attachment
from kiosk.model.form import Answers


class Submission(Struct, frozen=True, omit_defaults=True):
    """What is sealed. `id` is a UUIDv7 in text form; `created_at` is UTC, ISO 8601 with Z."""

    id: str
    receipt_number: str
    service: str
    form: str
    form_version: int
    language: str
    answers: Answers
    created_at: str
    consent: bool
    attachments: tuple[Attachment, ...] = ()


class SubmissionState(StrEnum):
    WAITING = "waiting"
    SENDING = "sending"
    RECEIVED = "received"
    REGISTERED = "registered"
    NEEDS_ATTENTION = "needs_attention"


class OutboxRow(Struct, frozen=True):
    """A row of the outbox, without contents.

    `sequence` is the kiosk's running number (1, 2, 3 ...); `digest` the SHA-256 of the envelope (32 bytes);
    `lease_until` and `next_attempt` are UNIX seconds (0: none); `problem` is problem+json text or "".
    """

    id: str
    sequence: int
    receipt_number: str
    state: SubmissionState
    created_at: str
    attempts: int
    digest: bytes
    lease_until: float = 0.0
    next_attempt: float = 0.0
    registered_number: str = ""
    problem: str = ""
