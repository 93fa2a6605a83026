"""How commands print: one JSON document, or lines for a person."""

from __future__ import annotations

import sys
from typing import Any

import msgspec


def document(value: Any) -> None:
    """Print exactly one JSON document."""
    print(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())


def line(value: Any) -> None:
    """Print one JSON document on a line of its own, at once (for --jsonl)."""
    sys.stdout.write(msgspec.json.encode(value).decode() + "\n")
    sys.stdout.flush()
