"""Drive a session by the accessible names of its controls: the client side, no Qt.

Rules. Used by `kiosk demo --self-test`, `kiosk shots` and end-to-end tests, from the process that started the session
with a `driving` descriptor. One request, one answer, one JSON line each. What is not there raises DriverError with
the names that are on the screen, so that a failing walk explains itself.
"""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

PATIENCE_S = 60.0
LATE_S = 30.0
"""What a session may take beyond the patience that was asked for, before it counts as gone."""


class DriverError(Exception):
    """The session did not do what was asked; the message says what it was and what is on the screen."""


class Control(Struct, frozen=True):
    """Something in the accessible tree: `rect` is x, y, width, height in window pixels, `states` those that hold."""

    role: str
    name: str
    states: tuple[str, ...] = ()
    rect: tuple[int, int, int, int] = (0, 0, 0, 0)
    value: str = ""
    description: str = ""


class Driver:
    """One session, walked by names. Names are compared with no-break spaces as spaces; see `find`."""

    def __init__(self, link: socket.socket, patience_s: float = PATIENCE_S) -> None:
        self._link = link
        self._patience = patience_s
        self._rest = b""

    def find(self, name: str, role: str = "") -> Control:
        """The control of that name: the whole name, else one that begins with it, else one that contains it."""
        return msgspec.convert(self._ask(do="find", name=name, role=role)["control"], Control)

    def tap(self, name: str, role: str = "", timeout_s: float | None = None) -> Control:
        """Press and release at the middle of a control, after scrolling it into view; waits for it to appear."""
        timeout = self._patience if timeout_s is None else timeout_s
        return msgspec.convert(self._ask(do="tap", name=name, role=role, timeout=timeout)["control"], Control)

    def type(self, text: str) -> None:
        """Key events for each character, to whatever has the focus."""
        self._ask(do="type", text=text)

    def scan(self, code: str) -> None:
        """The same as fast as a scanner types, with Return at its end."""
        self._ask(do="scan", text=code)

    def key(self, name: str) -> None:
        """A key by its Qt name: "Return", "Tab", "Backspace", "Escape", "Down" ..."""
        self._ask(do="key", name=name)

    def wait(self, name: str, role: str = "", timeout_s: float | None = None) -> Control:
        """Wait until a control of that name is on the screen."""
        timeout = self._patience if timeout_s is None else timeout_s
        return msgspec.convert(self._ask(do="wait", name=name, role=role, timeout=timeout)["control"], Control)

    def wait_page(self, page: str, timeout_s: float | None = None) -> None:
        """Wait until SessionModel.page is this one."""
        self._ask(do="wait_page", page=page, timeout=self._patience if timeout_s is None else timeout_s)

    def names(self) -> list[Control]:
        """The whole accessible tree in reading order, what is out of sight left out."""
        return msgspec.convert(self._ask(do="names")["controls"], list[Control])

    def page(self) -> str:
        """SessionModel.page."""
        return str(self._ask(do="page")["page"])

    def intend(self, intent: str, *arguments: str) -> None:
        """An intent of the session by its name ("openService", "accessibility.larger"), straight to a page."""
        self._ask(do="intend", intent=intent, arguments=list(arguments))

    def grab(self, path: Path) -> None:
        """A picture of the window as PNG."""
        self._ask(do="grab", path=str(path))

    def close(self) -> None:
        self._link.close()

    def _ask(self, **request: Any) -> dict[str, Any]:
        self._link.settimeout(max(self._patience, request.get("timeout", 0.0)) + LATE_S)
        try:
            self._link.sendall(msgspec.json.encode(request) + b"\n")
            while b"\n" not in self._rest:
                data = self._link.recv(65_536)
                if not data:
                    raise DriverError(f"the session ended while it was asked to {request['do']}")
                self._rest += data
        except OSError as error:
            raise DriverError(f"the session does not answer {request['do']}: {error}") from error
        line, self._rest = self._rest.split(b"\n", 1)
        answer: dict[str, Any] = msgspec.json.decode(line)
        if not answer.pop("ok"):
            raise DriverError(f"{request}: {answer['error']}")
        return answer
