"""A real gnome-keyring on a bus of its own keeps the key, and no file of the profile holds it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.patience import PATIENCE_S

MISSING = [name for name in ("dbus-run-session", "gnome-keyring-daemon") if shutil.which(name) is None]

SCRIPT = """
import sys
from pathlib import Path
from kiosk.store import keys
from kiosk.store.database import open_store
from kiosk.errors import KeyUnavailable, KioskError
import keyring
profile = Path(sys.argv[1])
try:
    made = keys.create(profile, "keyring")
except KioskError as error:
    sys.exit(f"refused: {error.engineer}")
open_store(profile, made).close()
assert keys.load(profile) == made
open_store(profile, keys.load(profile)).close()
for path in profile.rglob("*"):
    data = path.read_bytes()
    assert made.raw not in data and made.raw.hex().encode() not in data, path
for path in Path(sys.argv[2]).rglob("*.keyring"):
    assert made.raw.hex().encode() not in path.read_bytes(), path
from kiosk.store import keyring_slot
from kiosk.store.rekey import rekey
user = keys.slots(profile).profile
keys.rotate(profile, made)
assert keys.load(profile) == made and keyring_slot.read(user) is None and keyring_slot.read(user + "-2") == made.raw
new = rekey(profile)
assert keys.load(profile) == new != made and keyring_slot.read(user + "-2") is None
open_store(profile, new).close()
keyring_slot.delete(user + "-3")
try:
    keys.load(profile)
except KeyUnavailable as error:
    print("gone:", error.engineer)
print("backend:", keyring_slot.name_of(keyring_slot._backend()))
"""


@pytest.mark.skipif(bool(MISSING), reason=f"not installed: {', '.join(MISSING)} (apt-get install gnome-keyring dbus)")
def test_gnome_keyring_keeps_the_key(tmp_path: Path) -> None:
    home, runtime = tmp_path / "home", tmp_path / "run"
    home.mkdir()
    runtime.mkdir(mode=0o700)
    (tmp_path / "script.py").write_text(SCRIPT)
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "XDG_DATA_HOME": str(home / "data"),
        "XDG_RUNTIME_DIR": str(runtime),
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    command = (
        "printf secret | gnome-keyring-daemon --unlock --components=secrets >/dev/null && "
        f"exec {sys.executable} {tmp_path / 'script.py'} {tmp_path / 'profile'} {home}"
    )
    done = subprocess.run(
        ["dbus-run-session", "--", "sh", "-c", command],
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "gone: keyring-3: the keyring holds no key" in done.stdout
    assert "backend: keyring.backends.SecretService.Keyring" in done.stdout


def test_without_a_session_bus_the_choices_are_named(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from kiosk.store import keys; from kiosk.errors import KeyUnavailable\n"
        "try: keys.create(Path(sys.argv[1]), 'keyring')\n"
        "except KeyUnavailable as error: print(error.engineer)"
    )
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(Path(__file__).parents[2]), "HOME": str(tmp_path)}
    if sys.platform != "linux":
        pytest.skip("other systems have a keyring without a session bus")
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "profile")],
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert "systemd credential" in done.stdout, done.stderr
    assert not (tmp_path / "profile" / "keys.json").exists()
