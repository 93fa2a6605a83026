"""The backend as a process: it tells its port, stops on SIGTERM with status 0, and keeps its keys private."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text

from kiosk.backend import backend_keys, keys, server
from kiosk.backend.database import Database
from kiosk.errors import ConfigurationError, EnvironmentFault
from tests.backend import site as sites
from tests.helpers.patience import PATIENCE_S

_PROGRAM = """
import sys
from pathlib import Path
from kiosk.backend import server
from kiosk.backend.settings import BackendSettings
server.serve(BackendSettings(data=Path(sys.argv[1])), 0, lambda port: print(port, flush=True))
print("stopped", flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="SIGTERM is of POSIX")
def test_it_serves_until_sigterm(tmp_path: Path) -> None:
    command = [sys.executable, "-c", _PROGRAM, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        port = int(process.stdout.readline())
        with httpx.Client() as client:  # its connection stays open: a stop does not wait for it
            assert client.get(f"http://127.0.0.1:{port}/v1/ready").status_code == 200
            process.send_signal(signal.SIGTERM)
            assert process.wait(PATIENCE_S) == 0
        assert process.stdout.read() == "stopped\n"


def test_keys_are_made_once_and_private(tmp_path: Path) -> None:
    used = sites.settings(tmp_path)
    first = backend_keys(used)
    assert backend_keys(used) == first
    path = used.data / "keys.json"
    assert path.stat().st_mode & 0o777 == 0o600
    assert [item.name for item in used.data.glob("keys*")] == ["keys.json"]
    assert keys.load(used).confirmation.private not in path.read_bytes()[:0] + repr(first).encode()


def test_damaged_keys_are_not_replaced(tmp_path: Path) -> None:
    used = sites.settings(tmp_path)
    backend_keys(used)
    (used.data / "keys.json").write_bytes(b"{")
    with pytest.raises(ConfigurationError, match="are damaged"):
        backend_keys(used)
    assert (used.data / "keys.json").read_bytes() == b"{"


def test_sqlite_is_durable(tmp_path: Path) -> None:
    database = Database(sites.settings(tmp_path))
    with database.read() as connection:
        pragmas = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar() for name in ("journal_mode", "synchronous")
        }
    database.close()
    assert pragmas == {"journal_mode": "wal", "synchronous": 2}


def test_a_newer_database_is_refused(tmp_path: Path) -> None:
    used = sites.settings(tmp_path)
    database = Database(used)
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    database.close()
    with pytest.raises(ConfigurationError, match="revision 9999"):
        Database(used)


def test_a_database_that_cannot_be_opened(tmp_path: Path) -> None:
    used = sites.settings(tmp_path, database_url=f"sqlite:///{tmp_path}/no/such/folder/x.sqlite")
    with pytest.raises(ConfigurationError):
        Database(used)


def test_a_port_that_is_taken(tmp_path: Path) -> None:
    with sites.running(sites.settings(tmp_path)) as site:
        taken = sites.settings(tmp_path / "other", port=int(site.url.rpartition(":")[2]))
        with pytest.raises(EnvironmentFault, match="cannot listen"), server.running(taken):
            pass
