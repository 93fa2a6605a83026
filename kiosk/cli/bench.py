"""Measure against the named peers; needs a checkout, where bench/ lies beside the program."""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

import kiosk
from kiosk.errors import EnvironmentFault


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("names", nargs="*", metavar="NAME", help="figures; all of them where none is named")
    parser.add_argument("--check", action="store_true", help="exit 1 when a figure is beyond its bound")


def run(arguments: argparse.Namespace) -> int:
    checkout = Path(kiosk.__file__).resolve().parents[1]
    if not (checkout / "bench" / "__main__.py").is_file():
        raise EnvironmentFault("the benchmarks are not installed with the program; run them in a checkout: ./dev bench")
    command = [sys.executable, "-m", "bench", *arguments.names]
    command += [flag for flag, asked in (("--check", arguments.check), ("--json", arguments.json)) if asked]
    return subprocess.run(command, cwd=checkout, check=False).returncode
