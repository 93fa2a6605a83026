"""The sheet as plain text: for a terminal, an e-mail, a screen reader."""

from __future__ import annotations

import msgspec
import pytest

from kiosk.model.text import Text
from kiosk.paper.receipt import receipt_sheet
from kiosk.paper.sheet import Checklist, Code, Heading, Numbered, Sheet
from kiosk.paper.text import text
from tests.paper import receipts


@pytest.mark.parametrize("columns", [30, 42, 80])
@pytest.mark.parametrize("language", ["ru", "en"])
def test_lines_are_as_short_as_the_paper_and_the_code_is_whole(language: str, columns: int) -> None:
    receipt = receipts.receipt(language)
    lines = text(receipt_sheet(receipt), columns).split("\n")
    assert lines.count(receipt.code) == 1, "the code is on one line, whole"
    assert all(len(line) <= columns for line in lines if line != receipt.code)
    assert lines[-1] == ""


def test_nothing_of_the_receipt_is_lost() -> None:
    receipt = receipts.receipt("ru")
    flat = " ".join(text(receipt_sheet(receipt)).split())
    for words in (
        receipt.number,
        receipt.service.ru,
        receipt.centre.ru,
        receipt.address.ru,
        receipt.submission,
        "21 сентября 2026, 17:13",
    ):
        assert words in flat, words
    for step in receipt.next_steps:
        assert f"{step.title} {step.note}".strip() in flat


def test_a_word_longer_than_the_paper_is_broken_not_lost() -> None:
    long = "Многофункциональный" * 5
    receipt = msgspec.structs.replace(receipts.receipt(), service=Text(long, long))
    made = text(receipt_sheet(receipt), 42)
    assert long in made.replace("\n", "").replace(" ", "")


def test_steps_are_numbered_and_things_have_boxes() -> None:
    sheet = Sheet(
        "Title",
        "en",
        (
            Heading("List"),
            Numbered((("One", "note"), ("Two", ""))),
            Checklist((("Passport", "copy"),)),
            Code("C", "c", "a"),
        ),
    )
    assert text(sheet).split("\n") == [
        "Title",
        "=====",
        "",
        "List",
        "",
        "1. One",
        "   note",
        "2. Two",
        "",
        "[ ] Passport",
        "    copy",
        "",
        "c",
        "C",
        "",
    ]


def test_ten_steps_stay_in_line() -> None:
    sheet = Sheet("T", "en", (Numbered(tuple((f"step {n} " + "word " * 12, "") for n in range(12))),))
    for line in text(sheet, 30).split("\n")[3:-1]:
        assert line[0].isdigit() or line.startswith("   "), line
