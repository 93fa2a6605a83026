"""Store or disk fail under a visitor: answers and receipts stay, elsewhere the page says so and the visit ends."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kiosk.errors import DamagedStore, KeyUnavailable, StorageFull, StorageReadOnly
from kiosk.ui.viewmodels import session as sessions
from kiosk.ui.viewmodels.session import SessionModel
from kiosk.words import t
from tests.ui.house import MemoryHouse

FAULT = DamagedStore("page 3 is damaged")


class Told:
    """How often the engine was told, and the visit ended or failed."""

    def __init__(self, session: SessionModel) -> None:
        self.troubles, self.ends, self.failures = 0, 0, 0
        session.troubled.connect(self._trouble)
        session.ended.connect(self._end)
        session.failed.connect(self._failure)

    def _trouble(self) -> None:
        self.troubles += 1

    def _end(self) -> None:
        self.ends += 1

    def _failure(self) -> None:
        self.failures += 1


def _fails(*_: object) -> object:
    raise FAULT


def test_a_page_that_cannot_be_read_says_so_and_ends(
    session: SessionModel, house: MemoryHouse, monkeypatch: pytest.MonkeyPatch, qtbot: object
) -> None:
    told = Told(session)
    session.start()
    monkeypatch.setattr(house.catalogue, "service", _fails)
    session._out.setInterval(0)
    session.openService("S0005")
    assert session.page == "OutOfService" and told.troubles == 1
    assert session.outOfServiceText == t("ru", "closed.damaged_store_text")
    qtbot.waitUntil(lambda: told.ends == 1)
    assert told.failures == 0


def test_what_reads_on_the_way_home_does_not_raise(
    session: SessionModel, house: MemoryHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = Told(session)
    session.start()
    monkeypatch.setattr(house.desk, "waiting", _fails)
    monkeypatch.setattr(house.desk, "sent", _fails)
    session.woken()
    session.goHome()
    session.openApplications()
    assert session.page == "OutOfService" and told.troubles >= 1


def test_a_begun_form_stays(session: SessionModel, house: MemoryHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    told = Told(session)
    session.start()
    session.openService("S0005")
    session.startForm()
    assert session.page == "Form"
    monkeypatch.setattr(house.desk, "waiting", _fails)
    session.woken()
    assert session.page == "Form" and told.troubles == 1 and session.outOfServiceText == ""


def test_the_desktop_asks_for_another_window(
    make_session: Callable[..., SessionModel], house: MemoryHouse, monkeypatch: pytest.MonkeyPatch, qtbot: object
) -> None:
    session = make_session(mode="desktop")
    told = Told(session)
    monkeypatch.setattr(house.catalogue, "service", _fails)
    session._out.setInterval(0)
    session.openService("S0005")
    session.goHome()
    session.openThemes()
    assert session.page == "OutOfService", "there is nowhere to go"
    assert session.outOfServiceText == t("ru", "closed.text_desktop")
    qtbot.waitUntil(lambda: told.failures == 1)
    assert told.ends == 0


@pytest.mark.parametrize("fault", [StorageFull, StorageReadOnly, KeyUnavailable, DamagedStore])
@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_reason_has_its_words(session: SessionModel, fault: type[DamagedStore], language: str) -> None:
    session.setLanguage(language)
    session.out_of_service(fault("a test"))
    name = fault.visitor.partition(".")[2]
    assert session.outOfServiceText == t(language, f"closed.{name}_text")
    assert t(language, f"closed.{name}_staff") in session.outOfServiceStaff
    assert "777-77-77" in session.outOfServicePhone


def test_a_view_that_somebody_chose_does_not_stay_for_days(session: SessionModel, qtbot: object) -> None:
    session.out_of_service(FAULT)
    session._view.setInterval(0)
    session.setLanguage("en")
    session.accessibility.larger()
    session.accessibility.toggleContrast()
    qtbot.waitUntil(lambda: session.language == "ru")
    assert session.accessibility.textScale == 1 and not session.accessibility.contrast
    assert sessions.VIEW_MS >= 60_000, "long enough to read it"
