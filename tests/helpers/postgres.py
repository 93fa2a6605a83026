"""A PostgreSQL of the tests' own: PyPI's pgserver or Debian's, in a folder of its own, on a socket only.

Rules. It listens on no port and lies under the system's folder for temporary files, whose path is short enough for a
socket. PostgreSQL refuses root: then it runs as another user. It is stopped by its own process id. Where neither
package is there, `Missing` says so and the tests are skipped with that reason.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from tests.helpers.patience import PATIENCE_S

_QUICK = ("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")


class Missing(Exception):
    """There is no PostgreSQL to start on this machine."""


class Postgres:
    """A running server."""

    def __init__(self, folder: Path, programs: Path) -> None:
        self.folder = folder
        self.programs = programs

    def url(self, database: str = "postgres") -> str:
        """For SQLAlchemy."""
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder}"

    def new_database(self, template: str = "template1") -> str:
        """A fresh database, or a copy of one that nobody uses; its URL."""
        name = f"t{secrets.token_hex(6)}"
        self.do(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self.url(name)

    def do(self, statement: str) -> None:
        """One statement outside of any transaction, as the superuser."""
        engine = create_engine(self.url(), isolation_level="AUTOCOMMIT")
        try:
            with engine.connect() as connection:
                connection.execute(text(statement))
        finally:
            engine.dispose()


def programs() -> Path:
    """The folder of initdb and postgres. Raises Missing."""
    found = importlib.util.find_spec("pgserver")  # not imported: it looks for running servers when it is
    candidates = [] if found is None or found.origin is None else [Path(found.origin).parent / "pginstall" / "bin"]
    candidates += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for folder in candidates:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise Missing("neither the package pgserver nor Debian's postgresql is installed")


@contextmanager
def running(*, durable: bool = False) -> Iterator[Postgres]:
    """A server, up and running; gone afterwards. `durable`: commits wait for the disk, as in production."""
    found = programs()
    folder = Path(tempfile.mkdtemp(prefix="kiosk-pg-"))
    try:
        user = _user(folder)
        data = folder / "data"
        _run([found / "initdb", "-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--no-locale"], **user)
        options = ["-D", data, "-k", folder, "-c", "listen_addresses=", "-c", "max_connections=200"]
        with (
            (folder / "log").open("wb") as log,
            subprocess.Popen(
                [found / "postgres", *options, *(() if durable else _QUICK)],
                cwd=folder, stdout=log, stderr=log, **user,
            ) as process,
        ):  # fmt: skip
            try:
                made = Postgres(folder, found)
                _wait(made, process)
                yield made
            finally:
                process.send_signal(signal.SIGQUIT)  # at once: its data goes with its folder
                process.wait(PATIENCE_S)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _user(folder: Path) -> dict[str, int]:
    if os.geteuid() != 0:
        return {}
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    entry = names.get("postgres") or names["nobody"]
    os.chown(folder, entry.pw_uid, entry.pw_gid)
    return {"user": entry.pw_uid, "group": entry.pw_gid}


def _run(command: list[object], **user: int) -> None:
    try:
        done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False, cwd="/", **user)
    except PermissionError as error:
        raise Missing(f"{command[0]} cannot be run by another user than root") from error
    if done.returncode:
        raise Missing(f"{command[0]} failed: {done.stderr.strip().splitlines()[-1:]}")


def _wait(server: Postgres, process: subprocess.Popen[bytes]) -> None:
    """Ask until it answers; its own start is the only thing that takes time."""
    for _ in range(int(PATIENCE_S / 0.05)):
        try:
            server.do("SELECT 1")
            return
        except OperationalError as error:
            try:
                process.wait(0.05)
            except subprocess.TimeoutExpired:
                continue
            raise Missing((server.folder / "log").read_text(errors="replace")[-500:]) from error
    raise Missing("PostgreSQL did not start")
