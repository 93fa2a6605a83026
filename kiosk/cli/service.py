"""One service with its form."""

from __future__ import annotations

import argparse
from typing import Any

import msgspec

from kiosk.cli import output, profile
from kiosk.desk.catalogue import StoreCatalogue
from kiosk.model.form import FormDefinition
from kiosk.store import documents


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id", help="for example S0005")
    parser.add_argument("--lang", choices=("ru", "en"), default="ru")


def run(arguments: argparse.Namespace) -> int:
    with profile.store(arguments, read_only=True) as store:
        service = StoreCatalogue(store).service(arguments.id)
        form = documents.get(store, f"form/{service.form}", FormDefinition) if service.form else None
    if arguments.json:
        found: dict[str, Any] = msgspec.to_builtins(service)
        found["form"] = msgspec.to_builtins(form)
        output.document(found)
        return 0
    language = arguments.lang
    print(service.title.of(language))
    if service.summary:
        print(service.summary.of(language))
    for document in service.documents:
        print(f"- {document.name.of(language)}")
    if form:
        print(f"[{form.id}, {form.version}]")
    return 0
