"""Servers that misbehave: nothing is settled, rows wait again, and it heals by itself with everything kept once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from itertools import pairwise

import msgspec
import pytest

from kiosk.errors import ContentRefused, NetworkFault, StorageFull
from kiosk.model.submission import SubmissionState
from kiosk.protocol import batch, confirmation, keys
from kiosk.store import outbox
from kiosk.sync import rules
from kiosk.sync.worker import LONGEST_NAP_S
from tests.helpers import profiles
from tests.helpers.profiles import KioskProfile
from tests.sync import bent_backend as bends
from tests.sync.bent_backend import Bend, BentBackend, bent
from tests.sync.worker_world import CAP_S, Line, line

STRANGER = keys.make_signing_key("confirmation")


@pytest.fixture(scope="module")
def shared(real_kiosk: KioskProfile, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    with line(profiles.copied(real_kiosk, tmp_path_factory.mktemp("line"))) as made:
        yield made


@pytest.fixture
def world(shared: Line) -> Line:
    shared.clear()
    return shared


def signed_by(world: Line, signer: keys.SigningKey, **changes: object) -> Bend:
    """The backend's own confirmations, changed and signed again."""

    def change(result: batch.EnvelopeResult) -> batch.EnvelopeResult:
        assert result.confirmation is not None
        claims = confirmation.verify(result.confirmation, world.site.keys.confirmation)
        again = confirmation.sign(msgspec.structs.replace(claims, **changes), signer.id, signer.private)
        return msgspec.structs.replace(result, confirmation=again)

    return bends.answered_by(change)


def foreign_key(world: Line) -> Bend:
    return signed_by(world, STRANGER)


def forged_key(world: Line) -> Bend:
    real = world.kiosk.private.confirmation
    return signed_by(world, keys.SigningKey(real.id, STRANGER.private, STRANGER.public))


def other_digest(world: Line) -> Bend:
    return signed_by(world, world.kiosk.private.confirmation, digest=bytes(32))


def other_submission(world: Line) -> Bend:
    return signed_by(world, world.kiosk.private.confirmation, id="0190aaaa-0000-7000-8000-000000000001")


def no_confirmation(_: Line) -> Bend:
    return bends.answered_by(lambda result: msgspec.structs.replace(result, confirmation=None))


def rubbish_confirmation(_: Line) -> Bend:
    return bends.answered_by(lambda result: msgspec.structs.replace(result, confirmation=b"\xff\x00rubbish"))


def refused_in_another_name(_: Line) -> Bend:
    return bends.answered_by(lambda result: batch.EnvelopeResult("somebody-else", "refused", None, result.problem))


def out_of_order(_: Line) -> Bend:
    def bend(between: BentBackend, handler: object, body: bytes) -> None:
        results = batch.decode_answer(between.ask(handler, body).content).results  # type: ignore[arg-type]
        moved = batch.BatchAnswer((*results[1:], results[0]))
        bends.send(handler, batch.encode_answer(moved))  # type: ignore[arg-type]

    return bend


def always(bend: Bend) -> Callable[[Line], Bend]:
    return lambda _: bend


NO_ANSWER = {
    bend.__name__: always(bend)
    for bend in (
        bends.portal,
        bends.disguised_portal,
        bends.cut_body,
        bends.cut_json,
        bends.wrong_type,
        bends.no_type,
        bends.endless,
        bends.zipped_nonsense,
        bends.no_http,
        bends.hang_up,
        bends.failing,
        bends.empty_object,
        bends.no_results,
        bends.deep_json,
        bends.accepted,
    )
} | {
    make.__name__: make
    for make in (
        foreign_key,
        forged_key,
        other_digest,
        other_submission,
        no_confirmation,
        rubbish_confirmation,
        refused_in_another_name,
        out_of_order,
    )
}


@pytest.mark.parametrize("name", NO_ANSWER)
def test_what_is_no_answer_settles_nothing_and_heals(world: Line, name: str) -> None:
    ids = world.submit(3)
    world.between.bend["/submissions$"] = NO_ANSWER[name](world)
    until = world.work()
    assert world.states() == ["waiting"] * 3
    assert until > world.now and not world.worker.link_up and world.heard.link == [False]
    assert all(outbox.confirmation(world.store, id_) is None for id_ in ids)
    asked = len(world.between.posts)
    assert asked == 1, "it is not asked again without a pause"
    for _ in range(4):
        world.pass_time(CAP_S + 1)
        world.work()
    assert world.states() == ["waiting"] * 3 and 2 <= len(world.between.posts) <= 5

    world.between.bend.clear()
    world.pass_time()
    world.work()
    assert world.states() == ["received"] * 3 and world.kept() == sorted(ids)
    assert world.worker.link_up and world.heard.link[-1] is True
    assert world.worker.sent == 3


def test_one_word_that_cannot_be_proved_holds_nobody_up(world: Line) -> None:
    first, second, third = world.submit(3)
    spoilt = bends.answered_by(
        lambda result: msgspec.structs.replace(result, confirmation=b"x") if result.id == second else result
    )
    world.between.bend["/submissions$"] = spoilt
    world.work()
    assert world.states() == ["received", "waiting", "received"]
    (late,) = world.submit()
    world.pass_time()
    world.work()
    assert world.states() == ["received", "waiting", "received", "received"]
    world.between.bend.clear()
    world.pass_time()
    world.work()
    assert world.states() == ["received"] * 4 and world.kept() == sorted([first, second, third, late])


@pytest.mark.parametrize("name", ["portal", "disguised_portal", "failing", "hang_up", "endless", "no_http"])
def test_the_feed_and_the_probe_are_not_believed_either(world: Line, name: str) -> None:
    bad = getattr(bends, name)
    world.submit()
    world.work()
    while world.site.register():
        pass
    world.between.bend["/confirmations"] = bad
    world.between.bend["/health$"] = bad if name != "disguised_portal" else bends.portal
    for _ in range(3):
        world.pass_time()
        assert world.work() > world.now
    assert world.states() == ["received"] and not world.worker.link_up
    (late,) = world.submit()
    world.work()
    assert len(world.between.posts) == 1, "while the probe fails nothing is sent"
    world.between.bend.clear()
    for _ in range(6):
        world.pass_time()
        world.work()
    assert world.states()[0] == "registered" and late in world.kept()


def test_a_redirect_to_another_host_is_not_followed(world: Line) -> None:
    with bent(world.site.url) as elsewhere:

        def away(_: BentBackend, handler: object, body: bytes) -> None:
            bends.send(handler, b"", 307, Location=f"{elsewhere.url}/v1/kiosks/k16/submissions")  # type: ignore[arg-type]

        world.between.bend["."] = away
        world.submit()
        for _ in range(3):
            world.work()
            world.pass_time()
        assert world.states() == ["waiting"] and elsewhere.seen == [] and world.kept() == []
    world.between.bend.clear()
    world.work()
    assert world.states() == ["received"]


def retry_after(value: str) -> Bend:
    return lambda _bent, handler, _body: bends.send(handler, b"{}", 503, Retry_After=value)


@pytest.mark.parametrize(("said", "least"), [("120", 120.0), ("0", 0.0), ("999999", rules.LONGEST_RETRY_AFTER_S)])
def test_retry_after_is_honoured(world: Line, said: str, least: float) -> None:
    (id_,) = world.submit()
    world.between.bend["."] = retry_after(said)
    until = world.work()
    assert least <= until - world.now <= max(CAP_S, least)
    seen = len(world.between.seen)
    world.now = until - 0.01
    assert world.work() == until and len(world.between.seen) == seen, "not a moment sooner"
    world.between.bend.clear()
    world.now = until
    world.work()
    assert world.states() == ["received"] and world.kept() == [id_]


@pytest.mark.parametrize("said", ["soon", "-5", "Wed, 21 Oct 2026 07:28:00 GMT", "1e9", "١٢", ""])
def test_a_retry_after_that_is_none_is_ignored(world: Line, said: str) -> None:
    world.submit()

    def bend(_: BentBackend, handler: object, body: bytes) -> None:
        bends.send(handler, b"{}", 503, Retry_After=said.encode().decode("latin-1"))  # type: ignore[arg-type]

    world.between.bend["."] = bend
    assert world.now < world.work() <= world.now + CAP_S


def test_nobody_listens(world: Line) -> None:
    with bent("") as gone:
        closed = gone.url
    (id_,) = world.submit()
    world.worker = world.new_worker(closed)
    waits = []
    for _ in range(8):
        until = world.work()
        waits.append(until - world.now)
        world.now = until
    assert waits[0] < waits[2] <= waits[-1] <= CAP_S, "the pauses grow, up to the cap"
    assert world.states() == ["waiting"]
    world.restart()
    world.work()
    assert world.kept() == [id_] and world.states() == ["received"]


@pytest.mark.parametrize(
    "url", ["", "nonsense", "http://", "ftp://127.0.0.1/", "http://[::1", "http://127.0.0.1:99999"]
)
def test_an_address_that_is_none_is_a_fault_like_any_other(world: Line, url: str) -> None:
    from kiosk.sync.channel import BackendFault, Channel

    with pytest.raises(BackendFault):
        Channel(world.client, url, world.device).probe()


def test_a_body_that_drips_for_ever_ends_at_a_time(world: Line) -> None:
    from kiosk.sync import channel

    ticks = iter(range(0, 10_000, 30))

    def drips(_: BentBackend, handler: object, body: bytes) -> None:
        handler.send_response(200)  # type: ignore[attr-defined]
        handler.send_header("Content-Type", "application/json")  # type: ignore[attr-defined]
        handler.send_header("Transfer-Encoding", "chunked")  # type: ignore[attr-defined]
        handler.end_headers()  # type: ignore[attr-defined]
        for _number in range(100):
            try:
                handler.wfile.write(b"1\r\n \r\n")  # type: ignore[attr-defined]
            except OSError:
                return

    world.between.bend["/health$"] = drips
    slow = channel.Channel(world.client, world.between.url, world.device, monotonic=lambda: float(next(ticks)))
    with pytest.raises(channel.BackendFault, match="endless"):
        slow.probe()
    assert channel.LONGEST_ANSWER_S < rules.LEASE_S


def test_without_published_keys_nothing_is_sent_and_nothing_lost(world: Line) -> None:
    (id_,) = world.submit()
    kept = world.kiosk.private.public()
    world.kiosk.publish([], removed=("keys/backend",))
    assert world.work() > world.now
    assert world.states() == ["waiting"] and world.between.posts == []
    world.kiosk.publish_keys(kept)
    world.pass_time()
    world.work()
    assert world.states() == ["received"] and world.kept() == [id_]


def test_a_lease_of_a_worker_that_is_gone_runs_out(world: Line) -> None:
    (id_,) = world.submit()
    assert outbox.lease(world.store, [id_], world.now + rules.LEASE_S, now=world.now) == (id_,)
    until = world.work()
    assert world.states() == ["sending"] and until == world.now + rules.LEASE_S
    world.now = until
    world.work()
    assert world.states() == ["received"] and world.rows()[0].attempts == 2


def test_a_clock_that_jumps_stops_nothing(world: Line) -> None:
    for jump in (4_102_444_800.0, 0.0, 1_790_000_000.0):
        (id_,) = world.submit()
        world.between.bend["."] = bends.failing
        world.work()
        world.now = jump
        world.between.bend.clear()
        world.work()
        world.pass_time(rules.LONGEST_RETRY_AFTER_S)
        world.work()
        row = outbox.row(world.store, id_)
        assert row is not None and row.state is SubmissionState.RECEIVED, jump


class Wake:
    """The engine's wake-up, whose naps pass the test's time instead of sleeping."""

    def __init__(self, world: Line, stop: threading.Event, most: int) -> None:
        self.world, self.stop, self.most = world, stop, most
        self.naps: list[float] = []

    def wait(self, seconds: float) -> None:
        self.naps.append(seconds)
        self.world.now += seconds
        if len(self.naps) >= self.most:
            self.stop.set()

    def clear(self) -> None: ...


def test_run_looks_after_content_between_requests(world: Line) -> None:
    outcomes: list[object] = [True, NetworkFault("no net"), ContentRefused("forged"), False, StorageFull("no room")]
    asked: list[float] = []

    def refresh() -> bool:
        asked.append(world.now)
        outcome = outcomes[len(asked) - 1] if len(asked) <= len(outcomes) else False
        if isinstance(outcome, Exception):
            raise outcome
        return bool(outcome)

    stop = threading.Event()
    began = world.now
    world.restart(refresh=refresh, refresh_every_s=100.0)
    wake = Wake(world, stop, 60)
    world.worker.run(stop, wake)  # type: ignore[arg-type]
    assert world.heard.content == 1
    pauses = [round(later - sooner) for sooner, later in pairwise(asked)]
    assert asked[0] == began
    assert pauses[0] >= 100 and pauses[1] < 60 and pauses[2] >= 100, "sooner after a fault of the network only"
    assert len(asked) > len(outcomes), "a full disk ends nothing"
    assert max(wake.naps) <= LONGEST_NAP_S


def test_a_long_outage_is_slept_through(world: Line) -> None:
    """Content is due and the link is down: the worker naps, it does not spin."""
    world.between.bend["."] = bends.failing
    stop, turns = threading.Event(), []

    class Counted(type(world.worker)):  # type: ignore[misc]
        def step(self) -> float:
            turns.append(1)
            assert len(turns) < 500, "it spins"
            return float(super().step())

    world.worker.__class__ = Counted
    wake = Wake(world, stop, 50)
    world.worker.run(stop, wake)  # type: ignore[arg-type]
    assert sum(wake.naps) > 50.0
    asked: list[float] = []
    world.restart(refresh=lambda: bool(asked.append(world.now)), refresh_every_s=10.0)
    world.worker.__class__ = Counted
    turns.clear()
    stop.clear()
    world.worker.run(stop, Wake(world, stop, 50))  # type: ignore[arg-type]
    assert len(asked) <= 1


def test_run_ends_when_it_is_told(world: Line) -> None:
    stop = threading.Event()
    stop.set()
    world.worker.run(stop, threading.Event())
    assert world.between.seen == []


def test_a_crashed_session_is_looked_after_at_the_next_turn(world: Line) -> None:
    stop = threading.Event()
    world.worker.run(stop, Wake(world, stop, 1))  # type: ignore[arg-type]
    receipt = world.kiosk.submit()
    with world.store.transaction():
        world.store.execute("DELETE FROM outbox")
    world.worker.reconcile_soon()
    stop.clear()
    world.worker.run(stop, Wake(world, stop, 2))  # type: ignore[arg-type]
    assert receipt.submission in world.kept()
