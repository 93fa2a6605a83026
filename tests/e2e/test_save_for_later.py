"""An application is saved at the screen, its session ends, and another session goes on with it by the code alone."""

from __future__ import annotations

from kiosk.demo.hall import open_hall
from kiosk.demo.installation import Installation
from kiosk.words import t

SERVICE = "S0005"


def test_a_saved_application_is_continued_in_another_session(installation: Installation) -> None:
    with open_hall(installation.profile, installation.settings) as hall:
        first, driver = hall.front()
        driver.tap(t("ru", "controls.welcome_start"), "Button")
        driver.wait_page("Home")
        driver.intend("openService", SERVICE)
        driver.intend("startForm")
        driver.wait_page("Form")
        driver.tap(t("ru", "draft.save"), "Link")
        driver.wait_page("Saved")
        (code,) = {one.name for one in driver.names() if one.name.startswith("MDD1:")}
        driver.intend("end")
        _, driver = hall.front(other_than=first)
        driver.tap(t("ru", "controls.welcome_start"), "Button")
        driver.wait_page("Home")
        driver.intend("openHelp")
        driver.tap(t("ru", "draft.resume"), "Button")
        driver.wait_page("Resume")
        driver.type(code)
        driver.key("Return")
        driver.wait_page("Form")
