"""Attachments on a stick: they go with their envelopes, are believed by digest only, and are kept once."""

from __future__ import annotations

import os
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import uuid_utils

from kiosk.backend import bundle as office
from kiosk.backend import tables
from kiosk.backend.checking import Checker
from kiosk.backend.database import Database
from kiosk.backend.inspecting import inspect
from kiosk.backend.registrar import register_pending
from kiosk.backend.upload_place import Folder
from kiosk.desk.attachments import FileOffered
from kiosk.errors import NetworkFault
from kiosk.protocol import bundle as form
from kiosk.protocol.bundle import Bundle
from kiosk.store import outbox, uploads
from tests.cli.runner import Runner
from tests.helpers.profiles import KioskProfile

FILES = (("scan.pdf", b"%PDF-1.7\n" + os.urandom(2_500_000)), ("photo.png", b"\x89PNG\r\n\x1a\n" + os.urandom(3000)))


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    return tmp_path / "kiosk.bundle"


def submit(kiosk: KioskProfile) -> str:
    return kiosk.submit(attachments=tuple(FileOffered(name, data) for name, data in FILES)).submission


def register(kiosk: KioskProfile) -> None:
    used = kiosk.backend
    database, place, now = Database(used), Folder(used.upload_folder()), time.time()
    try:
        inspect(database, kiosk.private, place, used, now, limit=10)
        register_pending(database, kiosk.private, used, Checker(database, None), now=now)
    finally:
        database.close()


def states(kiosk: KioskProfile) -> list[str]:
    database = Database(kiosk.backend)
    try:
        with database.read() as connection:
            return sorted(row.state for row in connection.execute(tables.attachments.select()))
    finally:
        database.close()


def parts(kiosk: KioskProfile) -> list[Path]:
    return [path for path in kiosk.backend.upload_folder().rglob("*") if path.is_file()]


def test_there_and_back_again(run: Runner, kiosk_profile: KioskProfile, stick: Path) -> None:
    (kiosk_profile.path / "root.json").write_bytes(b"{}")  # not asked: no content is on the stick
    submit(kiosk_profile)
    kiosk_profile.submit()
    data = kiosk_profile.backend.data
    exported = run("bundle", "export", stick, "--json").json
    assert (exported["envelopes"], exported["attachments"]) == (2, 2)
    taken = run("bundle", "import", stick, "--backend", data, "--json").json["kiosks"][0]
    assert (taken["received"], taken["attachments"]) == (2, 2)
    assert states(kiosk_profile) == ["here", "here"]
    assert run("bundle", "import", stick, "--json").json["outbox"]["settled"] == 2
    exported = run("bundle", "export", stick, "--json").json
    assert (exported["envelopes"], exported["attachments"]) == (0, 2), "nothing signed says yet that they have come"
    register(kiosk_profile)
    assert states(kiosk_profile) == ["good", "good"]
    taken = run("bundle", "import", stick, "--backend", data, "--json").json["kiosks"][0]
    assert (taken["received"], taken["attachments"]) == (0, 0), "kept once"
    assert run("bundle", "import", stick, "--json").json["outbox"]["outcomes"] == 2
    with kiosk_profile.store() as store:
        assert [row.state for row in outbox.rows(store)] == ["registered", "registered"]
    assert run("bundle", "export", stick, "--json").json["attachments"] == 0
    assert "2 attachments" not in run("bundle", "export", stick).out


def test_what_the_stick_holds_is_sealed(run: Runner, kiosk_profile: KioskProfile, stick: Path) -> None:
    id_ = submit(kiosk_profile)
    run("bundle", "export", stick)
    with zipfile.ZipFile(stick) as file:
        names = [name for name in file.namelist() if name.endswith(".att")]
        held = b"".join(file.read(name) for name in file.namelist())
    assert len(names) == 2 and all(name.startswith(f"outbox/k16/{id_}/") for name in names)
    assert b"scan.pdf" not in held and FILES[0][1][100:200] not in held


def change(stick: Path, how: Callable[[str, bytes], tuple[str, bytes] | None]) -> None:
    """The same stick with its attachments changed: honest ZIP, other bytes."""
    with zipfile.ZipFile(stick) as old:
        files = {name: old.read(name) for name in old.namelist()}
    with zipfile.ZipFile(stick, "w") as new:
        for name, body in files.items():
            made = how(name, body) if name.endswith(".att") else (name, body)
            if made is not None:
                new.writestr(*made)


BENT: dict[str, Callable[[str, bytes], tuple[str, bytes] | None]] = {
    "a byte": lambda name, body: (name, body[:-1] + bytes([body[-1] ^ 1])),
    "cut": lambda name, body: (name, body[:-1]),
    "longer": lambda name, body: (name, body + b"x"),
    "empty": lambda name, _: (name, b""),
    "gone": lambda _name, _body: None,
    "of another submission": lambda name, body: (
        form.attachment_name("k16", "01890a5d-ac96-774b-bcce-b302099a8057", name.split("/")[3][:36]),
        body,
    ),
    "of another kiosk": lambda name, body: (name.replace("k16", "k99"), body),
    "an id of its own": lambda name, body: (f"{name[:-40]}{uuid_utils.uuid7()}.att", body),
    "elsewhere": lambda name, body: (name.replace("outbox/k16", "outbox/k16/../../.."), body),
}


@pytest.mark.parametrize("kind", BENT)
def test_a_bent_stick_brings_nothing_and_a_sound_one_mends_it(
    run: Runner, kiosk_profile: KioskProfile, stick: Path, kind: str
) -> None:
    submit(kiosk_profile)
    run("bundle", "export", stick)
    sound = stick.read_bytes()
    change(stick, BENT[kind])
    data = kiosk_profile.backend.data
    taken = run("bundle", "import", stick, "--backend", data, "--json").json["kiosks"]
    assert taken[0]["received"] == 1 and sum(one["attachments"] for one in taken) == 0
    assert states(kiosk_profile) == ["awaited", "awaited"] and parts(kiosk_profile) == []
    stick.write_bytes(sound)
    assert run("bundle", "import", stick, "--backend", data, "--json").json["kiosks"][0]["attachments"] == 2
    assert states(kiosk_profile) == ["here", "here"]


def test_a_stick_that_is_pulled_out_keeps_what_is_whole(
    run: Runner, kiosk_profile: KioskProfile, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    submit(kiosk_profile)
    run("bundle", "export", stick)
    used = kiosk_profile.backend
    database, place = Database(used), Folder(used.upload_folder())
    read = Bundle.read

    def pulled_out(self: Bundle, name: str):  # type: ignore[no-untyped-def]
        pieces = read(self, name)
        if self.attachments("k16")[-1].name == name:
            yield next(pieces)
            raise NetworkFault("the stick is gone")
        yield from pieces

    try:
        with stick.open("rb") as file, monkeypatch.context() as patched:
            patched.setattr(Bundle, "read", pulled_out)
            with pytest.raises(NetworkFault, match="gone"):
                office.take(database, kiosk_profile.private, used, place, Bundle(file, "the stick"), time.time())
        assert states(kiosk_profile) == ["awaited", "here"]
        with database.read() as connection:
            rows = connection.execute(tables.upload_parts.select()).all()
        assert len(parts(kiosk_profile)) == len(rows), "nothing half"
        with stick.open("rb") as file:
            (taken,) = office.take(database, kiosk_profile.private, used, place, Bundle(file, "the stick"), time.time())
        assert taken.attachments == 1 and states(kiosk_profile) == ["here", "here"]
    finally:
        database.close()


def test_a_file_that_is_lost_at_the_kiosk_is_left_out(run: Runner, kiosk_profile: KioskProfile, stick: Path) -> None:
    submit(kiosk_profile)
    with kiosk_profile.store() as store:
        first, _ = uploads.to_carry(store)
    uploads.file_of(kiosk_profile.path, first.submission, first.id).unlink()
    assert run("bundle", "export", stick, "--json").json["attachments"] == 1


def test_a_place_elsewhere(run: Runner, kiosk_profile: KioskProfile, stick: Path, tmp_path: Path) -> None:
    submit(kiosk_profile)
    run("bundle", "export", stick)
    elsewhere = tmp_path / "shared"
    run("bundle", "import", stick, "--backend", kiosk_profile.backend.data, "--uploads", elsewhere)
    assert parts(kiosk_profile) == [] and len(list(elsewhere.rglob("*"))) > 2
    assert run("bundle", "import", stick, "--uploads", elsewhere).code == 2
