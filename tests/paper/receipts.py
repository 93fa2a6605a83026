"""Receipts for the tests of paper."""

from __future__ import annotations

import functools

from kiosk.model.content import VerificationKey
from kiosk.model.device import CertificateClaims, DeviceIdentity
from kiosk.model.draft import DraftSlip
from kiosk.model.receipt import Receipt, ReceiptClaims, Step
from kiosk.model.text import Text
from kiosk.passes import receipt_code
from kiosk.protocol import certificate, draft, keys

SUBMISSION = "0190aaaa-0000-7000-8000-000000000001"
TIME = 1_790_000_000


@functools.cache
def code() -> tuple[str, VerificationKey]:
    """The code of a real receipt, and the authority that stands behind it."""
    authority, device = keys.make_signing_key("device-authority"), keys.make_signing_key("device")
    claims = CertificateClaims("k16", 16, "sokol", device.public, TIME - 60, TIME + 86_400, authority.id)
    issued = certificate.issue(claims, authority.id, authority.private)
    identity = DeviceIdentity("k16", 16, "sokol", device.private, issued)
    made = receipt_code.make(ReceiptClaims("16-004127-3", SUBMISSION, "S0438", TIME, "k16"), identity)
    return made, authority.verification()


def receipt(language: str = "ru", *, large_print: bool = False) -> Receipt:
    ru = language == "ru"
    steps = (
        Step("Заявление уходит в ведомство", "Само, как только будет сеть. Ждать здесь не надо"),
        Step("Подготовьте документы", "Паспорт; СНИЛС; Фотография"),
        Step("Результат через 10 рабочих дней", "МФЦ района Сокол, Чапаевский пер., д. 16"),
    )
    if not ru:
        steps = (
            Step("Your application goes to the office", "By itself, as soon as there is a network"),
            Step("Get your documents ready", "Passport; SNILS; Photograph"),
            Step("You will be told the decision"),
        )
    return Receipt(
        number="16-004127-3",
        submission=SUBMISSION,
        created_at="2026-09-21T17:13:20+03:00",
        language=language,
        service=Text("Единый читательский билет (библиотеки Москвы)", "Unified library card"),
        centre=Text("МФЦ района Сокол", "My Documents, Sokol"),
        address=Text("Чапаевский пер., д. 16", "Chapayevsky pereulok 16"),
        next_steps=steps,
        code=code()[0],
        large_print=large_print,
    )


def slip(language: str = "ru", *, large_print: bool = False) -> DraftSlip:
    """The slip of an application for a service whose name is as long as names without a short one are."""
    ticket = draft._ticket(bytes(range(20)))
    title = Text(
        "Разрешение использовать изображение памятника на товарах",
        "Permit to use the picture of a monument on goods and adverts",
    )
    return DraftSlip(ticket.code(), ticket.spelled(), title, "2026-12-24", language, large_print)
