"""When attachments go, as the rules have it: after everything else, by a backoff of their own, in nobody's way."""

from __future__ import annotations

import hypothesis.strategies as st
from hypothesis import given, settings

from kiosk.model.submission import SubmissionState as State
from kiosk.sync import rules
from kiosk.sync.rules import Failed, Link, Moved, Piece, PutOff, Row, Tick, Upload, Wait

NOW = 1_000_000.0
CAP_S = 5.0
LATER = Link(next_feed=NOW + 20)
TICK = Tick()


def step(
    *pieces: Piece, rows: tuple[Row, ...] = (), link: Link = LATER, event: rules.Event = TICK, now: float = NOW
) -> tuple[Link, tuple[rules.Action, ...]]:
    return rules.step(rows, link, event, now, cap_s=CAP_S, jitter=0.5, pieces=pieces)


states = st.sampled_from(list(State))
times = st.sampled_from([0.0, NOW - 1, NOW, NOW + 3, NOW + 1e9])
links = st.builds(Link, st.booleans(), st.integers(0, 20), times, times, st.integers(0, 20), times)
rows = st.lists(st.builds(Row, st.uuids().map(str), st.integers(1, 99), states, times, times), max_size=4).map(tuple)
pieces = st.lists(st.builds(Piece, st.uuids().map(str), times), max_size=4)


@settings(max_examples=500, deadline=None)
@given(rows, links, pieces)
def test_nothing_else_was_to_be_done_when_an_attachment_goes(
    rows: tuple[Row, ...], link: Link, pieces: list[Piece]
) -> None:
    without_link, without = step(rows=rows, link=link)
    with_link, found = step(*pieces, rows=rows, link=link)
    assert with_link == without_link
    if not any(isinstance(action, Wait) for action in without):
        assert found == without, "whatever is to be done goes before any attachment"
    else:
        assert len(found) == 1 and isinstance(found[0], Upload | Wait)
        if isinstance(found[0], Upload):
            assert link.up and not any(row.state is State.SENDING for row in rows)
            assert found[0].id in {piece.id for piece in pieces}


@settings(max_examples=300, deadline=None)
@given(links, st.none() | st.floats(0, 1e9), rows)
def test_a_fault_of_an_attachment_is_not_one_of_the_link(
    link: Link, retry_after: float | None, rows: tuple[Row, ...]
) -> None:
    after, actions = step(rows=rows, link=link, event=Failed(retry_after_s=retry_after, upload=True))
    assert actions == ()
    assert (after.up, after.failures) == (link.up, link.failures)
    assert after.upload_failures == link.upload_failures + 1
    assert NOW <= after.next_upload <= NOW + rules.LONGEST_RETRY_AFTER_S
    assert after.next_feed <= NOW, "the feed is asked at once: it knows"


def test_its_backoff_doubles_to_the_cap_and_ends_with_bytes() -> None:
    link, waits = LATER, []
    for _ in range(6):
        link, _ = step(link=link, event=Failed(upload=True))
        waits.append(link.next_upload - NOW)
        link = rules.replace(link, next_feed=NOW + 20)
    assert waits == [0.5, 1.0, 2.0, 2.5, 2.5, 2.5]
    assert step(Piece("a"), link=link)[1] == (Wait(NOW + 2.5),)
    later, actions = step(Piece("a"), link=link, now=NOW + 2.5)
    assert actions == (Upload("a"),)
    assert step(Piece("a"), link=later, event=Moved(False), now=NOW + 2.6)[0].upload_failures == 6
    assert step(Piece("a"), link=later, event=Moved(True), now=NOW + 2.6)[0].upload_failures == 0


def test_other_events_leave_its_backoff_alone() -> None:
    link, _ = step(event=Failed(upload=True))
    row = Row("r", 1, State.SENDING, lease_until=NOW + 9)
    settled = rules.Answered(("r",), (rules.Result("r", "received", b"proof"),))
    for event in (Tick(), rules.Reached(feed=True), Failed(), settled):
        after, _ = step(rows=(row,), link=link, event=event)
        assert (after.upload_failures, after.next_upload) == (link.upload_failures, link.next_upload), event


def test_one_that_is_declined_lets_the_others_go() -> None:
    _, actions = step(Piece("a"), Piece("b"), event=rules.Declined("a"))
    assert actions == (PutOff("a", NOW + rules.DECLINED_S),)
    put_off = Piece("a", NOW + rules.DECLINED_S)
    assert step(put_off, Piece("b"))[1] == (Upload("b"),)
    assert step(put_off)[1] == (Wait(LATER.next_feed),)
    earlier = NOW - 10_000
    assert step(put_off, link=Link(next_feed=earlier + 20), now=earlier)[1] == (Upload("a"),), (
        "the clock went back: its time counts as now"
    )


def test_while_the_link_is_down_nothing_goes() -> None:
    down = Link(up=False, failures=2, next_probe=NOW + 2)
    assert step(Piece("a"), link=down)[1] == (Wait(NOW + 2),)
