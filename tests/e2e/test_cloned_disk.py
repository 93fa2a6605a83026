"""A kiosk's disk is copied and both are started: both stop, nothing is lost, and enrolling anew heals the kiosk."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import msgspec
import pytest

from kiosk.backend import tables
from kiosk.backend.enrolment import create_enrolment_code
from kiosk.cli.main import main
from kiosk.config import Settings
from kiosk.protocol import problem
from kiosk.store import device, outbox
from kiosk.store.database import Store
from kiosk.sync.channel import Channel
from kiosk.sync.client import make_client
from kiosk.sync.worker import Worker
from tests.backend import site as sites
from tests.backend.site import Site
from tests.helpers.patience import PATIENCE_S
from tests.helpers.profiles import KioskProfile, copied


class Machine:
    """A machine with this profile, its engine just started; a second of its clock passes with every turn."""

    def __init__(self, kiosk: KioskProfile, site: Site, stack: ExitStack) -> None:
        self.kiosk = kiosk
        self.site = site
        self.now = time.time()
        self.store: Store = stack.enter_context(kiosk.store())
        self._client = stack.enter_context(make_client(Settings(request_timeout_s=PATIENCE_S)))
        device.count_boot(self.store)
        self.worker = self._worker()

    def _worker(self) -> Worker:
        known = device.identity(self.store)
        assert known is not None
        who = lambda: device.speaker(self.store, known)  # noqa: E731
        channel = Channel(self._client, self.site.url, who, now=lambda: self.now)
        return Worker(self.store, self.kiosk.path, channel, cap_s=5.0, now=lambda: self.now, jitter=lambda: 0.5)

    def turn(self, times: int = 4) -> None:
        """Ask the feed and send what waits; the link's patience is over each time."""
        for _ in range(times):
            self.now += 1
            self.worker = self._worker()
            for _ in range(10):
                if self.worker.step() > self.now:
                    break

    def states(self) -> list[str]:
        return [row.state.value for row in outbox.rows(self.store)]

    def problems(self) -> set[str]:
        return {problem.decode(row.problem).name for row in outbox.rows(self.store) if row.problem}


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as opened:
        yield opened


def test_both_stop_and_enrolling_anew_heals(
    kiosk_profile: KioskProfile, tmp_path: Path, stack: ExitStack, capsys: pytest.CaptureFixture[str]
) -> None:
    site = stack.enter_context(sites.running(kiosk_profile.backend))
    twin = copied(kiosk_profile, tmp_path / "twin")
    one, two = Machine(kiosk_profile, site, stack), Machine(twin, site, stack)
    kiosk_profile.submit()
    one.turn()
    assert one.states() == ["received"], "a single one works as ever"
    for _ in range(3):
        two.turn(1)
        one.turn(1)

    for machine in (one, two):
        machine.kiosk.submit()
        machine.turn()
    assert one.states() == ["received", "needs_attention"] and two.states() == ["needs_attention"]
    assert one.problems() == two.problems() == {"cloned-device"}
    assert main(["outbox", "list", "--json", "--profile", str(twin.path)]) == 0
    told = msgspec.json.decode(capsys.readouterr().out)["rows"][0]["problem"]
    assert "kiosk enrol" in told["detail"] and len(site.rows(tables.quarantine)) == 2, "nothing is lost"

    code = create_enrolment_code(kiosk_profile.backend, "k16", 16, "sokol")
    kiosk_profile.configure(backend_url=site.url)
    assert main(["enrol", code, "--profile", str(kiosk_profile.path)]) == 0
    one.turn()
    assert one.states() == ["received", "received"], "the engine goes on as the new identity, without a restart"
    before = two.states()
    twin.submit()
    two.turn()
    assert two.states() == [*before, "waiting"], "the copy is nobody, and keeps what it has"

    code = create_enrolment_code(kiosk_profile.backend, "k16", 16, "sokol")
    twin.configure(backend_url=site.url)
    assert main(["enrol", code, "--profile", str(twin.path)]) == 0
    two.turn()
    assert two.states() == ["received", "received"], "enrolled in its turn, the copy hands in what it has"
    assert len(site.rows(tables.submissions)) == 4
    twin.submit()
    sequences = [row.sequence for row in outbox.rows(two.store)]
    assert sequences[-1] > max(row.sequence for row in outbox.rows(one.store)), "no number is given out again"
