"""The worker carries drafts between other things; what is not the backend's answer is kept by nobody."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import httpx
import pytest

from kiosk.backend import tables
from kiosk.protocol import draft, problem
from kiosk.store import drafts
from kiosk.sync.channel import Channel
from kiosk.sync.drafts import BODY, DraftCarrier
from tests.helpers.patience import PATIENCE_S
from tests.helpers.profiles import KioskProfile
from tests.sync.worker_world import NOW, Line, line

SEALED = draft.MAGIC + bytes(60)
ID = "ab" * 16


@pytest.fixture
def world(kiosk_profile: KioskProfile) -> Iterator[Line]:
    with line(kiosk_profile) as made:
        yield made


def carrier(world: Line, answer: httpx.Response) -> DraftCarrier:
    client = httpx.Client(transport=httpx.MockTransport(lambda _: answer))
    return DraftCarrier(world.store, Channel(client, "http://x", world.device), kept_s=1e6, now=lambda: world.now)


def test_draining_takes_drafts_along(world: Line) -> None:
    world.submit()
    drafts.keep(world.store, ID, SEALED, now=NOW)
    world.new_worker(world.site.url).drain()
    found = drafts.find(world.store, ID)
    assert found is not None and found.state == "kept" and world.states() == ["received"]
    assert [bytes(row.sealed) for row in world.site.rows(tables.drafts)] == [SEALED]


def test_the_worker_carries_a_draft_while_it_runs(world: Line) -> None:
    drafts.keep(world.store, ID, SEALED, now=NOW)
    stop = threading.Event()
    until = time.monotonic() + PATIENCE_S

    class Stopping(threading.Event):
        """Ends the run when the draft is there; the worker naps on it."""

        def wait(self, timeout: float | None = None) -> bool:
            world.now += timeout or 0.0
            if world.site.rows(tables.drafts) or time.monotonic() > until:
                stop.set()
            return True

    world.new_worker(world.site.url).run(stop, Stopping())
    assert [row.id for row in world.site.rows(tables.drafts)] == [ID]


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, content=b"<html>portal</html>", headers={"Content-Type": "text/html"}),
        httpx.Response(404, content=b"<html>portal</html>", headers={"Content-Type": "text/html"}),
        httpx.Response(200, content=SEALED + bytes(draft.MOST_BYTES), headers={"Content-Type": BODY}),
        httpx.Response(
            503,
            content=problem.encode(problem.make("not-ready")).encode(),
            headers={"Content-Type": problem.CONTENT_TYPE},
        ),
    ],
    ids=["portal", "portal 404", "too long", "not ready"],
)
def test_what_is_not_a_draft_is_not_taken(world: Line, answer: httpx.Response) -> None:
    drafts.want(world.store, ID, now=NOW)
    carried = carrier(world, answer)
    assert carried.step() and not carried.step()
    found = drafts.find(world.store, ID)
    assert found is not None and found.state == "wanted"
    world.now += 31
    assert carried.step()


def test_a_backend_that_has_none_says_so(world: Line) -> None:
    told = httpx.Response(
        404, content=problem.encode(problem.make("not-found")).encode(), headers={"Content-Type": problem.CONTENT_TYPE}
    )
    drafts.want(world.store, ID, now=NOW)
    carrier(world, told).step()
    found = drafts.find(world.store, ID)
    assert found is not None and found.state == "gone"


def test_retry_after_is_kept_to(world: Line) -> None:
    drafts.keep(world.store, ID, SEALED, now=NOW)
    body = problem.encode(problem.make("too-many-drafts")).encode()
    full = httpx.Response(429, content=body, headers={"Content-Type": problem.CONTENT_TYPE, "Retry-After": "3600"})
    carried = carrier(world, full)
    assert carried.step()
    world.now += 3590
    assert not carried.step()
    world.now += 20
    assert carried.step()
