"""QR image against segno; receipt PDF against weasyprint."""

from __future__ import annotations

import io
import secrets

import segno

from bench.measure import Figure, interleaved, median
from kiosk.model.receipt import Receipt, Step
from kiosk.model.text import Text
from kiosk.paper import pdf
from kiosk.paper.receipt import receipt_sheet
from kiosk.passes import qr

PASSAGE = "MDR1:" + "0123456789ABCDEFGHIJ" * 28


def _receipt(number: str) -> Receipt:
    return Receipt(
        number,
        "0190a5b4-0000-7000-8000-000000000000",
        "2026-11-24T14:36:00+03:00",
        "ru",
        Text("Выдача паспорта гражданина РФ взамен утраченного или похищенного", "A lost or stolen passport"),
        Text("МФЦ района Сокол", "Sokol"),
        Text("Чапаевский пер., д. 16", "16 Chapaevsky"),
        tuple(Step(f"Шаг {place}", "Пояснение к шагу") for place in range(3)),
        PASSAGE + number,
    )


def qr_figure() -> Figure:
    """The whole PNG of a receipt's symbol, a new text each time, same level and version."""

    def ours() -> None:
        qr.png(PASSAGE + secrets.token_hex(4).upper())

    def peer() -> None:
        symbol = segno.make(PASSAGE + secrets.token_hex(4).upper(), error="m", boost_error=False, micro=False)
        symbol.save(io.BytesIO(), kind="png", border=4)

    version = segno.make(PASSAGE + "ABCD1234", error="m", boost_error=False).symbol_size(border=4)[0]
    assert version == len(qr.matrix(PASSAGE + "ABCD1234")), "both sides must make the same version"
    mine, theirs = interleaved(ours, peer, 15)
    value = median(mine) / median(theirs)
    return Figure("qr", value, f"{median(mine) * 1e3:.1f} ms against segno {median(theirs) * 1e3:.1f} ms")


def pdf_figure() -> Figure:
    """A receipt as PDF, a new number each time; weasyprint gets the same words and the same symbol."""
    from weasyprint import HTML

    def ours() -> None:
        pdf.pdf(receipt_sheet(_receipt(secrets.token_hex(4).upper())), qr.svg)

    def peer() -> None:
        sheet = receipt_sheet(_receipt(secrets.token_hex(4).upper()))
        rows = "".join(f"<p>{block}</p>" for block in sheet.blocks)
        symbol = qr.svg(PASSAGE + secrets.token_hex(4).upper())
        html = f"<html lang=ru><title>{sheet.title}</title><h1>{sheet.title}</h1>{rows}<div>{symbol}</div>"
        HTML(string=html).write_pdf(pdf_variant="pdf/ua-1")

    mine, theirs = interleaved(ours, peer, 8)
    value = median(mine) / median(theirs)
    return Figure("pdf", value, f"{median(mine) * 1e3:.1f} ms against weasyprint {median(theirs) * 1e3:.1f} ms")
