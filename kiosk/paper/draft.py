"""The slip of a saved application, as a sheet: its code to scan and to type, until when it works, how to go on."""

from __future__ import annotations

from datetime import date

from kiosk import words
from kiosk.model.draft import DraftSlip
from kiosk.paper.dates import long_date
from kiosk.paper.sheet import Code, Facts, Heading, Numbered, Paragraph, Plate, Sheet


def draft_sheet(slip: DraftSlip) -> Sheet:
    """What the visitor takes away. Raises ValueError when `until` is not ISO 8601."""
    language = slip.language

    def t(key: str) -> str:
        return words.t(language, f"paper.{key}")

    # In large print on one page too: of two sheets the one with the code gets lost.
    label, signs = t("draft_spelled"), slip.spelled
    spelled = Facts(((label, signs),)) if slip.large_print else Plate(label, signs)
    return Sheet(
        title=t("draft_title"),
        language=language,
        large_print=slip.large_print,
        blocks=(
            Facts(
                (
                    (t("service"), slip.service.of(language)),
                    (t("draft_until"), long_date(language, date.fromisoformat(slip.until))),
                )
            ),
            Code(slip.code, t("draft_caption"), t("draft_alternative")),
            spelled,
            *(() if slip.large_print else (Heading(t("draft_how")),)),
            Numbered(tuple((t(f"draft_step_{step}"), "") for step in (1, 2))),
            Paragraph(t("draft_secret")),
        ),
    )
