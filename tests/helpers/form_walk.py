"""Walks forms on the real screen of one session, from the card to "Check your answers", with one of their examples.

Rules. A session's form is forgotten when another one is started, so that one session walks many. What stops a walk is
told with the service and the page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from kiosk import app, words
from kiosk.config import Settings
from kiosk.demo.form_filler import FormFiller
from kiosk.demo.hall import open_hall
from kiosk.desk.forms import StoreForms
from kiosk.forms.definition import Form
from kiosk.model.form import Page
from kiosk.model.service import Service
from kiosk.store import documents
from kiosk.store.database import open_store
from kiosk.ui.driver import Driver, DriverError

Look = Callable[[Driver, str, Page], None]


def applied_for(profile: Path, settings: Settings) -> list[str]:
    """Ids of all services that have a form."""
    with open_store(profile, app.profile_key(profile, settings)) as store:
        return [one.id for one in documents.every(store, "service", Service) if one.form]


def walk(
    profile: Path, settings: Settings, services: Iterable[str], *, example: int = 0, look: Look | None = None
) -> list[str]:
    """Walk the forms of these services; what went wrong, a line each."""
    language = settings.language
    failures: list[str] = []
    key = app.profile_key(profile, settings)
    with open_store(profile, key) as store, open_hall(profile, settings) as hall:
        forms = StoreForms(store)
        _, driver = hall.front()
        if settings.mode == "kiosk":
            driver.wait_page("Welcome")
            driver.tap(words.t(language, "controls.welcome_start"), "Button")
        driver.wait_page("Home")
        for service_id in services:
            service = documents.get(store, f"service/{service_id}", Service)
            form = forms.form(service.form or "")
            assert isinstance(form, Form)
            answers = form.definition.examples[min(example, len(form.definition.examples) - 1)]
            page_title = ""

            def seen(page: Page, service_id: str = service_id) -> None:
                nonlocal page_title
                page_title = page.title
                if look is not None:
                    look(driver, service_id, page)

            try:
                driver.intend("openService", service_id)
                driver.wait_page("Service")
                driver.intend("startForm")
                driver.wait_page("Form")
                FormFiller(driver, form, language).fill(answers, seen)
                driver.wait_page("Check")
            except DriverError as error:
                failures.append(f"{service_id} after «{page_title}»: {error}")
            driver.intend("goHome")
            driver.wait_page("Home")
    return failures
