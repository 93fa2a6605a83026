"""Files that people and power cuts may have changed: answered or refused in one sentence, whatever is in them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings

from kiosk import config
from kiosk.cli import search, submit
from kiosk.cli.main import main
from kiosk.errors import ConfigurationError, KioskError, UsageError
from kiosk.store import keys, outbox, slot_list
from kiosk.store.database import open_store
from kiosk.sync import published
from kiosk.sync.published import SyncReport
from tests.helpers.mangling import outside
from tests.helpers.profiles import KioskProfile
from tests.protocol.test_parsers_survive_any_bytes import answers_or_refuses
from tests.soak.power_cut import Publisher

PACE = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
SLOTS = b'{"profile":"00","slots":[{"kind":"file","id":"file-1","check":"0011223344556677"}]}'
TOML = b'mode = "kiosk"\ndemo = true\nidle_s = 90.0\nbackend_url = "http://127.0.0.1:1"\n'


def through(path: Path, read: Callable[[], Any]) -> Callable[[bytes], None]:
    def parse(data: bytes) -> None:
        path.write_bytes(data)
        read()

    return parse


def test_the_list_of_slots(tmp_path: Path) -> None:
    parse = through(tmp_path / slot_list.FILE, lambda: slot_list.read(tmp_path))

    @PACE
    @given(outside(SLOTS))
    def anything(data: bytes) -> None:
        answers_or_refuses(parse, data)

    anything()


def test_the_key_file(tmp_path: Path) -> None:
    keys.create(tmp_path, "file", allow_file=True)
    path = tmp_path / "store.key"
    sound = path.read_bytes()
    parse = through(path, lambda: keys.load(tmp_path, allow_file=True))

    @PACE
    @given(outside(sound))
    def anything(data: bytes) -> None:
        answers_or_refuses(parse, data)

    anything()


def test_the_settings(tmp_path: Path) -> None:
    parse = through(tmp_path / "kiosk.toml", lambda: config.load(tmp_path, environ={}))

    @PACE
    @given(outside(TOML))
    def anything(data: bytes) -> None:
        answers_or_refuses(parse, data)

    anything()


@pytest.mark.parametrize("data", [b"\x80", b"a = " + b"[" * 5_000, b"idle_s = " + b"9" * 5_000, b"idle_s = nan"])
def test_settings_that_are_none(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "kiosk.toml").write_bytes(data)
    with pytest.raises(ConfigurationError):
        config.load(tmp_path, environ={})


def test_answers_and_queries(tmp_path: Path) -> None:
    parse = through(tmp_path / "answers.json", lambda: submit._answers(tmp_path / "answers.json"))

    @PACE
    @given(outside(b'{"applicant":{"last":"\xd0\x98","age":7},"list":[1.5,null,true]}'))
    def anything(data: bytes) -> None:
        answers_or_refuses(parse, data)
        answers_or_refuses(lambda line: search._query(line, 1), data)

    anything()


@pytest.fixture
def receipt(kiosk_profile: KioskProfile) -> bytes:
    return msgspec.json.encode(kiosk_profile.submit())


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_receipt_to_be_printed(receipt: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, made = tmp_path / "receipt.json", tmp_path / "receipt.txt"

    @PACE
    @given(outside(receipt, json.dumps(json.loads(receipt)).encode()))
    def anything(data: bytes) -> None:
        path.write_bytes(data)
        code = main(["receipt", "render", "--format", "text", str(path), "-o", str(made)])
        said = capsys.readouterr().err
        assert code in (0, 1, 2) and len(said.splitlines()) <= 3

    anything()


def test_envelope_files(kiosk_profile: KioskProfile) -> None:
    """Whatever lies in the outbox folder: it is taken in, or left and named; nothing else is touched."""
    first = kiosk_profile.submit().submission
    with kiosk_profile.store() as store:
        sound = outbox.envelope(store, first)
        assert sound is not None
        path = outbox.file_of(kiosk_profile.path, "018f2b6e-7c4a-7d3e-9a1b-0c2d3e4f5a6b")

        @PACE
        @given(outside(sound))
        def anything(data: bytes) -> None:
            path.write_bytes(data)
            from kiosk.protocol import envelope

            def read(found: bytes) -> outbox.Found:
                header = envelope.read(found).header
                return outbox.Found(header.id, header.sequence, header.created_at)

            done = outbox.reconcile(store, kiosk_profile.path, read)
            assert done.adopted == () and done.unreadable == (path.name,)

        anything()
        assert [row.id for row in outbox.rows(store)] == [first]


def test_a_mirror_that_serves_anything(real_kiosk: KioskProfile, tmp_path: Path) -> None:
    """One file of the published content is replaced: the update is refused or not needed, what is here stays whole."""
    publisher = Publisher(real_kiosk, tmp_path, 2)
    profile = tmp_path / "profile"
    publisher.profile(real_kiosk, profile)
    newer = publisher.repositories[1]
    files = sorted(path for path in newer.rglob("*") if path.is_file())
    with open_store(profile, keys.load(profile, allow_file=True)) as store:
        taken = published.update(store, root=publisher.root, directory=newer).version
        for path in files:
            sound = path.read_bytes()
            _serve_anything(path, sound, lambda: published.update(store, root=publisher.root, directory=newer), taken)
            path.write_bytes(sound)
        assert published.update(store, root=publisher.root, directory=newer).version == taken


def _serve_anything(path: Path, sound: bytes, update: Callable[[], SyncReport], version: int) -> None:
    @settings(PACE, max_examples=3)
    @given(outside(sound[:20_000]))
    def anything(data: bytes) -> None:
        path.write_bytes(data)
        try:
            assert update().version == version
        except UsageError:
            raise
        except KioskError as error:
            assert error.engineer

    anything()
