"""Check, compile and sign published content."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import msgspec

from kiosk.cli import output
from kiosk.errors import SourceRefused, UsageError
from kiosk.model.content import BackendKeys


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("source", type=Path, help="the editors' sources (the resources folder)")
    parser.add_argument("repo", type=Path, help="the repository to make or to update")
    parser.add_argument("--keys", type=Path, required=True, metavar="DIR", help="signing keys, made where absent")
    parser.add_argument("--backend-keys", type=Path, metavar="FILE", help="JSON of kiosk backend --publish-keys")
    parser.add_argument("--prune", action="store_true", help="then delete the files that only older versions need")
    parser.add_argument("--keep", type=int, metavar="N", help="with --prune: how many versions stay (default: 3)")


def run(arguments: argparse.Namespace) -> int:
    from kiosk.publish import publish, repository

    if arguments.keep is not None and (not arguments.prune or arguments.keep < 1):
        raise UsageError("--keep is the number of versions that stay, one or more, and goes with --prune")
    keys: BackendKeys | None = None
    if arguments.backend_keys is not None:
        try:
            keys = msgspec.json.decode(arguments.backend_keys.read_bytes(), type=BackendKeys)
        except OSError as error:
            raise UsageError(f"{arguments.backend_keys} cannot be read: {error.strerror}") from error
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise UsageError(f"{arguments.backend_keys} does not hold backend keys: {error}") from error
    try:
        report = publish(arguments.source, arguments.repo, arguments.keys, backend_keys=keys)
    except SourceRefused as refused:
        problems = [
            {"file": file, "line": _line(arguments.source / file, pointer), "pointer": pointer, "message": message}
            for file, pointer, message in refused.problems
        ]
        if arguments.json:
            output.document({"problems": problems})
        for problem in problems:
            print(f"{problem['file']}:{problem['line']}: {problem['pointer']}: {problem['message']}", file=sys.stderr)
        raise
    pruned = repository.prune(arguments.repo, keep=arguments.keep or 3) if arguments.prune else None
    if arguments.json:
        output.document(msgspec.structs.asdict(report) | ({} if pruned is None else {"pruned": pruned}))
    else:
        gone = "" if pruned is None else f" {pruned} files of older versions deleted."
        print(
            f"Content version {report.version}: {report.documents} documents, {report.changed} changed.{gone}",
            file=sys.stderr,
        )
    return 0


def _line(path: Path, pointer: str) -> int:
    """Where an editor finds it; 1 where the file cannot be read."""
    from kiosk.publish.lines import line_of

    try:
        return line_of(path.read_text("utf-8"), pointer)
    except (OSError, ValueError):
        return 1
