"""`kiosk bundle`: the outbox goes to the backend on a stick, and content and confirmations come back on it."""

from __future__ import annotations

import time
import zipfile
from pathlib import Path

import msgspec
import pytest

from kiosk.backend import enrolment
from kiosk.backend import keys as backend_keys
from kiosk.backend.checking import Checker
from kiosk.backend.database import Database
from kiosk.backend.registrar import register_pending
from kiosk.model.content import Document
from kiosk.model.submission import OutboxRow, SubmissionState
from kiosk.protocol import bundle as form
from kiosk.protocol import confirmation, keys
from kiosk.protocol import enrolment as asking
from kiosk.protocol.confirmation import Confirmation
from kiosk.publish import keys as publish_keys
from kiosk.publish import repository
from kiosk.store import documents, outbox
from tests.cli.runner import Runner
from tests.helpers.profiles import KioskProfile


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    return tmp_path / "kiosk.bundle"


@pytest.fixture
def repo(tmp_path: Path, kiosk_profile: KioskProfile) -> Path:
    """A small published repository that this kiosk trusts: one service, and from version 2 on a note."""
    signers = publish_keys.load_or_make(tmp_path / "keys")
    with kiosk_profile.store() as store:
        few = ("keys/backend", "service/S0438", "form/library-ticket", *documents.ids(store, "theme"))
        held = [Document(id_, documents.body(store, id_)) for id_ in few]
    repository.write(tmp_path / "repo", held, signers, now=time.time)
    repository.write(tmp_path / "repo", [*held, Document("note/one", b"{}")], signers, now=time.time)
    (kiosk_profile.path / "root.json").write_bytes((tmp_path / "repo" / "metadata" / "1.root.json").read_bytes())
    return tmp_path / "repo"


def rows(kiosk: KioskProfile) -> list[OutboxRow]:
    with kiosk.store() as store:
        return outbox.rows(store)


def register(kiosk: KioskProfile) -> None:
    database = Database(kiosk.backend)
    try:
        register_pending(
            database, backend_keys.load(kiosk.backend), kiosk.backend, Checker(database, None), now=time.time()
        )
    finally:
        database.close()


def put_answers(stick: Path, kiosk: str, proofs: list[bytes]) -> None:
    with zipfile.ZipFile(stick, "w") as file:
        file.writestr(form.answers_name(kiosk), form.encode_answers(proofs))


def test_there_and_back_again(run: Runner, kiosk_profile: KioskProfile, stick: Path, repo: Path) -> None:
    for _ in range(3):
        kiosk_profile.submit()
    data = kiosk_profile.backend.data

    exported = run("bundle", "export", stick, "--json")
    assert exported.json == {"envelopes": 3, "attachments": 0, "bytes": stick.stat().st_size}
    assert run("bundle", "import", stick, "--backend", data, "--json").json == {
        "kiosks": [{"kiosk": "k16", "received": 3, "already": 0, "refused": 0, "attachments": 0}]
    }
    files = sum(path.is_file() for path in repo.rglob("*"))
    content = run("bundle", "export", stick, "--content", repo, "--json")
    assert content.json == {"files": files, "bytes": stick.stat().st_size}

    back = run("bundle", "import", stick, "--json").json
    assert back["published"]["version"] == 2 and back["published"]["changed"] > 1
    assert back["outbox"] == {"settled": 3, "outcomes": 0, "pending": 0, "needs_attention": 0}
    assert {row.state for row in rows(kiosk_profile)} == {SubmissionState.RECEIVED}
    with kiosk_profile.store() as store:
        assert documents.body(store, "note/one") == b"{}"

    register(kiosk_profile)
    kiosk_profile.submit()
    assert run("bundle", "export", stick, "--json").json["envelopes"] == 1
    assert run("bundle", "import", stick, "--backend", data, "--json").json["kiosks"][0]["received"] == 1
    back = run("bundle", "import", stick, "--json").json
    assert back["published"]["changed"] == 0
    assert back["outbox"] == {"settled": 1, "outcomes": 3, "pending": 0, "needs_attention": 0}
    found = rows(kiosk_profile)
    assert [row.state for row in found] == [SubmissionState.REGISTERED] * 3 + [SubmissionState.RECEIVED]
    assert all(row.registered_number for row in found[:3])


def test_a_stick_that_comes_twice_changes_nothing(run: Runner, kiosk_profile: KioskProfile, stick: Path) -> None:
    kiosk_profile.submit()
    run("bundle", "export", stick)
    data = kiosk_profile.backend.data
    for received in (1, 0):
        taken = run("bundle", "import", stick, "--backend", data, "--json").json["kiosks"][0]
        assert (taken["received"], taken["already"]) == (received, 1 - received)


def test_both_ways_at_once_the_backend_keeps_it_once(
    run: Runner, kiosk_profile: KioskProfile, stick: Path, repo: Path
) -> None:
    """An old copy of the stick arrives after the new one: what it carries is here already."""
    kiosk_profile.submit()
    run("bundle", "export", stick)
    old = stick.read_bytes()
    data = kiosk_profile.backend.data
    run("bundle", "import", stick, "--backend", data)
    assert run("bundle", "import", stick, "--json").json["outbox"]["settled"] == 1
    stick.write_bytes(old)
    assert run("bundle", "import", stick, "--backend", data, "--json").json["kiosks"][0]["already"] == 1
    assert run("bundle", "import", stick, "--json").json["outbox"]["settled"] == 0


def test_one_stick_serves_several_kiosks(run: Runner, new_kiosk, stick: Path) -> None:  # type: ignore[no-untyped-def]
    first = new_kiosk("first")
    first.submit()
    run("bundle", "export", stick, "--profile", first.path)
    with zipfile.ZipFile(stick, "a") as file:
        file.writestr(form.envelope_name("k99", "0190f3a4-0000-7000-8000-000000000000"), b"of another")
    first.submit()
    assert run("bundle", "export", stick, "--profile", first.path, "--json").json["envelopes"] == 2
    with zipfile.ZipFile(stick) as file:
        assert sorted({name.split("/")[1] for name in file.namelist()}) == ["k16", "k99"]
    kiosks = run("bundle", "import", stick, "--backend", first.backend.data, "--json").json["kiosks"]
    assert [(one["kiosk"], one["received"], one["refused"]) for one in kiosks] == [("k16", 2, 0), ("k99", 0, 1)]


def test_a_former_key_does_not_speak_by_a_stick(run: Runner, kiosk_profile: KioskProfile, stick: Path) -> None:
    """The backend takes its envelopes only by a request that the key of today has signed."""
    kiosk_profile.submit()
    run("bundle", "export", stick)
    database = Database(kiosk_profile.backend)
    try:
        with database.write() as connection:
            code = enrolment.create_code(connection, "k16", 16, "sokol", now=time.time())
        asked = asking.request(code, bytes(range(32)))
        enrolment.enrol(database, kiosk_profile.private, kiosk_profile.backend, asked, time.time())
    finally:
        database.close()
    taken = run("bundle", "import", stick, "--backend", kiosk_profile.backend.data, "--json").json["kiosks"]
    assert taken == [{"kiosk": "k16", "received": 0, "already": 0, "refused": 1, "attachments": 0}]


def test_a_stick_carries_nothing_that_can_be_read(run: Runner, kiosk_profile: KioskProfile, stick: Path) -> None:
    answers = kiosk_profile.answers()
    kiosk_profile.submit(answers)
    run("bundle", "export", stick)
    said = [word for word in msgspec.json.encode(answers).decode().split('"') if len(word) > 5]
    data = stick.read_bytes()
    assert said and not [word for word in said if word.encode() in data]


def test_confirmations_of_others_and_for_other_bytes_settle_nothing(
    run: Runner, kiosk_profile: KioskProfile, stick: Path, repo: Path
) -> None:
    kiosk_profile.submit()
    row = rows(kiosk_profile)[0]
    ours, other = kiosk_profile.private.confirmation, keys.make_signing_key("confirmation")
    honest = Confirmation(row.id, row.digest, "received", "", "", int(time.time()))
    wrong = msgspec.structs.replace(honest, digest=bytes(32))
    unknown = msgspec.structs.replace(honest, id="0190f3a4-0000-7000-8000-000000000000")
    proofs = [
        confirmation.sign(honest, other.id, other.private),
        confirmation.sign(honest, ours.id, other.private),
        confirmation.sign(wrong, ours.id, ours.private),
        confirmation.sign(unknown, ours.id, ours.private),
        b"nonsense",
    ]
    put_answers(stick, "k16", proofs)
    assert run("bundle", "import", stick, "--json").json["outbox"]["settled"] == 0
    assert rows(kiosk_profile)[0].state is SubmissionState.WAITING
    put_answers(stick, "k16", [*proofs, confirmation.sign(honest, ours.id, ours.private)])
    assert run("bundle", "import", stick, "--json").json == {
        "published": None,
        "outbox": {"settled": 1, "outcomes": 0, "pending": 0, "needs_attention": 0},
    }


def test_a_refused_content_brings_no_confirmation_either(
    run: Runner, kiosk_profile: KioskProfile, stick: Path, repo: Path
) -> None:
    kiosk_profile.submit()
    run("bundle", "export", stick)
    run("bundle", "import", stick, "--backend", kiosk_profile.backend.data)
    stamp = repo / "metadata" / "timestamp.json"
    stamp.write_bytes(stamp.read_bytes().replace(b'"version":2', b'"version":3'))
    run("bundle", "export", stick, "--content", repo)
    assert "not signed" in run("bundle", "import", stick).sentence()
    assert rows(kiosk_profile)[0].state is SubmissionState.WAITING


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("export",), 2),
        (("export", "FILE", "--backend", "x"), 2),
        (("import", "FILE", "--content", "x"), 2),
        (("import", "FILE", "--database", "sqlite://"), 2),
        (("export", "FILE", "--content", "nowhere"), 2),
        (("import", "FILE", "--backend", "nowhere"), 2),
        (("import", "FILE"), 1),
    ],
)
def test_wrong_use_is_one_sentence(run: Runner, stick: Path, repo: Path, words: tuple[str, ...], code: int) -> None:
    ran = run("bundle", *(str(stick) if word == "FILE" else word for word in words))
    assert ran.code == code and ran.out == "" and ran.err.count("\n") >= 1
    assert not stick.exists()


def test_a_file_that_is_no_bundle(run: Runner, stick: Path, repo: Path) -> None:
    stick.write_bytes(b"not a bundle" * 40)
    assert "is no bundle" in run("bundle", "import", stick).sentence()
    assert "is no bundle" in run("bundle", "export", stick).sentence()
    assert stick.read_bytes() == b"not a bundle" * 40
