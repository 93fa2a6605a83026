"""The key is lost and there is no recovery: staff begins anew, and what visitors have sent arrives all the same."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.backend.enrolment import create_enrolment_code
from kiosk.store import documents, healing, outbox
from tests.backend import site as sites
from tests.backend.site import Site
from tests.cli.runner import Runner
from tests.helpers.profiles import KIOSK, NUMBER, VERIFIED_AT, KioskProfile


@pytest.fixture
def site(kiosk_profile: KioskProfile) -> Iterator[Site]:
    with sites.running(kiosk_profile.backend) as running:
        yield running


@pytest.fixture
def run(kiosk_profile: KioskProfile, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Runner:
    return Runner(kiosk_profile.path, capsys, monkeypatch)


def _everything(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_what_was_sent_arrives_after_a_new_enrolment(run: Runner, kiosk_profile: KioskProfile, site: Site) -> None:
    from kiosk.engine import premises
    from kiosk.sync.channel import Channel
    from kiosk.sync.client import make_client
    from kiosk.sync.worker import Worker

    kiosk_profile.configure(backend_url=site.url)
    ids = {kiosk_profile.submit().submission for _ in range(2)}
    premises.take_over(kiosk_profile.path, kiosk_profile.key)
    (kiosk_profile.path / "store.key").unlink()
    before = _everything(kiosk_profile.path)
    done = run("keys", "anew", "--yes", "--json")
    assert done.code == 0 and done.json["envelopes"] == 2
    aside = Path(done.json["set_aside"])
    assert aside in healing.set_aside_stores(kiosk_profile.path)
    for name in ("store.db", "keys.json", "counterfoil.db"):
        assert (aside / name).read_bytes() == before[name]
    code = create_enrolment_code(kiosk_profile.backend, KIOSK, NUMBER, "sokol")
    assert run("enrol", code, "--json").json["kiosk"] == KIOSK
    with kiosk_profile.store() as store, make_client(kiosk_profile.configure(backend_url=site.url)) as client:
        _publish_keys(kiosk_profile)
        worker = Worker(store, kiosk_profile.path, Channel(client, site.url, kiosk_profile.identity), cap_s=1.0)
        worker.drain()
        rows = outbox.rows(store)
    assert {row.id for row in rows} == ids and {row.state.value for row in rows} == {"received"}
    assert all(row.receipt_number for row in rows), "the receipts in visitors' hands can be found"


def _publish_keys(kiosk: KioskProfile) -> None:
    from kiosk.model.content import Document
    from kiosk.protocol.pack import canonical

    body = canonical(kiosk.private.public())
    with kiosk.store() as store:
        documents.apply(
            store, version=1, verified_at=VERIFIED_AT, added=[Document("keys/backend", body)], removed=(), trust={}
        )


def test_it_is_refused_while_the_key_is_there(run: Runner, kiosk_profile: KioskProfile) -> None:
    before = _everything(kiosk_profile.path)
    assert "nothing is lost" in run("keys", "anew", "--yes").sentence()
    after = _everything(kiosk_profile.path)
    assert {name: after[name] for name in before} == before


def test_it_is_not_done_without_yes(run: Runner, kiosk_profile: KioskProfile) -> None:
    (kiosk_profile.path / "store.key").unlink()
    assert run("keys", "anew").code == 2
    assert run("keys", "list", "--yes").code == 2
    assert healing.set_aside_stores(kiosk_profile.path) == []
