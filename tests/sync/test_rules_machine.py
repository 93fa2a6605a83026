"""The sync rules as a stateful machine: a world of outbox, network and backend that does its worst."""

from __future__ import annotations

import hypothesis.strategies as st
import pytest
from hypothesis import settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from kiosk.model.submission import SubmissionState as State
from kiosk.sync import rules

CAP_S = 5.0
TERMINAL = (State.RECEIVED, State.REGISTERED, State.NEEDS_ATTENTION)


class SyncWorld(RuleBasedStateMachine):
    """Rows, a backend that keeps what it took, and requests in flight that may be lost on either way."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 1_000_000.0
        self.rows: dict[str, rules.Row] = {}
        self.backend: dict[str, bytes] = {}
        self.taken: list[str] = []
        self.poison: set[str] = set()
        self.link = rules.Link()
        self.flight: tuple[str, ...] | None = None
        self.settled: dict[str, bytes] = {}
        self.waited_until = 0.0

    def _set(self, id_: str, state: State, lease: float = 0.0) -> None:
        old = self.rows[id_]
        self.rows[id_] = rules.Row(id_, old.sequence, state, lease_until=lease)

    def _event(self, event: rules.Event, jitter: float = 0.5) -> None:
        before = {id_: row.state for id_, row in self.rows.items()}
        self.link, actions = rules.step(
            tuple(self.rows.values()), self.link, event, self.now, cap_s=CAP_S, jitter=jitter
        )
        for action in actions:
            match action:
                case rules.Send(ids, lease_until):
                    assert self.flight is None, "one request at a time"
                    assert self.link.up and 0 < len(ids) <= rules.BATCH
                    sent = [self.rows[id_].sequence for id_ in ids]
                    due = sorted(row.sequence for row in self.rows.values() if before[row.id] is State.WAITING)
                    assert sent == due[: len(sent)], "oldest first"
                    for id_ in ids:
                        assert before[id_] is State.WAITING
                        self._set(id_, State.SENDING, lease_until)
                    self.flight = ids
                case rules.Settle(id_, proof):
                    assert before[id_] is State.SENDING
                    assert self.backend.get(id_) == proof, "only what the backend really holds is settled"
                    self.settled[id_] = proof
                    self._set(id_, State.RECEIVED)
                case rules.Attend(id_, _):
                    assert before[id_] is State.SENDING
                    assert id_ in self.poison
                    self._set(id_, State.NEEDS_ATTENTION)
                case rules.Release(ids):
                    for id_ in ids:
                        assert before[id_] is State.SENDING
                        self._set(id_, State.WAITING)
                case rules.Wait(until):
                    assert until <= self.now + rules.LONGEST_RETRY_AFTER_S + rules.LEASE_S
                    self.waited_until = until
                case rules.Probe():
                    assert not self.link.up
                case rules.Poll():
                    assert self.link.up

    @rule(poisoned=st.booleans())
    def submit(self, poisoned: bool) -> None:
        id_ = f"s{len(self.rows) + 1}"
        self.rows[id_] = rules.Row(id_, len(self.rows) + 1, State.WAITING)
        if poisoned:
            self.poison.add(id_)

    @rule(seconds=st.floats(0.0, 200.0))
    def pass_time(self, seconds: float) -> None:
        self.now += seconds

    @rule(target_time=st.sampled_from([0.0, 1_000_000.0, 4_102_444_800.0]))
    def turn_the_clock(self, target_time: float) -> None:
        self.now = target_time

    @rule(jitter=st.floats(0.0, 0.999))
    def tick(self, jitter: float) -> None:
        if self.flight is None:
            self._event(rules.Tick(), jitter)

    def _take(self, ids: tuple[str, ...]) -> tuple[rules.Result, ...]:
        results = []
        for id_ in ids:
            if id_ in self.poison:
                results.append(rules.Result(id_, "refused", None, "{}"))
                continue
            status = "already" if id_ in self.backend else "received"
            if status == "received":
                self.backend[id_] = f"proof of {id_}".encode()
                self.taken.append(id_)
            results.append(rules.Result(id_, status, self.backend[id_]))  # type: ignore[arg-type]
        return tuple(results)

    @precondition(lambda self: self.flight is not None)
    @rule(keep=st.integers(0, 50), foreign=st.booleans(), unproved=st.booleans())
    def backend_answers(self, keep: int, foreign: bool, unproved: bool) -> None:
        ids, self.flight = self.flight or (), None
        results = self._take(ids)[:keep]
        if unproved and results:
            results = (rules.Result(results[0].id, "received", None), *results[1:])
        if foreign:
            results = (rules.Result("not ours", "received", b"x"), *results, *results)
        self._event(rules.Answered(ids, results))

    @precondition(lambda self: self.flight is not None)
    @rule(arrived=st.booleans(), retry_after=st.none() | st.floats(0.0, 1e9))
    def request_is_lost(self, arrived: bool, retry_after: float | None) -> None:
        ids, self.flight = self.flight or (), None
        if arrived:
            self._take(ids)
        self._event(rules.Failed(ids, retry_after))

    @precondition(lambda self: self.flight is not None)
    @rule(arrived=st.booleans())
    def process_dies(self, arrived: bool) -> None:
        """Nothing is remembered but the table: the leased rows stay leased until the watchdog frees them."""
        if arrived:
            self._take(self.flight or ())
        self.flight = None
        self.link = rules.Link()

    @precondition(lambda self: self.flight is None and not self.link.up)
    @rule(good=st.booleans())
    def probe(self, good: bool) -> None:
        if self.now >= self.link.next_probe:
            self._event(rules.Reached() if good else rules.Failed())

    @invariant()
    def nothing_twice_nothing_invented(self) -> None:
        assert len(self.taken) == len(set(self.taken))
        assert set(self.settled) <= set(self.backend)
        for id_, row in self.rows.items():
            assert (row.state is State.RECEIVED) == (id_ in self.settled)

    def teardown(self) -> None:
        """The network heals: everything drains within a bounded number of steps, whatever happened before."""
        if self.flight is not None:
            ids, self.flight = self.flight, None
            self._event(rules.Failed(ids))
        for _ in range(20 + 4 * len(self.rows)):
            if all(row.state in TERMINAL for row in self.rows.values()):
                break
            if self.flight is not None:
                ids, self.flight = self.flight, None
                self._event(rules.Answered(ids, self._take(ids)))
            elif not self.link.up and self.now >= self.link.next_probe:
                self._event(rules.Reached())
            else:
                self.waited_until = self.now
                self._event(rules.Tick())
                self.now = max(self.now, self.waited_until)
        assert all(row.state in TERMINAL for row in self.rows.values()), "a row is stuck"
        assert {id_ for id_ in self.rows if id_ not in self.poison} == set(self.taken)


SyncWorld.TestCase.settings = settings(max_examples=500, stateful_step_count=25, deadline=None)
TestSyncWorld = SyncWorld.TestCase


@pytest.mark.soak
def test_ten_thousand_worlds() -> None:
    run_state_machine_as_test(SyncWorld, settings=settings(max_examples=10_000, stateful_step_count=25, deadline=None))
