"""A sheet as plain text: for a terminal, an e-mail or a screen reader."""

from __future__ import annotations

import textwrap

from kiosk.paper.sheet import Checklist, Code, Facts, Heading, Numbered, Paragraph, Plate, Sheet


def text(sheet: Sheet, columns: int = 42) -> str:
    """UTF-8 text, at most `columns` characters a line (42: an 80 mm receipt), ends with a newline.

    A QR code becomes its caption and its text, unbroken, so that it can be checked by copying it.
    """
    out: list[str] = []

    def say(words: str, indent: str = "") -> None:
        lines = textwrap.wrap(words, columns - len(indent), break_on_hyphens=False) or [""]
        out.extend(indent + line for line in lines)

    def item(mark: str, what: str, note: str) -> None:
        lines = textwrap.wrap(what, columns - len(mark), break_on_hyphens=False)
        out.extend((mark if i == 0 else " " * len(mark)) + line for i, line in enumerate(lines))
        if note:
            say(note, " " * len(mark))

    say(sheet.title)
    out.append("=" * min(columns, len(sheet.title)))
    for block in sheet.blocks:
        out.append("")
        match block:
            case Heading(words):
                say(words)
            case Paragraph(words):
                say(words)
            case Plate(label, number):
                say(label)
                say(number)
            case Facts(rows):
                for label, value in rows:
                    say(f"{label}:")
                    say(value, "  ")
            case Numbered(items):
                for place, (what, note) in enumerate(items, 1):
                    item(f"{place}. ", what, note)
            case Checklist(items):
                for what, note in items:
                    item("[ ] ", what, note)
            case Code(code, caption, _):
                say(caption)
                out.append(code)
    if sheet.footer:
        out.append("")
        say(sheet.footer)
    return "\n".join(out) + "\n"
