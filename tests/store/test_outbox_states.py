"""A row changes only along the allowed edges, and leaves only with a confirmation."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.model.submission import SubmissionState
from kiosk.store import outbox
from kiosk.store.database import Store, open_store
from kiosk.store.keys import StoreKey
from tests.store import samples

NOW = 1_800_000_000.0


@pytest.fixture
def three(store: Store, profile: Path) -> list[str]:
    return [outbox.submit(store, profile, samples.submission).id for _ in range(3)]


def _state(store: Store, id_: str) -> SubmissionState:
    row = outbox.row(store, id_)
    assert row is not None
    return row.state


def test_the_way_of_a_submission(store: Store, three: list[str], profile: Path, key: StoreKey) -> None:
    assert [row.id for row in outbox.due(store, NOW, 2)] == three[:2], "oldest running number first"
    assert outbox.lease(store, three[:2], NOW + 60, now=NOW) == tuple(three[:2])
    assert [row.id for row in outbox.due(store, NOW + 1, 50)] == three[2:]
    outbox.settle(store, [(three[0], b"proof 0"), (three[1], b"proof 1")], now=NOW + 2)
    assert outbox.register(store, three[0], "77-1", b"registered 0", now=NOW + 3)
    assert outbox.counts(store) == {
        SubmissionState.WAITING: 1,
        SubmissionState.SENDING: 0,
        SubmissionState.RECEIVED: 1,
        SubmissionState.REGISTERED: 1,
        SubmissionState.NEEDS_ATTENTION: 0,
    }
    with open_store(profile, key) as again:
        rows = outbox.rows(again)
        assert [(row.state.value, row.attempts, row.registered_number) for row in rows] == [
            ("registered", 1, "77-1"),
            ("received", 1, ""),
            ("waiting", 0, ""),
        ]
        assert outbox.confirmation(again, three[0]) == b"proof 0"
        assert [row.id for row in outbox.rows(again, unsettled=True)] == three[1:]


def test_a_lease_is_given_once_until_it_runs_out(store: Store, three: list[str]) -> None:
    assert outbox.lease(store, three, NOW + 60, now=NOW) == tuple(three)
    assert outbox.lease(store, three, NOW + 90, now=NOW + 59) == ()
    assert outbox.due(store, NOW + 59, 50) == []
    assert len(outbox.due(store, NOW + 60, 50)) == 3
    assert outbox.lease(store, three, NOW + 120, now=NOW + 60) == tuple(three)
    row = outbox.row(store, three[0])
    assert row is not None and row.attempts == 2


def test_released_rows_wait_until_their_time(store: Store, three: list[str]) -> None:
    outbox.lease(store, three[:1], NOW + 60, now=NOW)
    outbox.release(store, three, NOW + 10)
    assert [row.id for row in outbox.due(store, NOW, 50)] == three[1:], "rows that were not being sent are untouched"
    assert [row.id for row in outbox.due(store, NOW + 10, 50)] == three


def test_a_final_word_is_not_taken_back(store: Store, three: list[str]) -> None:
    id_ = three[0]
    outbox.register(store, id_, "77-1", b"registered", now=NOW)
    assert not outbox.needs_attention(store, id_, "{}")
    assert not outbox.retry(store, id_)
    assert not outbox.with_official(store, id_, "{}", b"later", now=NOW)
    assert outbox.lease(store, [id_], NOW + 60, now=NOW) == ()
    outbox.release(store, [id_])
    outbox.settle(store, [(id_, b"received, late")], now=NOW)
    assert _state(store, id_) is SubmissionState.REGISTERED
    assert outbox.confirmation(store, id_) == b"registered"


def test_a_row_that_needs_attention_blocks_nobody_and_can_be_tried_again(store: Store, three: list[str]) -> None:
    outbox.lease(store, three, NOW + 60, now=NOW)
    assert outbox.needs_attention(store, three[0], '{"type":"conflict"}')
    outbox.release(store, three[1:])
    assert [row.id for row in outbox.due(store, NOW, 50)] == three[1:]
    row = outbox.row(store, three[0])
    assert row is not None and row.problem == '{"type":"conflict"}'
    assert outbox.retry(store, three[0])
    assert not outbox.retry(store, three[0])
    row = outbox.row(store, three[0])
    assert row is not None and (row.state, row.problem) == (SubmissionState.WAITING, "")


def test_with_an_official_then_registered(store: Store, three: list[str]) -> None:
    outbox.settle(store, [(three[0], b"received")], now=NOW)
    assert outbox.with_official(store, three[0], '{"detail":"a page is missing"}', b"with official", now=NOW + 1)
    row = outbox.row(store, three[0])
    assert row is not None and row.state is SubmissionState.RECEIVED and "missing" in row.problem
    assert outbox.register(store, three[0], "77-2", b"registered", now=NOW + 2)
    row = outbox.row(store, three[0])
    assert row is not None and (row.registered_number, row.problem) == ("77-2", "")


def test_refused_after_receipt_is_not_sent_again(store: Store, three: list[str]) -> None:
    outbox.settle(store, [(three[0], b"received")], now=NOW)
    assert outbox.refused(store, three[0], '{"detail":"no such address"}', b"refused", now=NOW)
    assert _state(store, three[0]) is SubmissionState.NEEDS_ATTENTION
    assert not outbox.retry(store, three[0])
    outbox.settle(store, [(three[0], b"late")], now=NOW)
    assert _state(store, three[0]) is SubmissionState.NEEDS_ATTENTION


def test_only_confirmed_rows_are_purged(store: Store, three: list[str], profile: Path) -> None:
    outbox.settle(store, [(three[0], b"received")], now=NOW)
    outbox.needs_attention(store, three[1], "{}")
    assert outbox.purge(store, profile, NOW) == 0, "settled at that very second, not before"
    assert outbox.purge(store, profile, NOW + 1e9) == 1
    assert [row.id for row in outbox.rows(store)] == three[1:]
    assert sorted(path.stem for path in (profile / "outbox").iterdir()) == three[1:]
    assert outbox.reconcile(store, profile, samples.read) == outbox.Reconciled((), (), ())
    assert outbox.submit(store, profile, samples.submission).sequence == 4, "purging frees no number"


def test_a_restored_backend_is_offered_what_it_forgot(store: Store, three: list[str], profile: Path) -> None:
    outbox.settle(store, [(id_, b"received") for id_ in three], now=NOW)
    outbox.register(store, three[2], "77-3", b"registered", now=NOW)
    assert outbox.offer_again(store, above=1) == 2
    assert [row.id for row in outbox.due(store, NOW, 50)] == three[1:]
    assert outbox.purge(store, profile, NOW + 1e9) == 1, "what is offered again stays until it is confirmed anew"


def test_the_cursor_of_the_feed_is_kept(store: Store, profile: Path, key: StoreKey) -> None:
    assert outbox.cursor(store) == ""
    outbox.save_cursor(store, "opaque-1")
    outbox.save_cursor(store, "opaque-2")
    with open_store(profile, key) as again:
        assert outbox.cursor(again) == "opaque-2"


def test_unknown_ids_change_nothing(store: Store, three: list[str]) -> None:
    before = outbox.rows(store)
    outbox.settle(store, [("nobody", b"x")], now=NOW)
    outbox.release(store, ["nobody"])
    assert outbox.lease(store, ["nobody"], NOW, now=NOW) == ()
    assert not outbox.register(store, "nobody", "1", b"x", now=NOW)
    assert (outbox.row(store, "nobody"), outbox.envelope(store, "nobody")) == (None, None)
    assert outbox.confirmation(store, "nobody") is None
    assert outbox.rows(store) == before


def test_a_page_of_the_feed_and_its_cursor_are_one_commit(store: Store, three: list[str]) -> None:
    page = [
        outbox.Outcome(three[0], "registered", b"r", number="77-1"),
        outbox.Outcome(three[1], "with_official", b"w", problem="{}"),
        outbox.Outcome("nobody", "registered", b"r", number="77-9"),
        outbox.Outcome(three[2], "refused", b"f", problem="{}"),
    ]
    assert outbox.outcomes(store, page, now=NOW, cursor="after-4") == 3
    assert outbox.cursor(store) == "after-4"
    states = [row.state.value for row in outbox.rows(store)]
    assert states == ["registered", "received", "needs_attention"]

    def cut() -> Iterator[outbox.Outcome]:
        yield outbox.Outcome(three[1], "registered", b"r", number="77-2")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        outbox.outcomes(store, cut(), now=NOW, cursor="after-5")
    assert outbox.cursor(store) == "after-4" and _state(store, three[1]) is SubmissionState.RECEIVED
    assert outbox.outcomes(store, page[:1], now=NOW, cursor="after-4") == 0, "replaying changes nothing"
