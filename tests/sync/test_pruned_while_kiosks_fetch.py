"""Files of older versions are deleted while kiosks fetch: they finish, or begin again cleanly; never a mixture."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from kiosk.errors import NetworkFault
from kiosk.publish import repository
from kiosk.store.database import Store, open_store
from kiosk.store.keys import load
from tests.sync.content_site import cut, send
from tests.sync.content_world import World, bodies, content, world

FIRST = content(300)
SECOND = content(300, changed=(3, 30))
THIRD = content(300, changed=(3, 60), edition=3)


@pytest.fixture
def here(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path) as one:
        yield one


def disturbed(here: World, store: Store, keep: int, at: int) -> bool:
    """Sync while, at this request, the next version is published and older ones are pruned; whether it got there."""
    asked = 0

    def meanwhile(handler: BaseHTTPRequestHandler, data: bytes) -> None:
        nonlocal asked
        asked += 1
        if asked == at:
            here.publish(THIRD)
            assert repository.prune(here.repo, keep=keep) > 0 or keep > 1
        path = here.repo / handler.path.lstrip("/")
        send(handler, path.read_bytes() if path.is_file() else b"Not Found", 200 if path.is_file() else 404)

    here.site.behave["."] = meanwhile
    try:
        here.sync(store=store)
        return asked >= at
    finally:
        here.site.behave.clear()


def versions_apart(here: World, start: list | None) -> Iterator[tuple[int, Store]]:
    """For each request of a sync to the second version: a kiosk that has `start`, and the site as it was."""
    if start:
        here.publish(start)
        here.sync()
    here.store.close()
    here.publish(SECOND)
    shutil.copytree(here.repo, here.folder / "second")
    for at in range(1, 12):
        shutil.rmtree(here.repo)
        shutil.copytree(here.folder / "second", here.repo)
        profile = Path(shutil.copytree(here.folder / "profile", here.folder / f"kiosk{at}"))
        with open_store(profile, load(profile, allow_file=True)) as store:
            yield at, store


@pytest.mark.parametrize("start", [FIRST, None], ids=["an update", "a first sync"])
@pytest.mark.parametrize("keep", [3, 2])
def test_a_kiosk_in_the_middle_of_a_kept_version_finishes_it(here: World, start: list | None, keep: int) -> None:
    happened = 0
    for at, store in versions_apart(here, start):
        if not disturbed(here, store, keep, at):
            break
        happened += 1
        assert here.held(store) in (bodies(SECOND), bodies(THIRD))
        here.sync(store=store)
        assert here.held(store) == bodies(THIRD)
    assert happened >= 5, "every request of it was disturbed once"


@pytest.mark.parametrize("start", [FIRST, None], ids=["an update", "a first sync"])
def test_a_kiosk_in_the_middle_of_a_pruned_version_begins_again(here: World, start: list | None) -> None:
    before = bodies(start) if start else {}
    ended = set()
    for at, store in versions_apart(here, start):
        try:
            if not disturbed(here, store, 1, at):
                break
            ended.add("finished")
            assert here.held(store) in (bodies(SECOND), bodies(THIRD))
        except NetworkFault:
            ended.add("begins again")
            assert here.held(store) == before, "the content in use stays whole"
        here.sync(store=store)
        assert here.held(store) == bodies(THIRD)
    assert ended == {"finished", "begins again"}


def test_half_a_pack_of_a_pruned_version_does_not_stand_in_the_way(here: World) -> None:
    here.publish(SECOND)
    here.site.behave[r"\.pack$"] = cut
    with pytest.raises(NetworkFault):
        here.sync()
    here.site.behave.clear()
    here.publish(THIRD)
    repository.prune(here.repo, keep=1)
    here.sync()
    assert here.held() == bodies(THIRD)
