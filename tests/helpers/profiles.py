"""An enrolled kiosk with all of the real content, and the backend it belongs to, as folders.

Rules. Made once a session by the real parts (compile, apply, the backend's own enrolment) and copied for each test; no
network and no keyring. The store key lies in a file, so the settings say demo.
"""

from __future__ import annotations

import copy
import functools
import secrets
import shutil
import time
from pathlib import Path
from typing import Any

import msgspec

from kiosk import config, resources
from kiosk.backend import enrolment as backend_enrolment
from kiosk.backend import keys as backend_keys
from kiosk.backend.database import Database
from kiosk.backend.keys import PrivateKeys
from kiosk.backend.settings import BackendSettings
from kiosk.config import Settings
from kiosk.desk.applications import Application, Counter
from kiosk.model.content import BackendKeys, Document
from kiosk.model.device import DeviceIdentity
from kiosk.model.form import Answers, FormDefinition
from kiosk.model.receipt import Receipt
from kiosk.protocol import enrolment
from kiosk.protocol.pack import canonical
from kiosk.publish.compile import compile_source
from kiosk.store import device, documents, keys
from kiosk.store.database import Store, open_store
from kiosk.store.keys import StoreKey

KIOSK, NUMBER, CENTRE = "k16", 16, "sokol"
SERVICE = "S0438"
"""The library ticket: applied for, with a form of its own."""
NO_FORM = "S0063"
VERIFIED_AT = "2026-03-01T09:00:00Z"


class KioskProfile:
    """One kiosk: its profile folder, and its backend's folder with keys and database."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "profile"
        self.backend = BackendSettings(data=folder / "backend", port=0, register_every_s=3600.0)

    @property
    def key(self) -> StoreKey:
        return keys.load(self.path, allow_file=True)

    @functools.cached_property
    def private(self) -> PrivateKeys:
        return backend_keys.load(self.backend)

    def store(self) -> Store:
        return open_store(self.path, self.key)

    @property
    def identity(self) -> DeviceIdentity:
        with self.store() as store:
            found = device.identity(store)
        assert found is not None
        return found

    def configure(self, **changes: Any) -> Settings:
        """Write kiosk.toml anew, a demo's unless `changes` say otherwise."""
        settings = Settings(**({"demo": True, "key_slot": "file"} | changes))
        config.save(settings, self.path / "kiosk.toml")
        return settings

    def publish(self, added: list[Document], removed: tuple[str, ...] = ()) -> None:
        """Bring documents into the store as a newer version."""
        with self.store() as store:
            documents.apply(
                store,
                version=documents.content_state(store).version + 1,
                verified_at=VERIFIED_AT,
                added=added,
                removed=removed,
                trust={},
            )

    def publish_keys(self, changed: BackendKeys) -> None:
        self.publish([Document("keys/backend", canonical(changed))])

    def answers(self, form: str = "library-ticket", example: int = 0) -> Answers:
        """A complete valid example of a form, to be changed at will."""
        with self.store() as store:
            return copy.deepcopy(documents.get(store, f"form/{form}", FormDefinition).examples[example])

    def counter(self, **options: Any) -> Counter:
        return Counter(self.path, self.key, **options)

    def submit(self, answers: Answers | None = None, **changes: Any) -> Receipt:
        values = {"service": SERVICE, "answers": answers or self.answers(), "language": "ru", "consent": True}
        return self.counter().submit(Application(**(values | changes)))


def make(folder: Path) -> KioskProfile:
    """A new kiosk with its backend in `folder`."""
    made = KioskProfile(folder)
    private = made.private
    published = compile_source(resources.root(), backend_keys=private.public())
    answer_key = secrets.token_bytes(32)
    database = Database(made.backend)
    try:
        with database.write() as connection:
            code = backend_enrolment.create_code(connection, KIOSK, NUMBER, CENTRE, now=time.time())
        asked = enrolment.request(code, answer_key)
        answer = backend_enrolment.enrol(database, private, made.backend, asked, time.time())
    finally:
        database.close()
    key = keys.create(made.path, "file", allow_file=True)
    with open_store(made.path, key) as store:
        documents.apply(store, version=1, verified_at=VERIFIED_AT, added=published, removed=(), trust={})
        device.save_identity(
            store, DeviceIdentity(answer.kiosk, answer.number, answer.centre, answer_key, answer.certificate)
        )
        device.count_boot(store)
    made.configure()
    return made


def copied(template: KioskProfile, folder: Path) -> KioskProfile:
    """The same kiosk in another folder."""
    shutil.copytree(template.path.parent, folder, dirs_exist_ok=True)
    return KioskProfile(folder)


def put(answers: Answers, pointer: str, value: Any) -> Answers:
    """A copy with one answer changed (a JSON Pointer of names)."""
    changed = copy.deepcopy(answers)
    *path, last = pointer.strip("/").split("/")
    place = changed
    for name in path:
        place = place.setdefault(name, {})
    place[last] = value
    return changed


def write_json(path: Path, value: Any) -> Path:
    path.write_bytes(msgspec.json.encode(value))
    return path
