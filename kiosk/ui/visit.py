"""What one visit knows that every view-model needs: language, day, house, words.

Rules. Plain Python, no Qt. The language changes during a visit and only SessionModel changes it. `now` is UNIX
seconds, from outside, so that a test turns the clock.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from kiosk import words
from kiosk.config import Settings
from kiosk.model.text import Language, Text
from kiosk.ui.sources import House


class Visit:
    """The house, the settings and the visitor's language."""

    def __init__(self, house: House, settings: Settings, now: Callable[[], float] = time.time) -> None:
        self.house = house
        self.settings = settings
        self.now = now
        self.language: Language = settings.language

    def t(self, key: str, **arguments: Any) -> str:
        """Words in the visitor's language."""
        return words.t(self.language, key, **arguments)

    def of(self, text: Text | None) -> str:
        """A text of the content in the visitor's language; "" for none."""
        return text.of(self.language) if text is not None else ""

    def local_time(self) -> datetime:
        """Now, local time with offset."""
        return datetime.fromtimestamp(self.now()).astimezone()

    def today(self) -> date:
        return self.local_time().date()
