"""Render a receipt on each kind of paper."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import msgspec

from kiosk.cli import output
from kiosk.errors import EnvironmentFault, UsageError
from kiosk.model.receipt import Receipt


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("action", choices=("render",))
    parser.add_argument("file", type=Path, help="a receipt as JSON (kiosk submit --receipt)")
    parser.add_argument("--format", choices=("pdf", "png", "text"), required=True)
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="OUT")


def run(arguments: argparse.Namespace) -> int:
    from kiosk.paper import pdf, text
    from kiosk.paper.receipt import receipt_sheet
    from kiosk.passes import qr

    try:
        receipt = msgspec.json.decode(arguments.file.read_bytes(), type=Receipt)
        sheet = receipt_sheet(receipt)
    except OSError as error:
        raise UsageError(f"the receipt {arguments.file} cannot be read: {error.strerror}") from error
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise UsageError(f"{arguments.file} is not a receipt: {error}") from error
    if arguments.format == "pdf":
        made = pdf.pdf(sheet, qr.svg)
    elif arguments.format == "png":
        made = pdf.png(sheet, qr.svg)
    else:
        made = text.text(sheet).encode()
    try:
        arguments.output.write_bytes(made)
    except OSError as error:
        raise EnvironmentFault(f"{arguments.output} cannot be written: {error.strerror}") from error
    if arguments.json:
        output.document({"format": arguments.format, "bytes": len(made), "file": str(arguments.output)})
    else:
        print(arguments.output, file=sys.stderr)
    return 0
