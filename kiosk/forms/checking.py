"""Are all forms sound? What `kiosk forms check` and the editors' publishing ask.

Rules. Every form is checked by itself (soundness.py); the index names forms that exist; questions of one's own are
counted by what they ask. Problems are collected.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from kiosk.errors import SourceRefused
from kiosk.forms.soundness import Checker
from kiosk.forms.source import FormIndex, Sources, load
from kiosk.model.form import FormDefinition
from kiosk.model.lookup import Lookup


def check_all(folder: Path, only: tuple[str, ...] = ()) -> dict[str, Any]:
    """The report on a source folder, or on some services or forms of it: {"services", "with_own_form",
    "question_sets", "errors"}. `question_sets` are the different sets of own questions that services ask.

    A source that cannot be published is told with all its problems: then nothing is counted, `service` is "" and the
    pointer begins with the file. Raises SourceRefused for a name in `only` that is neither a service nor a form.
    """
    try:
        sources = load(folder)
    except SourceRefused as error:
        return {
            "services": 0,
            "with_own_form": 0,
            "question_sets": 0,
            "errors": [_error("", f"{_within(folder, file)}#{at}", message) for file, at, message in error.problems],
        }
    return check_sources(sources, only)


def check_sources(sources: Sources, only: tuple[str, ...] = ()) -> dict[str, Any]:
    """The same for sources that are already read. A problem of a form that was assembled is told with its set."""
    general = {
        service: sources.index.general[known.audience]
        for service, known in sources.services.items()
        if service not in sources.index.services
    }
    index = FormIndex(general | sources.index.services, sources.index.general)
    return report(sources.forms, index, only, sources.lookups, sources.own)


def report(
    definitions: Iterable[FormDefinition],
    index: FormIndex,
    only: tuple[str, ...] = (),
    lookups: Mapping[str, Lookup] | None = None,
    own: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """The same for definitions. `errors` are {"service", "pointer", "message"}; `own` tells sets of questions apart."""
    forms = {definition.id: definition for definition in definitions}
    strangers = [name for name in only if name not in index.services and name not in forms]
    if strangers:
        raise SourceRefused(f"{strangers[0]} is neither a service that is applied for nor a form")
    wanted = {service: form for service, form in index.services.items() if not only or {service, form} & set(only)}
    errors = [_error(service, "", f"there is no form {form}") for service, form in wanted.items() if form not in forms]
    if not only:
        errors += [
            _error("", f"/general/{audience}", f"there is no form {form}")
            for audience, form in index.general.items()
            if form not in forms
        ]
    used = dict.fromkeys([*wanted.values(), *([*index.general.values(), *forms] if not only else [])])
    used |= dict.fromkeys(name for name in only if name in forms)
    services = {form: service for service, form in reversed(wanted.items())}
    checker = Checker(lookups or {})
    for form_id in used:
        if form_id in forms:
            problems = checker.problems(forms[form_id])
            errors += [_error(services.get(form_id, form_id), pointer, message) for pointer, message in problems]
    asked = dict.fromkeys([*wanted.values(), *(name for name in only if name in forms)])
    there = [form_id for form_id in asked if form_id in forms]
    return {
        "services": len(wanted),
        "with_own_form": sum(1 for form in wanted.values() if form in forms and forms[form].own),
        "question_sets": len({(own or {}).get(form_id, form_id) for form_id in there}),
        "errors": errors,
    }


def _within(folder: Path, file: str) -> str:
    path = Path(file)
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.name


def _error(service: str, pointer: str, message: str) -> dict[str, str]:
    return {"service": service, "pointer": pointer, "message": message}
