"""Several kiosks, each on a line of its own, and the one backend they belong to; and what both sides hold at the end.

Rules. Each kiosk is enrolled with the backend, has the real content and its own fault proxy. `acknowledged` holds the
ids whose receipts were given. `verdict` reads both databases from outside, with everything still running.
"""

from __future__ import annotations

import shutil
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from msgspec import Struct

from kiosk.backend import enrolment as backend_enrolment
from kiosk.backend.database import Database
from kiosk.model.device import DeviceIdentity
from kiosk.model.submission import SubmissionState
from kiosk.protocol import enrolment, envelope
from kiosk.store import device, keys, outbox
from kiosk.store.database import open_store
from tests.helpers.fault_proxy import FaultProxy
from tests.helpers.patience import PATIENCE_S, until
from tests.helpers.profiles import SERVICE, KioskProfile
from tests.soak.children import Child, run_backend, run_kiosk

QUIET_S = 3.0
STUCK_AFTER_S = 40.0
"""So long without any progress, several of the longest pauses between attempts: stuck."""


class Verdict(Struct):
    """What a run found. `lost`, `twice`, `stuck` and `unequal` name submissions; empty lists mean that it passed."""

    acknowledged: int
    received: int
    lost: list[str]
    twice: list[str]
    stuck: list[str]
    unequal: list[str]
    empty_after_s: float
    hits: dict[str, int]
    requests: int

    @property
    def passed(self) -> bool:
        return not (self.lost or self.twice or self.stuck or self.unequal) and self.acknowledged > 0

    def __str__(self) -> str:
        found = ", ".join(f"{kind} {count}" for kind, count in sorted(self.hits.items()))
        return (
            f"{self.acknowledged} acknowledged, {self.received} received, {len(self.lost)} lost, "
            f"{len(self.twice)} twice, {len(self.stuck)} stuck, {len(self.unequal)} unequal; "
            f"empty after {self.empty_after_s:.1f} s; {self.requests} requests; hits: {found or 'none'}"
        )


class Kiosk:
    """One kiosk: its profile, its line, and the process that runs it now."""

    def __init__(self, fleet: Fleet, profile: Path, seed: int) -> None:
        self.fleet = fleet
        self.profile = profile
        self.line = FaultProxy(("127.0.0.1", fleet.port), seed)
        self.acknowledged: list[str] = []
        self.child: Child | None = None

    def start(self) -> None:
        bug = self.fleet.bug
        self.child = Child(run_kiosk, self.profile, self.line.url, self.fleet.per_second, SERVICE, bug)

    def collect(self) -> None:
        assert self.child is not None
        self.acknowledged += self.child.heard()

    def kill(self) -> None:
        if self.child is not None:
            self.acknowledged += self.child.kill()
            self.child = None

    def rows(self) -> dict[str, tuple[bytes, SubmissionState, str]]:
        """Its submissions: id -> (digest, state, registration number)."""
        with open_store(self.profile, keys.load(self.profile, allow_file=True), read_only=True) as store:
            return {row.id: (row.digest, row.state, row.registered_number) for row in outbox.rows(store)}


class Fleet:
    """`count` kiosks made from a template, at `per_second` applications each. Starts at `with`, ends with it."""

    def __init__(
        self, template: KioskProfile, folder: Path, count: int, per_second: float, *, seed: int = 0, bug: str = ""
    ) -> None:
        self.per_second = per_second
        self.bug = bug
        self.data = folder / "backend"
        self.port = 0
        self._backend: Child | None = None
        self._serving = threading.Lock()
        shutil.copytree(template.backend.data, self.data)
        profiles = [_enrolled(template, folder / f"kiosk{number}", self.data, number) for number in range(1, count + 1)]
        self.start_backend()
        self.kiosks = [Kiosk(self, profile, seed + number) for number, profile in enumerate(profiles)]

    def __enter__(self) -> Fleet:
        for kiosk in self.kiosks:
            kiosk.start()
        return self

    def __exit__(self, *_: object) -> None:
        for kiosk in self.kiosks:
            kiosk.kill()
        self.kill_backend()
        for kiosk in self.kiosks:
            kiosk.line.close()

    @property
    def backend_pid(self) -> int:
        assert self._backend is not None
        return self._backend.pid

    def start_backend(self) -> None:
        with self._serving:
            self._backend = Child(run_backend, self.data, self.port, self.bug)
            self.port = self._backend.hear()

    def kill_backend(self) -> None:
        with self._serving:
            if self._backend is not None:
                self._backend.kill()
                self._backend = None

    def hits(self) -> Counter[str]:
        found: Counter[str] = Counter()
        for kiosk in self.kiosks:
            found += kiosk.line.hits
        return found

    def settle(self) -> Verdict:
        """Heal every line, let quiet be, and compare what both sides hold. A receipt was given before that."""
        until(self._receipts, "an application was taken")
        for kiosk in self.kiosks:
            kiosk.line.heal()
            assert kiosk.child is not None
            kiosk.child.say("quiet")
        threading.Event().wait(QUIET_S)
        began = time.monotonic()
        stuck = _until(self._unsent)
        empty_after_s = time.monotonic() - began
        for kiosk in self.kiosks:
            kiosk.collect()
        received = Counter(id_ for id_, _ in self.received())
        acknowledged = [id_ for kiosk in self.kiosks for id_ in kiosk.acknowledged]
        lost = [id_ for id_ in acknowledged if id_ not in received]
        twice = {id_ for id_, times in received.items() if times > 1}
        unequal = self._unequal() if stuck or lost or twice else _until(self._unequal)
        twice |= {id_ for id_, times in Counter(one for one, _, _ in self.registered()).items() if times > 1}
        return Verdict(
            acknowledged=len(acknowledged),
            received=len(received),
            lost=lost,
            twice=sorted(twice),
            stuck=stuck,
            unequal=unequal,
            empty_after_s=empty_after_s,
            hits=dict(self.hits()),
            requests=sum(kiosk.line.requests for kiosk in self.kiosks),
        )

    def _receipts(self) -> bool:
        for kiosk in self.kiosks:
            kiosk.collect()
        return any(kiosk.acknowledged for kiosk in self.kiosks)

    def received(self) -> list[tuple[str, bytes]]:
        """What the backend keeps, by the envelopes themselves: (id, digest)."""
        return [
            (read.header.id, read.digest)
            for (data,) in self._read("SELECT envelope FROM submissions")
            if (read := envelope.read(data))
        ]

    def registered(self) -> list[tuple[str, str, str]]:
        """(submission, state, number)."""
        return [(one, state, number or "") for one, state, number in self._read(_REGISTERED)]

    def _read(self, sql: str) -> list[tuple[bytes, ...] | tuple[str, ...]]:
        with closing(
            sqlite3.connect(f"file:{self.data / 'backend.sqlite'}?mode=ro", uri=True, timeout=PATIENCE_S)
        ) as database:
            return database.execute(sql).fetchall()

    def _unsent(self) -> list[str]:
        open_ = (SubmissionState.WAITING, SubmissionState.SENDING, SubmissionState.NEEDS_ATTENTION)
        return [
            f"{id_} {state.value}"
            for kiosk in self.kiosks
            for id_, (_, state, _) in kiosk.rows().items()
            if state in open_
        ]

    def _unequal(self) -> list[str]:
        """Where a read of the kiosks and a read of the backend differ."""
        here = {
            (id_, digest, number if state is SubmissionState.REGISTERED else "")
            for kiosk in self.kiosks
            for id_, (digest, state, number) in kiosk.rows().items()
        }
        numbers = {one: number for one, _, number in self.registered()}
        there = {(id_, digest, numbers.get(id_, "not yet")) for id_, digest in self.received()}
        return sorted({id_ for id_, _, _ in here ^ there})


_REGISTERED = "SELECT submission, state, number FROM registrations"


def _until(trouble: Callable[[], list[str]]) -> list[str]:
    """Ask until there is no trouble, or none of it has gone for a long while; what is left."""
    nap = threading.Event()
    least, since = trouble(), time.monotonic()
    while (left := trouble()) and time.monotonic() < since + STUCK_AFTER_S:
        if len(left) < len(least):
            least, since = left, time.monotonic()
        nap.wait(0.1)
    return left


def _enrolled(template: KioskProfile, folder: Path, data: Path, number: int) -> Path:
    """A copy of the template's profile with an identity of its own."""
    import msgspec
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from kiosk.backend import keys as backend_keys

    shutil.copytree(template.path, folder)
    settings = msgspec.structs.replace(template.backend, data=data)
    private = backend_keys.load(settings)
    answer_key = Ed25519PrivateKey.generate().private_bytes_raw()
    database = Database(settings)
    try:
        with database.write() as connection:
            code = backend_enrolment.create_code(connection, f"s{number}", 1000 + number, "sokol", now=time.time())
        answer = backend_enrolment.enrol(database, private, settings, enrolment.request(code, answer_key), time.time())
    finally:
        database.close()
    with open_store(folder, keys.load(folder, allow_file=True)) as store:
        device.save_identity(
            store, DeviceIdentity(answer.kiosk, answer.number, answer.centre, answer_key, answer.certificate)
        )
        device.count_boot(store)
    return folder
