"""The self-test: the main job, walked through the real screen by accessible names, with the backend stopped on the way.

Rules. Every step says what was seen; the first that is not as it should be ends the walk with StepFailed. The answers
are an example of the published form: made-up people. Of the screen only names are looked up, never its models.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from kiosk import app, words
from kiosk.demo.form_filler import FormFiller
from kiosk.demo.hall import Hall, open_hall
from kiosk.demo.installation import Installation
from kiosk.desk.forms import StoreForms
from kiosk.errors import EnvironmentFault
from kiosk.forms import answers as answer_tree
from kiosk.forms.definition import Form
from kiosk.model.content import BackendKeys
from kiosk.model.form import Field, Page
from kiosk.model.receipt import ReceiptClaims
from kiosk.model.service import Service
from kiosk.model.submission import OutboxRow, SubmissionState
from kiosk.store import documents, outbox
from kiosk.store.database import Store, open_store
from kiosk.ui.driver import Driver, DriverError

QUERY = "паспорт украли"
SERVICE = "S0005"
LANGUAGE = "ru"
PATIENCE_S = 120.0
Step = Callable[[str], None]


class StepFailed(Exception):
    """A step was not as it should be; the message says what was expected and what was there."""


def walk(installation: Installation, step: Step, shots: Path | None) -> None:
    """Walk the whole main job. Raises StepFailed."""
    key = app.profile_key(installation.profile, installation.settings)
    try:
        with (
            open_hall(installation.profile, installation.settings) as hall,
            open_store(installation.profile, key) as store,
        ):
            _Walk(installation, hall, store, step, shots).run()
    except (DriverError, EnvironmentFault) as error:
        raise StepFailed(str(error)) from error


class _Walk:
    def __init__(self, installation: Installation, hall: Hall, store: Store, step: Step, shots: Path | None) -> None:
        self._installation = installation
        self._hall = hall
        self._store = store
        self._step = step
        self._shots = shots
        self._taken = 0
        self._service = documents.get(store, f"service/{SERVICE}", Service)
        form_id = self._service.form
        if form_id is None:
            raise StepFailed(f"the service {SERVICE} has no form")
        self._form: Form = StoreForms(store).form(form_id)
        self._before = {row.id for row in outbox.rows(store)}

    def run(self) -> None:
        pid, driver = self._hall.front()
        driver.wait_page("Welcome")
        self._shot(driver, "welcome")
        self._step("Welcome is on the screen.")
        self._find(driver)
        self._installation.backend.stop()
        self._step("The backend is stopped: there is no network from here on.")
        self._fill(driver)
        row = self._submit(driver)
        self._receipt(driver, row)
        self._installation.backend.start()
        self._step("The backend is started again.")
        number = self._registered(driver, row.id)
        self._step(f"The screen shows that the application is registered under {number}.")
        self._end(driver, pid)

    def _find(self, driver: Driver) -> None:
        driver.tap(self._t("controls.welcome_start"), "Button")
        driver.wait_page("Home")
        self._shot(driver, "home")
        driver.tap(self._t("controls.search_name"), "EditableText")
        driver.type(QUERY)
        title = self._service.title.of(LANGUAGE)
        driver.wait(title, "Button")
        self._shot(driver, "results")
        self._step(f"Searched «{QUERY}» and found «{title}».")
        driver.tap(title, "Button")
        driver.wait_page("Service")
        self._shot(driver, "service")
        self._step("The card of the service says what it costs, how long it takes and what to bring.")
        driver.tap(self._t("service.start"), "Button")
        driver.wait_page("Form")

    def _fill(self, driver: Driver) -> None:
        filler = FormFiller(driver, self._form, LANGUAGE)
        answers = self._form.definition.examples[0]
        mistaken = [False]

        def mistake_first(page: Page) -> None:
            dates = [field for field in page.fields if field.kind == "date"]
            if dates and not mistaken[0]:
                mistaken[0] = True
                self._mistake(driver, filler, dates[0], answers)
            self._shot(driver, f"form-{page.id}")

        pages = filler.fill(answers, mistake_first)
        if not mistaken[0]:
            raise StepFailed("the form has no date to make a mistake in")
        driver.wait_page("Check")
        self._step(f"Filled {pages} pages of «{self._form.definition.title.of(LANGUAGE)}».")

    def _mistake(self, driver: Driver, filler: FormFiller, field: Field, answers: dict[str, object]) -> None:
        wrong = "2026-02-31"
        filler.answer(field, wrong)
        filler.next()
        alert = driver.wait(self._t("error.mend_single"), "AlertMessage")
        said = alert.name or alert.description
        self._shot(driver, "error")
        self._step(f"Typed 31 February; the error summary says: {said}")
        filler.answer(field, answer_tree.get(answers, field.pointer))

    def _submit(self, driver: Driver) -> OutboxRow:
        driver.tap(self._t("check.consent"), "CheckBox")
        self._shot(driver, "check")
        driver.tap(self._t("check.send"), "Button")
        driver.wait_page("Receipt", PATIENCE_S)
        rows = [row for row in outbox.rows(self._store) if row.id not in self._before]
        if len(rows) != 1:
            raise StepFailed(f"the outbox holds {len(rows)} new submissions, not one")
        driver.wait(rows[0].receipt_number)
        if rows[0].state not in (SubmissionState.WAITING, SubmissionState.SENDING):
            raise StepFailed(f"without a network the submission is {rows[0].state.value}")
        self._shot(driver, "receipt-offline")
        self._step(f"Sent with the backend stopped; the receipt shows number {rows[0].receipt_number}.")
        return rows[0]

    def _receipt(self, driver: Driver, row: OutboxRow) -> None:
        claims = decode_receipt(driver, documents.get(self._store, "keys/backend", BackendKeys))
        if (claims.number, claims.submission, claims.service) != (row.receipt_number, row.id, SERVICE):
            raise StepFailed("the code on the screen is of another receipt")
        self._step("The code was read from the picture of the screen and proves itself without a network.")

    def _registered(self, driver: Driver, submission: str) -> str:
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            row = outbox.row(self._store, submission)
            if row is not None and row.state is SubmissionState.REGISTERED:
                driver.wait(row.registered_number)
                self._shot(driver, "receipt-registered")
                return row.registered_number
            time.sleep(0.05)
        raise StepFailed("the application was not registered in time")

    def _end(self, driver: Driver, pid: int) -> None:
        driver.tap(self._t("controls.end_spoken"), "Button")
        _, fresh = self._hall.front(other_than=pid)
        fresh.wait_page("Welcome")
        self._shot(fresh, "welcome-again")
        self._step("The session has ended; the next visitor's Welcome is on the screen.")

    def _shot(self, driver: Driver, name: str) -> None:
        if self._shots is not None:
            self._taken += 1
            self._shots.mkdir(parents=True, exist_ok=True)
            driver.grab(self._shots.absolute() / f"{self._taken:02d}-{name}.png")

    def _t(self, key: str, **arguments: object) -> str:
        return words.t(LANGUAGE, key, **arguments)


def decode_receipt(driver: Driver, keys: BackendKeys) -> ReceiptClaims:
    """Read the code from a picture of the screen and verify it. Raises StepFailed."""
    import zxingcpp

    from kiosk.passes import receipt_code
    from kiosk.ui.pictures import grey_picture

    with tempfile.TemporaryDirectory(prefix="kiosk-shot-") as folder:
        path = Path(folder) / "screen.png"
        driver.grab(path)
        found = zxingcpp.read_barcodes(grey_picture(path))
    texts = [one.text for one in found]
    if len(texts) != 1:
        raise StepFailed(f"{len(texts)} codes can be read from the screen, not one")
    verdict = receipt_code.verify(texts[0], keys.device_authority, keys.revoked_devices)
    if verdict.claims is None:
        raise StepFailed(f"the code on the screen is {verdict.status}: {verdict.reason}")
    return verdict.claims
