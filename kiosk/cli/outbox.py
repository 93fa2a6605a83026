"""What waits to be sent, what was received and registered, what needs attention. Never contents."""

from __future__ import annotations

import argparse
from typing import Any

import msgspec

from kiosk.cli import output, profile
from kiosk.errors import ContentMissing, UsageError
from kiosk.model.submission import OutboxRow
from kiosk.store import outbox, uploads


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("action", choices=("list", "retry"))
    parser.add_argument("id", nargs="?", help="for retry")


def run(arguments: argparse.Namespace) -> int:
    if (arguments.action == "retry") != (arguments.id is not None):
        raise UsageError("use: kiosk outbox list, or kiosk outbox retry ID")
    if arguments.action == "retry":
        return _retry(arguments)
    with profile.store(arguments, read_only=True) as store:
        to_send = uploads.still_to_send(store)
        rows = [_row(row, to_send) for row in outbox.rows(store)]
    if arguments.json:
        output.document({"rows": rows})
    else:
        for row in rows:
            print(f"{row['receipt_number']:>14}  {row['state']:<16} {row['id']}")
    return 0


def _retry(arguments: argparse.Namespace) -> int:
    with profile.store(arguments) as store:
        row = outbox.row(store, arguments.id)
        if row is None:
            raise ContentMissing(f"the outbox has no submission {arguments.id}")
        if not outbox.retry(store, arguments.id):
            raise ContentMissing(f"the submission {arguments.id} is {row.state.value} and has no need of another try")
        if arguments.json:
            output.document({"rows": [_row(outbox.row(store, arguments.id) or row, uploads.still_to_send(store))]})
    return 0


def _row(row: OutboxRow, to_send: dict[str, int]) -> dict[str, Any]:
    return {
        "id": row.id,
        "receipt_number": row.receipt_number,
        "state": row.state.value,
        "attempts": row.attempts,
        "problem": msgspec.json.decode(row.problem) if row.problem else None,
        "registered_number": row.registered_number or None,
        "attachments_to_send": to_send.get(row.id, 0),
    }
