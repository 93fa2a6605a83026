"""How long a test waits for what must come.

Rules. A bound against hanging, never a measure of speed: a machine that is ten times slower passes as well. What must
not come is not waited for, and no test compares a clock with a bound.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

PATIENCE_S = 240.0
LOOK_S = 0.01


def until(true: Callable[[], object], what: str = "") -> None:
    """Look again and again until something is so: for what another process or thread does. Raises AssertionError."""
    nap = threading.Event()
    for _ in range(int(PATIENCE_S / LOOK_S)):
        if true():
            return
        nap.wait(LOOK_S)
    raise AssertionError(f"it never became true: {what}")
