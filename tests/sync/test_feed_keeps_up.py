"""A kiosk with much to send, or with much to hear, reads its feed to the end all the same."""

from __future__ import annotations

from kiosk.model.submission import SubmissionState as State
from kiosk.sync import rules

NOW = 1_000.0
RECEIVED = rules.Row("a", 1, State.RECEIVED)
WAITING = rules.Row("b", 2, State.WAITING)


def step(event: rules.Event, link: rules.Link, *rows: rules.Row) -> tuple[rules.Link, tuple[rules.Action, ...]]:
    return rules.step(rows, link, event, NOW, cap_s=5.0, jitter=0.5)


def test_a_page_with_more_behind_it_is_followed_by_the_next_at_once() -> None:
    link, actions = step(rules.Reached(feed=True, entries=100, more=True), rules.Link(), RECEIVED)
    assert actions == (rules.Poll(),)
    _, actions = step(rules.Reached(feed=True, entries=100, more=True), link, RECEIVED, WAITING)
    assert isinstance(actions[0], rules.Send), "what is due goes first"


def test_the_last_page_is_followed_by_a_pause() -> None:
    for page in (rules.Reached(feed=True, entries=3), rules.Reached(feed=True, entries=0, more=True)):
        _, actions = step(page, rules.Link(), RECEIVED)
        assert actions == (rules.Wait(NOW + rules.FEED_SOON_S),), "a page of nothing that promises more is not chased"


def test_batches_without_end_do_not_put_the_feed_off() -> None:
    link = rules.Link(next_feed=NOW + 0.25)
    sending = rules.Row("b", 2, State.SENDING, lease_until=NOW + 60)
    link, _ = step(rules.Answered(("b",), (rules.Result("b", "received", b"proof"),)), link, sending)
    assert link.next_feed == NOW + 0.25
