"""The reference backend: takes submissions, enrols devices, serves published content."""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.cli import output, profile

if TYPE_CHECKING:
    from kiosk.backend.settings import BackendSettings

_CODE = re.compile(r"([a-z0-9][a-z0-9-]{0,31}):([0-9]{1,6}):([a-z0-9][a-z0-9-]{0,63})")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", type=Path, metavar="DIR", help="keys and SQLite file (default: PROFILE/backend)")
    parser.add_argument(
        "--database", default="", metavar="URL", help="SQLAlchemy URL (default: SQLite in the data folder)"
    )
    parser.add_argument("--content", type=Path, metavar="DIR", help="published repository to serve under /content/")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8700, metavar="N", help="0: any free port")
    parser.add_argument("--code", metavar="KIOSK:NUMBER:CENTRE", help="print a one-time enrolment code and exit")
    parser.add_argument(
        "--settings", type=Path, metavar="FILE", help="TOML with more settings: limits, terms (docs/operations.md)"
    )
    parser.add_argument("--migrate", action="store_true", help="bring the database to this program's tables, and exit")
    parser.add_argument(
        "--restored", action="store_true", help="after an older copy was put back: skip registration numbers, and exit"
    )
    parser.add_argument(
        "--publish-keys", action="store_true", help="print the public keys that content must carry, and exit"
    )
    parser.add_argument(
        "--revoke", metavar="KIOSK", help="take a kiosk's identity away, and exit; publish keys anew then"
    )
    parser.add_argument(
        "--recover", type=Path, metavar="FILE", help="open a kiosk's recovery slot, print its store key, and exit"
    )
    parser.add_argument(
        "--recovery-key", type=Path, metavar="FILE", help="the private recovery key (default: in the data folder)"
    )


def run(arguments: argparse.Namespace) -> int:
    from kiosk.backend import backend_keys, enrolment
    from kiosk.backend.server import serve
    from kiosk.backend.settings import load
    from kiosk.errors import EnvironmentFault, UsageError

    if not 0 <= arguments.port <= 65_535:
        raise UsageError("--port is a number from 0 to 65535")
    data = (arguments.data or profile.folder(arguments) / "backend").absolute()
    try:
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise EnvironmentFault(f"the folder {data} cannot be made: {error.strerror}") from error
    settings = load(
        arguments.settings,
        data=data,
        content=arguments.content.absolute() if arguments.content else None,
        database_url=arguments.database,
        host=arguments.host,
        port=arguments.port,
    )
    if arguments.recover:
        return _recover(arguments, data)
    if arguments.migrate:
        return _migrate(arguments, settings)
    if arguments.restored:
        return _restored(arguments, settings)
    if arguments.revoke:
        return _revoke(arguments, settings)
    if arguments.publish_keys:
        output.document(backend_keys(settings))
        return 0
    if arguments.code:
        asked = _CODE.fullmatch(arguments.code)
        if asked is None:
            raise UsageError("--code is KIOSK:NUMBER:CENTRE, for example k16:16:sokol")
        code = enrolment.create_enrolment_code(settings, asked[1], int(asked[2]), asked[3])
        if arguments.json:
            output.document({"code": code})
        else:
            print(code)
        return 0

    def ready(port: int) -> None:
        if arguments.json:
            output.line({"url": f"http://{arguments.host}:{port}"})
        else:
            print(f"The backend listens on http://{arguments.host}:{port}", file=sys.stderr, flush=True)

    serve(settings, ready=ready)
    return 0


def _restored(arguments: argparse.Namespace, settings: BackendSettings) -> int:
    import time

    from kiosk.backend.restored import compare_uploads, skip_numbers

    reached = skip_numbers(settings, time.time())
    asked = compare_uploads(settings, time.time()).uploads
    if arguments.json:
        output.document({"skipped_until": reached, "attachments_asked_again": asked})
    else:
        print(f"Registration numbers go on after {reached}. Kiosks offer again what is missing, by themselves.")
        print(f"{asked} attachments are asked for again.")
    return 0


def _revoke(arguments: argparse.Namespace, settings: BackendSettings) -> int:
    """Nothing is taken from the kiosk any more; its receipts count no more once the keys are published anew."""
    from kiosk.backend import devices
    from kiosk.backend.database import Database
    from kiosk.errors import ContentMissing

    database = Database(settings)
    try:
        with database.write() as connection:
            if not devices.revoke(connection, arguments.revoke):
                raise ContentMissing(f"no kiosk {arguments.revoke} is enrolled here")
            found = devices.revoked(connection)
    finally:
        database.close()
    if arguments.json:
        output.document({"revoked": found})
    else:
        print(f"Kiosk {arguments.revoke} is revoked. Publish the keys anew, so that kiosks and verifiers learn of it.")
    return 0


def _recover(arguments: argparse.Namespace, data: Path) -> int:
    """Print the store key in a recovery slot. Whoever reads it can open that kiosk's store, and no envelope in it."""
    from kiosk.backend import keys
    from kiosk.errors import EnvironmentFault
    from kiosk.protocol import recovery

    try:
        with arguments.recover.open("rb") as file:
            slot = recovery.read(file.read(recovery.MOST_BYTES + 1))
    except OSError as error:
        raise EnvironmentFault(f"the recovery slot {arguments.recover} cannot be read: {error.strerror}") from error
    pair = keys.recovery_pair(arguments.recovery_key or data / keys.RECOVERY_PRIVATE)
    key = recovery.open_slot(slot, pair.private).hex()
    if arguments.json:
        output.document({"profile": slot.profile, "check": slot.check, "key": key})
    else:
        print(key)
    return 0


def _migrate(arguments: argparse.Namespace, settings: BackendSettings) -> int:
    from kiosk.backend.migrate import migrate

    before, after = migrate(settings)
    if arguments.json:
        output.document({"before": before, "after": after})
    elif before == after:
        print(f"The database is at revision {after} already.")
    else:
        print(f"The database went from {before or 'nothing'} to revision {after}.")
    return 0
