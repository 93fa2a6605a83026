"""A whole site to be replayed against: PostgreSQL, backend processes, published content, and identities of a fleet.

Rules. PostgreSQL commits as in production (fsync, synchronous_commit). A backend is `kiosk backend` as an operator
starts it; its settings lift the limits per address and per device, because here all kiosks are one address. Identities
are written into the table of devices: enrolling is not what is measured.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import msgspec
from msgspec import Struct
from sqlalchemy import create_engine, func, insert, select, text

from bench import content
from kiosk import resources
from kiosk.backend import backend_keys, tables
from kiosk.backend.migrate import migrate
from kiosk.backend.settings import BackendSettings
from kiosk.model.content import BackendKeys, Document
from kiosk.model.form import FormDefinition
from kiosk.model.service import Service
from kiosk.protocol import keys
from tests.helpers import postgres

FORM = "passport-replacement"
SETTINGS = "address_per_s = 0\ndevice_per_s = 0\n"


class Device(Struct, frozen=True):
    """One identity of the fleet: the kiosk's id, its number and its raw private key."""

    kiosk: str
    number: int
    private: bytes


class Example(Struct, frozen=True):
    """What every submission of the replay says: a real form's example, for a service that has it."""

    service: str
    form: str
    version: int
    answers: dict[str, object]


class Site(Struct, frozen=True):
    """The running site: URLs of the backend processes, all process ids, the published keys, the database."""

    urls: tuple[str, ...]
    backends: tuple[int, ...]
    database: int
    database_url: str
    published: BackendKeys
    keys_document: Document
    example: Example

    def count(self, table: str) -> int:
        """How many rows a table has."""
        with create_engine(self.database_url).connect() as connection:
            return int(connection.execute(select(func.count()).select_from(tables.metadata.tables[table])).scalar_one())


@contextmanager
def site(devices: Sequence[Device], processes: int, *, postgresql: bool = True) -> Iterator[Site]:
    """A fresh site with these devices enrolled, gone afterwards; without `postgresql` on SQLite."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="kiosk-fleet-")))
        url, postmaster = "", 0
        if postgresql:
            server = stack.enter_context(postgres.running(durable=True))
            url, postmaster = server.new_database(), _postmaster(server)
        used = BackendSettings(data=folder / "backend", content=folder / "content", database_url=url)
        migrate(used)
        published = backend_keys(used)
        from kiosk.publish import publish

        publish(resources.root(), folder / "content", folder / "signing", backend_keys=published)
        enrol(used, devices)
        (folder / "backend.toml").write_text(SETTINGS, encoding="utf-8")
        running = [stack.enter_context(_backend(used, folder / "backend.toml")) for _ in range(processes)]
        yield Site(
            tuple(url for url, _ in running),
            tuple(pid for _, pid in running),
            postmaster,
            used.url(),
            published,
            Document("keys/backend", msgspec.json.encode(published)),
            example(),
        )


def make_devices(count: int) -> list[Device]:
    """So many identities with keys of their own."""
    return [Device(f"f{number}", number, keys.make_signing_key("device").private) for number in range(1, count + 1)]


def enrol(settings: BackendSettings, devices: Sequence[Device]) -> None:
    """Make the devices known to the backend."""
    engine = create_engine(settings.url())
    with engine.begin() as connection:
        connection.execute(
            insert(tables.devices),
            [
                {
                    "kiosk": device.kiosk,
                    "number": device.number,
                    "centre": "sokol",
                    "public_key": keys.public_of(device.private),
                    "certificate": b"",
                    "enrolled_at": int(time.time()),
                }
                for device in devices
            ],
        )
        connection.execute(text("ANALYZE devices"))
    engine.dispose()


def example() -> Example:
    """The first example of a real form, with the first service that has it."""
    found = {one.id: one.body for one in content.documents()}
    form = msgspec.json.decode(found[f"form/{FORM}"], type=FormDefinition)
    services = (msgspec.json.decode(body, type=Service) for id_, body in found.items() if id_.startswith("service/"))
    service = next(one.id for one in services if one.form == FORM)
    return Example(service, FORM, form.version, form.examples[0])


@contextmanager
def _backend(settings: BackendSettings, file: Path) -> Iterator[tuple[str, int]]:
    command = [
        *(sys.executable, "-m", "kiosk", "backend", "--json", "--port", "0", "--settings", str(file)),
        *("--data", str(settings.data), "--content", str(settings.content), "--database", settings.url()),
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            assert process.stdout is not None
            yield json.loads(process.stdout.readline())["url"], process.pid
        finally:
            process.terminate()


def _postmaster(server: postgres.Postgres) -> int:
    return int((server.folder / "data" / "postmaster.pid").read_text().split()[0])
