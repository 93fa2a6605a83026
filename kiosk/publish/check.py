"""What editors' sources must agree on before they are published: one small function a rule.

Rules. A check takes everything that was read and yields problems (file, JSON Pointer, message); it changes nothing and
needs no disk. The shape of single files is checked before (source.py, resources/catalogue/schema.json). A new rule is a
function in CHECKS and a bad example in its test.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import msgspec
from msgspec import Struct

from kiosk.model.city import CityResource, News, Okrug, Place, PlaceList
from kiosk.model.content import Centre
from kiosk.model.form import FormDefinition
from kiosk.model.guide import Body, Guide
from kiosk.model.lookup import Lookup
from kiosk.model.service import EventCategory, LifeEvent, Popular, Service, Synonyms, Theme
from kiosk.model.text import Text
from kiosk.publish.source import Placed, Problem
from kiosk.publish.wording import Wording, wording_problems

SHORT = 32
LONG_TITLE = 60
CHIP = 20

_ODD_SPACE = re.compile(r"[\u00a0\u202f\u2009\t\n\r]|  |^\s|\s$")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_LISTED = re.compile(r"documents(_\d+)?\.description")
_FORM_INDEX = "forms/index.json"


class Content(Struct, frozen=True):
    """Everything that was read. `form_of` is service id -> form id, `general_forms` audience -> form id."""

    themes: tuple[Placed[Theme], ...] = ()
    services: tuple[Placed[Service], ...] = ()
    event_categories: tuple[Placed[EventCategory], ...] = ()
    events: tuple[Placed[LifeEvent], ...] = ()
    synonyms: tuple[Placed[Synonyms], ...] = ()
    popular: tuple[Placed[Popular], ...] = ()
    centres: tuple[Placed[Centre], ...] = ()
    guides: tuple[Placed[Guide], ...] = ()
    bodies: tuple[Placed[Body], ...] = ()
    resources: tuple[Placed[CityResource], ...] = ()
    news: tuple[Placed[News], ...] = ()
    okrugs: tuple[Placed[Okrug], ...] = ()
    places: tuple[Placed[PlaceList], ...] = ()
    wording: Wording | None = None
    forms: tuple[Placed[FormDefinition], ...] = ()
    form_of: Mapping[str, str] = {}
    general_forms: Mapping[str, str] = {}
    lookups: Mapping[str, Lookup] = {}


def check(content: Content) -> list[Problem]:
    """Every problem of every rule."""
    return [problem for rule in CHECKS for problem in rule(content)]


def ids_stand_once(content: Content) -> Iterator[Problem]:
    lists: tuple[Iterable[Placed[Any]], ...] = (
        content.themes,
        content.services,
        content.event_categories,
        content.events,
        content.centres,
        content.guides,
        content.bodies,
        content.resources,
        content.news,
        content.okrugs,
        content.forms,
    )
    for placed in lists:
        first: dict[str, Placed[Any]] = {}
        for one in placed:
            other = first.setdefault(one.value.id, one)
            if other is not one:
                yield one.file, f"{one.pointer}/id", f"the id {one.value.id} stands in {other.file} already"


def theme_is_named_as_its_file(content: Content) -> Iterator[Problem]:
    for one in content.themes:
        if one.file.rpartition("/")[2] != f"{one.value.id}.json":
            yield one.file, f"{one.pointer}/id", f"the theme {one.value.id} stands in a file of another name"


def themes_are_told_apart(content: Content) -> Iterator[Problem]:
    for field in ("order", "drawing"):
        seen: dict[object, str] = {}
        for one in content.themes:
            value = getattr(one.value, field)
            other = seen.setdefault(value, one.value.id)
            if other != one.value.id:
                yield one.file, f"{one.pointer}/{field}", f"the {field} {value} is that of the theme {other}"


def service_agrees_with_its_theme(content: Content) -> Iterator[Problem]:
    themes = {one.value.id: one for one in content.themes}
    for one in content.services:
        theme = themes.get(one.value.theme)
        if theme is None:
            yield one.file, f"{one.pointer}/theme", f"there is no theme {one.value.theme}"
        elif theme.file != one.file:
            yield one.file, f"{one.pointer}/theme", f"services of the theme {one.value.theme} stand in {theme.file}"
        elif theme.value.audience != one.value.audience:
            yield one.file, f"{one.pointer}/audience", f"the theme is for another audience, {theme.value.audience}"


def long_titles_have_a_short_one(content: Content) -> Iterator[Problem]:
    for one in content.services:
        title, short = one.value.title, one.value.short_title
        if short is None and max(len(title.ru), len(title.en)) > LONG_TITLE:
            yield one.file, one.pointer, f"a title of more than {LONG_TITLE} characters needs a short_title"


def short_texts_are_short(content: Content) -> Iterator[Problem]:
    short: list[tuple[Placed[Any], str, Text, int]] = [(one, "title", one.value.title, SHORT) for one in content.themes]
    short += [(one, "short_title", one.value.short_title, SHORT) for one in content.services if one.value.short_title]
    short += [
        (one, f"queries/{number}", query, CHIP)
        for one in content.popular
        for number, query in enumerate(one.value.queries)
    ]
    for one, field, text, most in short:
        for language in ("ru", "en"):
            if len(text.of(language)) > most:
                yield one.file, f"{one.pointer}/{field}/{language}", f"the text has more than {most} characters"


def fees_grow_in_time(content: Content) -> Iterator[Problem]:
    for one in content.services:
        days = [fee.valid_from for fee in one.value.fees]
        if days != sorted(set(days)):
            yield one.file, f"{one.pointer}/fees", "the fees are not in order of their days, each day once"


def events_name_offered_services(content: Content) -> Iterator[Problem]:
    services = {one.value.id: one.value for one in content.services}
    for one in content.events:
        seen: set[str] = set()
        for at, step in enumerate(one.value.steps):
            for number, service_id in enumerate(step.services):
                place = f"{one.pointer}/steps/{at}/services/{number}"
                if service_id not in services:
                    yield one.file, place, f"there is no service {service_id}"
                elif services[service_id].historical:
                    yield one.file, place, f"the service {service_id} is no longer offered"
                elif service_id in seen:
                    yield one.file, place, f"the service {service_id} stands twice in the event"
                seen.add(service_id)


def events_stand_in_their_category(content: Content) -> Iterator[Problem]:
    files = {one.value.id: one.file for one in content.event_categories}
    for one in content.events:
        if files.get(one.value.category) != one.file:
            yield one.file, f"{one.pointer}/category", f"the file is not that of the category {one.value.category}"


def events_have_an_order(content: Content) -> Iterator[Problem]:
    """Each order once, for Home and for the list of categories."""
    lists: tuple[tuple[Placed[Any], ...], ...] = (content.event_categories, content.events)
    for placed in lists:
        first: dict[int, str] = {}
        for one in placed:
            other = first.setdefault(one.value.order, one.value.id)
            if other != one.value.id:
                yield one.file, f"{one.pointer}/order", f"the order {one.value.order} is that of {other}"


def guides_stand_with_their_services(content: Content) -> Iterator[Problem]:
    """A theme that has a file of guides has one for each of its services, and no other."""
    theme_of = {one.value.id: one.value.theme for one in content.services}
    guided = {one.value.id for one in content.guides}
    files: dict[str, str] = {}
    for one in content.guides:
        theme = one.file.rpartition("/")[2].removesuffix(".json")
        files[theme] = one.file
        if theme_of.get(one.value.id) != theme:
            yield one.file, f"{one.pointer}/id", f"the theme {theme} has no service {one.value.id}"
    for service_id, theme in theme_of.items():
        if theme in files and service_id not in guided:
            yield files[theme], "/guides", f"the service {service_id} has no guide"


def guides_lead_somewhere(content: Content) -> Iterator[Problem]:
    services = {one.value.id: one.value for one in content.services}
    bodies = {one.value.id for one in content.bodies}
    for one in content.guides:
        guide = one.value
        if guide.body not in bodies:
            yield one.file, f"{one.pointer}/body", f"there is no body {guide.body}"
        for number, other in enumerate(guide.related):
            place = f"{one.pointer}/related/{number}"
            if other == guide.id or other in guide.related[:number]:
                yield one.file, place, f"the service {other} stands here already"
            elif other not in services:
                yield one.file, place, f"there is no service {other}"
            elif services[other].historical and not services[guide.id].historical:
                yield one.file, place, f"the service {other} is no longer offered"


def guides_say_enough(content: Content) -> Iterator[Problem]:
    """A price in words where there is no figure, and lists that have something in them."""
    services = {one.value.id: one.value for one in content.services}
    for one in content.guides:
        guide, service = one.value, services.get(one.value.id)
        if service is not None and not service.fees and guide.cost is None:
            yield one.file, f"{one.pointer}/cost", "the service has no price, so the guide says what it depends on"
        for field, least in (("who", 1), ("steps", 2), ("refusals", 1), ("ways", 1), ("related", 2)):
            if len(getattr(guide, field)) < least:
                yield one.file, f"{one.pointer}/{field}", f"there are {least} or more"


def texts_can_be_read(content: Content) -> Iterator[Problem]:
    """Body texts follow the rules of wording.py. Titles of services are the city's own, and are left as they are.

    Texts of forms too, each once: shared parts stand in hundreds. Lists of documents are no prose to be judged.
    """
    if content.wording is None:
        return
    known: set[Text] = set()
    for form in content.forms:
        for key, text in form.value.texts.items():
            if text not in known and not _LISTED.fullmatch(key):
                known.add(text)
                yield from (
                    (form.file, form.pointer, f"{key}: {said}") for said in wording_problems(text, content.wording)
                )
    bodies: list[Placed[Any]] = [*content.services, *content.guides, *content.events, *content.resources, *content.news]
    for placed in bodies:
        value = placed.value
        body: Iterable[tuple[str, Any]] = ((name, getattr(value, name)) for name in value.__struct_fields__)
        for name, part in body:
            if name in ("title", "short_title", "keywords", "label"):
                continue
            for pointer, text in texts_in(part, f"{placed.pointer}/{name}"):
                for message in wording_problems(text, content.wording):
                    yield placed.file, pointer, message


def resources_lead_somewhere(content: Content) -> Iterator[Problem]:
    services = {one.value.id: one.value for one in content.services}
    for one in content.resources:
        if not one.value.url.startswith("https://"):
            yield one.file, f"{one.pointer}/url", "the address begins with https://"
        for number, service_id in enumerate(one.value.services):
            if service_id not in services or services[service_id].historical:
                yield one.file, f"{one.pointer}/services/{number}", f"there is no service {service_id} on offer"
    for news in content.news:
        if news.value.url and not news.value.url.startswith("https://"):
            yield news.file, f"{news.pointer}/url", "the address begins with https://"
        if news.value.until is not None and news.value.until < news.value.since:
            yield news.file, f"{news.pointer}/until", "it ends before it begins"


def places_stand_in_an_okrug(content: Content) -> Iterator[Problem]:
    okrugs = {one.value.id: one.value for one in content.okrugs}
    centres = ((one.file, one.pointer, one.value) for one in content.centres)
    listed = (
        (one.file, f"{one.pointer}/places/{number}", place)
        for one in content.places
        for number, place in enumerate(one.value.places)
    )
    everything: list[tuple[str, str, Centre | Place]] = [*centres, *listed]
    for file, pointer, place in everything:
        okrug = okrugs.get(place.okrug)
        if place.okrug and okrug is None:
            yield file, f"{pointer}/okrug", f"there is no okrug {place.okrug}"
        elif place.district and (okrug is None or place.district not in okrug.districts):
            yield file, f"{pointer}/district", f"the okrug has no district {place.district}"
    for one in content.places:
        if one.file.rpartition("/")[2] != f"{one.value.kind}.json":
            yield one.file, f"{one.pointer}/kind", f"places of the kind {one.value.kind} stand in a file of that name"
        ids = [place.id for place in one.value.places]
        for number, id_ in enumerate(ids):
            if id_ in ids[:number]:
                yield one.file, f"{one.pointer}/places/{number}/id", f"the id {id_} stands here already"
    for other in content.okrugs:
        for number, near in enumerate(other.value.near):
            if near not in okrugs or near == other.value.id:
                yield other.file, f"{other.pointer}/near/{number}", f"there is no okrug {near} beside it"


def texts_in(value: Any, pointer: str) -> Iterator[tuple[str, Text]]:
    """Every Text inside a value, with its pointer."""
    if isinstance(value, Text):
        yield pointer, value
    elif isinstance(value, Struct):
        for name in value.__struct_fields__:
            yield from texts_in(getattr(value, name), f"{pointer}/{name}")
    elif isinstance(value, tuple | list):
        for number, one in enumerate(value):
            yield from texts_in(one, f"{pointer}/{number}")


def synonyms_are_groups(content: Content) -> Iterator[Problem]:
    for one in content.synonyms:
        if one.file.rpartition("/")[2] != f"{one.value.language}.json":
            yield one.file, f"{one.pointer}/language", f"the language {one.value.language} is not the file's"
        for number, group in enumerate(one.value.groups):
            if len({word.casefold() for word in group}) != len(group) or len(group) < 2:
                yield one.file, f"{one.pointer}/groups/{number}", "a group has two different words or more"


def words_are_clean(content: Content) -> Iterator[Problem]:
    placed: list[Placed[Any]] = [
        *content.themes,
        *content.services,
        *content.guides,
        *content.bodies,
        *content.resources,
        *content.news,
        *content.okrugs,
        *content.places,
        *content.event_categories,
        *content.events,
        *content.centres,
    ]
    for one in (*placed, *content.synonyms, *content.popular):
        for pointer, text in _strings(msgspec.to_builtins(one.value), one.pointer):
            last = pointer.rpartition("/")[2]
            if _ODD_SPACE.search(text):
                yield one.file, pointer, "the text has a space at an end, two in a row or one of another kind"
            if last in ("ru", "en") and not text:
                yield one.file, pointer, f"the {'Russian' if last == 'ru' else 'English'} text is empty"
            if (last == "en" or "/en/" in pointer) and _CYRILLIC.search(text):
                yield one.file, pointer, "an English text has Cyrillic letters"


def services_have_their_forms(content: Content) -> Iterator[Problem]:
    services = {one.value.id: one for one in content.services}
    forms = {one.value.id for one in content.forms}
    for service_id, form_id in content.form_of.items():
        place = f"/services/{service_id}"
        if service_id not in services:
            yield _FORM_INDEX, place, f"there is no service {service_id}"
        elif services[service_id].value.kind != "apply":
            yield _FORM_INDEX, place, f"the service {service_id} is not one that is applied for"
        if form_id not in forms:
            yield _FORM_INDEX, place, f"there is no form {form_id}"
    for audience, form_id in content.general_forms.items():
        if form_id not in forms:
            yield _FORM_INDEX, f"/general/{audience}", f"there is no form {form_id}"
    for one in services.values():
        service = one.value
        if service.form is not None:
            yield one.file, f"{one.pointer}/form", f"the form of a service is said in {_FORM_INDEX}"
        if content.forms and service.kind == "apply" and not _form(content, service):
            yield one.file, one.pointer, f"the service {service.id} is applied for and has no form"


def forms_work(content: Content) -> Iterator[Problem]:
    """Every form compiles and accepts its examples; `kiosk forms check` sees besides that every rule refuses."""
    from kiosk.forms.soundness import Checker

    checker = Checker(content.lookups, refusals=False)
    for one in content.forms:
        for pointer, message in checker.problems(one.value):
            form = f"form/{one.value.id}{pointer}: " if one.pointer else ""
            yield one.file, one.pointer or pointer, form + message


CHECKS: tuple[Callable[[Content], Iterator[Problem]], ...] = (
    ids_stand_once,
    theme_is_named_as_its_file,
    themes_are_told_apart,
    service_agrees_with_its_theme,
    long_titles_have_a_short_one,
    short_texts_are_short,
    fees_grow_in_time,
    events_name_offered_services,
    events_stand_in_their_category,
    events_have_an_order,
    guides_stand_with_their_services,
    guides_lead_somewhere,
    guides_say_enough,
    texts_can_be_read,
    resources_lead_somewhere,
    places_stand_in_an_okrug,
    synonyms_are_groups,
    words_are_clean,
    services_have_their_forms,
    forms_work,
)


def _form(content: Content, service: Service) -> str | None:
    return content.form_of.get(service.id) or content.general_forms.get(service.audience)


def _strings(value: Any, pointer: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield pointer, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _strings(inner, f"{pointer}/{key}")
    elif isinstance(value, list | tuple):
        for number, inner in enumerate(value):
            yield from _strings(inner, f"{pointer}/{number}")
