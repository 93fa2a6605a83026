"""The PDF of a sheet says that it is PDF/A-2a and PDF/UA-1, and is built like one."""

from __future__ import annotations

import subprocess
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from PIL import Image
from pypdf import PdfReader

from kiosk.model.service import RequiredDocument, Service
from kiosk.model.text import Text
from kiosk.paper.draft import draft_sheet
from kiosk.paper.pdf import pdf, png
from kiosk.paper.receipt import checklist_sheet, receipt_sheet
from kiosk.paper.sheet import Sheet
from kiosk.passes import qr, receipt_code
from tests.helpers.patience import PATIENCE_S
from tests.paper import receipts

ROOT = Path(__file__).parents[2]
SERVICE = Service(
    id="S0438",
    theme="culture-sport",
    audience="citizen",
    title=Text("Единый читательский билет", "Unified library card"),
    kind="apply",
    provenance="source",
    documents=(
        RequiredDocument(Text("Паспорт", "Passport"), Text("Оригинал", "The original")),
        RequiredDocument(Text("Фотография", "Photograph")),
    ),
)


def sheets(language: str, large_print: bool) -> list[Sheet]:
    return [
        receipt_sheet(receipts.receipt(language, large_print=large_print)),
        checklist_sheet(SERVICE, language, large_print=large_print),
        draft_sheet(receipts.slip(language, large_print=large_print)),
    ]


def read(sheet: Sheet) -> PdfReader:
    return PdfReader(BytesIO(pdf(sheet, qr.svg)))


@pytest.mark.parametrize("large_print", [False, True])
@pytest.mark.parametrize("language", ["ru", "en"])
def test_it_declares_both_standards_title_and_language(language: str, large_print: bool) -> None:
    for sheet in sheets(language, large_print):
        document = read(sheet)
        catalogue: Any = document.trailer["/Root"]
        xmp = catalogue["/Metadata"].get_data().decode()
        assert "<pdfaid:part>2</pdfaid:part>" in xmp and "<pdfaid:conformance>A</pdfaid:conformance>" in xmp
        assert "<pdfuaid:part>1</pdfuaid:part>" in xmp
        assert sheet.title in xmp
        assert document.metadata is not None and document.metadata.title == sheet.title
        assert catalogue["/Lang"].split("-")[0] == language
        assert catalogue["/MarkInfo"]["/Marked"] == True  # noqa: E712
        assert catalogue["/ViewerPreferences"]["/DisplayDocTitle"] == True  # noqa: E712
        assert "/StructTreeRoot" in catalogue and catalogue["/OutputIntents"]
        assert not document.is_encrypted and "/AcroForm" not in catalogue and "/Names" not in catalogue


def roles(node: Any) -> list[str]:
    """Every structure element's role, in reading order."""
    if isinstance(node, list):
        return [role for part in node for role in roles(part)]
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        return roles(node)
    if not isinstance(node, dict):
        return []
    own = [str(node["/S"])] if "/S" in node else []
    return own + (roles(node["/K"]) if "/K" in node else [])


def test_a_reader_hears_headings_lists_and_what_the_picture_is() -> None:
    document = read(sheets("ru", False)[0])
    tree: Any = document.trailer["/Root"]["/StructTreeRoot"]
    found = roles(tree["/K"])
    assert found.count("/H1") == 1 and "/H2" in found
    assert found.count("/LI") == 3 and "/L" in found
    assert found.count("/Figure") == 1

    def figures(node: Any) -> list[str]:
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            return [alt for part in node for alt in figures(part)]
        if not isinstance(node, dict):
            return []
        own = [str(node["/Alt"])] if node.get("/S") == "/Figure" else []
        return own + (figures(node["/K"]) if "/K" in node else [])

    assert figures(tree["/K"]) == ["QR-код для проверки расписки"]


def fonts(document: PdfReader) -> list[Any]:
    return [font.get_object() for page in document.pages for font in page["/Resources"]["/Font"].values()]


def test_every_font_is_embedded_and_ours() -> None:
    for sheet in sheets("ru", True):
        for font in fonts(read(sheet)):
            assert "GolosText" in font["/BaseFont"]
            descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"]
            assert any(key in descriptor for key in ("/FontFile2", "/FontFile3"))
            assert "/ToUnicode" in font


def sizes(sheet: Sheet) -> set[float]:
    """The sizes (points) of every text on the paper."""
    found: set[float] = set()

    def seen(text: str, user: list[float], matrix: list[float], font: Any, size: float) -> None:
        if text.strip():
            found.add(round(abs(size * matrix[3] * user[3]), 1))

    for page in read(sheet).pages:
        page.extract_text(visitor_text=seen)
    return found


def test_large_print_is_sixteen_points_and_more() -> None:
    for language in ("ru", "en"):
        for sheet in sheets(language, True):
            assert min(sizes(sheet)) >= 16.0
        for sheet in sheets(language, False):
            assert 9.9 <= min(sizes(sheet)) < 16.0


def test_the_number_stands_out() -> None:
    for large_print in (False, True):
        found = sizes(sheets("ru", large_print)[0])
        assert max(found) >= 2 * sorted(found)[1]


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_words_are_there_as_text(language: str) -> None:
    receipt = receipts.receipt(language)
    text = " ".join(page.extract_text() for page in read(receipt_sheet(receipt)).pages)
    flat = " ".join(text.split())
    for words in (receipt.number, receipt.service.of(language), receipt.centre.of(language), receipts.SUBMISSION):
        assert words in flat, words
    assert "17:13" in flat


def test_the_same_sheet_gives_the_same_bytes() -> None:
    for sheet in sheets("ru", False):
        assert pdf(sheet, qr.svg) == pdf(sheet, qr.svg)


PROGRAM = """
import hashlib
from kiosk.paper.pdf import pdf
from kiosk.paper.receipt import checklist_sheet
from kiosk.passes import qr
from tests.paper.test_pdf_is_accessible_and_archived import SERVICE
print(hashlib.sha256(pdf(checklist_sheet(SERVICE, "ru"), qr.svg)).hexdigest())
"""


def test_another_process_at_another_time_gives_the_same_bytes() -> None:
    import hashlib

    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=ROOT,
        env={"TZ": "Asia/Vladivostok", "LANG": "C", "PATH": ""},
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=True,
    )
    assert done.stdout.strip() == hashlib.sha256(pdf(checklist_sheet(SERVICE, "ru"), qr.svg)).hexdigest()


@pytest.mark.parametrize("large_print", [False, True])
@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_printed_code_is_read_by_a_scanner_and_is_genuine(language: str, large_print: bool) -> None:
    picture = Image.open(BytesIO(png(receipt_sheet(receipts.receipt(language, large_print=large_print)), qr.svg)))
    (found,) = zxingcpp.read_barcodes(picture)
    code, authority = receipts.code()
    assert found.text == code
    verdict = receipt_code.verify(found.text, (authority,))
    assert verdict.status == "valid" and verdict.claims is not None and verdict.claims.number == "16-004127-3"


def test_the_code_is_as_big_as_a_phone_needs() -> None:
    """At least 0.5 mm a module: 52 mm on paper for the code, quiet zone included."""
    modules = len(qr.matrix(receipts.code()[0]))
    assert 52 / modules >= 0.45


def test_a_picture_has_everything_on_one_page() -> None:
    short = Image.open(BytesIO(png(receipt_sheet(receipts.receipt()), qr.svg)))
    long = Image.open(BytesIO(png(receipt_sheet(receipts.receipt(large_print=True)), qr.svg)))
    assert len(read(receipt_sheet(receipts.receipt(large_print=True))).pages) > 1, "on paper it takes two"
    assert long.width == short.width and long.height > short.height


def test_markup_of_the_typesetter_in_words_stays_words() -> None:
    import msgspec

    evil = '#panic("x") *bold* $x$ <label> @ref \\ // ] [ "'
    receipt = msgspec.structs.replace(receipts.receipt(), service=Text(evil, evil))
    text = " ".join(" ".join(page.extract_text() for page in read(receipt_sheet(receipt)).pages).split())
    assert '#panic("x") *bold* $x$ <label> @ref' in text
