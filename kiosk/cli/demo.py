"""The main job on the embedded backend: content published and signed on the spot, a kiosk enrolled, the app opened."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from kiosk import app
from kiosk.cli import output
from kiosk.demo.installation import Installation
from kiosk.engine.lock import ProfileLock
from kiosk.errors import UsageError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--mode", choices=("kiosk", "desktop"), default="kiosk")
    parser.add_argument("--offscreen", action="store_true", help="without a screen")
    parser.add_argument("--shots", type=Path, metavar="DIR", help="with --self-test: a picture of every step")
    parser.add_argument("--self-test", action="store_true", help="walk the main job through the real UI, offscreen")
    parser.add_argument("--prepare", action="store_true", help="publish, enrol and sync into --profile DIR, then exit")


def run(arguments: argparse.Namespace) -> int:
    if arguments.prepare and arguments.profile is None:
        raise UsageError("--prepare needs --profile DIR")
    if arguments.profile is not None:
        return _demo(arguments, arguments.profile.absolute())
    folder = Path(tempfile.mkdtemp(prefix="kiosk-demo-"))
    try:
        return _demo(arguments, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _demo(arguments: argparse.Namespace, profile: Path) -> int:
    installation = Installation(profile, _say)
    try:
        with ProfileLock(profile):  # a second demo of the same folder is told so before it touches anything
            installation.prepare(arguments.mode)
        if arguments.prepare:
            installation.stand_alone()
            if arguments.json:
                output.document({"profile": str(profile), "backend_url": installation.settings.backend_url})
            return 0
        if arguments.self_test:
            return _self_test(arguments, installation)
        engine = app.Engine(profile, installation.settings, offscreen=arguments.offscreen)
        _say("The app opens. Stop it with Ctrl+C.")
        return engine.run()
    finally:
        installation.backend.stop()


def _self_test(arguments: argparse.Namespace, installation: Installation) -> int:
    from kiosk.demo.self_test import StepFailed, walk

    steps: list[str] = []

    def step(text: str) -> None:
        steps.append(text)
        print(f"{len(steps):>2}. {text}", file=sys.stderr if arguments.json else sys.stdout, flush=True)

    try:
        walk(installation, step, arguments.shots)
    except StepFailed as failed:
        if arguments.json:
            output.document({"passed": False, "steps": steps, "failed": str(failed)})
        print(f"kiosk: the self-test failed after step {len(steps)}: {failed}", file=sys.stderr)
        return 1
    if arguments.json:
        output.document({"passed": True, "steps": steps})
    else:
        print("The self-test passed.")
    return 0
