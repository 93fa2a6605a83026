"""What works on this machine: disk, keys, store, identity, content, clock, network, fonts, printer, speech."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from kiosk import resources
from kiosk.cli import condition, output, profile
from kiosk.cli.condition import Finding
from kiosk.config import Settings
from kiosk.errors import KioskError
from kiosk.store import clock, database, documents, keys

EARLIEST = 1_763_000_000
LATEST = 4_102_444_800


def add_arguments(parser: argparse.ArgumentParser) -> None:
    pass


def run(arguments: argparse.Namespace) -> int:
    settings = profile.settings(arguments)
    folder = profile.folder(arguments)
    checks: list[tuple[str, Callable[[], Finding]]] = [
        ("keyring", _keyring),
        ("disk", lambda: condition.disk(folder)),
        ("keys", lambda: condition.keys_of(folder, settings)),
        ("store", lambda: _store(folder, settings)),
        ("damage", lambda: condition.damage(folder)),
        ("certificate", lambda: condition.certificate_of(folder, settings)),
        ("content", lambda: _content(folder, settings)),
        ("clock", lambda: _clock(folder, settings)),
        ("network", lambda: _network(settings)),
        ("fonts", _fonts),
        ("printer", lambda: _printer(settings)),
        ("speech", _speech),
        ("screen", _screen),
    ]
    findings = [_guard(name, check) for name, check in checks]
    if arguments.json:
        output.document({"findings": findings})
    else:
        for finding in findings:
            print(f"{finding.state:<7} {finding.name:<11} {finding.detail}")
    return 0


def _guard(name: str, check: Callable[[], Finding]) -> Finding:
    try:
        return check()
    except KioskError as error:
        return Finding(name, "broken", error.engineer)


def _keyring() -> Finding:
    from kiosk.store import keyring_slot

    problem = keyring_slot.problem()
    return Finding("keyring", "absent" if problem else "ok", problem or "an encrypting keyring answers")


def _store(folder: Path, settings: Settings) -> Finding:
    if keys.slots(folder) is None:
        return Finding("store", "absent", f"the profile {folder} has no store yet")
    key = keys.load(folder, allow_file=settings.demo)
    problems = database.check(folder, key)
    if problems:
        return Finding("store", "broken", problems[0])
    with database.open_store(folder, key, read_only=True) as store:
        state = documents.content_state(store)
    return Finding("store", "ok", f"content version {state.version}, {state.documents} documents")


def _freshness(folder: Path, settings: Settings) -> clock.Freshness | None:
    """How old the content is; None where there is no store yet."""
    if keys.slots(folder) is None:
        return None
    with database.open_store(folder, keys.load(folder, allow_file=settings.demo), read_only=True) as store:
        return clock.content_freshness(store, settings.content_warning_days)


def _content(folder: Path, settings: Settings) -> Finding:
    found = _freshness(folder, settings)
    if found is None or found.level == "none":
        return Finding("content", "absent", "nothing was published to this device yet; kiosk sync")
    days = found.age_s / clock.DAY_S
    detail = f"verified {days:.1f} days ago"
    if found.level == "fresh":
        return Finding("content", "ok", detail)
    return Finding(
        "content", "broken", f"{found.level}: {detail}, warned about after {settings.content_warning_days:g}"
    )


def _clock(folder: Path, settings: Settings) -> Finding:
    now = time.time()
    stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now))
    if not EARLIEST < now < LATEST:
        return Finding("clock", "broken", stamp)
    with suppress(KioskError):  # a store that does not open is another finding's
        found = _freshness(folder, settings)
        if found is not None and found.jump_s:
            way = "ahead of" if found.jump_s > 0 else "behind"
            detail = f"{stamp}, {abs(found.jump_s):.0f} s {way} what it should be since the last sync"
            return Finding("clock", "broken", detail)
    return Finding("clock", "ok", stamp)


def _network(settings: Settings) -> Finding:
    if not settings.backend_url:
        return Finding("network", "absent", "no backend_url is set")
    from kiosk.sync.client import health

    status = health(settings)
    return Finding("network", "ok" if status == 200 else "broken", f"the backend answers with status {status}")


def _fonts() -> Finding:
    found = sorted(path.name for path in (resources.root() / "fonts").glob("*.ttf"))
    return Finding("fonts", "ok" if len(found) >= 3 else "broken", ", ".join(found) or "none")


def _printer(settings: Settings) -> Finding:
    from kiosk.devices import printer

    if not settings.printer:
        return Finding("printer", "absent", "no printer is set")
    printer.printer_of(settings.printer)
    there = printer.queue_is_there(settings.printer)
    return Finding("printer", "ok" if there else "broken", settings.printer)


def _speech() -> Finding:
    from kiosk.devices.speech import SystemVoice

    there = SystemVoice().available()
    detail = "a voice is installed" if there else "neither speech-dispatcher nor espeak-ng is installed"
    return Finding("speech", "ok" if there else "absent", detail)


def _screen() -> Finding:
    try:
        from PySide6 import QtGui, __version__
    except ImportError as error:
        return Finding("screen", "broken", f"Qt cannot be loaded: {error}")
    return Finding("screen", "ok", f"Qt {__version__}, {QtGui.QGuiApplication.__name__}")
