"""Every screen as a picture, from demo data, for people to look at.

Rules. The main job is walked by the names of controls, other pages are opened by the session's own intents; a screen
that cannot be reached is a failure, not a gap. One session makes one set: mode, language and view are fixed for it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import msgspec

from kiosk import app, words
from kiosk.demo.form_filler import FormFiller
from kiosk.demo.hall import open_hall
from kiosk.demo.installation import Installation
from kiosk.desk.forms import StoreForms
from kiosk.errors import EnvironmentFault
from kiosk.forms.definition import Form
from kiosk.model.form import Page
from kiosk.model.service import LifeEvent, Service, Theme
from kiosk.store import documents
from kiosk.store.database import open_store
from kiosk.ui.driver import Driver, DriverError

View = Literal["standard", "large", "extra", "contrast", "low"]
QUERIES = {"ru": "потерял паспорт", "en": "lost passport"}
SERVICE = "S0005"
SETTLE_S = 0.1
"""What is new on a page is laid out in a few turns of the event loop."""


class Gallery:
    """Takes the pictures of one set into `folder`."""

    def __init__(self, installation: Installation, folder: Path, language: str, view: View) -> None:
        self._installation = installation
        self._folder = folder
        self._language = language
        self._view = view
        self._taken = 0

    def take(self) -> int:
        """How many pictures were taken. Raises EnvironmentFault when a screen cannot be reached."""
        self._folder.mkdir(parents=True, exist_ok=True)
        settings = msgspec.structs.replace(self._installation.settings, language=self._language)
        key = app.profile_key(self._installation.profile, settings)
        with open_store(self._installation.profile, key) as store:
            service = documents.get(store, f"service/{SERVICE}", Service)
            form = StoreForms(store).form(service.form or "")
            theme = min(documents.every(store, "theme", Theme), key=lambda one: one.order)
            event = min(documents.every(store, "event", LifeEvent), key=lambda one: one.order)
        try:
            with open_hall(self._installation.profile, settings) as hall:
                _, driver = hall.front()
                self._visit(driver, service, form, theme, event)
        except DriverError as error:
            raise EnvironmentFault(f"a screen cannot be reached: {error}") from error
        return self._taken

    def _visit(self, driver: Driver, service: Service, form: Form, theme: Theme, event: LifeEvent) -> None:
        kiosk = self._installation.settings.mode == "kiosk"
        if kiosk:
            driver.wait_page("Welcome")
            self._turn(driver)
            self._shot(driver, "welcome")
            driver.tap(self._t("controls.welcome_start"), "Button")
        else:
            self._turn_desktop(driver)
        driver.wait_page("Home")
        self._shot(driver, "home")
        self._shot_of(driver, "Phone", lambda: driver.intend("openPhone", "signin"), "phone")
        self._shot_of(driver, "Themes", lambda: driver.intend("openThemes"), "themes")
        self._shot_of(driver, "Theme", lambda: driver.intend("openTheme", theme.id), "theme")
        self._shot_of(driver, "Events", lambda: driver.intend("openEvents"), "events")
        self._shot_of(driver, "Event", lambda: driver.intend("openEvent", event.id), "event")
        self._shot_of(driver, "Help", lambda: driver.intend("openHelp"), "help")
        self._shot_of(driver, "Applications", lambda: driver.intend("openApplications"), "applications-empty")
        self._shot_of(driver, "Resume", lambda: driver.intend("openResume"), "resume")
        self._shot_of(driver, "Results", lambda: driver.intend("openSearch", QUERIES[self._language]), "results")
        self._shot_of(driver, "Results", lambda: driver.intend("openSearch", "щщщ zzz"), "results-none")
        self._shot_of(driver, "Service", lambda: driver.intend("openService", service.id), "service")
        self._shot_of(driver, "Guide", lambda: driver.intend("openGuide"), "guide")
        self._shot_of(driver, "Resources", lambda: driver.intend("openResources"), "resources")
        self._shot_of(driver, "Resource", lambda: driver.intend("follow", "resource:troika"), "resource")
        self._shot_of(driver, "News", lambda: driver.intend("openNews"), "news")
        self._shot_of(driver, "Centres", lambda: driver.intend("openCentres"), "centres")
        self._shot_of(driver, "Service", lambda: driver.intend("openService", service.id), "service-again")
        driver.tap(self._t("service.start"), "Button")
        driver.wait_page("Form")
        self._form(driver, form)
        self._shot(driver, "check")
        driver.tap(self._t("check.consent"), "CheckBox")
        driver.tap(self._t("check.send"), "Button")
        driver.wait_page("Receipt", 30.0)
        self._shot(driver, "receipt")
        self._shot_of(driver, "Code", lambda: driver.intend("showCode"), "code")
        self._shot_of(driver, "Applications", lambda: driver.intend("openApplications"), "applications")
        if kiosk:
            driver.intend("idle.warn")
            driver.wait(self._t("pages.stay"), "Button")
            self._shot(driver, "still-here")

    def _form(self, driver: Driver, form: Form) -> None:
        filler = FormFiller(driver, form, self._language)

        def look(page: Page) -> None:
            self._shot(driver, f"form-{page.id}")

        pages = filler.pages(form.definition.examples[0])
        driver.wait(pages[0].title, "Heading")
        self._shot_of(driver, "Saved", lambda: driver.intend("saveForm"), "saved")
        driver.intend("resumeForm")
        driver.wait(pages[0].title, "Heading")
        filler.next()
        driver.wait(self._t("error.mend_single"), "AlertMessage")
        self._shot(driver, "form-error")
        filler.fill(form.definition.examples[0], look)
        driver.wait_page("Check")

    def _turn(self, driver: Driver) -> None:
        large = "controls.large_title"
        keys = {"large": large, "extra": large, "contrast": "controls.contrast", "low": "controls.low_title"}
        for _ in range(2 if self._view == "extra" else 1):
            if self._view in keys:
                driver.tap(self._t(keys[self._view]), "CheckBox")

    def _turn_desktop(self, driver: Driver) -> None:
        intents = {"large": "larger", "extra": "larger", "contrast": "toggleContrast", "low": "toggleLowReach"}
        for _ in range(2 if self._view == "extra" else 1):
            if self._view in intents:
                driver.intend(f"accessibility.{intents[self._view]}")

    def _shot_of(self, driver: Driver, page: str, go: Callable[[], None], shot: str) -> None:
        go()
        driver.wait_page(page)
        self._shot(driver, shot)

    def _shot(self, driver: Driver, name: str) -> None:
        self._taken += 1
        time.sleep(SETTLE_S)
        driver.grab(self._folder.absolute() / f"{self._taken:02d}-{name}.png")

    def _t(self, key: str, **arguments: object) -> str:
        return words.t(self._language, key, **arguments)
