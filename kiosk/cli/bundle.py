"""A USB stick in the place of the network: published content in, the sealed outbox out, confirmations back.

At the kiosk: export FILE puts the sealed outbox onto the stick, import FILE brings content and confirmations in. At the
office: import FILE --backend DIR takes the envelopes and puts the answers onto the stick, export FILE --content REPO
the published repository. One FILE serves several kiosks.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from kiosk.cli import output, profile
from kiosk.errors import UsageError
from kiosk.model.submission import SubmissionState


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("action", choices=("export", "import"))
    parser.add_argument("file", type=Path, metavar="FILE", help="the bundle, on the stick")
    parser.add_argument("--content", type=Path, metavar="REPO", help="export: put this published repository onto it")
    parser.add_argument(
        "--backend", type=Path, metavar="DIR", help="import: the backend with this data folder takes it"
    )
    parser.add_argument("--database", default="", metavar="URL", help="the backend's, where it is not in its folder")
    parser.add_argument("--uploads", type=Path, metavar="DIR", help="its attachments, where they are not in its folder")


def run(arguments: argparse.Namespace) -> int:
    office = {"export": arguments.content, "import": arguments.backend}
    elsewhere = arguments.database or arguments.uploads
    wrong = {"export": arguments.backend or elsewhere, "import": arguments.content}[arguments.action]
    if wrong or (elsewhere and not arguments.backend):
        raise UsageError(
            "use: kiosk bundle export FILE [--content REPO], "
            "or import FILE [--backend DIR [--database URL] [--uploads DIR]]"
        )
    if arguments.action == "export":
        found = _export_content(arguments) if office["export"] else _export_outbox(arguments)
    else:
        found = _backend_takes(arguments) if office["import"] else _kiosk_takes(arguments)
    if arguments.json:
        output.document(found)
    else:
        print(_sentence(found))
    return 0


def _export_outbox(arguments: argparse.Namespace) -> dict[str, Any]:
    from kiosk.sync import bundle

    with profile.store(arguments) as store:
        made = bundle.export(store, profile.folder(arguments), arguments.file)
    return {"envelopes": made.envelopes, "attachments": made.attachments, "bytes": made.bytes}


def _export_content(arguments: argparse.Namespace) -> dict[str, Any]:
    from kiosk.protocol.bundle import CONTENT
    from kiosk.sync import bundle

    repo: Path = arguments.content
    if not (repo / "metadata" / "timestamp.json").is_file():
        raise UsageError(f"{repo} is no published repository; kiosk publish makes one")
    names = [path.relative_to(repo) for part in CONTENT for path in sorted((repo / part).rglob("*")) if path.is_file()]

    def every() -> Iterator[tuple[str, bytes | BinaryIO]]:
        for name in names:
            with (repo / name).open("rb") as file:
                yield name.as_posix(), file

    size = bundle.rewrite(arguments.file, every(), lambda name: name.partition("/")[0] not in CONTENT)
    return {"files": len(names), "bytes": size}


def _kiosk_takes(arguments: argparse.Namespace) -> dict[str, Any]:
    from kiosk import app
    from kiosk.store import outbox
    from kiosk.sync import bundle

    root = app.trusted_root(profile.folder(arguments), profile.settings(arguments))
    with profile.store(arguments) as store, bundle.opened(arguments.file) as source:
        taken = bundle.take_in(store, source, root)
        counts = outbox.counts(store)
    report = taken.published
    return {
        "published": report
        and {
            "version": report.version,
            "documents": report.documents,
            "changed": report.changed,
            "bytes": report.bytes,
        },
        "outbox": {
            "settled": taken.settled,
            "outcomes": taken.outcomes,
            "pending": counts[SubmissionState.WAITING] + counts[SubmissionState.SENDING],
            "needs_attention": counts[SubmissionState.NEEDS_ATTENTION],
        },
    }


def _backend_takes(arguments: argparse.Namespace) -> dict[str, Any]:
    from kiosk.backend import bundle as office
    from kiosk.backend import keys
    from kiosk.backend.database import Database
    from kiosk.backend.settings import BackendSettings
    from kiosk.backend.upload_place import Folder
    from kiosk.protocol import bundle as form
    from kiosk.sync import bundle

    if not arguments.backend.is_dir():
        raise UsageError(f"{arguments.backend} is no backend's data folder")
    settings = BackendSettings(
        data=arguments.backend.absolute(), database_url=arguments.database, uploads=arguments.uploads
    )
    place = Folder(settings.upload_folder())
    database = Database(settings)
    try:
        with bundle.opened(arguments.file) as source:
            taken = office.take(database, keys.load(settings), settings, place, source, time.time())
    finally:
        database.close()
    answers = [(form.answers_name(one.kiosk), form.encode_answers(one.confirmations)) for one in taken]
    written = {name for name, _ in answers}
    bundle.rewrite(arguments.file, answers, lambda name: name not in written)
    return {
        "kiosks": [
            {
                "kiosk": one.kiosk,
                "received": one.received,
                "already": one.already,
                "refused": one.refused,
                "attachments": one.attachments,
            }
            for one in taken
        ]
    }


def _sentence(found: dict[str, Any]) -> str:
    if "kiosks" in found:
        lines = [
            f"{one['kiosk']}: {one['received']} received, {one['refused']} refused, {one['attachments']} attachments"
            for one in found["kiosks"]
        ]
        return "\n".join(lines) or "No kiosk's outbox is on the stick."
    if "envelopes" in found:
        return f"{found['envelopes']} sealed submissions and {found['attachments']} attachments are on the stick."
    if "files" in found:
        return f"{found['files']} files of published content are on the stick."
    content = found["published"]
    said = (
        f"Content version {content['version']}, {content['changed']} changed."
        if content
        else "No content on the stick."
    )
    return f"{said} {found['outbox']['settled']} submissions confirmed, waiting {found['outbox']['pending']}."
