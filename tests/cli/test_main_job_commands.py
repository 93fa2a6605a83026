"""submit, outbox, receipt, sync, enrol, backend, publish, run: the main job without the UI."""

from __future__ import annotations

import time
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import msgspec
import pytest
from pypdf import PdfReader

from kiosk.backend.enrolment import create_enrolment_code
from kiosk.backend.inspecting import inspect
from kiosk.errors import ContentRefused, KioskError, NetworkFault, StorageFull
from kiosk.model.content import BackendKeys
from kiosk.model.receipt import Receipt
from kiosk.store import outbox
from kiosk.sync import published
from kiosk.sync.published import SyncReport
from kiosk.sync.worker import Worker
from tests.backend import site as sites
from tests.backend.site import Site
from tests.cli.runner import Runner
from tests.helpers import profiles
from tests.helpers.profiles import KioskProfile

ROW = {"id", "receipt_number", "state", "attempts", "problem", "registered_number", "attachments_to_send"}
NO_FILES = {"attachments_sent": 0, "attachments_to_send": 0}


@pytest.fixture
def answers(kiosk_profile: KioskProfile, tmp_path: Path) -> Path:
    return profiles.write_json(tmp_path / "answers.json", kiosk_profile.answers())


@pytest.fixture
def site(kiosk_profile: KioskProfile) -> Iterator[Site]:
    with sites.running(kiosk_profile.backend) as running:
        kiosk_profile.configure(backend_url=running.url)
        (kiosk_profile.path / "root.json").write_bytes(b"{}")
        yield running


def test_submit_and_the_outbox(run: Runner, answers: Path) -> None:
    ran = run("submit", "S0438", "--answers", answers, "--json")
    assert ran.code == 0 and ran.err == ""
    assert set(ran.json) == {"id", "receipt_number", "state"} and ran.json["state"] == "waiting"
    assert run("submit", "S0438", "--answers", answers).out.startswith("16-000002-")
    listed = run("outbox", "list", "--json")
    assert listed.code == 0 and [set(row) for row in listed.json["rows"]] == [ROW, ROW]
    first = listed.json["rows"][0]
    assert (first["id"], first["receipt_number"]) == (ran.json["id"], ran.json["receipt_number"])
    assert (first["state"], first["attempts"], first["problem"]) == ("waiting", 0, None)
    assert "Соколова" not in listed.out and "S0438" not in listed.out
    assert run("outbox", "list").out.count("waiting") == 2


def test_refused_answers(run: Runner, kiosk_profile: KioskProfile, tmp_path: Path) -> None:
    wrong = profiles.put(profiles.put(kiosk_profile.answers(), "/contact/phone", "12"), "/nickname", "x")
    path = profiles.write_json(tmp_path / "wrong.json", wrong)
    for language in ("ru", "en"):
        ran = run("submit", "S0438", "--answers", path, "--json", "--lang", language)
        assert ran.code == 1 and set(ran.json) == {"errors"}
        assert all(set(error) == {"pointer", "code", "message"} for error in ran.json["errors"])
        assert {error["pointer"] for error in ran.json["errors"]} == {"/contact/phone", "/nickname"}
        assert ran.err.count("\n") == 2 and "Traceback" not in ran.err
    assert run("outbox", "list", "--json").json == {"rows": []}


def test_attachments(run: Runner, answers: Path, tmp_path: Path) -> None:
    scan, photo = tmp_path / "Скан.pdf", tmp_path / "photo.png"
    scan.write_bytes(b"%PDF-1.7 a scan")
    photo.write_bytes(b"\x89PNG\r\n\x1a\n a photo")
    ran = run("submit", "S0438", "--answers", answers, "--attach", scan, photo, "--attach", scan, "--json")
    assert ran.code == 0 and ran.err == "" and set(ran.json) == {"id", "receipt_number", "state"}
    (row,) = run("outbox", "list", "--json").json["rows"]
    assert row["attachments_to_send"] == 3
    assert "Скан" not in run("outbox", "list").out


def test_refused_attachments(run: Runner, answers: Path, tmp_path: Path) -> None:
    text, absent = tmp_path / "letter.pdf", tmp_path / "absent.pdf"
    text.write_bytes(b"only named so")
    for language, word in (("ru", "PDF"), ("en", "PDF")):
        words = ("--attach", text, absent, "--lang", language, "--json")
        ran = run("submit", "S0438", "--answers", answers, *words)
        assert ran.code == 1
        assert [(error["pointer"], error["code"]) for error in ran.json["errors"]] == [
            ("/attachments/0", "attachment.kind"),
            ("/attachments/1", "attachment.unreadable"),
        ]
        assert word in ran.json["errors"][0]["message"] and ran.err.count("\n") == 2
    assert run("submit", "S0438", "--answers", answers, "--attach").code == 2
    assert run("outbox", "list", "--json").json == {"rows": []}


@pytest.mark.parametrize("data", [b"", b"[]", b"null", b"{", b"\xff", b'{"a": "\xff"}', b"[" * 9000])
def test_answers_that_are_no_json_object(run: Runner, tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(data)
    ran = run("submit", "S0438", "--answers", path, "--json")
    assert ran.code == 2 and ran.out == "" and "a.json" in ran.sentence()


def test_submit_that_cannot_be(run: Runner, answers: Path, tmp_path: Path) -> None:
    assert run("submit", "S0438", "--answers", tmp_path / "absent.json").code == 2
    assert run("submit", "S0438", "--answers", tmp_path).code == 2
    assert run("submit", "S0438").code == 2
    assert run("submit", "S0063", "--answers", answers).code == 1
    assert "S9999" in run("submit", "S9999", "--answers", answers, "--json").sentence()
    ran = run("submit", "S0438", "--answers", answers, "--receipt", tmp_path / "no" / "folder" / "r.json")
    assert ran.code == 2 and run("outbox", "list", "--json").json == {"rows": []}, "told before anything is kept"
    ran = run("submit", "S0438", "--answers", answers, "--receipt", tmp_path, "--json")
    assert ran.code == 1 and ran.json["receipt_number"] in ran.sentence(), "kept, and said under which number"


def test_submit_on_a_device_that_is_not_enrolled(run: Runner, kiosk_profile: KioskProfile, answers: Path) -> None:
    with kiosk_profile.store() as store, store.transaction():
        store.execute("DELETE FROM device")
    ran = run("submit", "S0438", "--answers", answers, "--json")
    assert ran.code == 1 and ran.out == "" and "enrol" in ran.sentence()


def test_retry(run: Runner, kiosk_profile: KioskProfile, answers: Path) -> None:
    id_ = run("submit", "S0438", "--answers", answers, "--json").json["id"]
    ran = run("outbox", "retry", id_, "--json")
    assert ran.code == 1 and "waiting" in ran.sentence()
    problem = '{"type":"tag:x","title":"no"}'
    with kiosk_profile.store() as store:
        outbox.needs_attention(store, id_, problem)
    (row,) = run("outbox", "list", "--json").json["rows"]
    assert row["state"] == "needs_attention" and row["problem"] == msgspec.json.decode(problem)
    ran = run("outbox", "retry", id_, "--json")
    assert ran.code == 0 and [row["state"] for row in ran.json["rows"]] == ["waiting"]
    assert run("outbox", "retry", "nobody").code == 1
    for words in (["retry"], ["list", id_], ["drop", id_], []):
        assert run("outbox", *words).code == 2


def test_a_receipt_on_each_kind_of_paper(run: Runner, answers: Path, tmp_path: Path) -> None:
    number = run("submit", "S0438", "--answers", answers, "--json", "--receipt", tmp_path / "r.json").json[
        "receipt_number"
    ]
    receipt = msgspec.json.decode((tmp_path / "r.json").read_bytes(), type=Receipt)
    assert receipt.number == number
    for kind, begins in (("pdf", b"%PDF"), ("png", b"\x89PNG"), ("text", "Мы приняли".encode())):
        out = tmp_path / f"r.{kind}"
        ran = run("receipt", "render", tmp_path / "r.json", "--format", kind, "-o", out, "--json")
        made = out.read_bytes()
        assert ran.code == 0 and ran.json == {"format": kind, "bytes": len(made), "file": str(out)}
        assert made.startswith(begins)
    assert number in PdfReader(BytesIO((tmp_path / "r.pdf").read_bytes())).pages[0].extract_text()


def test_a_receipt_that_is_none(run: Runner, tmp_path: Path) -> None:
    path = tmp_path / "r.json"
    for data in (b"", b"{}", b"[]", b"\xff", b'{"number": 5}', b"[" * 9000):
        path.write_bytes(data)
        ran = run("receipt", "render", path, "--format", "text", "-o", tmp_path / "o", "--json")
        assert ran.code == 2 and ran.out == "" and ran.sentence() and not (tmp_path / "o").exists()
    assert run("receipt", "render", tmp_path / "absent", "--format", "pdf", "-o", tmp_path / "o").code == 2
    assert run("receipt", "render", path, "--format", "wax", "-o", tmp_path / "o").code == 2
    assert run("receipt", "render", path, "--format", "pdf").code == 2


@pytest.fixture
def content_in_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """Published content has its own tests; here it is up to date."""

    def update(*_: object, **__: object) -> SyncReport:
        return SyncReport(version=1, documents=936, bytes=512, requests=2, changed=0)

    monkeypatch.setattr(published, "update", update)


@pytest.mark.usefixtures("content_in_step")
def test_sync_sends_attachments(run: Runner, site: Site, answers: Path, tmp_path: Path) -> None:
    scan = tmp_path / "scan.pdf"
    scan.write_bytes(b"%PDF-1.7" + bytes(3_000_000))
    run("submit", "S0438", "--answers", answers, "--attach", scan, scan)
    ran = run("sync", "--json")
    assert ran.code == 0, ran
    counted = {"attachments_sent": 2, "attachments_to_send": 0}
    assert ran.json["outbox"] == {"sent": 1, "pending": 0, "needs_attention": 0} | counted
    part = site.backend
    while inspect(part.database, part.keys, part.place, part.settings, int(time.time())) + site.register():
        pass
    assert run("sync", "--json").json["outbox"]["attachments_sent"] == 0
    (row,) = run("outbox", "list", "--json").json["rows"]
    assert (row["state"], row["attachments_to_send"]) == ("registered", 0)


@pytest.mark.usefixtures("content_in_step")
def test_sync_sends_the_outbox(run: Runner, site: Site, answers: Path) -> None:
    for _ in range(3):
        run("submit", "S0438", "--answers", answers)
    ran = run("sync", "--json")
    assert ran.code == 0, ran
    assert ran.json == {
        "published": {"version": 1, "documents": 936, "bytes": 512, "requests": 2},
        "outbox": {"sent": 3, "pending": 0, "needs_attention": 0, **NO_FILES},
    }
    assert site.register() == 3
    assert run("sync", "--json").json["outbox"] == {"sent": 0, "pending": 0, "needs_attention": 0, **NO_FILES}
    states = [row["state"] for row in run("outbox", "list", "--json").json["rows"]]
    assert states == ["registered"] * 3
    assert "Sent 0, waiting 0" in run("sync").out


@pytest.mark.usefixtures("content_in_step")
def test_sync_without_the_backend(run: Runner, kiosk_profile: KioskProfile, answers: Path) -> None:
    (kiosk_profile.path / "root.json").write_bytes(b"{}")
    kiosk_profile.configure(backend_url="http://127.0.0.1:9")
    run("submit", "S0438", "--answers", answers)
    ran = run("sync", "--json")
    assert ran.code == 1 and ran.json["outbox"] == {"sent": 0, "pending": 1, "needs_attention": 0, **NO_FILES}
    assert ran.json["published"] == {"version": 1, "documents": 936, "bytes": 512, "requests": 2}
    assert "offered again" in ran.sentence() and "content" not in ran.sentence()
    assert "Content version 1" in run("sync").out


@pytest.mark.parametrize(
    "fault", [NetworkFault("the line was cut"), ContentRefused("older"), StorageFull("no space left on device")]
)
def test_sync_without_content_sends_the_outbox(
    run: Runner, site: Site, answers: Path, monkeypatch: pytest.MonkeyPatch, fault: KioskError
) -> None:
    def update(*_: object, spent: published.Spent, **__: object) -> SyncReport:
        spent.bytes, spent.requests = 77, 3
        raise fault

    monkeypatch.setattr(published, "update", update)
    run("submit", "S0438", "--answers", answers)
    ran = run("sync", "--json")
    assert ran.code == 1 and fault.engineer in ran.sentence() and "outbox" not in ran.sentence()
    assert ran.json["outbox"] == {"sent": 1, "pending": 0, "needs_attention": 0, **NO_FILES}
    content = ran.json["published"]
    assert content.pop("documents") > 800, "what is in use"
    assert content == {"version": 1, "bytes": 77, "requests": 3}


def test_sync_with_neither_half(run: Runner, kiosk_profile: KioskProfile, answers: Path) -> None:
    (kiosk_profile.path / "root.json").write_bytes(b"{}")
    kiosk_profile.configure(backend_url="http://127.0.0.1:9")
    run("submit", "S0438", "--answers", answers)
    ran = run("sync", "--json")
    assert ran.code == 1 and set(ran.json) == {"published", "outbox"}
    assert "content was not fetched" in ran.sentence() and "offered again" in ran.sentence()
    assert ran.json["outbox"] == {"sent": 0, "pending": 1, "needs_attention": 0, **NO_FILES}


def test_sync_whose_outbox_cannot_be_read_fetches_content(
    run: Runner, site: Site, monkeypatch: pytest.MonkeyPatch, content_in_step: None
) -> None:
    def drain(self: Worker) -> None:
        raise StorageFull("no space left on device")

    monkeypatch.setattr(Worker, "drain", drain)
    ran = run("sync", "--json")
    assert ran.code == 1 and ran.json["published"]["version"] == 1
    assert ran.sentence() == "kiosk: the outbox was not sent: no space left on device"


def test_sync_that_cannot_be(run: Runner, kiosk_profile: KioskProfile) -> None:
    assert "backend_url" in run("sync", "--json").sentence()
    kiosk_profile.configure(backend_url="http://127.0.0.1:9")
    assert "root" in run("sync", "--json").sentence()


def test_run_that_cannot_be(run: Runner, kiosk_profile: KioskProfile) -> None:
    assert "backend_url" in run("run").sentence()
    kiosk_profile.configure(backend_url="http://127.0.0.1:9", demo=False)
    assert "demo" in run("run", "--offscreen").sentence()
    assert "demo" in run("run", "--offscreen", "--driving", "3").sentence()
    assert run("run", "--mode", "tablet").code == 2


def test_enrol(run: Runner, site: Site, tmp_path: Path) -> None:
    code = create_enrolment_code(site.settings, "k17", 17, "sokol")
    config = tmp_path / "new.toml"
    config.write_text(f'backend_url = "{site.url}"\ndemo = true\nkey_slot = "file"\n')
    given = ["--profile", tmp_path / "new", "--config", config, "--json"]
    for wrong in ("ABCD", "AAAA-AAAA-AAAA", "", "😀"):
        ran = run("enrol", wrong, *given)
        assert ran.code == 1 and ran.out == "" and ran.sentence()
    ran = run("enrol", code.lower(), *given)
    assert ran.code == 0 and ran.json == {"kiosk": "k17", "number": 17, "centre": "sokol"}
    assert run("enrol", code, *given).code == 1, "a code works once"


@pytest.mark.parametrize("url", ["http://127.0.0.1:9", "nonsense", "http://[::1"])
def test_enrol_without_a_backend(run: Runner, kiosk_profile: KioskProfile, url: str) -> None:
    assert "backend_url" in run("enrol", "AAAA-AAAA-AAAA").sentence()
    kiosk_profile.configure(backend_url=url)
    assert run("enrol", "AAAA-AAAA-AAAA", "--json").sentence()


def test_backend_keys_and_codes(run: Runner, tmp_path: Path) -> None:
    data = ["--data", tmp_path / "backend"]
    ran = run("backend", "--publish-keys", *data)
    keys = msgspec.json.decode(ran.out, type=BackendKeys)
    assert ran.code == 0 and [key.suite for key in keys.recipients] == [2, 1]
    assert run("backend", "--publish-keys", *data).out == ran.out
    ran = run("backend", "--code", "k18:18:sokol", "--json", *data)
    assert ran.code == 0 and set(ran.json) == {"code"} and len(ran.json["code"]) == 14
    for wrong in ("k18", "k18:x:sokol", "k18:²:sokol", ":1:x", "K18:18:sokol", "k18:18:", "k 18:18:sokol"):
        assert "KIOSK:NUMBER:CENTRE" in run("backend", "--code", wrong, *data).sentence()
    for port in ("-1", "65536", "99999999999"):
        assert "--port" in run("backend", "--port", port, *data).sentence()
    (tmp_path / "file").write_text("x")
    assert run("backend", "--publish-keys", "--data", tmp_path / "file" / "x").code == 1


def test_publish_refuses_with_every_problem(run: Runner, tmp_path: Path) -> None:
    folder = tmp_path / "sources" / "catalogue" / "services"
    folder.mkdir(parents=True)
    (folder / "family.json").write_text('{"theme": {}, "services": [{"id": "S0001"}]}')
    given = ["publish", tmp_path / "sources", tmp_path / "repo", "--keys", tmp_path / "keys"]
    ran = run(*given, "--json")
    assert ran.code == 1 and set(ran.json) == {"problems"} and len(ran.json["problems"]) > 1
    assert all(set(one) == {"file", "line", "pointer", "message"} for one in ran.json["problems"])
    assert "Traceback" not in ran.err and not (tmp_path / "repo").exists()
    assert run(*given[:3]).code == 2
    for name, text in (("absent", None), ("wrong", "{}"), ("broken", "\udcff")):
        path = tmp_path / name
        if text is not None:
            path.write_bytes(text.encode(errors="surrogateescape"))
        assert run(*given, "--backend-keys", path).code == 2


def test_demo_that_cannot_be(run: Runner, capsys: pytest.CaptureFixture[str]) -> None:
    from kiosk.cli import main as cli

    assert cli.main(["demo", "--prepare"]) == 2
    assert "--profile" in capsys.readouterr().err


def test_a_kiosk_is_revoked(run: Runner, kiosk_profile: KioskProfile) -> None:
    data = ["--data", kiosk_profile.backend.data]
    assert run("backend", "--revoke", "k16", "--json", *data).json == {"revoked": ["k16"]}
    published = msgspec.json.decode(run("backend", "--publish-keys", *data).out, type=BackendKeys)
    assert published.revoked_devices == ("k16",)
    assert "k99" in run("backend", "--revoke", "k99", *data).sentence()
