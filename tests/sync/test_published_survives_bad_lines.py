"""A bad line costs time and nothing else: every cut is continued, a network's own page is no answer."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from itertools import chain, count, repeat
from pathlib import Path

import httpx
import pytest

from kiosk.errors import NetworkFault
from kiosk.store.database import open_store
from kiosk.store.keys import load
from kiosk.sync import published
from kiosk.sync.fetcher import HttpFetcher
from kiosk.sync.incoming import Incoming
from tests.sync import content_site
from tests.sync.content_site import Behaviour, send
from tests.sync.content_world import World, bodies, content, world

BEFORE = content(60)
AFTER = content(60, changed=(3, 30))


@pytest.fixture
def here(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path) as one:
        one.publish(BEFORE)
        yield one


def test_a_first_sync_cut_at_any_request_is_continued(here: World) -> None:
    for answered in count():
        with here.new_store(f"kiosk{answered}") as store:
            here.site.cut_after = answered
            try:
                here.sync(store=store)
            except NetworkFault:
                assert here.held(store) == {}
            else:
                break
            here.site.cut_after = None
            here.sync(store=store)
            assert here.held(store) == bodies(BEFORE)
    assert answered == 5


def test_an_update_cut_at_any_request_is_continued(here: World) -> None:
    here.publish(content(300))
    with here.new_store("master") as store:
        here.sync(store=store)
    here.publish(content(300, changed=(3, 30)))
    for answered in range(8):
        profile = Path(shutil.copytree(here.folder / "master", here.folder / f"kiosk{answered}"))
        with open_store(profile, load(profile, allow_file=True)) as store:
            here.site.cut_after = answered
            if answered < 7:
                with pytest.raises(NetworkFault):
                    here.sync(store=store)
                assert here.held(store) == bodies(content(300))
            here.site.cut_after = None
            here.sync(store=store)
            assert here.held(store) == bodies(content(300, changed=(3, 30)))


def test_a_cut_pack_continues_where_it_was_cut(here: World) -> None:
    size = next((here.repo / "targets").glob("*.pack")).stat().st_size
    here.site.behave[r"\.pack"] = content_site.cut
    with pytest.raises(NetworkFault, match="whole"):
        here.sync()
    assert here.held() == {}
    here.site.behave.clear()
    before = len(here.site.asked)
    report = here.sync()
    assert here.held() == bodies(BEFORE)
    assert before and report.bytes < size / 2 + 1_000
    assert not (here.folder / "profile" / "incoming").exists()


def test_half_a_pack_from_a_bad_mirror_does_not_stand_in_the_way(here: World) -> None:
    def cut_and_spoilt(handler: BaseHTTPRequestHandler, data: bytes) -> None:
        content_site.cut(handler, bytes(len(data)))

    here.site.behave[r"\.pack"] = cut_and_spoilt
    with pytest.raises(NetworkFault):
        here.sync()
    here.site.behave.clear()
    here.sync()
    assert here.held() == bodies(BEFORE)


def test_a_server_without_ranges_costs_one_more_attempt(here: World) -> None:
    here.site.behave[r"\.pack"] = content_site.cut
    with pytest.raises(NetworkFault):
        here.sync()

    def always_whole(handler: BaseHTTPRequestHandler, data: bytes) -> None:
        send(handler, data)

    here.site.behave[r"\.pack"] = always_whole
    with pytest.raises(NetworkFault, match="continued"):
        here.sync()
    here.sync()
    assert here.held() == bodies(BEFORE)


def test_a_pack_that_ends_early_is_a_fault_of_the_line(here: World) -> None:
    here.site.behave[r"\.pack"] = content_site.short
    with pytest.raises(NetworkFault, match="ended after"):
        here.sync()


@pytest.mark.parametrize("pattern", [r"root\.json", r"timestamp", r"snapshot", r"targets\.json", r"\.pack"])
@pytest.mark.parametrize(
    "behaviour", [content_site.portal, content_site.elsewhere, content_site.broken, content_site.cut]
)
def test_what_stands_between_is_no_answer(here: World, pattern: str, behaviour: Behaviour) -> None:
    here.site.behave[pattern] = behaviour
    with pytest.raises(NetworkFault):
        here.sync()
    assert here.held() == {}
    here.site.behave.clear()
    here.sync()
    assert here.held() == bodies(BEFORE)


@pytest.mark.parametrize("pattern", [r"root\.json", r"timestamp", r"snapshot", r"targets\.json"])
def test_a_portal_that_says_it_is_json(here: World, pattern: str) -> None:
    def padded(handler: BaseHTTPRequestHandler, data: bytes) -> None:
        page = b"<!doctype html>".ljust(max(len(data), 400))
        send(handler, page, 200, {"Content-Type": "application/json"})

    here.site.behave[pattern] = padded
    with pytest.raises(NetworkFault):
        here.sync()


def test_no_server_is_a_network_fault(here: World) -> None:
    with pytest.raises(NetworkFault):
        published.update(
            here.store, root=here.root, base_url="http://127.0.0.1:1/content", client=here.client, now=here.now
        )


def test_a_redirect_on_the_same_host_is_followed(here: World) -> None:
    def moved(handler: BaseHTTPRequestHandler, data: bytes) -> None:
        handler.send_response(302)
        handler.send_header("Location", handler.path.replace("/timestamp", "/moved"))
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    stamp = (here.repo / "metadata" / "timestamp.json").read_bytes()
    here.site.behave["/timestamp"] = moved
    here.site.behave["/moved"] = lambda handler, data: send(handler, stamp) and None
    assert here.sync().version == 1
    here.site.behave["/moved"] = moved
    with pytest.raises(NetworkFault, match="redirected more than"):
        here.sync()


def test_a_body_that_drips_is_given_up(here: World, tmp_path: Path) -> None:
    ticks = chain([0.0, 10.0, 20.0], repeat(10_000.0))
    fetcher = HttpFetcher(here.client, Incoming(tmp_path / "incoming"), lambda: next(ticks))
    url = f"{here.site.url}/targets/" + next((here.repo / "targets").glob("*.pack")).name
    with pytest.raises(NetworkFault, match="slowly"):
        for _ in range(5):
            fetcher.forget(url)
            fetcher.download_bytes(url, 10_000_000)


def test_a_wrong_address_is_a_network_fault(here: World, tmp_path: Path) -> None:
    with httpx.Client() as client:
        fetcher = HttpFetcher(client, Incoming(tmp_path / "incoming"))
        for url in ("nonsense", "http://[", "ftp://127.0.0.1/x"):
            with pytest.raises(NetworkFault):
                fetcher.download_bytes(url, 10)
