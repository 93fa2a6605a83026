"""Send an application without the UI: the same checks, seal and receipt as on the screen."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import msgspec

from kiosk.cli import output, profile
from kiosk.errors import AnswersRefused, EnvironmentFault, UsageError
from kiosk.model.form import AnswerError, Answers


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("service", help="for example S0005")
    parser.add_argument("--answers", type=Path, required=True, metavar="FILE", help="JSON of the form's answers")
    parser.add_argument(
        "--attach", type=Path, nargs="+", action="extend", default=[], metavar="FILE", help="files to send with it"
    )
    parser.add_argument("--lang", choices=("ru", "en"), default="ru")
    parser.add_argument(
        "--receipt", type=Path, metavar="FILE", help="write the receipt (JSON) for kiosk receipt render"
    )


def run(arguments: argparse.Namespace) -> int:
    from kiosk.desk.applications import Application, Counter
    from kiosk.desk.attachments import FileOffered

    answers = _answers(arguments.answers)
    if arguments.receipt is not None and not arguments.receipt.absolute().parent.is_dir():
        raise UsageError(f"there is no folder for the receipt {arguments.receipt}")
    counter = Counter(profile.folder(arguments), profile.key(arguments))
    files = tuple(FileOffered(path.name, path) for path in arguments.attach)
    application = Application(arguments.service, answers, arguments.lang, consent=True, attachments=files)
    try:
        receipt = counter.submit(application)
    except AnswersRefused as refused:
        errors = [error for error in refused.errors if isinstance(error, AnswerError)]
        if arguments.json:
            output.document({"errors": errors})
        for error in errors:
            print(f"{error.pointer or '/'}: {error.message}", file=sys.stderr)
        return 1
    # First of all the number: the application is kept, whatever becomes of the receipt's file.
    if arguments.json:
        output.document({"id": receipt.submission, "receipt_number": receipt.number, "state": "waiting"})
    else:
        print(receipt.number)
    if arguments.receipt is not None:
        try:
            arguments.receipt.write_bytes(msgspec.json.encode(receipt))
        except OSError as error:
            raise EnvironmentFault(
                f"the application {receipt.number} is kept, but {arguments.receipt} cannot be written: {error.strerror}"
            ) from error
    return 0


def _answers(path: Path) -> Answers:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Answers)
    except OSError as error:
        raise UsageError(f"the answers {path} cannot be read: {error.strerror}") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UsageError(f"the answers {path} are not a JSON object: {error}") from error
