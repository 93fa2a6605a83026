"""Power cuts while a desk takes applications and published content comes in; what is left is read from a plain disk.

Rules. A round: a profile on a lossy disk (tests/helpers/lossy_disk), a desk process that gives receipts without pause,
an updater process that takes newer and newer content; after so many receipts the power goes, then both are killed.
Whatever was told before is a promise: each receipt has its row and, independent of the database, its envelope file,
both the same bytes; the store is whole; content and trust are not older than what was told, and older content is
refused. The next round goes on from what was left.

Where there is no lossy disk, `replayed` looks at one run as it was traced (tests/helpers/traced_disk), cut at many of
its calls.
"""

from __future__ import annotations

import hashlib
import random
import shutil
import sys
import time
from contextlib import ExitStack, suppress
from pathlib import Path

from kiosk.errors import ContentRefused
from kiosk.model.content import Document
from kiosk.publish import keys as publish_keys
from kiosk.publish import repository
from kiosk.store import device, documents, keys, outbox
from kiosk.store.database import check, open_store
from kiosk.sync import published
from tests.helpers import lossy_disk, traced_disk
from tests.helpers.profiles import CENTRE, SERVICE, KioskProfile
from tests.soak.children import Child, run_desk, run_updates
from tests.sync import content_world

FORM = "library-ticket"


class Publisher:
    """Versions 1 to `count` of a small content that holds what the desk needs; `repositories` one folder each."""

    def __init__(self, template: KioskProfile, folder: Path, count: int) -> None:
        signing, repo = folder / "signing", folder / "repository"
        with template.store() as store:
            names = (f"service/{SERVICE}", f"form/{FORM}", f"centre/{CENTRE}", "keys/backend")
            fixed = [Document(name, documents.body(store, name)) for name in names]
        self.repositories: list[Path] = []
        for edition in range(1, count + 1):
            moving = [content_world.service(9000 + number, edition) for number in range(5)]
            began = time.time() - 3600 + edition * 10
            used = publish_keys.load_or_make(signing)
            repository.write(repo, [*fixed, *moving], used, now=lambda began=began: began)
            self.repositories.append(folder / f"version{edition}")
            shutil.copytree(repo, self.repositories[-1])
        self.root = (repo / "metadata" / "1.root.json").read_bytes()

    def profile(self, template: KioskProfile, profile: Path) -> None:
        """A kiosk that has version 1 and the identity of the template."""
        key = keys.create(profile, "file", allow_file=True)
        with open_store(profile, key) as store:
            published.update(store, root=self.root, directory=self.repositories[0])
            device.save_identity(store, template.identity)
            device.count_boot(store)


class Promises:
    """What was told over all rounds, and what is wrong with what was left."""

    def __init__(self) -> None:
        self.receipts: list[str] = []
        self.version = 1
        self.cuts = 0
        self.broken: list[str] = []

    def look(self, profile: Path, publisher: Publisher) -> None:
        """Compare what lies in `profile` with everything that was promised."""
        key = keys.load(profile, allow_file=True)
        folder = profile / outbox.FOLDER
        files = {path.stem: hashlib.sha256(path.read_bytes()).digest() for path in folder.glob("*.env")}
        self.broken += check(profile, key)
        with open_store(profile, key) as store:
            rows = {row.id: row for row in outbox.rows(store)}
            for id_ in self.receipts:
                if id_ not in rows:
                    self.broken.append(f"{id_} has no row")
                elif files.get(id_) != rows[id_].digest:
                    self.broken.append(f"{id_} has no whole file")
            numbers = [row.sequence for row in rows.values()]
            if len(set(numbers)) != len(numbers):
                self.broken.append("a running number was given twice")
            found = documents.content_state(store).version
            if found < self.version:
                self.broken.append(f"content went back from {self.version} to {found}")
            older = publisher.repositories[: self.version - 1]
            if older:
                with suppress(ContentRefused):
                    published.update(store, root=publisher.root, directory=older[-1])
                    self.broken.append(f"version {self.version - 1} was taken after version {self.version}")


def rounds(
    publisher: Publisher,
    template: KioskProfile,
    folder: Path,
    *,
    cuts: int,
    receipts: int,
    seed: int = 0,
    first: int = 0,
    bug: str = "",
) -> Promises:
    """`cuts` power cuts on one profile, each after `receipts` receipts; every other one keeps a part by chance."""
    held = folder / "held0"
    publisher.profile(template, held / "kiosk")
    promises = Promises()
    for number in range(cuts):
        left = folder / f"held{number + 1}"
        with ExitStack() as stack:
            disk = stack.enter_context(lossy_disk.mounted(held, folder / f"mount{number}"))
            profile = disk.path / "kiosk"
            newer = publisher.repositories[promises.version :]
            desk = Child(run_desk, profile, SERVICE, bug)
            updates = Child(run_updates, profile, publisher.root, newer[: number % 3 + 1], bug)
            told = [desk.hear() for _ in range(receipts)]
            disk.cut(left, seed=seed + number, policy="some" if (first + number) % 2 else "none")
            promises.receipts += told + desk.kill()
            promises.version = max([promises.version, *updates.kill()])
        promises.cuts += 1
        promises.look(left / "kiosk", publisher)
        held = left
    return promises


def replayed(
    publisher: Publisher,
    template: KioskProfile,
    folder: Path,
    *,
    receipts: int,
    versions: int,
    cuts: int,
    seed: int = 0,
    bug: str = "",
) -> Promises:
    """One run of `receipts` before each of `versions` and after the last, and what is left of it after each of `cuts`
    power cuts: half of them right after a promise, the others at any call."""
    held, chance = folder / "held", random.Random(seed)
    publisher.profile(template, held / "kiosk")
    work = folder / "work"
    shutil.copytree(held, work)
    (folder / "root.json").write_bytes(publisher.root)
    newer = publisher.repositories[1 : versions + 1]
    given = [work / "kiosk", folder / "root.json", receipts, bug, *newer]
    command = [sys.executable, "-m", "tests.soak.traced_work", *map(str, given)]
    trace = traced_disk.traced(command, work, folder / "trace")
    said = [place for place, line in enumerate(trace.replay(lossy_disk.Disk(held))) if line]
    after = chance.sample(said, min(len(said), cuts // 2))
    others = [place for place in range(said[0], len(trace.calls)) if place not in after]
    at = {*after, *chance.sample(others, cuts - len(after))}
    promises, disk = Promises(), lossy_disk.Disk(held)
    for place, line in enumerate(trace.replay(disk)):
        for one in line.splitlines():
            kind, _, what = one.partition(" ")
            if kind == "receipt":
                promises.receipts.append(what)
            else:
                promises.version = int(what)
        if place in at:
            left = folder / f"left{place}"
            disk.lay_out(seed + place, "some" if promises.cuts % 2 else "none", left)
            promises.cuts += 1
            promises.look(left / "kiosk", publisher)
            shutil.rmtree(left)
    return promises
