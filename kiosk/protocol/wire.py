"""What the engine process and a session process say to each other: one JSON line a message, no Qt.

Rules. Messages are values with a `kind`; a line is at most 64 KiB. Nothing of a visitor travels here: no answers, no
queries, no names. A line that is not one of these messages is a fault of ours and raises WireFault. Used by both
sides: kiosk.engine writes Commands and reads Reports, kiosk.ui.bridge the other way round. The first line to
a session is always `Open`, read before Qt begins.
"""

from __future__ import annotations

from typing import Generic, TypeVar

import msgspec
from msgspec import Struct

from kiosk.config import Settings

LONGEST = 65_536


class WireFault(Exception):
    """A line that is no message."""


class Open(Struct, frozen=True, tag_field="kind", tag="open"):
    """What a session begins with. `key` is the store key in hex; `driving` the descriptor of a test driver or -1.

    `closed` is the key of the words that say why nobody can be served ("error.key_unavailable"), "" where the house is
    open; a closed session is given no key and opens nothing.
    """

    profile: str
    key: str
    settings: Settings
    offscreen: bool = False
    full_screen: bool = False
    driving: int = -1
    closed: str = ""


class Show(Struct, frozen=True, tag_field="kind", tag="show"):
    """Come to the front: the visitor before has gone."""


class Wake(Struct, frozen=True, tag_field="kind", tag="wake"):
    """Something changed in the store; read again."""


class Link(Struct, frozen=True, tag_field="kind", tag="link"):
    """The network came or went."""

    online: bool


class Quit(Struct, frozen=True, tag_field="kind", tag="quit"):
    """End now."""


class Ping(Struct, frozen=True, tag_field="kind", tag="ping"):
    """Are you there? Answered by the thread that serves the visitor."""


class Pong(Struct, frozen=True, tag_field="kind", tag="pong"):
    """I am: the event loop turns."""


class Trouble(Struct, frozen=True, tag_field="kind", tag="trouble"):
    """The store or its disk failed under a visitor: the engine should look."""


class Ready(Struct, frozen=True, tag_field="kind", tag="ready"):
    """Warm: QML is loaded and Welcome has been drawn out of sight."""


class Shown(Struct, frozen=True, tag_field="kind", tag="shown"):
    """The first frame is on the screen."""


class Started(Struct, frozen=True, tag_field="kind", tag="started"):
    """A visitor touched Welcome."""


class Submitted(Struct, frozen=True, tag_field="kind", tag="submitted"):
    """A submission is on the disk: the sync worker may go to work."""


class Ended(Struct, frozen=True, tag_field="kind", tag="ended"):
    """The visit is over and wiped; this process is about to exit."""


Command = Show | Wake | Link | Quit | Ping
Report = Ready | Shown | Started | Submitted | Ended | Pong | Trouble
Message = TypeVar("Message")


def encode(message: Struct) -> bytes:
    """One message as a line."""
    return msgspec.json.encode(message) + b"\n"


class Lines(Generic[Message]):
    """Messages out of bytes as they come in. `Lines(Command)` or `Lines(Report)`."""

    def __init__(self, type_: object) -> None:
        self._decoder: msgspec.json.Decoder[Message] = msgspec.json.Decoder(type_)
        self._rest = b""

    def feed(self, data: bytes) -> list[Message]:
        """The messages that are complete now. Raises WireFault."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        if len(self._rest) > LONGEST:
            raise WireFault(f"a line of more than {LONGEST} bytes")
        try:
            return [self._decoder.decode(line) for line in lines]
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise WireFault(f"a line that is no message: {error}") from error
