"""The slip of a saved application: on one page, with a code that a scanner reads and signs that a person can type."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from pypdf import PdfReader

from kiosk.desk.house import StoreHouse
from kiosk.devices.printer import FolderPrinter
from kiosk.errors import DeviceFault
from kiosk.model.draft import DraftSlip
from kiosk.paper.draft import draft_sheet
from kiosk.paper.pdf import pdf, png
from kiosk.paper.text import text
from kiosk.passes import qr
from kiosk.protocol import draft
from tests.helpers.profiles import KioskProfile
from tests.paper import receipts

SLIPS = [(language, large) for language in ("ru", "en") for large in (False, True)]


@pytest.mark.parametrize(("language", "large"), SLIPS)
def test_it_is_one_page_even_in_large_print(language: str, large: bool) -> None:
    made = pdf(draft_sheet(receipts.slip(language, large_print=large)), qr.svg)
    assert len(PdfReader(BytesIO(made)).pages) == 1


@pytest.mark.parametrize(("language", "large"), SLIPS)
def test_scanner_and_person_read_the_same_code(language: str, large: bool) -> None:
    slip = receipts.slip(language, large_print=large)
    picture = Image.open(BytesIO(png(draft_sheet(slip), qr.svg)))
    (found,) = zxingcpp.read_barcodes(picture)
    words = " ".join(PdfReader(BytesIO(pdf(draft_sheet(slip), qr.svg))).pages[0].extract_text().split())
    assert found.text == slip.code and slip.spelled in words
    assert draft.read_code(found.text) == draft.read_code(slip.spelled)


@pytest.mark.parametrize(
    ("language", "until", "how"),
    [("ru", "24 декабря 2026", "«Продолжить заявление»"), ("en", "24 December 2026", "“Continue an application”")],
)
def test_it_says_for_what_until_when_and_how_to_go_on(language: str, until: str, how: str) -> None:
    slip = receipts.slip(language)
    flat = " ".join(text(draft_sheet(slip)).split())
    for words in (slip.service.of(language), until, how, slip.spelled):
        assert words in flat, words


def test_a_slip_has_exactly_these_parts() -> None:
    """None of them has room for an answer."""
    assert set(DraftSlip.__struct_fields__) == {"code", "spelled", "service", "until", "language", "large_print"}


def test_the_words_are_those_of_the_buttons() -> None:
    from kiosk import words

    for language in ("ru", "en"):
        assert words.t(language, "draft.continue") in words.t(language, "paper.draft_step_1")


def test_it_goes_to_the_printer_of_the_kiosk(kiosk_profile: KioskProfile, tmp_path: Path) -> None:
    made = StoreHouse(kiosk_profile.path, kiosk_profile.key, FolderPrinter(tmp_path / "paper"))
    try:
        made.desk.print_draft(receipts.slip())
    finally:
        made.close()
    (printed,) = (tmp_path / "paper").glob("*.pdf")
    assert "Заявление отложено" in PdfReader(printed).pages[0].extract_text()


def test_without_a_printer_it_is_a_fault_of_the_device(kiosk_profile: KioskProfile) -> None:
    made = StoreHouse(kiosk_profile.path, kiosk_profile.key)
    try:
        with pytest.raises(DeviceFault):
            made.desk.print_draft(receipts.slip())
    finally:
        made.close()
