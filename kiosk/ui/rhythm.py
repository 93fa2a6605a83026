"""A scanner that types, told from people by its rhythm. Values in, values out: no Qt, no clock.

Rules. A keyboard wedge sends the signs of a code within a few milliseconds of each other; the fastest people leave 50
between keys over any length, and two or three keys hit at once are no code. So a run of keys is a scanner's once it has
SURE of them, each at most GAP_MS after the one before; from then on its keys are swallowed, so that Return and Space of
a code press nothing. A code is told when Return or Tab ends the run, or a pause does. What was typed slower is never
looked at, kept or swallowed; keys that repeat by themselves count as no typing at all. A run longer than any code is
swallowed to its end and told as what it began with. Which codes are ours, others decide.
"""

from __future__ import annotations

from msgspec import Struct

GAP_MS = 40.0
"""The longest time between two keys of a scanner."""
PAUSE_MS = 150.0
"""After so long without a key a code has come to its end, even without Return."""
SURE = 6
"""So many fast keys in a row are no person's."""
SHORTEST = 8
"""Shorter runs are swallowed, and told as nothing: a hand on the keys, a cat."""
LONGEST = 200
"""What is kept of a code."""
_ENDS = ("\r", "\n", "\t")


class Heard(Struct, frozen=True):
    """What becomes of a key: it is swallowed, and it may have ended a code."""

    swallow: bool = False
    code: str = ""


class Rhythm:
    """Listens to keys, one after the other."""

    def __init__(self) -> None:
        self._run = ""
        self._length = 0
        self._last = float("-inf")

    @property
    def listening(self) -> bool:
        """A scanner is typing: `pause` must be asked after PAUSE_MS."""
        return self._length >= SURE

    def press(self, text: str, at_ms: float) -> Heard:
        """A key that writes `text` ("" for Shift and the like, which count as nothing) at a time in milliseconds."""
        if not text:
            return Heard()
        fast = 0 <= at_ms - self._last <= GAP_MS
        self._last = at_ms
        if not fast:
            self._forget()
        if text in _ENDS:
            scanned = self.listening
            return Heard(scanned, self._told()) if scanned else self._other()
        if len(text) != 1 or not text.isprintable():
            return self._other()
        self._length += 1
        self._run = (self._run + text)[:LONGEST]
        return Heard(swallow=self._length > SURE)

    def pause(self, at_ms: float) -> str:
        """The code that a pause has ended; "" where none was typed, or keys still come."""
        return self._told() if self.listening and at_ms - self._last >= PAUSE_MS else ""

    def _other(self) -> Heard:
        self._forget()
        return Heard()

    def _told(self) -> str:
        code = self._run.strip() if self._length >= SHORTEST else ""
        self._forget()
        return code

    def _forget(self) -> None:
        self._run, self._length = "", 0
