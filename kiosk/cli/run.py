"""The app against the configured backend."""

from __future__ import annotations

import argparse

import msgspec

from kiosk import app
from kiosk.cli import profile
from kiosk.errors import ConfigurationError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--mode", choices=("kiosk", "desktop"), help="overrides the setting")
    parser.add_argument("--offscreen", action="store_true", help="without a screen")
    parser.add_argument("--window", action="store_true", help="a window instead of the full screen (kiosk)")
    parser.add_argument("--driving", type=int, default=-1, help=argparse.SUPPRESS)


def run(arguments: argparse.Namespace) -> int:
    settings = profile.settings(arguments)
    if arguments.mode:
        settings = msgspec.structs.replace(settings, mode=arguments.mode)
    if not settings.backend_url:
        raise ConfigurationError("backend_url is not set; see docs/installation.md, or try 'kiosk demo'")
    if arguments.driving >= 0 and not settings.demo:
        raise ConfigurationError("a session is driven by another program only in the demo")
    driven = iter([arguments.driving])
    engine = app.Engine(
        profile.folder(arguments),
        settings,
        offscreen=arguments.offscreen,
        full_screen=settings.mode == "kiosk" and not arguments.window,
        driving=lambda: next(driven, -1),
    )
    return engine.run()
