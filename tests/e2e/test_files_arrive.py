"""Files that a visitor adds at a desktop arrive at the backend, whole and named by the answers."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import msgspec

from kiosk import app
from kiosk.demo.form_filler import FormFiller
from kiosk.demo.hall import open_hall
from kiosk.demo.installation import Installation
from kiosk.desk.forms import StoreForms
from kiosk.forms.definition import Form
from kiosk.model.form import Page
from kiosk.store.database import open_store
from kiosk.words import t
from tests.e2e.conftest import registered
from tests.helpers.patience import until

SERVICE, FORM = "S0026", "s0026"


def judged(installation: Installation) -> list[tuple[str, str]]:
    """(id, state) of the attachments that the backend knows of."""
    database = installation.profile / "demo" / "backend" / "backend.sqlite"
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        return connection.execute("SELECT id, state FROM attachments ORDER BY 1").fetchall()
    finally:
        connection.close()


def test_a_file_of_a_desktop_arrives_with_its_application(installation: Installation, tmp_path: Path) -> None:
    installation.backend.start()
    settings = msgspec.structs.replace(installation.settings, mode="desktop", language="en")
    paper = tmp_path / "Certificate.pdf"
    paper.write_bytes(b"%PDF-1.7\n" + b"a page " * 20_000)
    with open_store(installation.profile, app.profile_key(installation.profile, settings)) as store:
        form = StoreForms(store).form(FORM)
        assert isinstance(form, Form)
    answers = json.loads(json.dumps(form.definition.examples[0]))
    (asked, *_) = [
        field.pointer
        for page in form.pages(answers, "en")
        for field in page.fields
        if field.files is not None and "scan" in field.files.kinds
    ]
    with open_hall(installation.profile, settings) as hall:
        _, driver = hall.front()
        driver.wait_page("Home")
        driver.intend("openService", SERVICE)
        driver.intend("startForm")
        driver.wait_page("Form")

        def add(page: Page) -> None:
            if any(field.pointer == asked for field in page.fields):
                driver.intend("form.attach", asked, str(paper))
                driver.wait("Certificate.pdf")

        FormFiller(driver, form, "en").fill(answers, add)
        driver.wait_page("Check")
        driver.tap(t("en", "check.consent"), "CheckBox")
        driver.tap(t("en", "check.send"), "Button")
        driver.wait_page("Receipt")
        until(lambda: registered(installation), "the application is registered")
        until(lambda: [state for _, state in judged(installation)] == ["good"], "the file is whole")
