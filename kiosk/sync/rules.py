"""What the sync worker does next: a pure state machine (rows, link, event, clock) -> (link, actions).

The rules, all of them level-triggered (derived from the table, never from a remembered wake-up):

1.  A row that waits and whose time has come is sent when the link is up, oldest running number first, at
    most `BATCH` in a request, and one request at a time: while a lease is alive nothing else is sent.
2.  A lease that has run out means "sending, but no progress": the row waits again (the watchdog).
3.  A row is settled by its own result only, and only by a confirmation that was verified; a result for a
    row that was not asked for is ignored; a row the answer does not mention waits again.
4.  Conflict and refusal are for people: the row needs attention, the next ones go on.
5.  Any fault of the network (no connection, 5xx, a body that is not what it should be) frees the leased rows
    and takes the link down. Backoff belongs to the link: one cheap probe, full jitter, doubling to the cap,
    a Retry-After honoured. A row never waits longer because of its own history. An answer to a batch that
    settles none of its rows is such a fault too: a backend that cannot prove its word is not asked without pause.
    A probe that is answered brings the link up; only a batch or a feed that is answered ends the doubling.
6.  When the link is back, all due rows go.
7.  While received rows wait for their registration, and at least every `FEED_S`, the feed is asked; a page that says
    that there is more is followed by the next one at once, unless a row is due.
8.  Attachments go when nothing else is due, one request at a time: an envelope never waits longer than for the chunk
    that is under way. A fault of theirs proves nothing about the link: they wait by a backoff of their own, and the
    feed is asked at once, which finds out. Only bytes that have arrived end that doubling. One that is declined waits
    for `DECLINED_S` and holds up no other.
9.  Clocks jump: a time further ahead than the longest wait the rules can make counts as now.

It does no I/O, knows no HTTP and no database, and makes no randomness: jitter comes in as a number in [0, 1).
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from kiosk.model.submission import SubmissionState

BATCH = 50
LEASE_S = 60.0
FIRST_WAIT_S = 0.5
FEED_S = 30.0
FEED_SOON_S = 1.0
LONGEST_RETRY_AFTER_S = 3600.0
DECLINED_S = 3600.0


class Row(Struct, frozen=True):
    """What the rules see of an outbox row; times are UNIX seconds."""

    id: str
    sequence: int
    state: SubmissionState
    lease_until: float = 0.0
    next_attempt: float = 0.0


class Piece(Struct, frozen=True):
    """What the rules see of an attachment on its way, whose envelope was received; UNIX seconds."""

    id: str
    next_attempt: float = 0.0


class Link(Struct, frozen=True):
    """The link to the backend. `failures` since the last success, of attachments apart; times are UNIX seconds."""

    up: bool = True
    failures: int = 0
    next_probe: float = 0.0
    next_feed: float = 0.0
    upload_failures: int = 0
    next_upload: float = 0.0


class Tick(Struct, frozen=True, tag=True):
    """Time has passed, or the table has changed."""


class Reached(Struct, frozen=True, tag=True):
    """The probe, or the feed, was answered as it should be. `entries` came with the feed, and there is `more`."""

    feed: bool = False
    entries: int = 0
    more: bool = False


class Failed(Struct, frozen=True, tag=True):
    """A request failed or its answer was not what it should be: of the rows `ids`, or of an `upload`."""

    ids: tuple[str, ...] = ()
    retry_after_s: float | None = None
    upload: bool = False


class Moved(Struct, frozen=True, tag=True):
    """A request for an attachment was answered; whether bytes of it have `arrived`."""

    arrived: bool


class Declined(Struct, frozen=True, tag=True):
    """The backend does not take this attachment now."""

    id: str


class Result(Struct, frozen=True):
    """The backend's word on one envelope; `proof` is its verified confirmation, None where none came."""

    id: str
    status: Literal["received", "already", "conflict", "refused"]
    proof: bytes | None = None
    problem: str = ""


class Answered(Struct, frozen=True, tag=True):
    """A batch was answered. `ids` are the rows that were sent."""

    ids: tuple[str, ...]
    results: tuple[Result, ...]


Event = Tick | Reached | Failed | Answered | Moved | Declined


class Probe(Struct, frozen=True, tag=True):
    """Ask cheaply whether the backend is there."""


class Send(Struct, frozen=True, tag=True):
    """Lease these rows until `lease_until`, then post them as one batch."""

    ids: tuple[str, ...]
    lease_until: float


class Settle(Struct, frozen=True, tag=True):
    """Commit the signed confirmation of this row."""

    id: str
    proof: bytes


class Attend(Struct, frozen=True, tag=True):
    """Show this row to staff with the backend's problem."""

    id: str
    problem: str


class Release(Struct, frozen=True, tag=True):
    """These rows wait again, at once."""

    ids: tuple[str, ...]


class Poll(Struct, frozen=True, tag=True):
    """Ask the feed what became of received rows."""


class Upload(Struct, frozen=True, tag=True):
    """Make the next request for this attachment."""

    id: str


class PutOff(Struct, frozen=True, tag=True):
    """This attachment is not tried before then."""

    id: str
    until: float


class Wait(Struct, frozen=True, tag=True):
    """Nothing to do before this time, unless the table changes."""

    until: float


Action = Probe | Send | Settle | Attend | Release | Poll | Upload | PutOff | Wait


def step(
    rows: tuple[Row, ...],
    link: Link,
    event: Event,
    now: float,
    *,
    cap_s: float,
    jitter: float,
    pieces: tuple[Piece, ...] = (),
) -> tuple[Link, tuple[Action, ...]]:
    """The link after `event`, and what to do. Settling actions come first and must be done before the rest."""
    link = _sane(link, now, cap_s)
    if isinstance(event, Failed):
        return _failed(rows, link, event, now, cap_s, jitter)
    if isinstance(event, Answered):
        actions = _answered(rows, event)
        if actions and all(isinstance(action, Release) for action in actions):
            return _failed(rows, link, Failed(event.ids), now, cap_s, jitter)
        # Never put off further: a kiosk that sends all the time reads its feed too.
        soon = min(link.next_feed, now + FEED_SOON_S)
        return replace(link, up=True, failures=0, next_probe=0.0, next_feed=soon), actions
    if isinstance(event, Declined):
        return link, (PutOff(event.id, now + DECLINED_S),)
    if isinstance(event, Moved) and event.arrived:
        link = replace(link, upload_failures=0)
    if isinstance(event, Reached):
        soon_again = event.entries > 0 or any(row.state is SubmissionState.RECEIVED for row in rows)
        pause = 0.0 if event.more and event.entries else FEED_SOON_S if soon_again else FEED_S
        link = replace(
            link,
            up=True,
            failures=0 if event.feed else link.failures,
            next_probe=0.0,
            next_feed=now + pause if event.feed else link.next_feed,
        )
    return link, _next(rows, pieces, link, now)


def _sane(link: Link, now: float, cap_s: float) -> Link:
    farthest = now + max(cap_s, LONGEST_RETRY_AFTER_S)
    return replace(
        link,
        next_probe=link.next_probe if link.next_probe <= farthest else now,
        next_feed=link.next_feed if link.next_feed <= now + FEED_S else now,
        next_upload=link.next_upload if link.next_upload <= farthest else now,
    )


def _failed(
    rows: tuple[Row, ...], link: Link, event: Failed, now: float, cap_s: float, jitter: float
) -> tuple[Link, tuple[Action, ...]]:
    failures = (link.upload_failures if event.upload else link.failures) + 1
    wait = jitter * min(cap_s, FIRST_WAIT_S * 2 ** min(failures, 16))
    if event.retry_after_s is not None:
        wait = max(wait, min(event.retry_after_s, LONGEST_RETRY_AFTER_S))
    if event.upload:
        return replace(link, upload_failures=failures, next_upload=now + wait, next_feed=min(link.next_feed, now)), ()
    sending = {row.id for row in rows if row.state is SubmissionState.SENDING}
    free = tuple(id_ for id_ in event.ids if id_ in sending)
    down = replace(link, up=False, failures=failures, next_probe=now + wait)
    return down, (Release(free),) if free else ()


def _answered(rows: tuple[Row, ...], event: Answered) -> tuple[Action, ...]:
    sending = {row.id for row in rows if row.state is SubmissionState.SENDING}
    open_ids = [id_ for id_ in event.ids if id_ in sending]
    actions: list[Action] = []
    for result in event.results:
        if result.id not in open_ids:
            continue
        if result.status in ("received", "already"):
            if result.proof is None:
                continue
            actions.append(Settle(result.id, result.proof))
        else:
            actions.append(Attend(result.id, result.problem))
        open_ids.remove(result.id)
    if open_ids:
        actions.append(Release(tuple(open_ids)))
    return tuple(actions)


def _next(rows: tuple[Row, ...], pieces: tuple[Piece, ...], link: Link, now: float) -> tuple[Action, ...]:
    sending = [row for row in rows if row.state is SubmissionState.SENDING]
    stale = tuple(row.id for row in sending if not now < row.lease_until <= now + 2 * LEASE_S)
    if stale:
        return (Release(stale),)
    if not link.up:
        return (Probe(),) if now >= link.next_probe else (Wait(link.next_probe),)
    if sending:
        return (Wait(min(row.lease_until for row in sending)),)
    waiting = [row for row in rows if row.state is SubmissionState.WAITING]
    due = [row for row in waiting if row.next_attempt <= now or row.next_attempt > now + LONGEST_RETRY_AFTER_S]
    if due:
        due.sort(key=lambda row: row.sequence)
        return (Send(tuple(row.id for row in due[:BATCH]), now + LEASE_S),)
    if now >= link.next_feed:
        return (Poll(),)
    waits = [link.next_feed, *(row.next_attempt for row in waiting)]
    for piece in pieces:
        at = max(piece.next_attempt if piece.next_attempt <= now + DECLINED_S else now, link.next_upload)
        if at <= now:
            return (Upload(piece.id),)
        waits.append(at)
    return (Wait(min(waits)),)
