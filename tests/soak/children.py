"""The processes that are killed and stopped: a kiosk (desk and sync worker), a desk alone, and a backend.

Rules. They are forked from a server process that has imported everything (multiprocessing's forkserver), so that a
thousand of them start in minutes. What a child tells goes through a pipe, one small message each, so that a SIGKILL
leaves whole messages. They are the product's own parts: Counter, Worker with the store, `serve`.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from kiosk.backend.settings import BackendSettings
from kiosk.config import Settings
from kiosk.desk.applications import Application, Counter
from kiosk.store import device, documents, keys
from kiosk.store.database import open_store
from kiosk.sync.channel import Channel
from kiosk.sync.client import make_client
from kiosk.sync.worker import Worker
from tests.helpers.patience import PATIENCE_S
from tests.soak import bugs

CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["pytest", "tests.soak.preload"])
CAP_S = 5.0
TIMEOUT_S = 5.0


class Child:
    """A running child process. `told` is the pipe it speaks into."""

    def __init__(self, target: Callable[..., None], *arguments: Any) -> None:
        self.told, theirs = CONTEXT.Pipe()
        self.process = CONTEXT.Process(target=_quietly, args=(target, theirs, *arguments), daemon=True)
        self.process.start()
        theirs.close()

    @property
    def pid(self) -> int:
        assert self.process.pid is not None
        return self.process.pid

    def hear(self, timeout_s: float = PATIENCE_S) -> Any:
        """The next message. Raises EOFError when the child has died, AssertionError when it says nothing."""
        assert self.told.poll(timeout_s), "the child says nothing"
        return self.told.recv()

    def heard(self) -> list[Any]:
        """Every message that has come; after the child's death, every one that it ever sent."""
        found = []
        with suppress(EOFError, OSError):
            while self.told.poll():
                found.append(self.told.recv())
        return found

    def say(self, word: str) -> None:
        with suppress(OSError):
            self.told.send(word)

    def kill(self) -> list[Any]:
        """SIGKILL; the messages that were left."""
        self.process.kill()
        self.process.join()
        left = self.heard()
        self.told.close()
        self.process.close()
        return left


def _quietly(target: Callable[..., None], told: Connection, folder: Path, *arguments: Any) -> None:
    """Logs go to a file beside the child's folder; a thousand children would drown the tests' own words."""
    log = os.open(folder.with_name(f"{folder.name}.log"), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(log, 2)
    target(told, folder, *arguments)


def run_kiosk(told: Connection, profile: Path, url: str, per_second: float, service: str, bug: str) -> None:
    """Take applications at a rate until told "quiet", and send them until killed. Tells the id of each receipt."""
    bugs.plant(bug)
    with open_store(profile, keys.load(profile, allow_file=True)) as store:
        device.count_boot(store)
    wake = threading.Event()
    quiet = threading.Event()
    threading.Thread(target=_sync, args=(profile, url, wake), daemon=True).start()

    def listen() -> None:
        with suppress(EOFError, OSError):
            told.recv()
        quiet.set()

    threading.Thread(target=listen, daemon=True).start()
    if per_second:
        _desk(told, profile, service, wake.set, quiet, 1 / per_second)
    threading.Event().wait()


def run_desk(told: Connection, profile: Path, service: str, bug: str) -> None:
    """Take applications without pause until killed or until the disk is gone."""
    bugs.plant(bug)
    _desk(told, profile, service, lambda: None, threading.Event(), 0.0)


def run_updates(told: Connection, profile: Path, root: bytes, repositories: list[Path], bug: str) -> None:
    """Take one version of the published content after the other, from folders. Tells each version it has."""
    from kiosk.sync import published

    bugs.plant(bug)
    with open_store(profile, keys.load(profile, allow_file=True)) as store:
        for repository in repositories:
            told.send(published.update(store, root=root, directory=repository).version)
    threading.Event().wait()


def _desk(
    told: Connection, profile: Path, service: str, done: Callable[[], None], quiet: threading.Event, pause_s: float
) -> None:
    from kiosk.model.form import FormDefinition
    from kiosk.model.service import Service

    key = keys.load(profile, allow_file=True)
    with open_store(profile, key) as store:
        form = documents.get(store, f"service/{service}", Service).form
        answers = documents.get(store, f"form/{form}", FormDefinition).examples[0]
    counter = Counter(profile, key)
    due = time.monotonic()
    while not quiet.is_set():
        receipt = counter.submit(Application(service, answers, "ru", True))
        told.send(receipt.submission)
        done()
        due = max(due + pause_s, time.monotonic() - 1.0)
        quiet.wait(max(0.0, due - time.monotonic()))


def _sync(profile: Path, url: str, wake: threading.Event) -> None:
    settings = Settings(demo=True, key_slot="file", backend_url=url, request_timeout_s=TIMEOUT_S)
    with open_store(profile, keys.load(profile, allow_file=True)) as store, make_client(settings) as client:
        known = device.identity(store)
        assert known is not None
        channel = Channel(client, url, lambda: device.speaker(store, known))
        Worker(store, profile, channel, cap_s=CAP_S).run(threading.Event(), wake)


def run_backend(told: Connection, data: Path, port: int, bug: str) -> None:
    """The reference backend on a port (0: any, told) until killed."""
    from kiosk.backend.server import serve

    bugs.plant(bug)
    serve(BackendSettings(data=data, port=port, register_every_s=0.2), ready=told.send)
