"""The main journey by names alone over a real AT-SPI bus: another process, the system's own accessibility library."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.helpers.patience import PATIENCE_S

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
PYTHON = "/usr/bin/python3"
LIMIT_S = 2 * PATIENCE_S
# The program comes up on the bus, the walk is done, the program is stopped; the walk's exit code counts.
SCRIPT = """
"$KIOSK_PYTHON" -m tests.ui.at_spi_app & app=$!
"$WALK_PYTHON" -W ignore "$WALK"; code=$?
kill $app; wait $app; exit $code
"""


def missing() -> str:
    """What this machine lacks; "" when nothing."""
    for program in ("Xvfb", "dbus-run-session"):
        if shutil.which(program) is None:
            return f"{program} is not installed"
    if not any(Path(folder, "at-spi-bus-launcher").exists() for folder in ("/usr/libexec", "/usr/lib/at-spi2-core")):
        return "at-spi2-core is not installed"
    probe = "import gi; gi.require_version('Atspi', '2.0'); from gi.repository import Atspi"
    if not Path(PYTHON).exists() or subprocess.run([PYTHON, "-c", probe], capture_output=True, check=False).returncode:
        return "python3-gi and gir1.2-atspi-2.0 are not installed"
    return ""


@contextmanager
def screen() -> Iterator[str]:
    """A screen of its own; gives its name."""
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1080x1920x24", "-nolisten", "tcp"],
        pass_fds=[writing],
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    with os.fdopen(reading) as pipe:
        number = pipe.readline().strip()
    try:
        assert number, "Xvfb did not start"
        yield f":{number}"
    finally:
        server.terminate()
        server.wait(PATIENCE_S)


@pytest.mark.skipif(bool(missing()), reason=missing() or "all there")
def test_the_main_journey_is_walked_over_at_spi(tmp_path: Path) -> None:
    with screen() as display:
        environ = os.environ | {
            "DISPLAY": display,
            "QT_QPA_PLATFORM": "xcb",
            "QT_QUICK_BACKEND": "software",
            "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
            "XDG_RUNTIME_DIR": str(tmp_path),
            "HOME": str(tmp_path),
            "PYTHONPATH": str(ROOT),
            "KIOSK_PYTHON": sys.executable,
            "WALK_PYTHON": PYTHON,
            "WALK": str(HERE / "at_spi_walk.py"),
        }
        environ.pop("DBUS_SESSION_BUS_ADDRESS", None)
        walk = subprocess.Popen(
            ["dbus-run-session", "--", "/bin/sh", "-c", SCRIPT],
            env=environ,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        try:
            said, _ = walk.communicate(timeout=LIMIT_S)
        finally:
            if walk.poll() is None:
                os.killpg(walk.pid, signal.SIGKILL)
    assert walk.returncode == 0, said
    assert "heard Мы приняли заявление" in said, said
