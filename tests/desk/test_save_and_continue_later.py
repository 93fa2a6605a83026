"""A visitor saves at one kiosk and continues at another; nobody between can read it; what is sent is ended."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from kiosk.backend import tables
from kiosk.config import Settings
from kiosk.desk import drafts
from kiosk.desk.forms import StoreForms
from kiosk.errors import DraftRefused
from kiosk.protocol import draft as sealing
from kiosk.store import drafts as kept
from kiosk.store.database import Store
from kiosk.sync.channel import Channel
from kiosk.sync.client import make_client
from kiosk.sync.drafts import DraftCarrier
from tests.backend import site as sites
from tests.backend.site import NOW, Site
from tests.helpers.patience import PATIENCE_S
from tests.helpers.profiles import KioskProfile

FORM = "library-ticket"


class Place:
    """A kiosk at its place: its store, and what carries its drafts."""

    def __init__(self, profile: KioskProfile, store: Store, url: str, client: Any) -> None:
        self.store = store
        self.now = NOW
        self.form = StoreForms(store).form(FORM)
        channel = Channel(client, url, profile.identity)
        self.carrier = DraftCarrier(store, channel, kept_s=30 * 86_400.0, now=lambda: self.now)

    def save(self, answers: dict[str, Any]) -> str:
        return drafts.save(self.store, self.form, "S0438", answers, "reader", "ru", self.now)

    def resume(self, code: str) -> drafts.Resumed:
        return drafts.resume(self.store, code, self.now)

    def carry(self) -> int:
        count = 0
        while self.carrier.step():
            count += 1
        return count


@pytest.fixture
def world(new_kiosk: Callable[[str], KioskProfile]) -> Iterator[tuple[Place, Place, Site]]:
    with ExitStack() as stack:
        profiles = [new_kiosk("here"), new_kiosk("there")]
        site = stack.enter_context(sites.running(profiles[0].backend))
        client = stack.enter_context(make_client(Settings(request_timeout_s=PATIENCE_S)))
        here, there = (Place(one, stack.enter_context(one.store()), site.url, client) for one in profiles)
        yield here, there, site


def test_what_was_saved_here_is_continued_there_and_ended_everywhere(world: tuple[Place, Place, Site]) -> None:
    here, there, site = world
    answers = {**here.form.definition.examples[0], "half": "typed"}
    code = here.save(answers)
    assert here.resume(code).draft is not None, "the same kiosk needs no line"
    assert there.resume(code).state == "asked"
    assert there.carry() == 1 and there.resume(code).state == "gone", "it was not sent yet"
    assert here.carry() == 1
    there.now += kept.GONE_FOR_S + 1
    assert there.resume(code).state == "asked"
    assert there.carry() == 1
    found = there.resume(code)
    assert found.state == "here" and found.draft is not None
    assert (found.draft.answers, found.draft.page, found.draft.form) == (answers, "reader", FORM)
    drafts.forget(there.store, code, there.now)
    assert there.resume(code).state == "gone"
    assert there.carry() == 1
    assert site.rows(tables.drafts) == []


def test_nobody_between_can_read_it(world: tuple[Place, Place, Site]) -> None:
    here, _, site = world
    code = here.save({"reader": {"last": "Соколова"}})
    here.carry()
    (row,) = site.rows(tables.drafts)
    ticket = sealing.read_code(code)
    stored = kept.find(here.store, ticket.id)
    assert stored is not None and stored.sealed == bytes(row.sealed)
    assert ticket.key not in stored.sealed and "Соколова".encode() not in stored.sealed
    with pytest.raises(DraftRefused):
        sealing.open_sealed(stored.sealed, sealing.new_ticket())


def test_files_stay_behind_and_the_promise_to_bring_goes_along(world: tuple[Place, Place, Site]) -> None:
    here, _, _ = world
    from tests.forms.test_lists_lookups_files_and_reckoning import files_form, reference

    here.form = files_form()
    code = here.save({"a": [reference()], "b": "bring"})
    found = here.resume(code).draft
    assert found is not None and found.answers == {"b": "bring"}


def test_a_line_that_fails_puts_it_off(world: tuple[Place, Place, Site]) -> None:
    here, _, site = world
    code = here.save({})
    here.carrier = DraftCarrier(
        here.store,
        Channel(site.client, "http://127.0.0.1:9", site.enrol("k17", 17).device),
        kept_s=1.0,
        now=lambda: here.now,
    )
    assert here.carrier.step() and not here.carrier.step()
    assert here.resume(code).state == "here"
    here.now += 31
    assert here.carrier.step()


def test_what_nobody_takes_up_goes_with_its_term(world: tuple[Place, Place, Site]) -> None:
    here, _, _ = world
    code = here.save({})
    here.carry()
    here.carrier.forget(NOW + 31 * 86_400.0)
    assert kept.find(here.store, sealing.read_code(code).id) is None


@pytest.mark.parametrize("code", ["", "MDR1:ABC", "MDD1:???"])
def test_what_is_no_code(world: tuple[Place, Place, Site], code: str) -> None:
    here, _, _ = world
    for ask in (lambda: here.resume(code), lambda: drafts.forget(here.store, code, NOW)):
        with pytest.raises(DraftRefused):
            ask()
