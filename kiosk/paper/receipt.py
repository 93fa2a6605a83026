"""The receipt of a submission and the checklist of a service, as sheets."""

from __future__ import annotations

from datetime import datetime

from kiosk import words
from kiosk.model.receipt import Receipt
from kiosk.model.service import Service
from kiosk.paper.dates import date_time
from kiosk.paper.sheet import Block, Checklist, Code, Facts, Heading, Numbered, Paragraph, Plate, Sheet


def receipt_sheet(receipt: Receipt) -> Sheet:
    """What the visitor takes away. Raises ValueError when `created_at` is not ISO 8601."""
    language = receipt.language

    def t(key: str) -> str:
        return words.t(language, f"paper.{key}")

    where = ", ".join(part for part in (receipt.centre.of(language), receipt.address.of(language)) if part)
    return Sheet(
        title=t("receipt_title"),
        language=language,
        large_print=receipt.large_print,
        blocks=(
            Plate(t("receipt_number"), receipt.number),
            Facts(
                (
                    (t("service"), receipt.service.of(language)),
                    (t("accepted_at"), accepted_at(receipt, language)),
                    *(((t("centre"), where),) if where else ()),
                )
            ),
            Heading(t("what_next")),
            Numbered(tuple((step.title, step.note) for step in receipt.next_steps)),
            Code(receipt.code, t("code_caption"), t("code_alternative")),
            Paragraph(t("keep_it")),
        ),
        footer=f"{t('submission')} {receipt.submission}",
    )


def accepted_at(receipt: Receipt, language: str) -> str:
    """When it was accepted, in words; where the clock was wrong, that too. Raises ValueError as `receipt_sheet`."""
    when = date_time(language, datetime.fromisoformat(receipt.created_at))
    return words.t(language, "paper.time_doubtful", time=when) if receipt.time_doubtful else when


def checklist_sheet(service: Service, language: str, *, large_print: bool = False) -> Sheet:
    """What to bring for a service."""
    blocks: tuple[Block, ...] = (
        Heading(service.title.of(language)),
        *((Paragraph(service.summary.of(language)),) if service.summary else ()),
        Heading(words.t(language, "paper.bring")),
    )
    if service.documents:
        items = tuple((d.name.of(language), d.note.of(language) if d.note else "") for d in service.documents)
        blocks = (*blocks, Checklist(items))
    else:
        blocks = (*blocks, Paragraph(words.t(language, "paper.bring_unknown")))
    title = words.t(language, "paper.checklist_title")
    return Sheet(title=title, language=language, blocks=blocks, large_print=large_print)
