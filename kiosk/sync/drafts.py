"""Drafts to the backend and back, one request at a time.

Rules. What a visitor waits for is fetched first. Bytes from the backend are kept as they are: whether they open under
the visitor's code is seen where the code is. A fault puts the draft off and says nothing about the link: envelopes have
their own probes. It decides nothing about when (the worker calls it between other things) and can read no draft.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from kiosk.log import logger
from kiosk.protocol import draft
from kiosk.store import drafts
from kiosk.store.drafts import DraftRow
from kiosk.sync.channel import BackendFault, Channel, Reply

if TYPE_CHECKING:
    from kiosk.store.database import Store

BODY = "application/octet-stream"
AGAIN_S = 30.0
_log = logger("sync")


class DraftCarrier:
    """Belongs to one worker and its thread."""

    def __init__(self, store: Store, channel: Channel, *, kept_s: float, now: Callable[[], float]) -> None:
        self._store = store
        self._channel = channel
        self._kept_s = kept_s
        self._now = now

    def step(self) -> bool:
        """One request, if one is due; whether there was one."""
        row = drafts.due(self._store, self._now())
        if row is None:
            return False
        try:
            self._carry(row)
        except BackendFault as fault:
            _log.info("draft put off", error=fault.engineer)
            drafts.put_off(self._store, row.id, self._now() + (fault.retry_after_s or AGAIN_S))
        return True

    def forget(self, believed: float) -> None:
        """Let go of what is older than its term."""
        if count := drafts.expire(self._store, believed - self._kept_s):
            _log.info("drafts let go of", count=count)

    def _carry(self, row: DraftRow) -> None:
        path = f"/v1/drafts/{row.id}"
        match row.state:
            case "waiting":
                self._answered(self._channel.exchange("PUT", path, row.sealed, {"Content-Type": BODY}), 200)
                drafts.sent(self._store, row.id)
            case "ended":
                self._answered(self._channel.exchange("DELETE", path, b"", {}), 204)
                drafts.removed(self._store, row.id)
            case _:
                reply = self._channel.exchange("GET", path, b"", {})
                if reply.status == 404 and reply.why():
                    drafts.fetched(self._store, row.id, None, now=self._now())
                    return
                self._answered(reply, 200)
                if reply.kind != BODY or len(reply.body) > draft.MOST_BYTES:
                    raise BackendFault("something between answered for a draft")
                drafts.fetched(self._store, row.id, reply.body, now=self._now())

    def _answered(self, reply: Reply, status: int) -> None:
        if reply.status != status:
            raise BackendFault(f"a draft was answered with status {reply.status}{reply.why()}", reply.retry_after_s)
