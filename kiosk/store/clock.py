"""The clock of a device, which is wrong now and then: a flat battery says 1970, a bad time server says 2100.

Rules. For signatures time never runs backwards: they are judged at the latest of three moments: the clock's, the latest
that content was ever verified at, and the last verification's plus the time that has passed since by the clock that
counts from boot, which nobody can put back. So a clock that was put back makes no expired content good. A clock that is
ahead makes good content look expired: it is refused, and the old content stays in use until the clock is mended; a
moment is remembered only from a verification that succeeded, so it never lies beyond the end of a signature, and a
device whose clock was ahead then is mended by the next signature. How old content is counts from boot too, until the
device is started again. A mark of both clocks is kept with the metadata.

For what is written on paper and asked of forms the wall clock is believed unless it is absurd: more than SLACK_S behind
what was verified, or more than AHEAD_S ahead. Then the last verification counts, and what has passed since; from a day
on the time is doubtful.

It warns nobody; freshness() says what is to be said, and content_freshness() says it of a store.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec
from msgspec import Struct

from kiosk.store import documents

if TYPE_CHECKING:
    from kiosk.store.database import Store

MARK = "clock"
"""The mark's name among the metadata of the store. ngclient never sees it: it does not end in .json."""

TOLERANCE_S = 300.0
"""What a clock may drift, or be set by, between two looks without a word."""

RED_AFTER = 5.0
"""Content is called stale after so many times the days after which it is called old."""

DAY_S = 86_400.0
SLACK_S = 8 * DAY_S
"""How far ahead of the truth a verified moment may lie: signatures end after a week."""

AHEAD_S = 366 * DAY_S
"""No device serves visitors for longer without verified content: a clock that says so is wrong."""

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


class Moment(Struct, frozen=True):
    """Both clocks at once: `wall` UNIX seconds, `elapsed` seconds since boot, `boot` which boot ("": not known)."""

    wall: float
    elapsed: float = 0.0
    boot: str = ""


class Believed(Struct, frozen=True):
    """The time `at` (UNIX seconds) that a device goes by, and whether that is doubtful."""

    at: float
    doubtful: bool = False


class Mark(Struct, frozen=True):
    """`seen` when content was last verified; `latest` (UNIX seconds) the latest moment it was ever verified at."""

    seen: Moment
    latest: float


class Freshness(Struct, frozen=True):
    """How old content is: `age_s` seconds, never negative. `level` none: nothing was verified yet; stale: a red line.

    `jump_s` is what `jump` says of the wall clock, which then is not to be believed.
    """

    level: Literal["none", "fresh", "old", "stale"]
    age_s: float
    jump_s: float


def look(now: Callable[[], float] = time.time) -> Moment:
    """Both clocks now."""
    boot = ""
    with suppress(OSError):
        boot = _BOOT_ID.read_text(encoding="ascii").strip()
    # Linux stops CLOCK_MONOTONIC while it sleeps, and a lid that was closed is no jump of the clock.
    since_boot = getattr(time, "CLOCK_BOOTTIME", None)
    elapsed = time.monotonic() if since_boot is None else time.clock_gettime(since_boot)
    return Moment(now(), elapsed, boot)


def read_mark(trust: Mapping[str, bytes]) -> Mark | None:
    """The mark among the metadata of the store; None where there is none."""
    try:
        return msgspec.json.decode(trust.get(MARK, b""), type=Mark)
    except msgspec.DecodeError:
        return None


def write_mark(before: Mark | None, moment: Moment, signed: float = 0.0) -> bytes:
    """The mark after a verification. `signed` is a time that the publisher has signed: it is past by now."""
    latest = max(moment.wall, signed, before.latest if before else 0.0)
    return msgspec.json.encode(Mark(moment, latest))


def judged_at(mark: Mark | None, moment: Moment) -> float:
    """The time (UNIX seconds) that signatures are judged at."""
    if mark is None:
        return moment.wall
    return max(moment.wall, mark.latest, mark.seen.wall + (_passed(mark, moment) or 0.0))


def jump(mark: Mark | None, moment: Moment) -> float:
    """By how many seconds the wall clock went ahead (+) or back (-) of what it should say; 0.0 within the tolerance."""
    if mark is None:
        return 0.0
    # Content that was verified under a wrong clock says nothing of how far that clock may have gone since.
    passed = None if mark.seen.wall < mark.latest - SLACK_S else _passed(mark, moment)
    gone = min(0.0, moment.wall - mark.latest) if passed is None else moment.wall - mark.seen.wall - passed
    return gone if abs(gone) > TOLERANCE_S else 0.0


def believed(mark: Mark | None, moment: Moment) -> Believed:
    """The time for receipts and forms."""
    if mark is None:
        return Believed(moment.wall)
    least = mark.latest + (_passed(mark, moment) or 0.0)
    if not least - SLACK_S <= moment.wall <= least + AHEAD_S:
        return Believed(least, doubtful=True)
    return Believed(moment.wall, doubtful=moment.wall < least - DAY_S)


def freshness(mark: Mark | None, verified_at: str | None, moment: Moment, warning_days: float) -> Freshness:
    """How old the content is that was last verified at `verified_at` (UTC, ISO 8601)."""
    verified = unix(verified_at)
    if verified is None:
        return Freshness("none", 0.0, 0.0)
    passed = None if mark is None else _passed(mark, moment)
    age = max(0.0, moment.wall - verified if passed is None else passed)
    days = age / DAY_S
    level: Literal["fresh", "old", "stale"] = "fresh"
    if days >= warning_days:
        level = "stale" if days >= warning_days * RED_AFTER else "old"
    return Freshness(level, age, jump(mark, moment))


def content_freshness(store: Store, warning_days: float, look: Callable[[], Moment] = look) -> Freshness:
    """How old the content of a store is now. Raises EnvironmentFault."""
    return freshness(_mark(store), documents.content_state(store).verified_at, look(), warning_days)


def believed_by(store: Store, now: Callable[[], float] = time.time) -> Believed:
    """The time for receipts and forms, by the mark of a store. Raises EnvironmentFault."""
    return believed(_mark(store), look(now))


def _mark(store: Store) -> Mark | None:
    row = store.row("SELECT body FROM trust WHERE name = ?", (MARK,))
    return read_mark({MARK: bytes(row[0])} if row else {})


def _passed(mark: Mark, moment: Moment) -> float | None:
    """Seconds since the mark by the clock that counts from boot; None where the device was started since."""
    same = mark.seen.boot and mark.seen.boot == moment.boot and moment.elapsed >= mark.seen.elapsed
    return moment.elapsed - mark.seen.elapsed if same else None


def unix(moment: str | None) -> float | None:
    """UNIX seconds of an ISO 8601 moment; None for one that is none."""
    try:
        return datetime.fromisoformat(moment).astimezone(UTC).timestamp() if moment else None
    except (ValueError, OverflowError, OSError):
        return None


def iso(moment: float) -> str:
    """UTC, ISO 8601, to the second. A time beyond the calendar is brought back into it."""
    return datetime.fromtimestamp(min(max(moment, 0.0), 253_402_300_799.0), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
