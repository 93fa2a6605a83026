"""Every form on the real screen: each page is answered and left as a visitor would, until the check lists the answers.

The examples of the published forms are the answers. Two forms written by hand and a sample of the others are walked
every time; those written by hand in both languages and in large print, and all others, by ./dev soak.
"""

from __future__ import annotations

import json
import random

import msgspec
import pytest

from kiosk import app, resources
from kiosk.demo.form_filler import FormFiller
from kiosk.demo.hall import open_hall
from kiosk.demo.installation import Installation
from kiosk.desk.forms import StoreForms
from kiosk.forms.definition import Form
from kiosk.model.form import Page
from kiosk.model.service import Service
from kiosk.store import documents
from kiosk.store.database import open_store
from kiosk.ui.driver import Control, Driver
from kiosk.words import t
from tests.helpers import form_walk

SAMPLED = ("kindergarten", "work-patent")
ANSWERED = ("EditableText", "RadioButton", "CheckBox")
PANEL = (1080, 1920)
SEED, SAMPLE = 20261124, 16
"""The sample is another one when services with a form come or go."""
FORMS = sorted(path.stem for path in (resources.root() / "forms").glob("*.json") if path.stem != "index")


def service_of(installation: Installation, form_id: str) -> tuple[Service, Form]:
    """The first service that is applied for with this form, and the form as published."""
    key = app.profile_key(installation.profile, installation.settings)
    with open_store(installation.profile, key) as store:
        services = sorted(documents.every(store, "service", Service), key=lambda one: one.id)
        service = next(one for one in services if one.form == form_id)
        return service, StoreForms(store).form(form_id)


def covered(control: Control, shown: list[Control]) -> list[str]:
    """Names of the buttons and keys that lie over a control; ["the edge"] where the panel ends before it does."""
    x, y, width, height = control.rect
    if x < 0 or y < 0 or x + width > PANEL[0] or y + height > PANEL[1]:
        return ["the edge"]
    others = [(one.name, one.rect) for one in shown if one.role == "Button"]
    return [
        name
        for name, (left, top, wide, high) in others
        if left < x + width and x < left + wide and top < y + height and y < top + high
    ]


def walk(installation: Installation, form_id: str, language: str, larger: int = 0) -> None:
    """From Welcome to "Check your answers" through one form, with its first example."""
    service, form = service_of(installation, form_id)
    settings = msgspec.structs.replace(installation.settings, language=language)
    answers = json.loads(json.dumps(form.definition.examples[0]))
    with open_hall(installation.profile, settings) as hall:
        _, driver = hall.front()
        driver.tap(t(language, "controls.welcome_start"), "Button")
        driver.wait_page("Home")
        for _ in range(larger):
            driver.intend("accessibility.larger")
        driver.intend("openService", service.id)
        driver.tap(t(language, "service.start"), "Button")
        driver.wait_page("Form")
        seen: list[str] = []

        def look(page: Page) -> None:
            seen.append(page.id)
            shown = driver.names()
            for one in shown:
                if "focused" in one.states and one.role in ANSWERED:
                    assert not covered(one, shown), f"{page.id}: {one.name} is under {covered(one, shown)}"
            alerts = [one.name for one in shown if one.role == "AlertMessage"]
            assert not alerts, f"{page.id}: {alerts}"

        FormFiller(driver, form, language).fill(answers, look)
        driver.wait_page("Check")
        assert seen == [page.id for page in form.pages(answers, language)]
        check_lists(driver, form, answers, language)


def check_lists(driver: Driver, form: Form, answers: dict[str, object], language: str) -> None:
    """The check shows what was typed, as the form engine words it, screenful after screenful."""
    wanted = {row.value for group in form.summary(answers, language) for row in group.rows}
    more = t(language, "controls.show_more")
    for _ in range(60):
        names = {one.name.replace("\u00a0", " ") for one in driver.names()}
        wanted -= {value for value in wanted if value.replace("\u00a0", " ") in names}
        if not wanted or more not in names:
            break
        driver.tap(more, "Button")
    assert not wanted


@pytest.mark.parametrize("form_id", SAMPLED)
def test_a_form_is_filled_page_by_page(installation: Installation, form_id: str) -> None:
    walk(installation, form_id, "ru")


def test_a_sample_of_all_forms_is_filled(installation: Installation) -> None:
    every = form_walk.applied_for(installation.profile, installation.settings)
    chosen = random.Random(SEED).sample(sorted(every), SAMPLE)
    assert form_walk.walk(installation.profile, installation.settings, chosen) == []


@pytest.mark.soak
@pytest.mark.parametrize("larger", (0, 1, 2), ids=("x1", "x1.5", "x2"))
@pytest.mark.parametrize("language", ("ru", "en"))
@pytest.mark.parametrize("form_id", FORMS)
def test_every_form_is_filled_page_by_page(
    installation: Installation, form_id: str, language: str, larger: int
) -> None:
    walk(installation, form_id, language, larger)


def test_every_published_form_is_walked() -> None:
    assert len(FORMS) == 15
    assert set(SAMPLED) <= set(FORMS)
