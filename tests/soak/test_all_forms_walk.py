"""Every form of every service on the real screen, from the card to "Check your answers", the languages by turns."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import msgspec
import pytest

from kiosk.demo.installation import Installation
from tests.helpers import form_walk

LANGUAGES = ("ru", "en")
FEWEST = 400
"""So many services have a form at least: an empty walk proves nothing."""


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A prepared installation with its backend stopped: a kiosk fills forms without a line."""
    made = Installation(tmp_path_factory.mktemp("walk") / "profile", lambda text: None)
    made.prepare()
    made.backend.stop()
    yield made
    shutil.rmtree(made.profile, ignore_errors=True)


@pytest.mark.soak
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_form_is_filled_to_its_end(installation: Installation, language: str) -> None:
    """KIOSK_FORMS_WALKED=n walks only every n-th."""
    settings = msgspec.structs.replace(installation.settings, language=language)
    every = sorted(form_walk.applied_for(installation.profile, settings))
    assert len(every) >= FEWEST
    turn = every[LANGUAGES.index(language) :: len(LANGUAGES)][:: int(os.environ.get("KIOSK_FORMS_WALKED", "1"))]
    # The second example goes through as much of a form as one can.
    failures = form_walk.walk(installation.profile, settings, turn, example=1)
    assert failures == []
