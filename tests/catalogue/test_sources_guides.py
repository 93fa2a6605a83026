"""Every service has a guide that answers, and every one that is applied for has a form of its own."""

from __future__ import annotations

import pytest

from kiosk import resources
from kiosk.forms import source
from kiosk.publish.check import Content, check, guides_stand_with_their_services
from kiosk.publish.compile import read


@pytest.fixture(scope="module")
def content() -> Content:
    return read(resources.root())


def test_every_service_has_a_guide(content: Content) -> None:
    assert {one.value.id for one in content.guides} == {one.value.id for one in content.services}
    assert list(guides_stand_with_their_services(content)) == []


def test_nothing_is_wrong_with_the_sources(content: Content) -> None:
    assert check(content) == []


def test_no_two_services_answer_alike(content: Content) -> None:
    """Phrases may be shared; what you get and what to do may not all be."""
    said = {(one.value.result, one.value.steps, one.value.who, one.value.refusals) for one in content.guides}
    assert len(said) == len(content.guides)


def test_every_service_that_is_applied_for_has_its_own_form() -> None:
    loaded = source.load(resources.root() / "forms")
    own = {form.id for form in loaded.forms if form.own}
    applied = [one.value.id for one in read(resources.root()).services if one.value.kind == "apply"]
    without = [id_ for id_ in applied if loaded.index.services.get(id_) not in own]
    assert without == []
