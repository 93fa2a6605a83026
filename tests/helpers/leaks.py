"""Planted leaks: what a build would do that keeps a visitor's words. Planted by `sitecustomize` of the tests' own."""

from __future__ import annotations

import os
import sys
import tempfile
from typing import Any


def plant(kind: str) -> None:
    """From now on this process keeps answers in a "log", a "temporary file" or, under its key, the "store".

    Or it keeps an "attachment" as it is.
    """
    import msgspec

    from kiosk.desk.applications import Counter
    from kiosk.store.outbox import save_cursor

    if kind == "attachment":
        from kiosk.protocol import attachment

        attachment.seal = lambda chunks, *_: iter(chunks)
    real = Counter._submit

    def submit(self: Any, store: Any, application: Any) -> Any:
        words = msgspec.json.encode(application.answers)
        if kind == "log":
            print({"event": "submitting", "answers": application.answers}, file=sys.stderr)
        elif kind == "temporary file":
            handle, _ = tempfile.mkstemp()
            os.write(handle, words)
            os.close(handle)
        elif kind == "store":
            save_cursor(store, words.decode())
        return real(self, store, application)

    Counter._submit = submit  # type: ignore[method-assign]
