"""What processes use: CPU seconds and memory, of one and of all that it has started.

Rules. CPU is user and system together, of a process and of its children, the dead ones that it has waited for too: on
a machine that others use as well it says more than the clock. Memory is the resident set, in bytes.
"""

from __future__ import annotations

from collections.abc import Iterable

import psutil


def cpu_s(pids: Iterable[int]) -> float:
    """CPU seconds that these processes and their children have used so far."""
    return sum(_cpu_s(psutil.Process(pid)) for pid in pids)


def resident(pids: Iterable[int]) -> int:
    """Bytes that these processes hold in memory, together."""
    return sum(int(psutil.Process(pid).memory_info().rss) for pid in pids)


def _cpu_s(process: psutil.Process) -> float:
    times = process.cpu_times()
    own = times.user + times.system + times.children_user + times.children_system
    for child in process.children(recursive=True):
        try:
            of_child = child.cpu_times()
        except psutil.NoSuchProcess:  # its time has gone to its parent, and is counted at the next look
            continue
        own += of_child.user + of_child.system
    return float(own)
