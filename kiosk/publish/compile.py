"""Editors' sources become documents.

    catalogue/services/<theme>.json   {"theme": Theme, "services": [Service]}     theme/<id>, service/<id>
    catalogue/events/<category>.json  {"category": EventCategory, "events": [LifeEvent]}  event(-category)/<id>
    catalogue/synonyms/<language>.json  Synonyms                                  synonyms/<language>
    catalogue/popular.json            Popular                                     popular/home
    catalogue/guides/<theme>.json     guides.py                                   guide/<id>, documents of service/<id>
    catalogue/bodies.json             {"bodies": [Body]}                          body/<id>
    catalogue/wording.json            Wording: words that texts may not have
    catalogue/ecosystem.json          {"resources": [CityResource]}               resource/<id>
    catalogue/news.json               {"news": [News]}                            news/<id>
    catalogue/okrugs.json             {"okrugs": [Okrug]}                         okrug/<id>
    catalogue/places/<kind>.json      PlaceList                                   places/<kind>
    catalogue/centres/*.json          {"centres": [Centre]}                       centre/<id>
    forms/                            kiosk.forms.source                          form/<id>
    (the backend's keys, given)       BackendKeys                                 keys/backend

Rules. All problems of all files are found before anything is refused. A theme file must follow the schema of the
program (resources/catalogue/schema.json), whatever schema lies beside the sources. A service gets its form here. The
same sources give the same bytes. It does not sign or write (repository.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from kiosk import resources
from kiosk.errors import SourceRefused
from kiosk.model.city import CityResource, News, Okrug, PlaceList
from kiosk.model.content import BackendKeys, Centre, Document
from kiosk.model.form import FormDefinition
from kiosk.model.guide import Body, Guide
from kiosk.model.lookup import Lookup
from kiosk.model.service import EventCategory, LifeEvent, Popular, Service, Synonyms, Theme
from kiosk.model.text import LANGUAGES
from kiosk.protocol.pack import canonical
from kiosk.publish import guides
from kiosk.publish.check import Content, check
from kiosk.publish.source import Placed, Problem, Reader, pointer_of
from kiosk.publish.wording import Wording

T = TypeVar("T")


def compile_source(source: Path, *, backend_keys: BackendKeys | None) -> list[Document]:
    """The documents of a source folder, in order of their ids.

    Raises SourceRefused with every problem as (file, JSON Pointer, message).
    """
    content = read(source)
    refuse(check(content))
    return documents(content, backend_keys)


def read(source: Path) -> Content:
    """Everything of a source folder. Raises SourceRefused with every problem of single files."""
    reader = Reader(source)
    catalogue = source / "catalogue"
    themes: list[Placed[Theme]] = []
    services: list[Placed[Service]] = []
    files = sorted((catalogue / "services").glob("*.json"))
    if not files:
        reader.problem(catalogue / "services", "", "there is no theme file here")
    for path in files:
        given = reader.json(path)
        if given is None or _breaks_schema(reader, path, given):
            continue
        themes += reader.value(path, given["theme"], Theme, "/theme")
        for number, item in enumerate(given["services"]):
            services += reader.value(path, item, Service, f"/services/{number}")
    categories: list[Placed[EventCategory]] = []
    events: list[Placed[LifeEvent]] = []
    for path in sorted((catalogue / "events").glob("*.json")):
        given = reader.json(path)
        if not isinstance(given, dict) or set(given) != {"category", "events"} or not isinstance(given["events"], list):
            reader.problem(path, "", 'the file holds a "category" and a list named "events" and nothing else')
            continue
        categories += reader.value(path, given["category"], EventCategory, "/category")
        for number, item in enumerate(given["events"]):
            events += reader.value(path, item, LifeEvent, f"/events/{number}")
    centres = sorted((catalogue / "centres").glob("*.json"))
    wording = catalogue / "wording.json"
    forms = _forms(reader, source / "forms")
    content = Content(
        themes=tuple(themes),
        services=tuple(services),
        event_categories=tuple(categories),
        events=tuple(events),
        synonyms=tuple(
            one for language in LANGUAGES for one in reader.one(catalogue / "synonyms" / f"{language}.json", Synonyms)
        ),
        popular=tuple(reader.one(catalogue / "popular.json", Popular)),
        centres=tuple(one for path in centres for one in reader.values(path, "centres", Centre)),
        guides=tuple(
            one for path in sorted((catalogue / "guides").glob("*.json")) for one in guides.read(reader, path)
        ),
        bodies=_list(reader, catalogue / "bodies.json", "bodies", Body),
        resources=_list(reader, catalogue / "ecosystem.json", "resources", CityResource),
        news=_list(reader, catalogue / "news.json", "news", News),
        okrugs=_list(reader, catalogue / "okrugs.json", "okrugs", Okrug),
        places=tuple(
            one for path in sorted((catalogue / "places").glob("*.json")) for one in reader.one(path, PlaceList)
        ),
        wording=next((one.value for one in reader.one(wording, Wording)), None) if wording.exists() else None,
        forms=forms.forms,
        form_of=forms.form_of,
        general_forms=forms.general,
        lookups=forms.lookups,
    )
    refuse(reader.problems)
    return content


def documents(content: Content, backend_keys: BackendKeys | None) -> list[Document]:
    """The documents of checked content."""
    made: list[Document] = []
    for one in content.themes:
        made.append(Document(f"theme/{one.value.id}", canonical(one.value)))
    guide_of = {one.value.id: one.value for one in content.guides}
    for placed in content.services:
        service = placed.value
        if service.id in guide_of:
            service = msgspec.structs.replace(service, documents=guide_of[service.id].documents)
        if service.kind == "apply":
            form = content.form_of.get(service.id) or content.general_forms.get(service.audience)
            service = msgspec.structs.replace(service, form=form)
        made.append(Document(f"service/{service.id}", canonical(service)))
    made += [Document(f"guide/{one.value.id}", canonical(_without_documents(one.value))) for one in content.guides]
    made += [Document(f"body/{one.value.id}", canonical(one.value)) for one in content.bodies]
    made += [Document(f"resource/{one.value.id}", canonical(one.value)) for one in content.resources]
    made += [Document(f"news/{one.value.id}", canonical(one.value)) for one in content.news]
    made += [Document(f"okrug/{one.value.id}", canonical(one.value)) for one in content.okrugs]
    made += [Document(f"places/{one.value.kind}", canonical(one.value)) for one in content.places]
    made += [Document(f"event-category/{one.value.id}", canonical(one.value)) for one in content.event_categories]
    made += [Document(f"event/{one.value.id}", canonical(one.value)) for one in content.events]
    made += [Document(f"synonyms/{one.value.language}", canonical(one.value)) for one in content.synonyms]
    made += [Document("popular/home", canonical(one.value)) for one in content.popular]
    made += [Document(f"centre/{one.value.id}", canonical(one.value)) for one in content.centres]
    made += [Document(f"form/{one.value.id}", canonical(one.value)) for one in content.forms]
    made += [Document(f"lookup/{one.id}", canonical(one)) for one in content.lookups.values()]
    if backend_keys is not None:
        made.append(Document("keys/backend", canonical(backend_keys)))
    return sorted(made, key=lambda document: document.id)


def _without_documents(guide: Guide) -> Guide:
    """They are published with the service."""
    return msgspec.structs.replace(guide, documents=())


def refuse(problems: Iterable[Problem]) -> None:
    """Raise SourceRefused if there is a problem."""
    found = tuple(problems)
    if not found:
        return
    file, pointer, message = found[0]
    more = f" (and {len(found) - 1} more problems)" if len(found) > 1 else ""
    raise SourceRefused(f"{file}#{pointer}: {message}{more}", found)


def _list(reader: Reader, path: Path, key: str, kind: type[T]) -> tuple[Placed[T], ...]:
    """The list of a file that a source may do without."""
    return tuple(reader.values(path, key, kind)) if path.exists() else ()


class _Forms(Struct, frozen=True):
    forms: tuple[Placed[FormDefinition], ...] = ()
    form_of: dict[str, str] = {}
    general: dict[str, str] = {}
    lookups: dict[str, Lookup] = {}


def _forms(reader: Reader, folder: Path) -> _Forms:
    if not folder.is_dir():
        return _Forms()
    from kiosk.forms.source import load

    try:
        found = load(folder)
    except SourceRefused as error:
        for file, pointer, message in error.problems:
            reader.problem(Path(file), pointer, message)
        return _Forms()
    placed = tuple(
        Placed(reader.name(Path(found.places[form.id][0])), found.places[form.id][1], form) for form in found.forms
    )
    general: dict[str, str] = {str(audience): form_id for audience, form_id in found.index.general.items()}
    return _Forms(placed, found.index.services, general, found.lookups)


def _breaks_schema(reader: Reader, path: Path, given: Any) -> bool:
    found = False
    for error in _schema()(given):
        reader.problem(path, pointer_of(error.instance_path), _readable(error.message))
        found = True
    return found


def _readable(message: str) -> str:
    words = message.replace('"en" is a required property', "the English text is missing")
    words = words.replace('"ru" is a required property', "the Russian text is missing")
    return words if len(words) <= 300 else f"{words[:297]}..."


@cache
def _schema() -> Callable[[Any], Iterator[Any]]:
    import jsonschema_rs

    schema = msgspec.json.decode((resources.root() / "catalogue" / "schema.json").read_bytes())
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True).iter_errors
