"""What goes on paper comes from the receipt and the catalogue; there is no room for an answer."""

from __future__ import annotations

import msgspec
import pytest

from kiosk.model.receipt import Receipt
from kiosk.paper.pdf import pdf
from kiosk.paper.receipt import receipt_sheet
from kiosk.paper.text import text
from kiosk.passes import qr, receipt_code
from tests.helpers import profiles
from tests.helpers.profiles import KioskProfile
from tests.paper import receipts


def test_a_receipt_of_a_filled_form(kiosk_profile: KioskProfile) -> None:
    answers = profiles.put(kiosk_profile.answers(), "/applicant/last", "Канарейкина")
    answers = profiles.put(answers, "/contact/phone", "+79167654321")
    receipt = kiosk_profile.submit(answers)
    sheet = receipt_sheet(receipt)
    readable = text(sheet) + msgspec.json.encode(sheet).decode() + repr(receipt_code.verify(receipt.code, ()))
    typed = ["Канарейкина", "7654321", "4509 123456", "1951-03-04", "anna@example.ru"]
    assert not any(answer in readable for answer in typed)
    assert pdf(sheet, qr.svg).startswith(b"%PDF-1.7")


def test_a_receipt_has_exactly_these_parts() -> None:
    assert set(Receipt.__struct_fields__) == {
        "number",
        "submission",
        "created_at",
        "language",
        "service",
        "centre",
        "address",
        "next_steps",
        "code",
        "large_print",
        "time_doubtful",
    }


@pytest.mark.parametrize("when", ["", "yesterday", "2026-13-01T00:00:00+03:00"])
def test_a_time_that_is_none(when: str) -> None:
    with pytest.raises(ValueError):
        receipt_sheet(msgspec.structs.replace(receipts.receipt(), created_at=when))
