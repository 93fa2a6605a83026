"""An application is saved at the screen, its session ends, and another session goes on with it by the code alone."""

from __future__ import annotations

import re
from pathlib import Path

from pypdf import PdfReader

from kiosk.demo.hall import open_hall
from kiosk.demo.installation import Installation
from kiosk.ui.driver import Driver
from kiosk.words import t

SERVICE = "S0005"
SPELLED = re.compile(r"(?:[0-9A-Z]{4} ){8}[0-9A-Z]{4}")


def saved(driver: Driver) -> str:
    """Save a form that was begun; the code as the page spells it."""
    driver.tap(t("ru", "controls.welcome_start"), "Button")
    driver.wait_page("Home")
    driver.intend("openService", SERVICE)
    driver.intend("startForm")
    driver.wait_page("Form")
    driver.tap(t("ru", "draft.save"), "Link")
    driver.wait_page("Saved")
    (spelled,) = {one.name for one in driver.names() if SPELLED.fullmatch(one.name)}
    return spelled


def test_a_saved_application_is_continued_by_typing_its_code(installation: Installation) -> None:
    with open_hall(installation.profile, installation.settings) as hall:
        first, driver = hall.front()
        code = saved(driver)
        driver.intend("end")
        _, driver = hall.front(other_than=first)
        driver.tap(t("ru", "draft.continue"), "Button")
        driver.wait_page("Resume")
        driver.type(code)
        driver.key("Return")
        driver.wait_page("Form")


def test_a_printed_code_is_scanned_on_welcome(installation: Installation) -> None:
    with open_hall(installation.profile, installation.settings) as hall:
        first, driver = hall.front()
        code = saved(driver)
        papers = Path(installation.settings.printer.removeprefix("folder:"))
        before = set(papers.glob("*.pdf"))
        driver.tap(t("ru", "draft.print"), "Button")
        driver.wait(t("ru", "draft.printed"))
        (paper,) = set(papers.glob("*.pdf")) - before
        assert code in " ".join(PdfReader(paper).pages[0].extract_text().split())
        driver.intend("end")
        _, driver = hall.front(other_than=first)
        driver.scan("4607034171346")
        driver.wait_page("Resume")
        driver.wait(t("ru", "draft.not_ours"))
        driver.scan("MDD2:" + code.replace(" ", ""))
        driver.wait_page("Form")
