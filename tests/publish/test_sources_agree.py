"""One bad example for each rule that sources must agree on, and none for a good source."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from kiosk import resources
from kiosk.forms.source import load_forms
from kiosk.model.service import EventStep
from kiosk.publish import check
from kiosk.publish.check import Content
from kiosk.publish.compile import read
from kiosk.publish.source import Placed, Problem
from tests.publish.small_source import EVENTS, SERVICES, files, write


@pytest.fixture
def good(tmp_path: Path) -> Content:
    return read(write(tmp_path, files()))


def put(content: Content, field: str, number: int, **values: Any) -> Content:
    """The content with one of its values changed."""
    placed = list(getattr(content, field))
    value = msgspec.structs.replace(placed[number].value, **values)
    placed[number] = msgspec.structs.replace(placed[number], value=value)
    return msgspec.structs.replace(content, **{field: tuple(placed)})


def only(found: list[Problem], file: str, pointer: str, message: str) -> None:
    assert [(problem[0], problem[1]) for problem in found] == [(file, pointer)], found
    assert message in found[0][2]


def title(ru: str, en: str) -> Any:
    from kiosk.model.text import Text

    return Text(ru, en)


def test_a_good_source_has_no_problem(good: Content) -> None:
    assert check.check(good) == []


def test_an_id_that_stands_twice(good: Content) -> None:
    only(check.check(put(good, "services", 1, id="S0001"))[:1], SERVICES, "/services/1/id", "stands in")


def test_a_theme_in_a_file_of_another_name(good: Content) -> None:
    moved = msgspec.structs.replace(good.themes[0], file="catalogue/services/children.json")
    found = list(check.theme_is_named_as_its_file(msgspec.structs.replace(good, themes=(moved,))))
    only(found, "catalogue/services/children.json", "/theme/id", "another name")


def test_two_themes_of_one_drawing(good: Content) -> None:
    second = msgspec.structs.replace(good.themes[0].value, id="health", order=2)
    both = msgspec.structs.replace(
        good, themes=(*good.themes, Placed("catalogue/services/health.json", "/theme", second))
    )
    only(check.check(both), "catalogue/services/health.json", "/theme/drawing", "that of the theme family")


def test_a_service_of_no_theme(good: Content) -> None:
    only(check.check(put(good, "services", 1, theme="pets")), SERVICES, "/services/1/theme", "no theme pets")


def test_a_service_in_the_file_of_another_theme(good: Content) -> None:
    moved = msgspec.structs.replace(good.services[1], file="catalogue/services/health.json")
    content = msgspec.structs.replace(good, services=(good.services[0], moved, good.services[2]))
    only(check.check(content), "catalogue/services/health.json", "/services/1/theme", "stand in")


def test_a_service_for_another_audience_than_its_theme(good: Content) -> None:
    found = check.check(put(good, "services", 1, audience="foreigner"))
    only(found, SERVICES, "/services/1/audience", "another audience")


def test_a_long_title_without_a_short_one(good: Content) -> None:
    only(check.check(put(good, "services", 1, title=title("д" * 61, "Long"))), SERVICES, "/services/1", "short_title")


def test_a_short_title_that_is_long(good: Content) -> None:
    found = check.check(put(good, "services", 1, short_title=title("Коротко", "s" * 33)))
    only(found, SERVICES, "/services/1/short_title/en", "more than 32")


def test_a_chip_that_is_long(good: Content) -> None:
    found = check.check(put(good, "popular", 0, queries=(title("д" * 21, "Short"),)))
    only(found, "catalogue/popular.json", "/queries/0/ru", "more than 20")


def test_fees_out_of_order(good: Content) -> None:
    from kiosk.model.service import Fee

    found = check.check(put(good, "services", 1, fees=(Fee(100, "2022-01-01"), Fee(50, "2021-01-01"))))
    only(found, SERVICES, "/services/1/fees", "order")


@pytest.mark.parametrize(
    "services, place, message",
    [
        (("S0001", "S0999"), 1, "no service S0999"),
        (("S0003",), 0, "no longer offered"),
        (("S0001", "S0001"), 1, "twice"),
    ],
)
def test_an_event_that_names_what_is_not_offered(
    good: Content, services: tuple[str, ...], place: int, message: str
) -> None:
    steps = (EventStep(title("Шаг", "Step"), services),)
    found = check.check(put(good, "events", 0, steps=steps))
    only(found, EVENTS, f"/events/0/steps/0/services/{place}", message)


def test_an_event_in_the_file_of_another_category(good: Content) -> None:
    only(check.check(put(good, "events", 0, category="loss")), EVENTS, "/events/0/category", "category loss")


def test_two_events_at_one_place(good: Content) -> None:
    second = msgspec.structs.replace(good.events[0].value, id="other")
    both = msgspec.structs.replace(good, events=(*good.events, Placed(EVENTS, "/events/1", second)))
    only(check.check(both), EVENTS, "/events/1/order", "that of child-born")


def test_a_synonym_alone(good: Content) -> None:
    found = check.check(put(good, "synonyms", 0, groups=(("роды", "Роды"),)))
    only(found, "catalogue/synonyms/ru.json", "/groups/0", "two different words")


def test_synonyms_of_another_language(good: Content) -> None:
    found = check.check(put(good, "synonyms", 0, language="en"))
    assert ("catalogue/synonyms/ru.json", "/language") in [(problem[0], problem[1]) for problem in found]


@pytest.mark.parametrize(
    "words, pointer, message",
    [
        (("Рождение", "Рождение"), "/title/en", "Cyrillic"),
        (("Рождение\u00a0ребёнка", "Birth"), "/title/ru", "space"),
        (("", "Birth"), "/title/ru", "Russian text is empty"),
        (("Рождение", ""), "/title/en", "English text is empty"),
    ],
)
def test_words_that_are_not_clean(good: Content, words: tuple[str, str], pointer: str, message: str) -> None:
    found = check.check(put(good, "events", 0, title=title(*words)))
    only(found, EVENTS, f"/events/0{pointer}", message)


@pytest.fixture(scope="module")
def form() -> Placed[Any]:
    found = {one.id: one for one in load_forms(resources.root() / "forms")}
    return Placed("forms/general-citizen.json", "", found["general-citizen"])


def test_a_service_with_its_form(good: Content, form: Placed[Any]) -> None:
    content = msgspec.structs.replace(good, forms=(form,), general_forms={"citizen": "general-citizen"})
    assert check.check(content) == []


@pytest.mark.parametrize(
    "form_of, general, pointer, message",
    [
        ({"S0999": "general-citizen"}, "general-citizen", "/services/S0999", "no service"),
        ({"S0002": "general-citizen"}, "general-citizen", "/services/S0002", "not one that is applied for"),
        ({"S0001": "gone"}, "general-citizen", "/services/S0001", "no form gone"),
        ({}, "gone", "/general/citizen", "no form gone"),
    ],
)
def test_a_dead_link_to_a_form(
    good: Content, form: Placed[Any], form_of: dict[str, str], general: str, pointer: str, message: str
) -> None:
    content = msgspec.structs.replace(good, forms=(form,), form_of=form_of, general_forms={"citizen": general})
    only(check.check(content), "forms/index.json", pointer, message)


def test_a_service_that_is_applied_for_without_a_form(good: Content, form: Placed[Any]) -> None:
    content = msgspec.structs.replace(good, forms=(form,))
    only(check.check(content), SERVICES, "/services/0", "has no form")


def test_a_form_said_in_the_catalogue(good: Content) -> None:
    only(check.check(put(good, "services", 0, form="general-citizen")), SERVICES, "/services/0/form", "index.json")


def test_a_form_whose_example_is_refused(good: Content, form: Placed[Any]) -> None:
    bad = msgspec.structs.replace(form, value=msgspec.structs.replace(form.value, examples=({},)))
    found = list(check.forms_work(msgspec.structs.replace(good, forms=(bad,))))
    assert any(file == form.file and pointer.startswith("/examples/0/") for file, pointer, _ in found)


def test_a_form_that_does_not_compile(good: Content, form: Placed[Any]) -> None:
    broken = msgspec.structs.replace(form, value=msgspec.structs.replace(form.value, ui={"type": "Nonsense"}))
    found = list(check.forms_work(msgspec.structs.replace(good, forms=(broken,))))
    assert found and {file for file, _, _ in found} == {form.file}
