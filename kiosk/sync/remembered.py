"""One refresh of the published metadata, over what the store remembers.

Rules. The store is the only memory: ngclient works in a scratch folder that is made from it and thrown away. Whatever
was verified goes back to the store, in one transaction, as soon as the refresh is over and again at the end, failures
included: a source that has shown a newer version once cannot show the older one later, whatever is cut in between. The
clock never runs backwards for signatures (clock.py). The app, the USB stick and tests/conformance/tuf-client come
through here.

It judges no signature (trusted.py) and applies no document (published.py).
"""

from __future__ import annotations

import tempfile
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.log import logger
from kiosk.protocol import manifest
from kiosk.store import clock
from kiosk.store import documents as stored
from kiosk.store.clock import Moment

if TYPE_CHECKING:
    from kiosk.store.database import Store
    from kiosk.sync.fetcher import Fetcher
    from kiosk.sync.trusted import Source, Trusted

_log = logger("sync")


@contextmanager
def refreshed(store: Store, fetcher: Fetcher, source: Source, root: bytes, moment: Moment) -> Generator[Trusted]:
    """The metadata of `source`, verified and remembered; `moment` is now. Raises NetworkFault, ContentRefused."""
    from kiosk.sync.trusted import Trusted

    known = stored.trust(store)
    with tempfile.TemporaryDirectory(prefix="kiosk-content-") as scratch:
        mark = clock.read_mark(known)
        if gone := clock.jump(mark, moment):
            _log.warning("the clock of this device was set, or is wrong", jumped_s=round(gone))
        trusted = Trusted(fetcher, source, root, known, Path(scratch), clock.judged_at(mark, moment))
        try:
            trusted.refresh()
        finally:
            _keep(store, trusted)
        try:
            yield trusted
        finally:
            _keep(store, trusted)


def with_ours(metadata: Mapping[str, bytes], known: Mapping[str, bytes]) -> dict[str, bytes]:
    """Verified metadata, and what we keep beside it: the dictionary and the mark of the clock."""
    return {**metadata, **{name: known[name] for name in (manifest.DICTIONARY, clock.MARK) if known.get(name)}}


def _keep(store: Store, trusted: Trusted) -> None:
    known = stored.trust(store)
    metadata = with_ours(trusted.metadata(), known)
    if metadata != known:
        stored.save_trust(store, metadata)
