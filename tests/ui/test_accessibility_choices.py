"""The visitor's choices."""

from __future__ import annotations

import pytest

from kiosk.ui.viewmodels.session import SessionModel


def test_larger_goes_round_three_sizes(session: SessionModel) -> None:
    sizes = []
    for _ in range(4):
        sizes.append(session.accessibility.textScale)
        session.accessibility.larger()
    assert sizes == [1.0, 1.5, 2.0, 1.0]


def test_any_mode_stills_motion(session: SessionModel) -> None:
    choices = session.accessibility
    assert not choices.reducedMotion
    for toggle in (choices.toggleContrast, choices.toggleLowReach, choices.larger):
        toggle()
        assert choices.reducedMotion
        if toggle != choices.larger:
            toggle()
            assert not choices.reducedMotion


def test_a_machine_without_a_voice_cannot_be_switched_to_speech(session: SessionModel) -> None:
    choices = session.accessibility
    choices.toggleSpeech()
    assert not choices.speech
    choices.set_speech_available(True)
    choices.toggleSpeech()
    assert choices.speech
    choices.set_speech_available(False)
    assert not choices.speech


def test_the_low_band_begins_at_1100_mm_above_the_floor(session: SessionModel) -> None:
    assert session.accessibility.lowReachTop * 1920 == pytest.approx(710, abs=1)
