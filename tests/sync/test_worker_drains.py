"""The worker and the real backend: sent once, settled by a verified word only, registered later."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kiosk.backend import feed
from kiosk.model.submission import SubmissionState
from kiosk.protocol import batch, confirmation, envelope, keys, problem
from kiosk.protocol.confirmation import Confirmation
from kiosk.store import outbox
from kiosk.sync import rules
from tests.backend.site import Kiosk, submission
from tests.helpers.profiles import KioskProfile
from tests.sync.worker_world import NOW, Line, line


@pytest.fixture
def world(kiosk_profile: KioskProfile) -> Iterator[Line]:
    with line(kiosk_profile) as made:
        yield made


def test_a_submission_is_sent_confirmed_and_registered(world: Line) -> None:
    (id_,) = world.submit()
    until = world.work()
    assert world.states() == ["received"] and world.kept() == [id_]
    proof = outbox.confirmation(world.store, id_)
    assert proof is not None
    claims = confirmation.verify(proof, world.site.keys.confirmation)
    assert (claims.id, claims.state, claims.digest) == (id_, "received", world.rows()[0].digest)
    assert world.worker.sent == 1 and world.heard.outbox >= 2
    assert world.site.register() == 1
    assert until <= world.now + rules.FEED_SOON_S, "the registration is asked for soon"
    world.now = until
    world.work()
    (row,) = world.rows()
    assert row.state is SubmissionState.REGISTERED and row.registered_number.startswith("77-2026-")
    assert world.kept() == [id_]


def test_a_real_application_from_the_desk_goes_all_the_way(world: Line) -> None:
    receipt = world.kiosk.submit()
    world.work()
    world.site.register()
    world.pass_time()
    world.work()
    (row,) = world.rows()
    assert (row.id, row.receipt_number, row.state.value) == (receipt.submission, receipt.number, "registered")


def test_an_empty_outbox_asks_seldom(world: Line) -> None:
    until = world.work()
    assert world.now < until <= world.now + rules.FEED_S
    assert [path.partition("?")[0] for _, path, _ in world.between.seen] == ["/v1/kiosks/k16/confirmations"]
    assert world.worker.step() == until, "asked again before its time it does nothing"
    assert len(world.between.seen) == 1


def test_many_go_in_batches_oldest_first(world: Line) -> None:
    ids = world.submit(120)
    world.work()
    batches = [[envelope.read(data).header.sequence for data in batch.unpack(body)] for body in world.between.posts]
    assert batches == [list(range(1, 51)), list(range(51, 101)), list(range(101, 121))]
    assert world.states() == ["received"] * 120 and world.kept() == sorted(ids)
    assert all(row.attempts == 1 for row in world.rows())
    while world.site.register():
        pass
    for _ in range(6):
        world.pass_time()
        world.work()
    assert world.states() == ["registered"] * 120
    numbers = [row.registered_number for row in world.rows()]
    assert len(set(numbers)) == 120


def test_large_envelopes_make_smaller_batches(world: Line) -> None:
    ids = world.submit(9, answers={"text": "ж" * 260_000})
    world.work()
    sizes = [len(batch.unpack(body)) for body in world.between.posts]
    assert sum(sizes) == 9 and max(sizes) < 9
    assert all(len(body) <= batch.LIMITS.bytes for body in world.between.posts)
    assert world.kept() == sorted(ids)


def test_what_comes_during_the_work_goes_next(world: Line) -> None:
    world.submit(3)
    world.worker.step()
    late = world.submit(2)
    world.work()
    assert world.states() == ["received"] * 5 and set(late) <= set(world.kept())


def test_drain_sends_all_and_comes_back(world: Line) -> None:
    world.submit(60)
    world.worker.drain()
    assert world.worker.sent == 60 and world.worker.link_up
    assert world.states() == ["received"] * 60


def test_a_conflict_is_for_people_and_the_next_ones_go_on(world: Line) -> None:
    first, second, third = world.submit(3)
    before = outbox.envelope(world.store, second)
    assert before is not None
    other = Kiosk(world.site, world.device)
    other.post(other.seal_this(submission(id=second)))
    world.work()
    assert world.states() == ["received", "needs_attention", "received"]
    row = outbox.row(world.store, second)
    assert row is not None and problem.decode(row.problem).name == "conflict"
    assert world.kept() == sorted([first, second, third])
    assert len(world.between.posts) == 1, "a conflict is not sent again by itself"
    world.pass_time()
    world.work()
    assert len(world.between.posts) == 1


def test_a_refused_one_is_for_people_and_can_be_tried_again(world: Line) -> None:
    _, stranger = keys.make_recipient(keys.X25519, "2099-01-01")
    (refused,) = world.submit(recipient=stranger)
    (good,) = world.submit()
    world.work()
    assert world.states() == ["needs_attention", "received"] and world.kept() == [good]
    row = outbox.row(world.store, refused)
    assert row is not None and problem.decode(row.problem).name == "cannot-open"
    assert outbox.retry(world.store, refused)
    world.work()
    row = outbox.row(world.store, refused)
    assert row is not None and row.state is SubmissionState.NEEDS_ATTENTION and row.attempts == 2


def test_an_official_looks_at_it(world: Line) -> None:
    (id_,) = world.submit(consent=False)
    world.work()
    world.site.register()
    world.pass_time()
    world.work()
    (row,) = world.rows()
    assert row.state is SubmissionState.RECEIVED and row.registered_number == ""
    assert problem.decode(row.problem).name == "with-official" and "consent" in problem.decode(row.problem).detail
    world.pass_time()
    assert world.work() - world.now > rules.FEED_SOON_S, "a person needs longer than a second"
    assert world.kept() == [id_]


def say(world: Line, claims: Confirmation, key: keys.SigningKey | None = None) -> None:
    """Put a word into the kiosk's feed."""
    signer = key or world.kiosk.private.confirmation
    with world.site.backend.database.write() as connection:
        feed.append(connection, "k16", [confirmation.sign(claims, signer.id, signer.private)], int(NOW))


def test_a_refusal_after_receipt_needs_attention(world: Line) -> None:
    (id_,) = world.submit()
    world.work()
    say(world, Confirmation(id_, world.rows()[0].digest, "refused", "", "a double", int(NOW)))
    world.pass_time()
    world.work()
    (row,) = world.rows()
    assert row.state is SubmissionState.NEEDS_ATTENTION and problem.decode(row.problem).detail == "a double"
    assert not outbox.retry(world.store, id_), "the backend's word is final"


def test_words_in_the_feed_that_are_not_for_us_change_nothing(world: Line) -> None:
    (id_,) = world.submit()
    world.work()
    digest, stranger = world.rows()[0].digest, keys.make_signing_key("confirmation")
    forged = keys.SigningKey(world.kiosk.private.confirmation.id, stranger.private, stranger.public)
    registered = Confirmation(id_, digest, "registered", "77-2026-9999999", "", int(NOW))
    say(world, registered, stranger)
    say(world, registered, forged)
    say(world, Confirmation(id_, bytes(32), "registered", "77-2026-8888888", "", int(NOW)))
    say(world, Confirmation("0190aaaa-0000-7000-8000-000000000001", digest, "refused", "", "x", int(NOW)))
    say(world, Confirmation(id_, digest, "received", "", "", int(NOW)))
    world.pass_time()
    world.work()
    assert world.states() == ["received"] and world.rows()[0].registered_number == ""
    assert outbox.cursor(world.store) != "", "and the feed is read on, past them"
    world.site.register()
    world.pass_time()
    world.work()
    assert world.states() == ["registered"] and world.rows()[0].registered_number.endswith("0000001")


def test_a_row_registered_before_its_answer_came_is_not_sent_again(world: Line) -> None:
    (id_,) = world.submit()
    data = outbox.envelope(world.store, id_)
    assert data is not None
    Kiosk(world.site, world.device).post(data)
    world.site.register()
    world.work()
    world.pass_time()
    world.work()
    assert world.states() == ["registered"] and world.kept() == [id_]


def test_a_feed_page_that_is_read_again_changes_nothing(world: Line) -> None:
    world.submit(2)
    world.work()
    world.site.register()
    world.pass_time()
    world.work()
    before = world.rows()
    outbox.save_cursor(world.store, "a b&c=d/%20\u00e9")
    world.pass_time()
    world.work()
    assert world.rows() == before
    assert all(" " not in path for _, path, _ in world.between.seen)


def test_an_envelope_file_without_a_row_is_taken_in_and_sent(world: Line) -> None:
    receipt = world.kiosk.submit()
    with world.store.transaction():
        world.store.execute("DELETE FROM outbox")
        world.store.execute("UPDATE counters SET value = 0")
    world.restart()
    world.worker.drain()
    (row,) = world.rows()
    assert (row.id, row.sequence, row.state.value) == (receipt.submission, 1, "received")
    assert row.receipt_number == receipt.number, "it follows from device and running number"
    assert world.kiosk.submit().number.startswith("16-000002-"), "and is given to nobody else"


def test_settled_rows_leave_after_their_time(world: Line) -> None:
    world.submit()
    world.restart(kept_s=1000.0)
    world.work()
    world.pass_time(900.0)
    world.work()
    assert len(world.rows()) == 1
    world.submit()
    world.pass_time(3700.0)
    world.restart(kept_s=1000.0)
    world.work()
    world.pass_time(1.0)
    world.work()
    assert [row.sequence for row in world.rows()] == [2]
    assert [path.stem for path in (world.kiosk.path / "outbox").iterdir()] == [world.rows()[0].id]
