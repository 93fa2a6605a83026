"""Check forms: every one compiled and its filled valid examples checked."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from kiosk import resources
from kiosk.cli import output


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("action", choices=("check",))
    parser.add_argument("id", nargs="*", help="services or forms; all of them where none is named")


def run(arguments: argparse.Namespace) -> int:
    from kiosk.forms.checking import check_all

    report: dict[str, Any] = check_all(resources.root() / "forms", only=tuple(arguments.id))
    if arguments.json:
        output.document(report)
    for error in report["errors"]:
        print(f"{error['service']}: {error['pointer']}: {error['message']}", file=sys.stderr)
    if not arguments.json:
        print(
            f"{report['services']} services, {report['with_own_form']} with their own form, "
            f"{report['question_sets']} question sets, {len(report['errors'])} errors"
        )
    return 1 if report["errors"] else 0
