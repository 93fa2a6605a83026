"""Refreshing published content in a process of its own, a few times an hour.

Rules. python-tuf and what it loads would lie in the engine's memory for good, for seconds of work every quarter of an
hour; so the refresh is a child that exits. It is told what to open as a session is, on standard input, and answers with
one line. A child that hangs is killed, one that says nothing counts as a network fault: the old content stays in use.
"""

from __future__ import annotations

import subprocess
import sys
import threading
from typing import Literal

import msgspec
from msgspec import Struct

from kiosk.errors import ContentRefused, DamagedStore, EnvironmentFault, NetworkFault
from kiosk.protocol import wire

LONGEST_S = 600.0
LOOK_S = 0.5


class RefreshAnswer(Struct, frozen=True):
    """What a refresh came to: documents `changed`, or a fault of a kind with its sentence for engineers."""

    kind: Literal["done", "network", "refused", "damaged", "environment"]
    changed: int = 0
    fault: str = ""


def refresh(opened: wire.Open, stop: threading.Event) -> int:
    """Run one refresh; how many documents changed. Ends early, with 0, when `stop` is set.

    Raises NetworkFault, ContentRefused, EnvironmentFault.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", "kiosk", "refresh"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdin is not None and process.stdout is not None
    try:
        process.stdin.write(wire.encode(opened))
        process.stdin.close()
        waited = 0.0
        while process.poll() is None:
            if stop.wait(LOOK_S if waited else 0.05) or waited > LONGEST_S:
                return 0
            waited += LOOK_S
        said = process.stdout.read()
    except BrokenPipeError as error:
        raise EnvironmentFault("the refresh process died before it began") from error
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        process.stdout.close()
    return _judge(said)


def _judge(said: bytes) -> int:
    try:
        answer = msgspec.json.decode(said, type=RefreshAnswer)
    except msgspec.DecodeError as error:
        raise NetworkFault("the refresh process ended without an answer") from error
    match answer.kind:
        case "network":
            raise NetworkFault(answer.fault)
        case "refused":
            raise ContentRefused(answer.fault)
        case "damaged":
            raise DamagedStore(answer.fault)
        case "environment":
            raise EnvironmentFault(answer.fault)
    return answer.changed
