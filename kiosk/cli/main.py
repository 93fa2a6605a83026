"""The command line: one file per command, heavy parts imported lazily.

Rules (a contract; docs/cli.md holds every JSON shape). Every command takes `--config FILE` and `--profile DIR`,
prints an error as one clear sentence on stderr, and exits 0 done, 1 the thing asked could not be done, 2 wrong
usage. With `--json` it prints exactly one JSON document on stdout. A verdict is an answer: "no results" exits 0.
Only the module of the command that was asked is imported.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

COMMANDS: dict[str, str] = {
    "demo": "the main job on the embedded backend, from an empty folder",
    "run": "the app against the configured backend",
    "enrol": "make this device known to the backend, by a one-time code",
    "keys": "the slots that keep the store key: list, add, remove, rotate",
    "sync": "fetch published content and send the outbox, once, without the UI",
    "search": "find services offline",
    "service": "one service with its form",
    "forms": "check the forms",
    "submit": "send an application without the UI",
    "outbox": "what waits, was sent, or needs attention",
    "receipt": "render a receipt on each kind of paper",
    "publish": "check, compile and sign published content",
    "bundle": "carry content and the sealed outbox on a USB stick",
    "backend": "the reference backend",
    "shots": "every screen as a picture",
    "doctor": "what works on this machine",
    "bench": "measure against the named peers (needs a checkout)",
}
_INTERNAL = ("session", "refresh")
"""Started by the engine, never by people."""


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence; options are written out, so that a script never means another one later."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options, allow_abbrev=False)

    def error(self, message: str) -> NoReturn:
        print(f"{self.prog}: {message}", file=sys.stderr)
        raise SystemExit(2)


def _common() -> argparse.ArgumentParser:
    common = _Parser(add_help=False)
    common.add_argument("--config", type=Path, metavar="FILE", help="settings, TOML (default: PROFILE/kiosk.toml)")
    common.add_argument("--profile", type=Path, metavar="DIR", help="the folder of this device or person")
    common.add_argument("--json", action="store_true", help="print exactly one JSON document")
    return common


def _usage() -> str:
    width = max(map(len, COMMANDS))
    rows = "\n".join(f"  {name.ljust(width)}  {what}" for name, what in COMMANDS.items())
    return f"usage: kiosk COMMAND ...\n\n{rows}\n\nkiosk COMMAND --help says more."


def main(argv: Sequence[str]) -> int:
    """Run one command; the exit code."""
    if not argv or argv[0] in ("-h", "--help", "help"):
        print(_usage(), file=sys.stdout if argv else sys.stderr)
        return 0 if argv else 2
    if argv[0] == "--version":
        from kiosk import __version__

        print(__version__)
        return 0
    name = argv[0]
    if name not in COMMANDS and name not in _INTERNAL:
        print(f"kiosk: there is no command {name!r}; kiosk --help lists them", file=sys.stderr)
        return 2
    module = importlib.import_module(f"kiosk.cli.{name}")
    parser = _Parser(prog=f"kiosk {name}", parents=[_common()], description=module.__doc__)
    module.add_arguments(parser)
    try:
        arguments = parser.parse_args(argv[1:])
    except SystemExit as end:
        return int(end.code or 0)
    return _run(module, arguments)


def _run(module: object, arguments: argparse.Namespace) -> int:
    from kiosk.errors import KioskError, UsageError

    try:
        return int(module.run(arguments))  # type: ignore[attr-defined]
    except UsageError as error:
        print(f"kiosk: {error.engineer}", file=sys.stderr)
        return 2
    except KioskError as error:
        print(f"kiosk: {error.engineer}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
