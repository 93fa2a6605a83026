"""Drafts in the store: where each stands, what comes next, what goes."""

from __future__ import annotations

import pytest

from kiosk.store import drafts
from kiosk.store.database import Store

NOW = 1_790_000_000.0
DAY = 86_400.0


def state(store: Store, draft: str) -> str:
    row = drafts.find(store, draft)
    return row.state if row else ""


def next_due(store: Store, now: float = NOW) -> str:
    row = drafts.due(store, now)
    return row.id if row else ""


def test_a_draft_is_sent_taken_up_and_gone(store: Store) -> None:
    drafts.keep(store, "a", b"sealed", now=NOW)
    assert state(store, "a") == "waiting" and next_due(store) == "a"
    drafts.sent(store, "a")
    assert state(store, "a") == "kept" and next_due(store) == ""
    drafts.end(store, "a", now=NOW)
    row = drafts.find(store, "a")
    assert row is not None and (row.state, row.sealed) == ("ended", b"") and next_due(store) == "a"
    drafts.removed(store, "a")
    assert state(store, "a") == ""


def test_a_draft_of_another_kiosk_is_fetched(store: Store) -> None:
    drafts.want(store, "b", now=NOW)
    drafts.want(store, "b", now=NOW)
    assert state(store, "b") == "wanted" and next_due(store) == "b"
    drafts.fetched(store, "b", b"sealed", now=NOW)
    row = drafts.find(store, "b")
    assert row is not None and (row.state, row.sealed) == ("kept", b"sealed")
    drafts.want(store, "b", now=NOW)
    assert state(store, "b") == "kept"


def test_what_is_nowhere_is_asked_for_again_after_a_while(store: Store) -> None:
    drafts.want(store, "c", now=NOW)
    drafts.fetched(store, "c", None, now=NOW)
    drafts.want(store, "c", now=NOW + 1)
    assert state(store, "c") == "gone" and next_due(store) == ""
    drafts.want(store, "c", now=NOW + drafts.GONE_FOR_S + 1)
    assert state(store, "c") == "wanted"


def test_whoever_waits_comes_first_and_what_is_put_off_waits(store: Store) -> None:
    drafts.end(store, "e", now=NOW)
    drafts.keep(store, "a", b"x", now=NOW)
    drafts.want(store, "w", now=NOW)
    assert next_due(store) == "w"
    drafts.put_off(store, "w", NOW + 30)
    assert next_due(store) == "a"
    drafts.put_off(store, "a", NOW + 30)
    assert next_due(store) == "e"
    assert next_due(store, NOW + 31) == "w"


def test_late_answers_change_nothing(store: Store) -> None:
    drafts.keep(store, "a", b"x", now=NOW)
    drafts.end(store, "a", now=NOW)
    drafts.sent(store, "a")
    drafts.fetched(store, "a", b"other", now=NOW)
    assert state(store, "a") == "ended"


def test_what_is_older_than_its_term_goes(store: Store) -> None:
    for draft, age in (("old", 31), ("new", 29)):
        drafts.keep(store, draft, b"x", now=NOW - age * DAY)
    assert drafts.expire(store, NOW - 30 * DAY) == 1
    assert (state(store, "old"), state(store, "new")) == ("", "waiting")


def test_an_id_is_kept_once(store: Store) -> None:
    drafts.keep(store, "a", b"x", now=NOW)
    with pytest.raises(Exception, match="UNIQUE"):
        drafts.keep(store, "a", b"y", now=NOW)
