"""A backend of the tests' own, and kiosks that are enrolled with it and talk to it over HTTP."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import uuid_utils
from sqlalchemy import Table, select

from kiosk.backend import backend_keys, server
from kiosk.backend.app import Backend, create_app
from kiosk.backend.enrolment import create_enrolment_code
from kiosk.backend.registrar import register_pending
from kiosk.backend.settings import BackendSettings
from kiosk.identity.enrolment import enrol
from kiosk.model.content import BackendKeys
from kiosk.model.device import DeviceIdentity
from kiosk.model.submission import Submission
from kiosk.protocol import batch, envelope, http_signature
from tests.helpers.patience import PATIENCE_S

BOTH = ("sqlite", "postgresql")
"""`DATABASES = BOTH` in a module: its tests run on both databases; without it, on SQLite."""
CREATED = "2026-03-01T10:00:00Z"
NOW = 1_790_000_000.0
"""A moment of 2026."""


def settings(folder: Path, **changes: Any) -> BackendSettings:
    return BackendSettings(**({"data": folder / "backend", "port": 0, "register_every_s": 0.05} | changes))


def submission(**changes: Any) -> Submission:
    values = {
        "id": str(uuid_utils.uuid7()),
        "receipt_number": "16-000001",
        "service": "S0001",
        "form": "library-ticket",
        "form_version": 1,
        "language": "ru",
        "answers": {"name": "Проба"},
        "created_at": CREATED,
        "consent": True,
    }
    return Submission(**(values | changes))


class Site:
    """A running backend: its URL, its public keys, one HTTP client, and a look into its tables."""

    def __init__(self, backend: Backend, url: str, client: httpx.Client) -> None:
        self.backend = backend
        self.settings = used = backend.settings
        self.url = url
        self.client = client
        self.keys: BackendKeys = backend_keys(used)

    def enrol(self, kiosk: str = "k16", number: int = 16) -> Kiosk:
        code = create_enrolment_code(self.settings, kiosk, number, "centre-1")
        return Kiosk(self, enrol(self.client, self.url, code))

    def rows(self, table: Table) -> list[Any]:
        with self.backend.database.read() as connection:
            return list(connection.execute(select(table)).all())

    def register(self) -> int:
        """Do one round of the registrar's work."""
        self.backend.checker.refresh(time.time())
        part = self.backend
        return register_pending(part.database, part.keys, part.settings, part.checker, now=NOW)


class Kiosk:
    """An enrolled device that seals, posts and reads its feed."""

    def __init__(self, site: Site, device: DeviceIdentity) -> None:
        self.site = site
        self.device = device
        self.sequence = 0

    def seal(self, **changes: Any) -> bytes:
        return self.seal_this(submission(**changes))

    def seal_this(self, what: Submission, key: Any = None) -> bytes:
        self.sequence += 1
        return envelope.seal(
            what,
            recipient=key or self.site.keys.recipients[0],
            device=self.device,
            sequence=self.sequence,
            boot=1,
            content_version=1,
        )

    def post(self, *envelopes: bytes) -> batch.BatchAnswer:
        response = self.post_body(batch.pack(envelopes))
        assert response.status_code == 200, response.text
        return batch.decode_answer(response.content)

    def post_body(self, body: bytes, kiosk: str = "", **headers: str) -> httpx.Response:
        path = f"/v1/kiosks/{kiosk or self.device.kiosk}/submissions"
        signed = self.sign("POST", path, body)
        return self.site.client.post(
            self.site.url + path, content=body, headers={"Content-Type": batch.CONTENT_TYPE, **signed, **headers}
        )

    def feed(self, after: str = "", limit: int = 100) -> batch.Feed:
        response = self.get_feed(after, limit)
        assert response.status_code == 200, response.text
        return batch.decode_feed(response.content)

    def get_feed(self, after: str = "", limit: int = 100) -> httpx.Response:
        path = f"/v1/kiosks/{self.device.kiosk}/confirmations?after={after}&limit={limit}"
        return self.site.client.get(self.site.url + path, headers=self.sign("GET", path, b""))

    def sign(self, method: str, path: str, body: bytes, now: float | None = None) -> dict[str, str]:
        at = int(time.time() if now is None else now)
        return http_signature.sign_request(method, path, body, self.device, at, secrets.token_urlsafe(18))


@contextmanager
def running(used: BackendSettings, **changes: Any) -> Iterator[Site]:
    """A backend on loopback. It registers only when the test says so, unless `registrar=True`."""
    app = create_app(used, **({"registrar": False} | changes))
    with server.running(used, app) as url, httpx.Client(timeout=PATIENCE_S) as client:
        yield Site(app.state.backend, url, client)
