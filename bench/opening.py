"""Opening the encrypted store of a profile that is there, as every process and thread does it.

Rules. The store holds the real content. The key is in memory; opening is everything up to the first row that was read.
"""

from __future__ import annotations

from bench import content
from bench.measure import Figure, median, percentile, seconds
from bench.place import Place, place
from kiosk.store import documents

ROUNDS = 200


def reopen_figure() -> Figure:
    """p95 of opening and reading one row, ms."""
    with place(content.documents()) as here, here.store():
        _once(here)
        took = [seconds(lambda: _once(here)) * 1e3 for _ in range(ROUNDS)]
    detail = f"p50 {median(took):.2f} ms, p95 {percentile(took, 0.95):.2f} ms; {ROUNDS} rounds"
    return Figure("reopen", percentile(took, 0.95), detail)


def _once(here: Place) -> None:
    with here.store() as store:
        documents.content_state(store)
