"""Attachments over tus: after their envelope, between envelopes, resumed after any fault, and never to anybody else."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterator
from itertools import pairwise

import pytest

from kiosk.protocol import batch
from kiosk.store import outbox, uploads
from kiosk.sync import tus
from kiosk.sync.channel import BackendFault
from tests.helpers import profiles
from tests.helpers.profiles import KioskProfile
from tests.sync import attached
from tests.sync.attached import CHUNK
from tests.sync.bent_backend import send
from tests.sync.tus_server import TUS, TusServer
from tests.sync.worker_world import Line, line

PROBLEM = "application/problem+json"


@pytest.fixture(scope="module")
def shared(real_kiosk: KioskProfile, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    with line(profiles.copied(real_kiosk, tmp_path_factory.mktemp("line"))) as made:
        yield made


@pytest.fixture
def server(shared: Line) -> TusServer:
    shared.clear()
    made = TusServer()
    shared.between.bend["/uploads"] = made
    # The clock of these tests runs faster than the backend lets anybody ask.
    nothing = batch.encode_feed(batch.Feed((), ""))
    shared.between.bend["/confirmations"] = lambda _, handler, body: send(handler, nothing)
    attached.worker(shared)
    return made


def all_sent(world: Line) -> Callable[[], bool]:
    return lambda: world.states() != ["waiting"] and attached.to_send(world) == 0


def arrived(world: Line, server: TusServer, sent: attached.Sent) -> None:
    for file in sent.files:
        data = server.content(file.id)
        assert data == uploads.file_of(world.kiosk.path, sent.id, file.id).read_bytes()
        assert hashlib.sha256(data).hexdigest() == file.sha256


def test_after_its_envelope_and_whole(shared: Line, server: TusServer) -> None:
    sent = attached.submit(shared, 3 * CHUNK, 100)
    attached.until(shared, all_sent(shared))
    places = [path.partition("?")[0].rsplit("/", 1)[-1] for _, path, _ in shared.between.seen]
    assert places.index("submissions") < places.index("uploads"), "the envelope first"
    arrived(shared, server, sent)
    assert server.methods() == ["OPTIONS", "POST", "HEAD", *["PATCH"] * 4, "POST", "HEAD", "PATCH"]
    assert server.resent() == 0 and shared.worker.files_sent == 2
    (kept, _) = server.uploads.values()
    first = sent.files[0]
    assert kept.metadata == {"submission": sent.id, "attachment": first.id, "sha256": first.sha256}
    for method, path, headers, _ in server.seen:
        assert path.startswith(f"/v1/kiosks/{shared.device.kiosk}/uploads") and "signature" in headers
        assert headers["tus-resumable"] == "1.0.0", method
        assert "scan.pdf" not in str(headers)


def test_every_chunk_carries_the_checksum_that_is_offered(shared: Line, server: TusServer) -> None:
    attached.submit(shared, 2 * CHUNK)
    attached.until(shared, all_sent(shared))
    sums = [headers.get("upload-checksum", "") for method, _, headers, _ in server.seen if method == "PATCH"]
    assert len(sums) == 3 and all(one.startswith("sha256 ") for one in sums)
    assert all(len(base64.b64decode(one.split(" ")[1])) == 32 for one in sums)


@pytest.mark.parametrize(
    ("extensions", "checksums", "expected"),
    [("creation", "sha256", ""), ("creation,checksum", "sha1,md5", "sha1"), ("creation,checksum", "md5", "")],
)
def test_only_what_is_offered_is_used(
    shared: Line, server: TusServer, extensions: str, checksums: str, expected: str
) -> None:
    server.extensions, server.checksums = extensions, checksums
    sent = attached.submit(shared, CHUNK)
    attached.until(shared, all_sent(shared))
    arrived(shared, server, sent)
    sums = {headers.get("upload-checksum", "").partition(" ")[0] for m, _, headers, _ in server.seen if m == "PATCH"}
    assert sums == {expected}


def test_an_envelope_that_comes_due_goes_before_the_next_chunk(shared: Line, server: TusServer) -> None:
    attached.submit(shared, 10 * CHUNK)
    late: list[int] = []

    def before(method: str) -> None:
        if method == "PATCH" and server.methods().count("PATCH") == 3:
            late.append(len(shared.between.seen))

    server.before = before
    attached.until(shared, lambda: bool(late))
    shared.submit(2)
    attached.until(shared, all_sent(shared))
    after = [(method, path.partition("?")[0].rsplit("/", 1)[-1]) for method, path, _ in shared.between.seen[late[0] :]]
    assert after[0] == ("POST", "submissions"), after[:3]
    assert [method for method, _ in after].count("PATCH") == 8


@pytest.mark.parametrize("method", ["OPTIONS", "POST", "HEAD", "PATCH"])
@pytest.mark.parametrize(
    "answer",
    [
        (200, {"Content-Type": "text/html", "body": "<title>Wi-Fi</title>"}),
        (204, {}),
        (302, {"Location": "http://127.0.0.1:9/login"}),
        (404, {"Content-Type": "text/html", "body": "nothing here"}),
        (200, {"Tus-Resumable": "0.2.2", "Upload-Offset": "0"}),
        (503, TUS | {"Retry-After": "1"}),
        (200, TUS | {"Upload-Offset": "many"}),
        (401, TUS | {"Content-Type": PROBLEM, "body": "{}"}),
    ],
    ids=["portal", "empty", "redirect", "page not found", "another tus", "not now", "no number", "not us"],
)
def test_what_is_no_answer_of_tus_is_a_fault_and_heals(
    shared: Line, server: TusServer, method: str, answer: tuple[int, dict[str, str]]
) -> None:
    sent = attached.submit(shared, CHUNK + 5)
    server.bend[method] = lambda: answer
    attached.until(shared, lambda: server.methods().count(method) >= 3, most=60)
    assert attached.to_send(shared) == 1 and shared.states() == ["received"]
    assert shared.worker.link_up and shared.heard.link == [], "the link is judged by the feed, which is fine"
    shared.submit(1)
    shared.work()
    assert shared.states() == ["received"] * 2, "and nobody else is held up"
    server.bend.clear()
    attached.until(shared, all_sent(shared))
    arrived(shared, server, sent)
    assert server.resent() == (3 * CHUNK if method == "PATCH" else 0), "what was under way, each time"


def test_faults_of_uploads_back_off_by_themselves(shared: Line, server: TusServer) -> None:
    attached.submit(shared, CHUNK)
    server.bend["HEAD"] = lambda: (500, TUS)
    shared.work()
    at: list[float] = []
    server.before = lambda method: at.append(shared.now)
    for _ in range(300):
        shared.now = max(shared.now, shared.worker.step())
    gaps = [b - a for a, b in pairwise(at) if b > a]
    assert len(gaps) > 4 and gaps[0] < gaps[2] <= 0.9 * 5.0 + 1.0, "doubling, to the cap of the link"
    assert max(gaps[-2:]) <= 0.9 * 5.0 + 1.0


def test_a_wait_that_is_asked_for_is_kept(shared: Line, server: TusServer) -> None:
    attached.submit(shared, CHUNK)
    server.bend["PATCH"] = lambda: (429, TUS | {"Retry-After": "120"})
    attached.until(shared, lambda: "PATCH" in server.methods())
    count, began = len(server.seen), shared.now
    server.bend.clear()
    while shared.now < began + 119:
        shared.now = max(shared.now, min(shared.worker.step(), began + 119.0))
    assert len(server.seen) == count
    shared.now = began + 121
    attached.until(shared, all_sent(shared), most=20)


@pytest.mark.parametrize("method", ["OPTIONS", "POST", "HEAD", "PATCH"])
def test_an_answer_that_is_lost_costs_no_byte_twice(shared: Line, server: TusServer, method: str) -> None:
    sent = attached.submit(shared, 2 * CHUNK)
    lost: list[str] = []

    def before(asked: str) -> None:
        server.losing.clear()
        if asked == method and len(lost) < 2:
            lost.append(asked)
            server.losing.add(asked)

    server.before = before
    attached.until(shared, all_sent(shared))
    assert lost == [method] * 2
    assert max(len(kept.data) for kept in server.uploads.values()) == sent.files[0].length
    assert sum(size for *_, size in server.seen) == sent.files[0].length


def test_a_restart_asks_for_the_offset(shared: Line, server: TusServer) -> None:
    sent = attached.submit(shared, 4 * CHUNK)
    attached.until(shared, lambda: server.methods().count("PATCH") == 2)
    count = len(server.seen)
    attached.worker(shared)
    attached.until(shared, all_sent(shared))
    assert server.methods()[count : count + 3] == ["OPTIONS", "HEAD", "PATCH"]
    arrived(shared, server, sent)
    assert server.resent() == 0


@pytest.mark.parametrize("status", [404, 410])
@pytest.mark.parametrize("method", ["HEAD", "PATCH"])
def test_what_the_server_does_not_know_any_more_is_created_anew(
    shared: Line, server: TusServer, status: int, method: str
) -> None:
    sent = attached.submit(shared, 2 * CHUNK)
    attached.until(shared, lambda: server.methods().count("PATCH") == 1)
    if method == "HEAD":
        attached.worker(shared)
    once = [(status, TUS)]

    def gone() -> tuple[int, dict[str, str]] | None:
        if not once:
            return None
        server.uploads.clear()
        return once.pop()

    server.bend[method] = gone
    attached.until(shared, all_sent(shared))
    assert server.methods().count("POST") == 2
    arrived(shared, server, sent)


def test_a_server_that_never_knows_what_it_created_is_not_asked_for_ever(shared: Line, server: TusServer) -> None:
    attached.submit(shared, CHUNK)
    server.bend["HEAD"] = lambda: (404, TUS)
    for _ in range(100):
        shared.now = max(shared.now, shared.worker.step())
    assert server.methods().count("POST") == 4
    server.bend.clear()
    shared.pass_time()
    attached.until(shared, all_sent(shared))


def test_a_body_that_was_not_what_was_announced_is_sent_anew(shared: Line, server: TusServer) -> None:
    sent = attached.submit(shared, CHUNK - 100)
    once = [(422, TUS | {"Content-Type": PROBLEM, "body": "{}"})]

    def removed() -> tuple[int, dict[str, str]] | None:
        if once:
            server.uploads.clear()
            return once.pop()
        return None

    server.bend["PATCH"] = removed
    attached.until(shared, all_sent(shared))
    arrived(shared, server, sent)


def test_one_that_is_declined_waits_and_holds_up_no_other(shared: Line, server: TusServer) -> None:
    big, small = attached.submit(shared, 3 * CHUNK), attached.submit(shared, 100)
    server.most = 2 * CHUNK
    shared.work(most=200)
    assert uploads.still_to_send(shared.store) == {big.id: 1}
    arrived(shared, server, small)
    assert "POST" in server.methods() and len(server.uploads) == 1
    count = len(server.seen)
    server.most = 0
    for _ in range(20):
        shared.now = max(shared.now, min(shared.worker.step(), shared.now + 60))
    assert len(server.seen) == count, "not asked again before its time"
    shared.pass_time()
    attached.worker(shared)  # what a server speaks is asked once a link
    attached.until(shared, all_sent(shared))
    arrived(shared, server, big)


def test_a_backend_without_uploads_takes_envelopes_as_ever(shared: Line, server: TusServer) -> None:
    attached.submit(shared, 100)
    server.bend["OPTIONS"] = lambda: (404, {"Content-Type": PROBLEM, "body": "{}"})
    shared.submit(3)
    shared.work()
    assert shared.states() == ["received"] * 4 and shared.worker.link_up and server.methods() == ["OPTIONS"]


@pytest.mark.parametrize("form", ["relative", "name", "absolute"])
def test_the_address_may_be_absolute_or_relative(shared: Line, server: TusServer, form: str) -> None:
    forms: dict[str, Callable[[str], str]] = {
        "relative": lambda path: path,
        "name": lambda path: "uploads/" + path.rsplit("/", 1)[-1],
        "absolute": lambda path: shared.between.url + path,
    }
    server.location = forms[form]
    sent = attached.submit(shared, CHUNK)
    attached.until(shared, all_sent(shared))
    arrived(shared, server, sent)


def test_nothing_goes_to_another_host(shared: Line, server: TusServer) -> None:
    server.location = lambda path: "http://127.0.0.2:9" + path
    attached.submit(shared, CHUNK)
    attached.until(shared, lambda: server.methods().count("POST") == 3)
    assert set(server.methods()) == {"OPTIONS", "POST"} and attached.to_send(shared) == 1


@pytest.mark.parametrize(
    ("base", "location", "path"),
    [
        ("https://a.example", "/v1/x", "/v1/x"),
        ("https://a.example", "https://a.example/v1/x?y=1", "/v1/x?y=1"),
        ("https://a.example", "http://a.example/v1/x", "/v1/x"),
        ("https://a.example:8443", "https://a.example/v1/x", "/v1/x"),
        ("https://a.example:8443", "https://a.example:8443/v1/x", "/v1/x"),
        ("https://a.example/kiosks", "/v1/x", "/v1/x"),
        ("https://a.example/kiosks", "https://a.example/kiosks/v1/x", "/v1/x"),
        ("https://a.example", "uploads/x", "/v1/uploads/x"),
        ("https://a.example", "https://b.example/v1/x", None),
        ("https://a.example", "//b.example/v1/x", None),
        ("https://a.example", "https://a.example:444/v1/x", None),
        ("https://a.example", "https://a.example@b.example/x", None),
        ("https://a.example", "https://[::1", None),
        ("https://a.example", "https://a.example:99999/x", None),
        ("https://a.example", "mailto:x", None),
        ("https://a.example", "", None),
        ("https://a.example", "/v1/\u0445", None),
    ],
)
def test_addresses(base: str, location: str, path: str | None) -> None:
    if path is None:
        with pytest.raises(BackendFault, match="address of an upload"):
            tus.own_path(base, "/v1/uploads", location)
    else:
        assert tus.own_path(base, "/v1/uploads", location) == path


def test_a_file_that_is_not_what_was_kept_is_not_sent(shared: Line, server: TusServer) -> None:
    damaged, cut, fine = (attached.submit(shared, 2 * CHUNK) for _ in range(3))
    path = uploads.file_of(shared.kiosk.path, damaged.id, damaged.files[0].id)
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    server.before = lambda method: (
        uploads.file_of(shared.kiosk.path, cut.id, cut.files[0].id).write_bytes(b"short") and None
        if method == "HEAD"
        else None
    )
    attached.until(shared, all_sent(shared))
    arrived(shared, server, fine)
    assert {kept.metadata["submission"] for kept in server.uploads.values()} == {cut.id, fine.id}
    assert shared.store.rows("SELECT count(*) FROM uploads WHERE state = 'lost'") == [(2,)]


def test_a_refused_submission_ends_its_uploads(shared: Line, server: TusServer) -> None:
    sent = attached.submit(shared, 4 * CHUNK, 100)
    attached.until(shared, lambda: server.methods().count("PATCH") == 1)
    outbox.refused(shared.store, sent.id, "{}", b"proof", now=shared.now)
    shared.work()
    assert server.uploads == {} and server.methods()[-1] == "DELETE" and server.methods().count("POST") == 1


def test_what_the_backend_waits_for_is_sent_again(shared: Line, server: TusServer) -> None:
    sent = attached.submit(shared, CHUNK)
    attached.until(shared, all_sent(shared))
    server.uploads.clear()
    shared.pass_time(100.0)
    shared.worker._uploader.awaited((sent.files[0].id, "nobody"))
    assert attached.to_send(shared) == 1
    attached.until(shared, all_sent(shared))
    arrived(shared, server, sent)


def test_a_store_that_was_lost_goes_on_where_the_server_stands(shared: Line, server: TusServer) -> None:
    """The rows come from the files; a server that knows the attachment gives its upload again."""
    sent = attached.submit(shared, 4 * CHUNK)
    attached.until(shared, lambda: server.methods().count("PATCH") == 2)
    (where,) = server.uploads
    with shared.store.transaction():
        shared.store.execute("DELETE FROM outbox")
    server.bend["POST"] = lambda: (201, TUS | {"Location": where})
    attached.worker(shared).reconcile()
    assert attached.to_send(shared) == 1 and shared.states() == ["waiting"]
    attached.until(shared, all_sent(shared))
    arrived(shared, server, sent)
    assert server.resent() == 0


def test_drain_sends_files_too_and_ends(shared: Line, server: TusServer) -> None:
    sent = attached.submit(shared, 3 * CHUNK)
    shared.worker.drain()
    arrived(shared, server, sent)
    assert attached.to_send(shared) == 0
    attached.submit(shared, CHUNK)
    server.bend["PATCH"] = lambda: (503, TUS)
    attached.worker(shared).drain()
    assert attached.to_send(shared) == 1 and shared.states() == ["received"] * 2 and shared.worker.link_up
