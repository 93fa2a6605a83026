"""Are all forms sound? What `kiosk forms check` and the editors' publishing ask.

Rules. Every form is compiled; each of its examples passes and is sent unchanged; each needed answer that is taken out
of an example is
refused; every page and field is reached by an example or by one other choice in it; every text belongs to something
and is
there in both languages; the index names forms that exist. Examples are judged on the day `x-examplesOn` of the schema,
so that they do not grow stale. Problems are collected, nothing is raised but SourceRefused for a folder that cannot
be read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from kiosk import words
from kiosk.errors import SourceRefused
from kiosk.forms.answers import get, put
from kiosk.forms.definition import Form, compile_form
from kiosk.forms.question import Question
from kiosk.forms.source import FormIndex, load_forms, load_index
from kiosk.model.form import Answers, FormDefinition
from kiosk.model.text import LANGUAGES

Problem = tuple[str, str]
ENOUGH_EXAMPLES = 2
_SUFFIXES = frozenset({"label", "description", "group", "unit", "before", "true", "false"})


def check_all(folder: Path, only: tuple[str, ...] = ()) -> dict[str, Any]:
    """The report on a source folder, or on some services or forms of it: {"services", "with_own_form",
    "question_sets", "errors"}.

    Raises SourceRefused if a file cannot be read, or for a name in `only` that is neither a service nor a form.
    """
    return report(load_forms(folder), load_index(folder), only)


def report(definitions: Iterable[FormDefinition], index: FormIndex, only: tuple[str, ...] = ()) -> dict[str, Any]:
    """The same for definitions that are already read. `errors` are {"service", "pointer", "message"}."""
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
    for form_id in used:
        if form_id in forms:
            service = next((name for name, form in wanted.items() if form == form_id), form_id)
            errors += [_error(service, pointer, message) for pointer, message in check_definition(forms[form_id])]
    own = sum(1 for form in wanted.values() if form in forms and forms[form].own)
    return {
        "services": len(wanted),
        "with_own_form": own,
        "question_sets": len([form_id for form_id in used if form_id in forms]),
        "errors": errors,
    }


def _error(service: str, pointer: str, message: str) -> dict[str, str]:
    return {"service": service, "pointer": pointer, "message": message}


def check_definition(definition: FormDefinition) -> list[Problem]:
    """Everything that is wrong with one form, as (JSON Pointer into the definition, message)."""
    try:
        form = compile_form(definition)
    except SourceRefused as error:
        return [(pointer, message) for _, pointer, message in error.problems]
    return [*_examples(form), *_reach(form), *_texts(form)]


def examples_day(definition: FormDefinition) -> date:
    """The day on which the examples of a form are right. Raises ValueError if the form does not say it."""
    return date.fromisoformat(str(definition.schema.get("x-examplesOn", "")))


def _examples(form: Form) -> Iterator[Problem]:
    definition = form.definition
    if len(definition.examples) < ENOUGH_EXAMPLES:
        yield "/examples", f"a form needs {ENOUGH_EXAMPLES} complete examples"
    try:
        today = examples_day(definition)
    except ValueError:
        yield "/schema/x-examplesOn", "the day on which the examples are right is missing"
        return
    for number, example in enumerate(definition.examples):
        where = f"/examples/{number}"
        for error in form.check(example, "en", today):
            yield where + error.pointer, f"{error.code}: {error.message}"
        sent = form.outgoing(example)
        if form.outgoing(sent) != sent:
            yield where, "what is sent changes when it is sent again"
        if not form.schema_accepts(sent):
            yield where, "the schema alone does not accept what is sent"
        for language in LANGUAGES:
            form.pages(example, language)
            form.summary(example, language)
        yield from _missing(form, example, where, today)


def _missing(form: Form, example: Answers, where: str, today: date) -> Iterator[Problem]:
    for question in form.asked(example):
        if not question.required or get(example, question.pointer) is None:
            continue
        without = put(example, question.pointer, None)
        codes = {error.pointer: error.code for error in form.check(without, "en", today)}
        if codes.get(question.pointer) != "required":
            yield where + question.pointer, "taking this answer out is not noticed"
        if form.schema_accepts(form.outgoing(without)):
            yield where + question.pointer, "the schema alone does not notice that this answer is missing"


def _reach(form: Form) -> Iterator[Problem]:
    reached: set[str] = set()
    for example in form.definition.examples:
        for answers in _variations(form, example):
            reached.update(question.pointer for question in form.asked(answers))
    for number, sheet in enumerate(form.sheets):
        for question in sheet.questions:
            if question.pointer not in reached:
                yield f"/ui/elements/{number}", f"{question.pointer} is reached by no example and no one choice in it"


def _variations(form: Form, example: Answers) -> Iterator[Answers]:
    yield example
    for question in form.asked(example):
        for value in _choices(question):
            yield put(example, question.pointer, value)


def _choices(question: Question) -> Iterator[Any]:
    match question.kind:
        case "choice":
            yield from question.values
        case "choices":
            yield from ([value] for value in question.values)
        case "yes_no":
            yield from (True, False)
        case "number":
            yield from (question.schema[bound] for bound in ("minimum", "maximum") if bound in question.schema)


def _texts(form: Form) -> Iterator[Problem]:
    known: dict[str, set[str]] = {}
    for sheet in form.sheets:
        known.setdefault(sheet.id, set())
        for question in sheet.questions:
            known.setdefault(question.i18n, set()).update(question.values)
            if question.joined:
                known.setdefault(question.joined, set())
    codes = error_codes()
    for key in form.definition.texts:
        owner, _, suffix = key.rpartition(".")
        if ".error." in key:
            owner, _, code = key.partition(".error.")
            fits = code in codes
        else:
            fits = suffix in _SUFFIXES or suffix in known.get(owner, ())
        if owner not in known or not fits:
            yield f"/texts/{key}", "this text belongs to nothing"


def error_codes() -> frozenset[str]:
    """Every code that an AnswerError can have, as the words of the interface know them."""
    plain = (key.removeprefix("form.error.") for key in words.keys("en") if key.startswith("form.error."))
    codes = (key.removesuffix("_one").removesuffix("_other") for key in plain)
    return frozenset(code for code in codes if not code.startswith("required_"))
