"""Fleet replay: every kiosk comes back at once after an outage, through HTTP into PostgreSQL, on this machine.

Rules. PostgreSQL, the backend processes and the load share the machine's cores. Commits are durable, requests are
signed, every seal is opened, every confirmation is signed; registering runs at the same time and shares the same
processes, and what it does until the last submission is registered counts in the cost. Envelopes are sealed (X-Wing)
and requests are signed beforehand by the generator, which is no part of what is measured; a kiosk connects anew, and
its batches follow one another. A warm-up of other kiosks comes first. Every run ends with a look into the database
(each submission once, each registered, each in a feed) and with a replay of some batches, which must be answered
"already"; a submission lost or kept twice is no figure but a failure.

`python -m bench.fleet --help` takes other sizes.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from itertools import islice
from pathlib import Path

import msgspec
from msgspec import Struct
from uuid_utils import uuid7

from bench import fleet_place, processes
from bench.fleet_load import Kiosk, Plan, Told
from bench.fleet_place import Device, Example, Site
from bench.measure import Figure
from kiosk.model.content import RecipientKey
from kiosk.model.device import DeviceIdentity
from kiosk.model.submission import Submission
from kiosk.protocol import batch, confirmation, envelope

RAW_PER_S, SYNC_PER_S = 2000, 1500
SIZES = (100, 1000, 5000)
SUBMISSIONS = 50_000
BATCH = 10
"""Of one kiosk in one request; the same at every size, so that only the number of identities differs."""
GENERATORS, BACKENDS, AT_ONCE = 2, 2, 16
WARM_UP = 2_000
PATIENCE_S = 600.0


class Wrong(RuntimeError):
    """A submission was lost, kept twice or answered wrongly."""


class Run(Struct, frozen=True):
    """One replay.

    `per_s` submissions received a second; `backend_ms` and `database_ms` CPU each, registering included, of which
    `receiving_ms` until the last one was received, in both;
    `registered_share` when the last one was received; memory in bytes after the warm-up and at the end.
    """

    devices: int
    submissions: int
    per_s: float
    backend_ms: float
    database_ms: float
    receiving_ms: float
    load_ms: float
    registered_share: float
    all_registered_s: float
    memory_before: int
    memory_after: int
    tries_again: int

    @property
    def cost_ms(self) -> float:
        return self.backend_ms + self.database_ms

    def told(self) -> str:
        return (
            f"{self.devices} kiosks: {self.per_s:.0f}/s; CPU each: backend {self.backend_ms:.2f} ms, PostgreSQL "
            f"{self.database_ms:.2f} ms ({self.receiving_ms:.2f} of both until the last was received), load "
            f"{self.load_ms:.2f} ms; {self.registered_share:.0%} registered meanwhile, all after "
            f"{self.all_registered_s:.0f} s; backends {self.memory_before >> 20} -> {self.memory_after >> 20} MiB; "
            f"{self.tries_again} tries again"
        )


def fleet_raw_figure() -> Figure:
    """The wanted rate over the reached one, of the slowest size."""
    runs = [raw(size) for size in SIZES]
    slowest = min(run.per_s for run in runs)
    return Figure("fleet_raw", RAW_PER_S / slowest, "\n".join(run.told() for run in runs))


def fleet_flat_figure() -> Figure:
    """CPU a submission at the most identities over the least."""
    first, last = raw(SIZES[0]), raw(SIZES[-1])
    return Figure("fleet_flat", last.cost_ms / first.cost_ms, f"{last.cost_ms:.2f} ms against {first.cost_ms:.2f} ms")


def fleet_memory_figure() -> Figure:
    """Resident memory of the backends at the end over after the warm-up, of the worst size."""
    runs = [raw(size) for size in SIZES]
    return Figure(
        "fleet_memory",
        max(run.memory_after / run.memory_before for run in runs),
        ", ".join(f"{run.memory_before >> 20} -> {run.memory_after >> 20} MiB" for run in runs),
    )


def fleet_sync_figure() -> Figure:
    """The wanted rate over the reached one, with the real store and worker of every kiosk."""
    from bench.fleet_kiosks import DEVICES, EACH, real

    run = real(DEVICES, EACH)
    return Figure("fleet_sync", SYNC_PER_S / run.per_s, run.told())


@cache
def raw(devices: int, submissions: int = SUBMISSIONS, size: int = BATCH, backends: int = BACKENDS) -> Run:
    """Replay so many submissions from so many kiosks by the raw generators."""
    of_each = submissions // devices
    fleet = fleet_place.make_devices(devices + WARM_UP // 50)
    with fleet_place.site(fleet, backends) as here, tempfile.TemporaryDirectory(prefix="kiosk-plans-") as folder:
        warm = seal_all(fleet[devices:], 50, 50, here)
        sealed = seal_all(fleet[:devices], of_each, size, here)
        with generators(Path(folder), here, warm) as ready:
            wait_registered(here, sum(len(one.received) for one in ready()))
        run = measured(Path(folder), here, sealed, devices, devices * of_each)
        again(Path(folder), here, sealed[:20])
    return run


def measured(
    folder: Path, here: Site, sealed: list[Kiosk], devices: int, count: int, module: str = "bench.fleet_load"
) -> Run:
    """The replay itself, and what it left in the database."""
    before = {name: here.count(name) for name in ("submissions", "registrations", "feed")}
    memory = processes.resident(here.backends)
    cpu, database_cpu = processes.cpu_s(here.backends), processes.cpu_s([here.database])
    with generators(folder, here, sealed, module) as go:
        told = go()
    receiving = processes.cpu_s([*here.backends, here.database]) - cpu - database_cpu
    began, ended = min(one.began for one in told), max(one.ended for one in told)
    registered = here.count("registrations") - before["registrations"]
    wait_registered(here, before["registrations"] + count)
    done = time.time()
    ids = [id_ for one in told for id_ in one.received]
    if len(ids) != count or len(set(ids)) != count:
        raise Wrong(f"{count} submissions were sent, {len(set(ids))} received, {len(ids)} answers of receipt")
    for name, rows in before.items():
        if here.count(name) - rows != count:
            raise Wrong(f"the table {name} has {here.count(name) - rows} rows for {count} submissions")
    for proof in islice((proof for one in told for proof in one.confirmations), 200):
        confirmation.verify(proof, here.published.confirmation)
    return Run(
        devices=devices,
        submissions=count,
        per_s=count / (ended - began),
        backend_ms=(processes.cpu_s(here.backends) - cpu) / count * 1e3,
        database_ms=(processes.cpu_s([here.database]) - database_cpu) / count * 1e3,
        receiving_ms=receiving / count * 1e3,
        load_ms=sum(one.cpu_s for one in told) / count * 1e3,
        registered_share=registered / count,
        all_registered_s=done - began,
        memory_before=memory,
        memory_after=processes.resident(here.backends),
        tries_again=sum(one.tries_again for one in told),
    )


def again(folder: Path, here: Site, sealed: list[Kiosk]) -> None:
    """What was received is answered "already", and nothing is kept twice."""
    before = here.count("submissions")
    with generators(folder, here, sealed) as go:
        statuses = [one.statuses for one in go()]
    if any(set(one) != {"already"} for one in statuses) or here.count("submissions") != before:
        raise Wrong(f"a replay of what is there was answered {statuses}")


def wait_registered(here: Site, count: int) -> None:
    """Until so many are registered."""
    until = time.monotonic() + PATIENCE_S
    while here.count("registrations") < count:
        if time.monotonic() > until:
            raise Wrong(f"{here.count('registrations')} of {count} submissions were registered in {PATIENCE_S:g} s")
        time.sleep(0.1)


def seal_all(fleet: Sequence[Device], of_each: int, size: int, here: Site) -> list[Kiosk]:
    """Each kiosk's submissions, sealed and packed."""
    with ProcessPoolExecutor(GENERATORS) as pool:
        parts = [(device, of_each, size, here.example, here.published.recipients[0]) for device in fleet]
        return list(pool.map(_seal, parts, chunksize=max(1, len(parts) // 20)))


def _seal(asked: tuple[Device, int, int, Example, RecipientKey]) -> Kiosk:
    device, count, size, what, recipient = asked
    made = [sealed(device, number, what, recipient) for number in range(1, count + 1)]
    bodies = [batch.pack(made[at : at + size]) for at in range(0, count, size)]
    return Kiosk(device.kiosk, device.number, device.private, bodies)


def sealed(device: Device, sequence: int, what: Example, recipient: RecipientKey) -> bytes:
    """One submission of a kiosk, sealed as the kiosk does it."""
    submission = Submission(
        id=str(uuid7()),
        receipt_number=f"{device.number}-{sequence:06d}",
        service=what.service,
        form=what.form,
        form_version=what.version,
        language="ru",
        answers=what.answers,
        created_at=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        consent=True,
    )
    identity = DeviceIdentity(device.kiosk, device.number, "sokol", device.private, b"")
    return envelope.seal(submission, recipient=recipient, device=identity, sequence=sequence, boot=1, content_version=1)


@contextmanager
def generators(
    folder: Path, here: Site, sealed: list[Kiosk], module: str = "bench.fleet_load"
) -> Iterator[Callable[[], list[Told]]]:
    """Generators that are ready; the function lets them go, and gives what they told."""
    running = []
    for number in range(GENERATORS):
        path = folder / f"{number}.plan"
        plan = Plan(here.urls[number % len(here.urls)], AT_ONCE, sealed[number::GENERATORS], here.keys_document.body)
        path.write_bytes(msgspec.msgpack.encode(plan))
        command = [sys.executable, "-m", module, str(path)]
        running.append((path, subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)))

    def go() -> list[Told]:
        for _, process in running:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        told = []
        for path, process in running:
            if process.wait(PATIENCE_S):
                raise Wrong("a generator of the load failed")
            told.append(msgspec.msgpack.decode(path.with_suffix(".told").read_bytes(), type=Told))
        return told

    try:
        for _, process in running:
            assert process.stdout is not None
            process.stdout.readline()
        yield go
    finally:
        for _, process in running:
            process.kill()
            process.communicate()


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.fleet", description="One fleet replay of another size.")
    parser.add_argument("--devices", type=int, default=1000)
    parser.add_argument("--submissions", type=int, default=10_000, help="in all")
    parser.add_argument("--batch", type=int, default=BATCH, help="of one kiosk in one request, at most 50")
    parser.add_argument("--backends", type=int, default=BACKENDS, help="processes")
    parser.add_argument("--real", action="store_true", help="the real store and sync code instead of the generator")
    given = parser.parse_args(argv)
    if given.real:
        from bench.fleet_kiosks import real

        run = real(given.devices, given.submissions // given.devices, given.backends)
    else:
        run = raw(given.devices, given.submissions, given.batch, given.backends)
    print(run.told())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
