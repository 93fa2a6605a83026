"""A kiosk's worker, its real backend on loopback, and a server between them that can be bent; the clock is ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import httpx
import msgspec
import uuid_utils

from kiosk.backend import tables
from kiosk.config import Settings
from kiosk.model.submission import OutboxRow, Submission
from kiosk.protocol import envelope
from kiosk.store import outbox
from kiosk.store.database import Store
from kiosk.sync.channel import Channel
from kiosk.sync.client import make_client
from kiosk.sync.worker import Worker
from tests.backend import site as sites
from tests.backend.site import Site
from tests.helpers.patience import PATIENCE_S
from tests.helpers.profiles import KioskProfile
from tests.sync.bent_backend import BentBackend, bent

NOW = 1_790_000_000.0
CAP_S = 5.0
CREATED = "2026-03-01T09:00:00Z"


class Heard:
    """A listener that remembers."""

    def __init__(self) -> None:
        self.link: list[bool] = []
        self.outbox = 0
        self.content = 0

    def link_changed(self, up: bool) -> None:
        self.link.append(up)

    def outbox_changed(self) -> None:
        self.outbox += 1

    def content_changed(self) -> None:
        self.content += 1


class Line:
    """One kiosk on one line to its backend."""

    def __init__(
        self, kiosk: KioskProfile, store: Store, site: Site, between: BentBackend, client: httpx.Client
    ) -> None:
        self.kiosk = kiosk
        self.store = store
        self.site = site
        self.between = between
        self.client = client
        self.now = NOW
        self.heard = Heard()
        self.device = kiosk.identity
        self.old: set[str] = set()
        self.worker = self.new_worker()

    def clear(self) -> None:
        """As if new: an empty outbox, a straight line; what the backend has already is not counted any more."""
        self.between.bend.clear()
        self.between.seen.clear()
        for (id_,) in self.store.rows("SELECT id FROM outbox"):
            outbox.file_of(self.kiosk.path, id_).unlink(missing_ok=True)
        with self.store.transaction():
            self.store.execute("DELETE FROM outbox")
        self.old = {row.id for row in self.site.rows(tables.submissions)}
        self.now, self.heard = NOW, Heard()
        self.worker = self.new_worker()

    def new_worker(self, url: str = "", **options: Any) -> Worker:
        """A worker as after a restart: it knows nothing but the store."""
        channel = Channel(self.client, url or self.between.url, self.device)
        given: dict[str, Any] = {"cap_s": CAP_S, "listener": self.heard, "now": lambda: self.now, "jitter": lambda: 0.9}
        return Worker(self.store, self.kiosk.path, channel, **(given | options))

    def restart(self, **options: Any) -> None:
        self.worker = self.new_worker(**options)

    def submit(self, count: int = 1, **changes: Any) -> list[str]:
        """Keep submissions as the desk does; their ids."""
        return [self._submit(**changes) for _ in range(count)]

    def _submit(self, *, recipient: Any = None, device: Any = None, **changes: Any) -> str:
        id_ = str(uuid_utils.uuid7())

        def make(sequence: int) -> outbox.NewSubmission:
            number = f"16-{sequence:06d}-0"
            values = {"service": "S0438", "form": "library-ticket", "form_version": 1, "language": "ru"}
            made = msgspec.convert(
                {"id": id_, "receipt_number": number, "answers": {}, "created_at": CREATED, "consent": True}
                | values
                | changes,
                Submission,
            )
            sealed = envelope.seal(
                made,
                recipient=recipient or self.kiosk.private.published[1],
                device=device or self.device,
                sequence=sequence,
                boot=1,
                content_version=1,
            )
            return outbox.NewSubmission(id_, number, CREATED, sealed)

        return outbox.submit(self.store, self.kiosk.path, make).id

    def work(self, most: int = 60) -> float:
        """Step until the worker wants to wait; until when (UNIX seconds)."""
        for _ in range(most):
            until = self.worker.step()
            if until > self.now:
                return until
        raise AssertionError("the worker does not come to rest")

    def pass_time(self, seconds: float = 3700.0) -> None:
        """Long enough for every lease, backoff and Retry-After, unless said otherwise."""
        self.now += seconds

    def rows(self) -> list[OutboxRow]:
        return outbox.rows(self.store)

    def states(self) -> list[str]:
        return [row.state.value for row in self.rows()]

    def kept(self) -> list[str]:
        """Ids of the submissions that the backend keeps, each as often as it keeps it."""
        return sorted(row.id for row in self.site.rows(tables.submissions) if row.id not in self.old)


@contextmanager
def line(kiosk: KioskProfile) -> Iterator[Line]:
    """Everything up and running, nothing submitted yet."""
    with ExitStack() as stack:
        site = stack.enter_context(sites.running(kiosk.backend))
        between = stack.enter_context(bent(site.url))
        store = stack.enter_context(kiosk.store())
        client = stack.enter_context(make_client(Settings(request_timeout_s=PATIENCE_S)))
        yield Line(kiosk, store, site, between, client)
