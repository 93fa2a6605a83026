"""Every screen as a picture, from demo data, offscreen."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import get_args

import msgspec

from kiosk.cli import output


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, help="where the pictures go")
    parser.add_argument("--mode", choices=("kiosk", "desktop"), help="default: both")
    parser.add_argument("--lang", choices=("ru", "en"), help="default: both")
    parser.add_argument("--theme", choices=("standard", "large", "extra", "contrast", "low"), help="default: all")


def run(arguments: argparse.Namespace) -> int:
    from kiosk.demo.gallery import Gallery, View
    from kiosk.demo.installation import Installation

    taken = 0
    every: tuple[View, ...] = get_args(View)
    views = (arguments.theme,) if arguments.theme else every
    with tempfile.TemporaryDirectory(prefix="kiosk-shots-") as profile:
        installation = Installation(Path(profile), lambda text: print(text, file=sys.stderr, flush=True))
        try:
            installation.prepare()
            for mode in (arguments.mode,) if arguments.mode else ("kiosk", "desktop"):
                installation.settings = msgspec.structs.replace(installation.settings, mode=mode)
                for language in (arguments.lang,) if arguments.lang else ("ru", "en"):
                    for view in views:
                        folder = arguments.folder / f"{mode}-{view}-{language}"
                        taken += Gallery(installation, folder, language, view).take()
        finally:
            installation.backend.stop()
    if arguments.json:
        output.document({"pictures": taken})
    else:
        print(f"{taken} pictures in {arguments.folder}", file=sys.stderr)
    return 0
