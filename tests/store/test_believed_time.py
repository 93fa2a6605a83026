"""The time for receipts and forms: the clock's, unless it is absurd."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.store.clock import AHEAD_S, DAY_S, SLACK_S, Believed, Mark, Moment, believed, jump

TRUE = 1_790_000_000.0
YEAR_1970, YEAR_2100 = 86_400.0, 4_102_444_800.0
MARK = Mark(Moment(TRUE, 1000.0, "first"), TRUE)


@pytest.mark.parametrize("wrong", [YEAR_1970, YEAR_2100])
def test_absurd_on_the_same_boot_goes_on_from_the_last_verification(wrong: float) -> None:
    assert believed(MARK, Moment(wrong, 1000.0 + 3600, "first")) == Believed(TRUE + 3600, doubtful=True)


@pytest.mark.parametrize("wrong", [YEAR_1970, YEAR_2100])
def test_absurd_after_a_start_is_no_earlier_than_the_last_verification(wrong: float) -> None:
    assert believed(MARK, Moment(wrong, 5.0, "second")) == Believed(TRUE, doubtful=True)


def test_a_clock_that_may_be_right_is_believed() -> None:
    for off in (0.0, -3600.0, 10 * DAY_S, AHEAD_S - 1):
        assert believed(MARK, Moment(TRUE + off, 5.0, "second")) == Believed(TRUE + off)


def test_some_days_behind_is_doubtful_and_no_more() -> None:
    """Content may have been verified while the clock was ahead, within the term of a signature."""
    assert believed(MARK, Moment(TRUE - 2 * DAY_S, 5.0, "second")) == Believed(TRUE - 2 * DAY_S, doubtful=True)


def test_before_any_content_the_clock_is_all_there_is() -> None:
    assert believed(None, Moment(YEAR_1970)) == Believed(YEAR_1970)


def test_content_that_came_in_under_a_wrong_clock_hides_nothing() -> None:
    """At 1970 content is verified all the same; the clock is still wrong then, and right once it is set."""
    mark = Mark(Moment(YEAR_1970, 1000.0, "first"), TRUE)
    assert jump(mark, Moment(YEAR_1970 + 60, 1060.0, "first")) == pytest.approx(YEAR_1970 - TRUE, abs=60)
    assert jump(mark, Moment(TRUE + 60, 1060.0, "first")) == 0.0


@given(st.floats(0, 5e9), st.floats(0, 5e9), st.floats(0, 1e8), st.booleans())
def test_it_never_lies_far_from_what_was_verified(latest: float, wall: float, passed: float, again: bool) -> None:
    found = believed(Mark(Moment(latest, 0.0, "a"), latest), Moment(wall, passed, "b" if again else "a"))
    least = latest + (0.0 if again else passed)
    assert least - SLACK_S <= found.at <= least + AHEAD_S
    assert found.at == wall or found.doubtful
