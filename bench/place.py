"""A profile to measure on: an encrypted store with the real content and an enrolled device, in a folder of its own."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct

from bench.content import authority
from kiosk import config
from kiosk.config import Settings
from kiosk.model.content import Document
from kiosk.model.device import CertificateClaims, DeviceIdentity
from kiosk.protocol import certificate, keys
from kiosk.store import database, device, documents
from kiosk.store import keys as store_keys

KIOSK, NUMBER, CENTRE = "k16", 16, "sokol"


class Place(Struct, frozen=True):
    """A profile folder, its key and its settings. There is no backend: the network is down."""

    profile: Path
    key: store_keys.StoreKey
    settings: Settings

    def store(self) -> database.Store:
        return database.open_store(self.profile, self.key)


@contextmanager
def place(content: Iterable[Document], *, version: int = 1) -> Iterator[Place]:
    """A profile with this content, removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="kiosk-bench-") as folder:
        profile = Path(folder) / "profile"
        profile.mkdir(mode=0o700)
        key = store_keys.create(profile, "file", allow_file=True)
        settings = Settings(demo=True, key_slot="file", backend_url="http://127.0.0.1:9")
        config.save(settings, profile / "kiosk.toml")
        with database.open_store(profile, key) as store:
            documents.apply(
                store, version=version, verified_at="2026-11-24T00:00:00Z", added=content, removed=(), trust={}
            )
            device.save_identity(store, identity())
        yield Place(profile, key, settings)


def identity() -> DeviceIdentity:
    """An enrolled device with a certificate of the run's authority."""
    own, signer = keys.make_signing_key("device"), authority().device
    begins = int(time.time()) - 60
    claims = CertificateClaims(KIOSK, NUMBER, CENTRE, own.public, begins, begins + certificate.LIFETIME_S, signer.id)
    return DeviceIdentity(KIOSK, NUMBER, CENTRE, own.private, certificate.issue(claims, signer.id, signer.private))
