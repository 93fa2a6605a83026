"""A clock that says 1970 or 2100 makes no expired content good, and throws no good content away."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.errors import ContentRefused
from kiosk.publish import repository
from kiosk.publish.signing import Terms
from kiosk.store import clock, documents
from kiosk.store.clock import Mark, Moment, freshness
from kiosk.sync import published
from kiosk.sync.published import SyncReport
from tests.sync.content_world import DAY, START, World, bodies, content, world

BEFORE = content(30)
AFTER = content(30, changed=(3,))
YEAR_1970, YEAR_2100 = 86_400.0, 4_102_444_800.0


class Device:
    """A kiosk whose three clocks can be turned: the true time, what its wall clock is off by, which boot it is."""

    def __init__(self, here: World) -> None:
        self.here = here
        self.off = 0.0
        self.boot = "first"
        self.started = START

    def moment(self, _: Callable[[], float]) -> Moment:
        return Moment(self.here.clock + self.off, self.here.clock - self.started, self.boot)

    def start_again(self) -> None:
        self.boot, self.started = f"after {self.boot}", self.here.clock

    def sync(self) -> SyncReport:
        here = self.here
        return published.update(
            here.store, root=here.root, base_url=here.site.url, client=here.client, look=self.moment
        )

    def freshness(self, days: float = 3.0) -> clock.Freshness:
        mark = clock.read_mark(documents.trust(self.here.store))
        verified_at = documents.content_state(self.here.store).verified_at
        return freshness(mark, verified_at, self.moment(float), days)


@pytest.fixture
def device(tmp_path: Path) -> Iterator[Device]:
    with world(tmp_path) as here:
        here.publish(BEFORE)
        made = Device(here)
        made.sync()
        yield made


def test_ahead_the_old_content_stays_and_a_mended_clock_mends_all(device: Device) -> None:
    device.here.publish(AFTER)
    device.off = YEAR_2100 - START
    with pytest.raises(ContentRefused, match="expired: the source is stale or the clock is wrong"):
        device.sync()
    assert device.here.held() == bodies(BEFORE)
    device.off = 0.0
    assert device.sync().version == 2
    assert device.here.held() == bodies(AFTER)


@pytest.mark.parametrize("again", [False, True])
def test_back_new_content_still_comes_in(device: Device, again: bool) -> None:
    device.here.publish(AFTER)
    device.off = YEAR_1970 - START
    if again:
        device.start_again()
    assert device.sync().version == 2
    assert documents.content_state(device.here.store).verified_at == clock.iso(device.here.clock)


def test_back_on_the_same_boot_a_frozen_mirror_is_refused_all_the_same(device: Device) -> None:
    device.here.clock += 8 * DAY
    device.off = -7 * DAY
    with pytest.raises(ContentRefused, match="expired"):
        device.sync()
    assert device.here.held() == bodies(BEFORE)


def test_back_after_a_start_nothing_counts_that_had_expired_before_the_last_sync(device: Device) -> None:
    here = device.here
    here.clock += 60
    short = Terms(timestamp_days=0.5)
    repository.write(here.repo, AFTER, here.keys, now=here.now, terms=short)
    brief = here.photograph("brief")
    here.clock += 3 * DAY
    whole = here.site.folder
    repository.write(here.repo, BEFORE, here.keys, now=here.now)
    # The kiosk has not seen the brief one: only its end, half a day after it was signed, speaks against it.
    trust = documents.trust(here.store)
    documents.save_trust(here.store, {**trust, clock.MARK: clock.write_mark(None, device.moment(float))})
    device.off = -3 * DAY
    device.start_again()
    here.site.folder = brief
    with pytest.raises(ContentRefused, match="expired"):
        device.sync()
    here.site.folder = whole
    assert device.sync().version == 3


def test_ahead_within_the_term_and_mended_later(device: Device) -> None:
    """Six days ahead nothing has expired; content is verified "in the future", and must not be stuck there."""
    device.off = 6 * DAY
    device.sync()
    device.off = 0.0
    assert device.freshness().jump_s == pytest.approx(-6 * DAY, abs=1)
    device.here.publish(AFTER)
    assert device.sync().version == 2
    assert device.freshness().level == "fresh"
    device.here.clock += 5 * DAY
    assert device.freshness().level == "old"


def test_content_grows_old_and_stale_and_fresh_again(device: Device) -> None:
    levels = []
    for days in (0.0, 2.9, 3.1, 14.9, 15.1):
        device.here.clock = START + 60 + days * DAY
        levels.append(device.freshness().level)
    assert levels == ["fresh", "fresh", "old", "old", "stale"]
    device.here.publish(BEFORE)
    device.sync()
    assert device.freshness() == clock.Freshness("fresh", 0.0, 0.0)


@pytest.mark.parametrize("wrong", [YEAR_1970, YEAR_2100])
def test_the_age_of_content_does_not_jump_with_the_clock(device: Device, wrong: float) -> None:
    device.here.clock += 1 * DAY
    device.off = wrong - device.here.clock
    found = device.freshness()
    assert (found.level, found.age_s) == ("fresh", pytest.approx(1 * DAY, abs=1))
    assert found.jump_s == pytest.approx(device.off, abs=1)


def test_back_after_a_start_the_jump_is_seen_by_what_was_known(device: Device) -> None:
    device.start_again()
    device.off = YEAR_1970 - START
    found = device.freshness()
    assert found.jump_s < -300 * DAY and found.age_s == 0.0


def test_a_jump_is_told_to_the_log(device: Device, capsys: pytest.CaptureFixture[str]) -> None:
    device.sync()
    assert "clock" not in capsys.readouterr().err
    device.off = -2 * DAY
    device.sync()
    assert "clock of this device" in capsys.readouterr().err


walls = st.floats(0, 5e9)


@given(walls, walls, walls, st.floats(0, 1e8), st.booleans())
def test_time_for_signatures_never_runs_backwards(
    first: float, latest: float, wall: float, passed: float, again: bool
) -> None:
    before = Moment(first, 1000.0, "a")
    mark = Mark(before, max(latest, first))
    now = Moment(wall, 1000.0 + passed, "b" if again else "a")
    at = clock.judged_at(mark, now)
    assert at >= max(wall, clock.judged_at(mark, before), mark.latest)
    assert clock.judged_at(clock.read_mark({clock.MARK: clock.write_mark(mark, now)}), now) >= mark.latest


@given(st.binary(max_size=200))
def test_a_mark_that_is_none_is_no_mark(data: bytes) -> None:
    assert clock.read_mark({clock.MARK: data}) is None
    assert clock.read_mark({}) is None


@pytest.mark.parametrize("text", [None, "", "yesterday", "2026-13-01T00:00:00Z", "9999-12-31T23:59:59-23:00"])
def test_a_moment_that_is_none_counts_as_never(text: str | None) -> None:
    assert freshness(None, text, Moment(START), 3.0) == clock.Freshness("none", 0.0, 0.0)


def test_without_a_mark_the_wall_clock_counts() -> None:
    assert freshness(None, clock.iso(START - 4 * DAY), Moment(START), 3.0).level == "old"
    assert clock.iso(1e20) == "9999-12-31T23:59:59Z" and clock.iso(-5) == "1970-01-01T00:00:00Z"
