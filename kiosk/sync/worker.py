"""The sync worker: performs what the rules decide, on one plain thread with a synchronous client.

Rules. It can be killed at any instruction: leases, settlements and the feed's cursor are committed, the link's state is
not worth keeping. A confirmation is verified against the published keys and against the digest of the envelope that
lies here before it settles anything. Every post says up to which running number the backend's word is here, and every
answer says up to which it has them: when that is less, an older copy was restored there, and what it has forgotten is
offered again: after this answer has settled its rows, with them, so that the oldest go first. It holds no QObject, and
no lock while it waits for the network. Attachments go a request at a time, when no envelope is due. Published content
is looked after by the same thread, between requests. What happens is told through `listener`, called on this thread.

It decides nothing about the outbox (rules.py) and knows no HTTP (channel.py).
"""

from __future__ import annotations

import math
import random
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from kiosk.errors import ContentMissing, ContentRefused, DamagedStore, KioskError, NetworkFault, Refusal
from kiosk.log import logger
from kiosk.model.content import BackendKeys
from kiosk.model.submission import SubmissionState
from kiosk.protocol import batch, confirmation, envelope, problem
from kiosk.protocol.receipt_number import receipt_number
from kiosk.store import clock, device, documents, outbox, uploads
from kiosk.store.outbox import Found
from kiosk.sync import certificate, rules
from kiosk.sync.channel import BackendFault, Channel
from kiosk.sync.drafts import DraftCarrier
from kiosk.sync.uploads import CHUNK_BYTES, Uploader

if TYPE_CHECKING:
    from kiosk.store.database import Store

LONGEST_NAP_S = 30.0
PURGE_EVERY_S = 3600.0
_STATES = {state.value: state for state in SubmissionState}
_log = logger("sync")


class Listener(Protocol):
    """Whoever wants to know. Called on the worker's thread."""

    def link_changed(self, up: bool) -> None: ...

    def outbox_changed(self) -> None: ...

    def content_changed(self) -> None: ...


class Worker:
    """Drains one outbox into one backend. `step` does one thing; `run` does them until told to stop."""

    def __init__(
        self,
        store: Store,
        profile: Path,
        channel: Channel,
        *,
        cap_s: float,
        listener: Listener | None = None,
        refresh: Callable[[], bool] | None = None,
        refresh_every_s: float = 900.0,
        kept_s: float = 30 * 86400.0,
        chunk_bytes: int = CHUNK_BYTES,
        drafts_kept_s: float = 30 * 86400.0,
        now: Callable[[], float] = time.time,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._store = store
        self._profile = profile
        self._channel = channel
        self._cap_s = cap_s
        self._listener = listener
        self._refresh = refresh
        self._refresh_every_s = refresh_every_s
        self._kept_s = kept_s
        self._now = now
        self._jitter = jitter
        self._uploader = Uploader(store, profile, channel, chunk_bytes=chunk_bytes, now=now)
        self._link = rules.Link()
        self._drafts = DraftCarrier(store, channel, kept_s=drafts_kept_s, now=now)
        self._event: rules.Event = rules.Tick()
        self._next_refresh = 0.0
        self._next_purge = 0.0
        self.sent = 0
        self._reconcile_asked = True
        self._settled_row = ("", 0)
        self._forgotten: int | None = None

    @property
    def link_up(self) -> bool:
        return self._link.up

    @property
    def files_sent(self) -> int:
        """Attachments that have arrived whole."""
        return self._uploader.sent

    def reconcile_soon(self) -> None:
        """A session process has crashed: look for envelope files without a row. From any thread."""
        self._reconcile_asked = True

    def reconcile(self) -> None:
        """Make files and rows agree; at the start, before anything is sent."""
        self._reconcile_asked = False
        done = outbox.reconcile(self._store, self._profile, self._found)
        if done.adopted or done.mirrored or done.unreadable:
            _log.warning(
                "outbox reconciled", adopted=len(done.adopted), mirrored=len(done.mirrored), unreadable=done.unreadable
            )
        files = uploads.reconcile(self._store, self._profile, now=self._now())
        if files.adopted or files.lost or files.removed:
            _log.warning("attachments reconciled", adopted=len(files.adopted), lost=files.lost, removed=files.removed)

    def step(self) -> float:
        """Do the next thing; returns the UNIX time until which nothing else is to be done (in the past: go on)."""
        was_up = self._link.up
        now = self._now()
        event, self._event = self._event, rules.Tick()
        self._link, actions = rules.step(
            self._rows(),
            self._link,
            event,
            now,
            cap_s=self._cap_s,
            jitter=self._jitter(),
            pieces=self._uploader.pieces(),
        )
        until = self._perform(actions, now)
        if self._link.up != was_up:
            self._uploader.forget()
            if self._listener:
                self._listener.link_changed(self._link.up)
        return until

    def run(self, stop: threading.Event, wake: threading.Event) -> None:
        """Work until `stop`; `wake` cuts a nap short. Neither is needed for correctness: naps are bounded.

        The caller owns the profile: leases that lie there are of a process that died, and nobody waits for them.
        """
        freed = False
        while not stop.is_set():
            try:
                if not freed:
                    outbox.release_all(self._store)
                    freed = True
                if self._reconcile_asked:
                    self.reconcile()
                self._look_after_content()
                until = min(self.step(), self._content_due())
                if self._link.up and self._drafts.step():
                    until = self._now()
            except DamagedStore:
                raise
            except KioskError as error:
                _log.error("sync cannot go on for now", error=error.engineer)
                until = self._now() + LONGEST_NAP_S
            nap = min(max(0.0, until - self._now()), LONGEST_NAP_S)
            if nap and not stop.is_set():
                wake.wait(nap)
            wake.clear()

    def drain(self) -> None:
        """Send until nothing is due or the link is down; for `kiosk sync`. Never sleeps."""
        self.reconcile()
        while True:
            until = self.step()
            if isinstance(self._event, rules.Failed) and not self._event.upload:
                self.step()
                return
            if until > self._now():
                break
        while self._link.up and self._drafts.step():
            pass

    def look_after_certificate(self) -> None:
        """Renew the device certificate where that is due."""
        certificate.look_after(self._store, self._channel, self._believed())

    def _believed(self) -> float:
        """The time by which what is kept is let go of: a clock that says 2100 must not empty the outbox."""
        return clock.believed_by(self._store, self._now).at

    def _content_due(self) -> float:
        """When content is to be looked after; while the link is down the rules decide how long to wait."""
        return self._next_refresh if self._refresh is not None and self._link.up else math.inf

    def _look_after_content(self) -> None:
        now = self._now()
        if self._refresh is None or not self._link.up or now < self._next_refresh <= now + self._refresh_every_s:
            return
        self._next_refresh = now + self._refresh_every_s
        self.look_after_certificate()
        try:
            changed = self._refresh()
        except NetworkFault as error:
            _log.info("content not refreshed", error=error.engineer)
            self._next_refresh = now + min(self._refresh_every_s, self._cap_s)
        except ContentRefused as error:
            _log.error("published content refused, the old one stays", error=error.engineer)
        except DamagedStore:
            raise
        except KioskError as error:
            _log.error("content cannot be refreshed, the old one stays", error=error.engineer)
        else:
            if changed and self._listener:
                self._listener.content_changed()

    def _rows(self) -> tuple[rules.Row, ...]:
        return tuple(
            rules.Row(id_, sequence, _state(state, answered), lease_until, next_attempt)
            for id_, sequence, state, lease_until, next_attempt, answered in outbox.standing(self._store)
        )

    def _perform(self, actions: tuple[rules.Action, ...], now: float) -> float:
        settled = [(action.id, action.proof) for action in actions if isinstance(action, rules.Settle)]
        if settled:
            outbox.settle(self._store, settled, now=self._believed())
            self.sent += len(settled)
        changed = bool(settled) | self._offer_again()
        until = now
        for action in actions:
            match action:
                case rules.Attend(id_, text):
                    changed |= outbox.needs_attention(self._store, id_, text)
                    _log.warning("submission needs attention", id=id_)
                case rules.Release(ids):
                    outbox.release(self._store, ids)
                    changed = True
                case rules.Send(ids, lease_until):
                    leased = outbox.lease(self._store, ids, lease_until, now=now)
                    if leased:
                        self._tell_outbox()
                        self._event = self._send(leased)
                case rules.Probe():
                    self._event = self._ask(self._probe)
                case rules.Poll():
                    self._event = self._ask(self._poll)
                case rules.Upload(id_):
                    self._event = self._uploader.step(id_)
                case rules.PutOff(id_, until_):
                    uploads.put_off(self._store, id_, until_)
                case rules.Wait(until_):
                    until = until_
                    self._purge(now)
                case rules.Settle():
                    pass
        if changed:
            self._tell_outbox()
        return until

    def _purge(self, now: float) -> None:
        if now >= self._next_purge or self._next_purge > now + PURGE_EVERY_S:
            self._next_purge = now + PURGE_EVERY_S
            outbox.purge(self._store, self._profile, min(now, self._believed()) - self._kept_s)
            self._drafts.forget(min(now, self._believed()))

    def _tell_outbox(self) -> None:
        if self._listener:
            self._listener.outbox_changed()

    def _ask(self, question: Callable[[], rules.Event]) -> rules.Event:
        try:
            return question()
        except BackendFault as fault:
            _log.info("link down", error=fault.engineer)
            return rules.Failed(retry_after_s=fault.retry_after_s)

    def _probe(self) -> rules.Event:
        self._channel.probe()
        return rules.Reached()

    def _send(self, ids: tuple[str, ...]) -> rules.Event:
        held = [(id_, body) for id_ in ids if (body := outbox.envelope(self._store, id_)) is not None]
        held = held[: batch.fitting([len(body) for _, body in held])]
        try:
            # Before the post: without keys nothing could be confirmed.
            keys = self._keys()
            settled = self._settled()
            answer = self._channel.post([body for _, body in held], settled)
        except BackendFault as fault:
            _log.info("batch not answered", error=fault.engineer, rows=len(ids))
            return rules.Failed(ids, fault.retry_after_s)
        if len(answer.results) != len(held):
            _log.info("a batch was answered in part", asked=len(held), answered=len(answer.results))
        self._compare(answer.high_water, settled)
        pairs = zip(held, answer.results, strict=False)
        return rules.Answered(ids, tuple(_result(id_, body, entry, keys) for (id_, body), entry in pairs))

    def _poll(self) -> rules.Event:
        feed = self._channel.feed(outbox.cursor(self._store))
        keys = self._keys()
        found = [known for entry in feed.entries if (known := self._outcome(entry.confirmation, keys)) is not None]
        if feed.entries and outbox.outcomes(self._store, found, now=self._believed(), cursor=feed.cursor):
            self._tell_outbox()
        self._uploader.awaited(feed.awaits)
        self._compare(feed.high_water, self._settled())
        return rules.Reached(feed=True, entries=len(feed.entries), more=feed.more)

    def _settled(self) -> int:
        """The highest running number that the backend has confirmed to the kiosk that this is now; 0 for none."""
        row = outbox.newest_settled(self._store)
        if row is None:
            return 0
        if row.id != self._settled_row[0]:
            body, identity = outbox.envelope(self._store, row.id), device.identity(self._store)
            ours = body is not None and identity is not None and envelope.read(body).header.kiosk == identity.kiosk
            self._settled_row = (row.id, row.sequence if ours else 0)
        return self._settled_row[1]

    def _compare(self, high_water: int | None, settled: int) -> None:
        """What an answer says it has, against what was confirmed here when it was asked."""
        self._forgotten = high_water if high_water is not None and high_water < settled else None

    def _offer_again(self) -> bool:
        if self._forgotten is None:
            return False
        above, self._forgotten = self._forgotten, None
        rows = outbox.offer_again(self._store, above)
        _log.error("the backend has forgotten submissions: offered again", rows=rows, above=above)
        return rows > 0

    def _outcome(self, proof: bytes, keys: BackendKeys) -> outbox.Outcome | None:
        """What one entry of the feed says of a row here; None where it says nothing new, or is not the backend's."""
        try:
            claims = confirmation.verify(proof, keys.confirmation)
        except Refusal as error:
            _log.error("a confirmation is not the backend's", error=error.engineer)
            return None
        row = outbox.row(self._store, claims.id)
        if row is None or row.digest != claims.digest or claims.state == "received":
            return None
        texts = {"with_official": problem.with_official, "refused": problem.refused}
        text = texts[claims.state](claims.reason) if claims.state in texts else ""
        return outbox.Outcome(claims.id, claims.state, proof, claims.number, text)

    def _found(self, data: bytes) -> Found:
        """What the header of an envelope file says, for adopting it. Raises EnvelopeRefused."""
        header = envelope.read(data).header
        identity = device.identity(self._store)
        ours = identity is not None and identity.kiosk == header.kiosk
        number = receipt_number(identity.number, header.sequence) if identity is not None and ours else ""
        return Found(header.id, header.sequence, header.created_at, number)

    def _keys(self) -> BackendKeys:
        try:
            return documents.get(self._store, "keys/backend", BackendKeys)
        except ContentMissing as error:
            raise BackendFault(f"nothing can be confirmed yet: {error.engineer}") from error


def _state(state: str, answered: bool) -> SubmissionState:
    """A received row that already has the backend's later word (an official looks at it) is asked about no sooner."""
    return SubmissionState.REGISTERED if answered and state == "received" else _STATES[state]


def _result(id_: str, body: bytes, entry: batch.EnvelopeResult, keys: BackendKeys) -> rules.Result:
    """The backend's word on one envelope, by its place in the batch: bytes that it could not read have no id there."""
    text = problem.encode(entry.problem) if entry.problem is not None else ""
    if entry.status in ("conflict", "refused") and entry.id in ("", id_):
        return rules.Result(id_, entry.status, None, text)
    if entry.confirmation is None:
        return rules.Result(id_, "received")
    try:
        claims = confirmation.verify(entry.confirmation, keys.confirmation)
    except Refusal as error:
        _log.error("a confirmation is not the backend's", id=id_, error=error.engineer)
        return rules.Result(id_, "received")
    if claims.id != id_ or claims.digest != envelope.digest(body):
        _log.error("a confirmation is for other bytes", id=id_)
        return rules.Result(id_, "received")
    return rules.Result(id_, "received", entry.confirmation)
