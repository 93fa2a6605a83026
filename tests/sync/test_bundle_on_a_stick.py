"""A USB stick brings what the network would, is believed no more, and may be pulled out at any byte."""

from __future__ import annotations

import errno
import io
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.errors import ContentRefused, EnvironmentFault, KioskError, NetworkFault, StorageFull
from kiosk.protocol import bundle as form
from kiosk.protocol.bundle import Bundle
from kiosk.store import documents
from kiosk.sync import bundle
from kiosk.sync.bundle import TakenIn
from tests.sync.content_world import World, bodies, content, world

BEFORE = content(60)
AFTER = content(60, changed=(3, 30))
MANY = settings(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=60
)


@pytest.fixture
def here(tmp_path: Path) -> Iterator[World]:
    """A kiosk that has version 1, a stick with version 1 and one with version 2."""
    with world(tmp_path) as one:
        one.publish(BEFORE)
        one.sync()
        fill(one, stick(one, "old"))
        one.publish(AFTER)
        fill(one, stick(one, "new"))
        yield one


def stick(here: World, name: str) -> Path:
    return here.folder / f"{name}.bundle"


def fill(here: World, path: Path) -> None:
    files = [file for file in sorted(here.repo.rglob("*")) if file.is_file()]
    named = [(file.relative_to(here.repo).as_posix(), file.read_bytes()) for file in files]
    bundle.rewrite(path, named, lambda name: not name.startswith(form.CONTENT))


def take(here: World, path: Path) -> TakenIn:
    with bundle.opened(path) as source:
        return bundle.take_in(here.store, source, here.root, now=here.now)


def untouched(here: World) -> None:
    assert here.held() == bodies(BEFORE)
    assert documents.content_state(here.store).version == 1


def test_a_stick_brings_the_newest_content(here: World) -> None:
    found = take(here, stick(here, "new")).published
    assert found is not None and (found.version, found.changed) == (2, 2)
    assert here.held() == bodies(AFTER)
    again = take(here, stick(here, "new")).published
    assert again is not None and again.changed == 0


def test_a_stick_fills_an_empty_kiosk(here: World) -> None:
    with here.new_store("empty") as store, bundle.opened(stick(here, "new")) as source:
        bundle.take_in(store, source, here.root, now=here.now)
        assert here.held(store) == bodies(AFTER)


def test_a_stick_with_older_content_is_a_rollback(here: World) -> None:
    take(here, stick(here, "new"))
    with pytest.raises(ContentRefused, match="rollback"):
        take(here, stick(here, "old"))
    assert here.held() == bodies(AFTER)


def test_what_the_network_brought_the_stick_cannot_roll_back(here: World) -> None:
    here.sync()
    with pytest.raises(ContentRefused, match="rollback"):
        take(here, stick(here, "old"))
    assert here.held() == bodies(AFTER)


def test_a_stick_that_lay_in_a_drawer_has_expired(here: World) -> None:
    here.clock += 8 * 86_400
    with pytest.raises(ContentRefused, match="expired"):
        take(here, stick(here, "new"))
    untouched(here)


def changed(path: Path, pattern: str, change: str) -> None:
    """The same stick with the first file that ends so changed: honest ZIP, other bytes."""
    with zipfile.ZipFile(path) as old:
        files = {name: old.read(name) for name in old.namelist()}
    for name in sorted(name for name in files if pattern in name):
        body = files[name]
        files[name] = body[:-1] + bytes([body[-1] ^ 1]) if change == "byte" else body[: len(body) // 2]
        if change == "gone":
            del files[name]
    with zipfile.ZipFile(path, "w") as new:
        for name, body in files.items():
            new.writestr(name, body)


PARTS = ("timestamp.json", "2.snapshot.json", "2.targets.json", ".changes", "documents/")


@pytest.mark.parametrize("change", ["byte", "half", "gone"])
@pytest.mark.parametrize("pattern", PARTS)
def test_tampered_content_is_refused(here: World, pattern: str, change: str) -> None:
    changed(stick(here, "new"), pattern, change)
    if (pattern, change) == ("timestamp.json", "gone"):
        assert take(here, stick(here, "new")).published is None
    else:
        with pytest.raises((ContentRefused, NetworkFault)):
            take(here, stick(here, "new"))
    untouched(here)


class PulledOut(io.FileIO):
    """A stick that gives so many bytes and then an I/O error, as a device that is gone does."""

    left = 0

    def read(self, size: int = -1) -> bytes:
        data = super().read(size)
        if len(data) > self.left:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        self.left -= len(data)
        return data


def test_a_stick_that_is_pulled_out_anywhere_leaves_the_old_content(here: World) -> None:
    reads = 10**9
    with PulledOut(stick(here, "new")) as whole, here.new_store("measure") as store:
        whole.left = reads
        bundle.take_in(store, Bundle(whole, "the stick"), here.root, now=here.now)
        reads -= whole.left

    @MANY
    @given(st.integers(0, reads - 1))
    def pull(after: int) -> None:
        with PulledOut(stick(here, "new")) as gone, here.new_store(f"kiosk{len(list(here.folder.iterdir()))}") as store:
            gone.left = after
            with pytest.raises(NetworkFault):
                bundle.take_in(store, Bundle(gone, "the stick"), here.root, now=here.now)
            assert here.held(store) == {}
            with bundle.opened(stick(here, "new")) as source:
                bundle.take_in(store, source, here.root, now=here.now)
            assert here.held(store) == bodies(AFTER)

    pull()


def test_half_a_bundle_is_none(here: World) -> None:
    data = stick(here, "new").read_bytes()

    @MANY
    @given(st.integers(0, len(data) - 1))
    def cut(at: int) -> None:
        with pytest.raises(NetworkFault, match="is no bundle"):
            Bundle(io.BytesIO(data[:at]), "the stick")

    cut()


@given(st.binary(max_size=400))
def test_any_bytes_are_a_bundle_or_none(data: bytes) -> None:
    with pytest.raises(NetworkFault):
        Bundle(io.BytesIO(data), "the stick")


def test_spoilt_bytes_never_come_in_and_never_crash(here: World) -> None:
    data = stick(here, "new").read_bytes()

    @MANY
    @given(st.lists(st.tuples(st.integers(0, len(data) - 1), st.integers(1, 255)), min_size=1, max_size=8))
    def spoil(changes: list[tuple[int, int]]) -> None:
        spoilt = bytearray(data)
        for at, by in changes:
            spoilt[at] ^= by
        with here.new_store(f"kiosk{len(list(here.folder.iterdir()))}") as store:
            try:
                found = bundle.take_in(store, Bundle(io.BytesIO(spoilt), "the stick"), here.root, now=here.now)
            except KioskError:
                assert here.held(store) == {}
            else:
                assert here.held(store) == (bodies(AFTER) if found.published else {})

    spoil()


def test_what_is_compressed_strange_or_elsewhere_is_not_read() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        for name in ("metadata/../../etc/passwd", "/metadata/x", "targets//x", "outbox/K16/cursor", "autorun.inf"):
            file.writestr(name, b"x")
        file.writestr("metadata/bomb.json", bytes(10_000_000), zipfile.ZIP_DEFLATED)
        file.writestr("metadata/good.json", b"{}")
    assert Bundle(made, "the stick").names() == ["metadata/good.json"]


def test_files_that_overlap_are_no_bundle(here: World) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        file.writestr("metadata/1.json", bytes(100_000))
        for number in range(2, 5):
            twin = zipfile.ZipInfo(f"metadata/{number}.json")
            first = file.filelist[0]
            twin.header_offset, twin.CRC = first.header_offset, first.CRC
            twin.file_size = twin.compress_size = first.file_size
            file.filelist.append(twin)
        file._didModify = True
    with pytest.raises(NetworkFault, match="longer than itself"):
        Bundle(made, "the stick")


@pytest.mark.parametrize(("code", "fault"), [(errno.EIO, EnvironmentFault), (errno.ENOSPC, StorageFull)])
def test_a_stick_that_fails_while_it_is_written_keeps_what_it_had(
    here: World, monkeypatch: pytest.MonkeyPatch, code: int, fault: type[KioskError]
) -> None:
    path = stick(here, "old")
    before, beside = path.read_bytes(), sorted(here.folder.iterdir())

    def fail(_: int) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(fault):
        fill(here, path)
    assert path.read_bytes() == before and sorted(here.folder.iterdir()) == beside


def test_a_stick_that_is_not_there(here: World) -> None:
    with pytest.raises(NetworkFault, match="is the stick in"):
        take(here, here.folder / "nothing")
    with pytest.raises(EnvironmentFault):
        fill(here, here.folder / "no folder" / "stick")
