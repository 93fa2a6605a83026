"""SIGKILL between commit and answer: the kiosk asks again, and it is still once, with the same confirmation."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from kiosk.backend import tables
from kiosk.backend.app import Backend
from kiosk.backend.enrolment import create_enrolment_code
from kiosk.identity.enrolment import enrol
from kiosk.protocol import batch, confirmation
from tests.backend import site as sites
from tests.backend.site import Kiosk, Site
from tests.helpers.patience import PATIENCE_S

_PROGRAM = """
import os, signal, sys, threading
from pathlib import Path
from kiosk.backend import server
from kiosk.backend.app import create_app
from kiosk.backend.settings import BackendSettings

def die(method, path, status):
    if path.endswith("/submissions"):
        os.kill(os.getpid(), signal.SIGKILL)

settings = BackendSettings(data=Path(sys.argv[1]), port=0)
with server.running(settings, create_app(settings, registrar=False, before_answer=die)) as url:
    print(url, flush=True)
    threading.Event().wait()
"""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is of POSIX")


def test_still_once_and_the_same_confirmation(tmp_path: Path) -> None:
    used = sites.settings(tmp_path)
    code = create_enrolment_code(used, "k16", 16, "centre-1")
    backend = Backend(used, lambda: sites.NOW, registrar=False)
    with (
        subprocess.Popen(
            [sys.executable, "-c", _PROGRAM, str(used.data)], stdout=subprocess.PIPE, text=True
        ) as process,
        httpx.Client(timeout=PATIENCE_S) as client,
    ):
        assert process.stdout is not None
        doomed = Site(backend, process.stdout.readline().strip(), client)
        kiosk = Kiosk(doomed, enrol(client, doomed.url, code))
        envelopes = [kiosk.seal(), kiosk.seal()]
        with pytest.raises(httpx.TransportError):
            kiosk.post(*envelopes)
        assert process.wait(PATIENCE_S) == -signal.SIGKILL
    kept = {row.id: row.confirmation for row in doomed.rows(tables.submissions)}
    backend.stop()
    assert len(kept) == 2

    with sites.running(used) as site:
        again = Kiosk(site, kiosk.device).post(*envelopes)
        assert [result.status for result in again.results] == ["already", "already"]
        assert {result.id: result.confirmation for result in again.results} == kept
        for proof in kept.values():
            assert confirmation.verify(proof, site.keys.confirmation).state == "received"
        assert len(site.rows(tables.submissions)) == 2
        assert site.register() == 2 and site.register() == 0
        assert len(Kiosk(site, kiosk.device).feed().entries) == 2


def test_an_answer_is_announced_once_with_its_status(tmp_path: Path) -> None:
    seen: list[tuple[str, str, int]] = []
    with sites.running(sites.settings(tmp_path), before_answer=lambda *what: seen.append(what)) as site:
        kiosk = site.enrol()
        seen.clear()
        kiosk.post_body(batch.pack([kiosk.seal()]))
        kiosk.post_body(b"rubbish")
        assert [(method, status) for method, _, status in seen] == [("POST", 200), ("POST", 400)]
