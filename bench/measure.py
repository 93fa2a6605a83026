"""How the benchmarks measure: interleaved runs, medians and percentiles, so that a noisy machine hits both sides."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Sequence

from msgspec import Struct


class Figure(Struct, frozen=True):
    """One measured figure. `value` is what is held against the bound; `detail` is for people."""

    name: str
    value: float
    detail: str


def seconds(call: Callable[[], object]) -> float:
    """One call, in seconds."""
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def interleaved(ours: Callable[[], object], peer: Callable[[], object], rounds: int) -> tuple[list[float], list[float]]:
    """Both sides in turn, `rounds` times each, after one warm-up each; seconds."""
    ours()
    peer()
    gc.collect()
    gc.disable()
    try:
        pairs = [(seconds(ours), seconds(peer)) for _ in range(rounds)]
    finally:
        gc.enable()
    return [pair[0] for pair in pairs], [pair[1] for pair in pairs]


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` (0 to 1) of the values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def median(values: Sequence[float]) -> float:
    return statistics.median(values)
