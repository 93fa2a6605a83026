"""Editors, a repository, a site and a kiosk's store, for the tests of published content."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from kiosk.model.content import Document
from kiosk.model.service import Service, Theme
from kiosk.model.text import Text
from kiosk.protocol.pack import canonical
from kiosk.publish import keys as publish_keys
from kiosk.publish import repository
from kiosk.publish.repository import PublishReport
from kiosk.store import documents, keys
from kiosk.store.database import Store, open_store
from kiosk.sync import published
from kiosk.sync.published import SyncReport
from tests.helpers.patience import PATIENCE_S
from tests.sync.content_site import ContentSite, serve

DAY = 86_400.0
START = 1_800_000_000.0
WORDS = "справка паспорт ребёнок жильё пенсия налог дорога школа врач земля архив парк брак пособие".split()


def service(number: int, edition: int = 1) -> Document:
    """A service of a usual size, whose words differ from the next one's."""
    said = " ".join(WORDS[(number * step + step) % len(WORDS)] for step in range(1, 12))
    made = Service(
        id=f"S{number:04}",
        theme="family",
        audience="citizen",
        title=Text(f"Услуга {number}: {said}", f"Service {number}, edition {edition}"),
        kind="apply" if number % 2 else "info",
        provenance="editorial",
        summary=Text(f"Вы получите {said[::2]} {number * 7919 % 1000}", f"You get paper {number * 104729 % 10007}"),
    )
    return Document(f"service/{made.id}", canonical(made))


def content(count: int, changed: tuple[int, ...] = (), edition: int = 2) -> list[Document]:
    """A theme and `count` services; those in `changed` are of another edition."""
    theme = Theme("family", Text("Семья", "Family"), "family", 1)
    services = [service(number, edition if number in changed else 1) for number in range(count)]
    return [Document("theme/family", canonical(theme)), *services]


class World:
    """One publisher, one site, one kiosk. `clock` is what both believe the time to be."""

    def __init__(self, folder: Path, site: ContentSite, store: Store, client: httpx.Client) -> None:
        self.folder = folder
        self.repo = site.folder
        self.site = site
        self.store = store
        self.client = client
        self.clock = START
        self.keys = publish_keys.load_or_make(folder / "keys")

    def now(self) -> float:
        return self.clock

    def publish(self, made: list[Document]) -> PublishReport:
        self.clock += 60
        return repository.write(self.repo, made, publish_keys.load_or_make(self.folder / "keys"), now=self.now)

    @property
    def root(self) -> bytes:
        return (self.repo / "metadata" / "1.root.json").read_bytes()

    def sync(self, root: bytes | None = None, store: Store | None = None) -> SyncReport:
        self.site.asked.clear()
        self.site.sent = 0
        return published.update(
            store or self.store, root=root or self.root, base_url=self.site.url, client=self.client, now=self.now
        )

    def held(self, store: Store | None = None) -> dict[str, bytes]:
        """Every document of the store."""
        return {id_: documents.body(store or self.store, id_) for id_ in documents.digests(store or self.store)}

    def photograph(self, name: str) -> Path:
        """A copy of the repository as it is now, as a thief of the mirror keeps it."""
        return Path(shutil.copytree(self.repo, self.folder / name))

    def new_store(self, name: str) -> Store:
        profile = self.folder / name
        return open_store(profile, keys.create(profile, "file", allow_file=True))


def bodies(made: list[Document]) -> dict[str, bytes]:
    return {one.id: one.body for one in made}


@contextmanager
def world(folder: Path) -> Iterator[World]:
    """Everything up and running; nothing is published yet."""
    profile = folder / "profile"
    key = keys.create(profile, "file", allow_file=True)
    with (
        serve(folder / "repo") as site,
        open_store(profile, key) as store,
        httpx.Client(timeout=PATIENCE_S, trust_env=False, verify=False) as client,
    ):
        yield World(folder, site, store, client)
