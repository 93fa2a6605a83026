"""Keys, devices and submissions that the tests of this folder share."""

from __future__ import annotations

from functools import cache

from kiosk.model.content import RecipientKey
from kiosk.model.device import CertificateClaims, DeviceIdentity
from kiosk.model.submission import Submission
from kiosk.protocol import certificate, envelope, keys

ID = "01890a5d-ac96-774b-bcce-b302099a8057"
NOT_AFTER = "2030-01-01T00:00:00Z"


@cache
def signing(name: str) -> keys.SigningKey:
    return keys.make_signing_key(name)


@cache
def recipient(suite: int) -> tuple[keys.RecipientPrivateKey, RecipientKey]:
    return keys.make_recipient(suite, NOT_AFTER)


def claims(**changes: object) -> CertificateClaims:
    values = {
        "kiosk": "k16",
        "number": 16,
        "centre": "centre-1",
        "public_key": signing("device").public,
        "not_before": 1_000,
        "not_after": 1_000 + certificate.LIFETIME_S,
        "issuer_key": signing("authority").id,
    }
    return CertificateClaims(**(values | changes))  # type: ignore[arg-type]


def device() -> DeviceIdentity:
    authority = signing("authority")
    issued = certificate.issue(claims(), authority.id, authority.private)
    return DeviceIdentity("k16", 16, "centre-1", signing("device").private, issued)


def submission(answers: dict[str, object] | None = None, **changes: object) -> Submission:
    values = {
        "id": ID,
        "receipt_number": "16-000001",
        "service": "S0001",
        "form": "library-ticket",
        "form_version": 1,
        "language": "ru",
        "answers": answers if answers is not None else {"name": "Проба"},
        "created_at": "2026-03-01T10:00:00Z",
        "consent": True,
    }
    return Submission(**(values | changes))  # type: ignore[arg-type]


def sealed(suite: int = keys.X_WING, **changes: object) -> bytes:
    return envelope.seal(
        submission(**changes),  # type: ignore[arg-type]
        recipient=recipient(suite)[1],
        device=device(),
        sequence=7,
        boot=3,
        content_version=12,
    )
