"""A whole installation in one folder: backend, signing keys, published content, an enrolled and synced kiosk.

Rules. Everything is made by the real parts (publish, enrol, sync), nothing is pre-computed; keys are made on the spot
and never leave the folder. Preparing again brings content and kiosk up to date and loses nothing. The store key lies
in a file, which only a profile with `demo = true` accepts.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec

from kiosk import app, config, resources
from kiosk.config import Mode, Settings
from kiosk.demo.backend_process import BackendProcess
from kiosk.store import device
from kiosk.store.database import open_store

KIOSK, NUMBER, CENTRE = "k16", 16, "sokol"


class Installation:
    """The demo in `profile`. `backend` is running after `prepare`."""

    def __init__(self, profile: Path, say: Callable[[str], None]) -> None:
        self.profile = profile
        self._say = say
        self._folder = profile / "demo"
        self.repository = self._folder / "content"
        self.settings = self._known()
        port = int(self.settings.backend_url.rpartition(":")[2] or 0) if self.settings.backend_url else 0
        self.backend = BackendProcess(self._folder / "backend", self.repository, port)

    def prepare(self, mode: Mode = "kiosk") -> None:
        """Publish, start the backend, enrol, sync. Raises KioskError."""
        self.profile.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.publish()
        url = self.backend.start()
        self._say(f"The backend listens on {url}.")
        printer = f"folder:{self.profile / 'printed'}"
        self.settings = Settings(
            mode=mode,
            demo=True,
            backend_url=url,
            key_slot="file",
            printer=printer,
            link_probe_cap_s=2.0,
            content_every_s=60.0,
        )
        config.save(self.settings, self.profile / "kiosk.toml")
        self._enrol()
        self.sync()

    def publish(self, source: Path | None = None) -> None:
        """Check, compile and sign what is in `source` (default: the program's own resources)."""
        from kiosk.backend import backend_keys
        from kiosk.backend.settings import BackendSettings
        from kiosk.publish import publish

        data = self._folder / "backend"
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
        keys = backend_keys(BackendSettings(data=data))
        signing = self._folder / "signing"
        report = publish(source or resources.root(), self.repository, signing, backend_keys=keys)
        (self.profile / "root.json").write_bytes((signing / "root.json").read_bytes())
        self._say(f"Published content version {report.version}: {report.documents} documents, signed.")

    def _enrol(self) -> None:
        from kiosk.backend.enrolment import create_enrolment_code
        from kiosk.backend.settings import BackendSettings
        from kiosk.identity.enrolment import enrol
        from kiosk.sync.client import make_client

        key = app.profile_key(self.profile, self.settings)
        with open_store(self.profile, key) as store:
            if device.identity(store) is not None:
                return
            backend = BackendSettings(data=self._folder / "backend")
            code = create_enrolment_code(backend, KIOSK, NUMBER, CENTRE)
            with make_client(self.settings) as client:
                device.save_identity(store, enrol(client, self.settings.backend_url, code))
        self._say(f"Enrolled as kiosk {KIOSK} in the centre {CENTRE}.")

    def sync(self) -> None:
        """Fetch and verify what is published."""
        from kiosk.sync import published
        from kiosk.sync.client import make_client

        key = app.profile_key(self.profile, self.settings)
        root = app.trusted_root(self.profile, self.settings)
        with open_store(self.profile, key) as store, make_client(self.settings) as client:
            report = published.update(store, base_url=self.settings.content_base(), root=root, client=client)
        self._say(f"Synced {report.documents} documents in {report.requests} requests, {report.bytes} bytes.")

    def stand_alone(self) -> None:
        """Leave a profile on which every command works with no backend running: content comes from its folder."""
        settings = msgspec.structs.replace(self.settings, content_url=self.repository.as_uri())
        config.save(settings, self.profile / "kiosk.toml")

    def with_mode(self, mode: Mode) -> Settings:
        return msgspec.structs.replace(self.settings, mode=mode)

    def _known(self) -> Settings:
        if (self.profile / "kiosk.toml").is_file():
            return config.load(self.profile, environ={})
        return Settings(demo=True, key_slot="file")
