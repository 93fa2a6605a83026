"""One engine a profile: the second one is told whose it is, and a killed one leaves nothing locked."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kiosk import app
from kiosk.engine.lock import ProfileLock
from kiosk.errors import ConfigurationError, EnvironmentFault, KeyUnavailable, ProfileInUse
from kiosk.store import device
from tests.helpers.profiles import KioskProfile

ROOT = Path(__file__).parents[2]
HOLDER = """
import sys, threading
from pathlib import Path
from kiosk.engine.lock import ProfileLock
with ProfileLock(Path(sys.argv[1])):
    print("held", flush=True)
    threading.Event().wait()
"""
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="flock is of POSIX")


@contextmanager
def held_by_another(profile: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", HOLDER, str(profile)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        try:
            yield process
        finally:
            process.kill()


def test_the_second_is_told_which_process_owns_it(tmp_path: Path) -> None:
    with held_by_another(tmp_path) as owner:
        for _ in range(2):
            with pytest.raises(ProfileInUse, match=rf"process {owner.pid};"):
                ProfileLock(tmp_path).acquire()


def test_a_killed_owner_leaves_no_lock(tmp_path: Path) -> None:
    with held_by_another(tmp_path) as owner:
        owner.send_signal(signal.SIGKILL)
        owner.wait()
        with ProfileLock(tmp_path):
            assert (tmp_path / "lock").read_text(encoding="ascii") == f"{os.getpid()}\n"


def test_release_frees_it_and_twice_does_no_harm(tmp_path: Path) -> None:
    lock = ProfileLock(tmp_path)
    lock.acquire()
    lock.release()
    lock.release()
    with ProfileLock(tmp_path), pytest.raises(ProfileInUse):
        lock.acquire()


def test_a_child_process_does_not_keep_it(tmp_path: Path) -> None:
    """A session that outlives its engine must not lock out the next engine."""
    lock = ProfileLock(tmp_path)
    lock.acquire()
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        lock.release()
        with ProfileLock(tmp_path):
            pass
        child.kill()


def test_a_profile_that_cannot_be_used_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(EnvironmentFault, match="cannot be used"):
        ProfileLock(tmp_path / "file").acquire()


def test_two_engines_on_one_profile(kiosk_profile: KioskProfile) -> None:
    (kiosk_profile.path / "root.json").write_bytes(b"{}")
    settings = kiosk_profile.configure(backend_url="http://127.0.0.1:9")
    with kiosk_profile.store() as store:
        boots = device.boot(store)
    engine = app.Engine(kiosk_profile.path, settings)
    try:
        with pytest.raises(ProfileInUse, match=rf"process {os.getpid()};"):
            app.Engine(kiosk_profile.path, settings)
    finally:
        engine.begin()
        engine.close()
    with kiosk_profile.store() as store:
        assert device.boot(store) == boots + 1, "the one that was refused has not booted"


def test_an_engine_that_cannot_begin_leaves_no_lock(kiosk_profile: KioskProfile) -> None:
    settings = kiosk_profile.configure(backend_url="http://127.0.0.1:9")
    with pytest.raises(ConfigurationError, match="root_file"):
        app.Engine(kiosk_profile.path, settings)
    (kiosk_profile.path / "root.json").write_bytes(b"{}")
    with ProfileLock(kiosk_profile.path):
        pass


def test_a_key_file_is_for_the_demo_only(tmp_path: Path, kiosk_profile: KioskProfile) -> None:
    settings = kiosk_profile.configure(demo=False, backend_url="http://127.0.0.1:9")
    with pytest.raises(ConfigurationError, match="demo"):
        app.Engine(kiosk_profile.path, settings)
    with pytest.raises(ConfigurationError, match="demo"):
        app.profile_key(tmp_path / "new", settings)
    assert not (tmp_path / "new").exists()
    settings = kiosk_profile.configure(demo=False, key_slot="keyring")
    with pytest.raises(KeyUnavailable, match="key file"):
        app.profile_key(kiosk_profile.path, settings)
    assert app.profile_key(kiosk_profile.path, kiosk_profile.configure()) == kiosk_profile.key
